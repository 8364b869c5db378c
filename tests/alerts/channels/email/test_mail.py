"""Does a mail say who, to whom, why, and survive whatever a headline holds?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.email.mail import address_of, message_id
from alerts.message import Paragraph, Span
from news.errors import ChannelRefusedError
from news.text import clean_line
from tests.alerts.channels.email.posting import (
    DESK,
    KEY,
    a_day,
    an_envelope,
    body,
    newsroom,
    raw_mail,
    told,
    written,
)
from tests.alerts.digest_day import the_settings
from tests.nouns import a_thread, a_watchlist

GOLDEN = Path(__file__).parent / "golden"
#: What a hostile headline may bring: line ends of every kind, directions, invisible letters, half a letter.
HOSTILE = (
    "Mayor\r\nBcc: all@newsroom.test\r\n\r\nskips\u2028a\x0bb\x85c\u2029d\x00e "
    "\u202emeeting\u202c\ud800 \u200b"
)
TITLES = st.text(st.characters(codec=None), max_size=300) | st.sampled_from([HOSTILE, "x" * 100_000, ""])


def test_the_headers_of_a_digest_are_the_golden_ones() -> None:
    raw = "".join(f"{name}: {value}\n" for name, value in written(a_day()).items() if name != "Content-Type")
    assert raw == (GOLDEN / "digest.headers.txt").read_text(encoding="utf-8")


def test_the_text_of_a_digest_ends_in_why_it_came_and_how_to_stop_it() -> None:
    assert body(written(a_day())).partition("-- \n")[2] == (
        "You get this because metro-desk@newsroom.test is on the daily email of\n"
        "“Sanctuary cities”. To stop it, write to nightdesk@newsroom.test with\n"
        "this subject:\n"
        f"unsubscribe {a_day().token}\n"
        "Sent by Nightdesk for Metro Desk. The quoted lines stand word for word\n"
        "in the linked articles.\n"
    )


def test_a_mail_has_plain_text_first_and_html_second_both_in_utf_8() -> None:
    mail = written(a_day())
    assert mail.get_content_type() == "multipart/alternative"
    parts = list(mail.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part.get_content_charset() for part in parts] == ["utf-8", "utf-8"]


def test_every_try_of_an_alert_has_the_same_message_id() -> None:
    first, again = written(a_day()), written(a_day(counts="1 story"))
    assert first["Message-ID"] == again["Message-ID"] == f"<digest.{KEY}@newsroom.test>"
    assert message_id(an_envelope(), newsroom()) == first["Message-ID"]
    assert written(told())["Message-ID"] == f"<root.{KEY}@newsroom.test>"


def test_a_follow_up_refers_to_the_storys_first_mail_whole() -> None:
    root = f"<root.{'k' * 60}@mail.the-newsroom-with-a-long-name.test>"
    mail = written(told("reply"), thread=a_thread(root_ts=root))
    assert (mail["In-Reply-To"], mail["References"]) == (root, root)


def test_a_first_mail_refers_to_nothing() -> None:
    mail = written(told(), thread=a_thread(root_ts=None))
    assert mail["In-Reply-To"] is mail["References"] is None


def test_addresses_for_machines_are_never_encoded_and_stand_in_one_line() -> None:
    raw = raw_mail(a_day(token="t" * 90)).decode()
    for name in ("List-Unsubscribe", "List-Id", "Message-ID", "X-Nightdesk-Key"):
        (line,) = re.findall(rf"^{name}: .*$", raw, re.MULTILINE)
        assert "=?" not in line
    assert len(max(raw.splitlines(), key=len)) < 998


def test_answers_go_to_a_person_when_the_newsroom_names_one() -> None:
    mail = written(a_day(), newsroom(reply_to="Desk <desk@newsroom.test>"))
    assert mail["Reply-To"] == "Desk <desk@newsroom.test>"
    assert mail["List-Unsubscribe"].startswith("<mailto:desk@newsroom.test?")
    assert written(a_day())["Reply-To"] is None


def test_the_date_is_on_the_readers_clock() -> None:
    assert written(a_day())["Date"] == "Thu, 19 Mar 2026 06:30:00 -0600"
    assert written(a_day())["Date"].datetime == datetime.fromisoformat("2026-03-19T12:30:00+00:00")


def test_no_program_answers_it() -> None:
    assert written(told())["Auto-Submitted"] == "auto-generated"


def test_a_mail_sent_at_once_says_why_it_came() -> None:
    text = body(written(told()))
    assert "You get this because metro-desk@newsroom.test hears of “Sanctuary\ncities” at once." in text
    assert "unsubscribe" not in text


def test_mail_programs_can_sort_by_the_watchlist() -> None:
    assert written(told())["List-Id"] == "Sanctuary cities <sanctuary-cities.nightdesk.newsroom.test>"
    accents = written(a_day(names=('Zoë "Zaz" <Zürich>',)))["List-Id"]
    assert accents == "Zoe Zaz Zurich <zoe-zaz-zurich.nightdesk.newsroom.test>"
    assert written(a_day(names=("難民",)))["List-Id"] == f"<{a_day().token}.nightdesk.newsroom.test>"


def test_a_private_watchlist_is_in_no_header_but_the_subject() -> None:
    mail = written(a_day(names=("The chief's calendar",), private=True))
    assert mail["Subject"].startswith("The chief's calendar: ")
    assert not [value for name, value in mail.items() if name != "Subject" and "chief" in value.lower()]
    secret = newsroom()
    secret = replace(
        secret, watchlists=(*secret.watchlists, a_watchlist(id="x", name="The source", private=True))
    )
    assert written(told(watchlists=("The source",)), secret)["List-Id"] == "<private.nightdesk.newsroom.test>"


def test_a_story_that_leads_to_one_address_twice_shows_it_once() -> None:
    text = body(written(told("correction")))
    assert text.count("https://channel4ellery.test/") == 1


# ── What must not break it ──────────────────────────────────────────────────────────────────────────────


def test_a_hostile_headline_adds_no_header_and_turns_no_line() -> None:
    message = told(
        headline=HOSTILE, parts=(Paragraph(lines=((Span(text=HOSTILE, bold=True),),), quote=HOSTILE),)
    )
    mail = written(message)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Sanctuary cities: Mayor Bcc: all@newsroom.test skips a b c de meeting\ufffd"
    for kind in ("plain", "html"):
        assert not re.search("[\u2028\u2029\x0b\x85\x00\u202a-\u202e\u200b\r]", body(mail, kind))


@given(TITLES)
def test_whatever_a_headline_holds_the_mail_can_be_read(title: str) -> None:
    plain = written(a_day())
    day = a_day()
    entry = replace(day.sections[0].entries[0], headline=title, quote=title, about=title)
    section = replace(day.sections[0], entries=(entry,))
    mail = written(replace(day, headline=title, sections=(section, *day.sections[1:])))
    assert list(mail.keys()) == list(plain.keys())
    assert len(mail["Subject"]) <= 200
    assert "Judges weigh grants" in body(mail)
    assert "Judges weigh grants" in body(mail, "html")


def test_a_long_subject_is_cut_and_shows_it() -> None:
    subject = written(a_day(headline="word " * 20_000))["Subject"]
    assert subject.endswith("word …")
    assert len(subject) <= 200


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=150))
def test_a_subject_arrives_as_it_was_written(words: str) -> None:
    headline = f"{words} “quoted” {words}"[:170]
    assert written(a_day(headline=headline))["Subject"] == clean_line(f"Sanctuary cities: {headline}")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "desk",
        "desk@",
        "@newsroom.test",
        "a@newsroom.test, b@newsroom.test",
        "büro@newsroom.test",
        "a b@c.test",
    ],
)
def test_what_is_not_one_address_is_refused_and_named(wrong: str) -> None:
    with pytest.raises(ChannelRefusedError, match=re.escape(f"{wrong} is not a mail address")):
        written(a_day(), to=wrong)


def test_a_domain_in_other_letters_becomes_the_one_that_mail_uses() -> None:
    assert address_of("Desk <desk@zürich.test>").addr_spec == "desk@xn--zrich-kva.test"


def test_a_line_end_in_a_recipient_adds_no_header() -> None:
    with pytest.raises(ChannelRefusedError):
        written(a_day(), to="desk@newsroom.test\r\nBcc: all@newsroom.test")


def test_a_newsroom_that_names_no_sender_still_has_one() -> None:
    mail = written(a_day(), newsroom(sender=""))
    assert mail["From"] == "Nightdesk <nightdesk@localhost>"
    assert the_settings().newsroom in body(mail)
    assert mail["To"] == DESK
