"""Wherever an article stopped on its way, `explain` says where and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from config.settings import KeepSettings
from news.nouns import FetchOutcome, Health, Placement
from nightdesk.addresses import variants
from storage.contract import DigestIntent
from storage.upkeep import prune
from tests.nightdesk.desk import CHANNEL, MAILBOX, SANCTUARY, SOURCES, TEXT, Desk
from tests.nouns import a_filing, an_article

HEADLINE = "Mayor skips capital meeting after warning to sanctuary cities"
AT = "https://channel4.test/2026/03/18/mayor-skips-capital-meeting-after-warning-to-sanctuary-cities"
PASSING = "The council counted its chairs and went home. " * 24 + "A detainer came up once."


def said_of(desk: Desk, *words: str) -> str:
    """Return what explain says, in one line."""
    ran = desk("explain", *words)
    assert ran.code == 0
    return ran.flat


def delivering(*rules: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the sanctuary watchlist with rules of its own."""
    return [{**SANCTUARY, "deliver": list(rules)}]


# ── The same article, however its address was copied ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "typed",
    [
        AT,
        f"{AT}/",
        f"{AT}?utm_source=mail&utm_medium=email&fbclid=1",
        f"{AT}#comments",
        f"{AT}/amp",
        f"{AT}/amp/",
        f"{AT}?amp=1",
        AT.replace("https://", "http://"),
        AT.replace("channel4.test", "www.channel4.test"),
        AT.replace("channel4.test", "m.channel4.test"),
        AT.replace("channel4.test", "amp.channel4.test"),
        AT.replace("channel4.test/", "channel4.test/amp/"),
    ],
)
def test_an_article_is_found_by_any_form_of_its_address(desk: Desk, typed: str) -> None:
    desk.files(HEADLINE, address=AT)
    desk.watches()
    assert desk("explain", typed).lines[0] == f"Waiting: {HEADLINE}"


@pytest.mark.parametrize("odd", ["", "http://", "https://[", "no address", "https://channel4.test/\x00"])
def test_an_odd_address_is_looked_up_as_it_is(odd: str) -> None:
    assert odd.strip() in {each.strip() for each in variants(odd)}


def test_a_page_for_telephones_is_looked_up_as_the_page_itself() -> None:
    assert AT in variants(AT.replace("channel4.test", "m.channel4.test"))
    assert AT not in variants("https://ellery31.test/2026/03/18/another")


# ── Never seen, and not read ──────────────────────────────────────────────────────────────────────────────


def a_source_that(desk: Desk, health: Health, reason: str) -> None:
    """Let the first source of the newsroom have been like this since an hour ago."""
    desk.sees("https://channel4.test/first")
    state = next(each for each in desk.store.fetch_states() if each.source_id == "channel4")
    now = desk.clock()
    ill = replace(
        state, health=health, reason=reason, health_since=now - timedelta(hours=1), last_checked=now
    )
    desk.store.record_fetch(FetchOutcome(state=ill, now=now))


def test_a_source_that_refuses_automated_readers_is_named_with_the_reason(desk: Desk) -> None:
    a_source_that(desk, Health.STOPPED, "refuses automated readers")
    said = said_of(desk, "https://channel4.test/missing")
    assert said.startswith("Never seen: https://channel4.test/missing")
    assert "stopped since 11:00 am: refuses automated readers" in said


def test_a_source_that_robots_txt_forbids_says_so(desk: Desk) -> None:
    a_source_that(desk, Health.STOPPED, "asks programs not to read this page (robots.txt)")
    assert "asks programs not to read this page (robots.txt)" in said_of(
        desk, "https://channel4.test/missing"
    )


def test_a_quiet_source_says_when_it_last_brought_something(desk: Desk) -> None:
    a_source_that(desk, Health.QUIET, "")
    said = said_of(desk, "https://channel4.test/missing")
    assert "last brought something new 12:00 pm" in said
    assert "nothing new for much longer than usual" in said


def test_every_source_of_an_outlet_is_told_of(new_desk: Callable[..., Desk]) -> None:
    second = {"id": "channel4-sports", "name": "Channel 4 Sports", "url": "https://rss.channel4.test/sports"}
    desk = new_desk(sources=[*SOURCES, {**second, "enabled": False}])
    assert desk.store is not None
    said = said_of(desk, "https://www.channel4.test/missing")
    assert "Channel 4 Ellery is one of your sources" in said
    assert "Channel 4 Sports is one of your sources" in said
    assert "it is switched off" in said


def test_an_article_of_which_only_the_feed_was_read_says_why(desk: Desk) -> None:
    clipping = desk.sees(AT)
    article = an_article(
        HEADLINE, address=AT, source_id="channel4", text="Chairs were counted.", complete=False
    )
    placement = Placement(story_id=None, reason="nothing like it in four days")
    filing = a_filing(clipping, article, placement=placement, note="its page is for subscribers only")
    desk.store.file(filing)
    desk.watches()
    said = said_of(desk, AT)
    assert "Came in the feed of Channel 4 Ellery, 12:00 pm only the feed's words: 3 words" in said
    assert "its page is for subscribers only" in said


def test_an_article_whose_text_was_removed_says_so(desk: Desk) -> None:
    desk.files("Council counts chairs", text=PASSING, complete=False)
    desk.watches()
    database = desk.database
    desk.close()
    desk.clock.advance(timedelta(days=40))
    prune(database, KeepSettings(), now=desk.clock())
    assert "its text was removed after the time that texts are kept" in said_of(desk, "1")


# ── Filed, judged, and not told at once ───────────────────────────────────────────────────────────────────


def test_all_of_the_way_is_told_when_asked(desk: Desk) -> None:
    story = desk.files(HEADLINE, address=AT).story_id
    desk.watches()
    desk.sends()
    desk.grows(story, "Letter demands records", details=["The 23 jurisdictions include Port Ellery."])
    desk.watches()
    first = said_of(desk, AT, "--full")
    assert "Came in the feed of Channel 4 Ellery, 12:00 pm the whole text: 14 words" in first
    assert "any: yes, sanctuary city" in first
    assert "“sanctuary cities” in the headline" in first
    assert "no, detainer" in first
    assert "never: no, animal sanctuary" in first
    assert "Sent new message, #immigration-desk, 12:00 pm, message 1." in first
    second = said_of(desk, "letter demands", "--full")
    assert "3 shared sentences with Channel 4 Ellery" in second or "1 of 19 sentences also in" in second
    assert "= The council meets again on Monday." in second
    assert "message 1." not in said_of(desk, AT)


def test_machines_are_told_what_the_channel_calls_a_message(desk: Desk) -> None:
    desk.files(HEADLINE, address=AT)
    desk.watches()
    desk.sends()
    (facts,) = desk("explain", AT, "--json").records
    assert [each["ts"] for each in facts["messages"] if each["state"] == "sent"] == ["1.0"]


def test_a_passing_mention_says_which_rule_kept_it_from_being_told_at_once(desk: Desk) -> None:
    desk.files("Council counts its chairs", text=PASSING)
    desk.watches()
    said = said_of(desk, "council counts")
    assert "passing mention, normal priority" in said
    assert f"not at once to {CHANNEL}: it asks for" in said
    assert "the main topic" in said


def test_a_priority_that_is_too_low_is_told_with_the_one_asked_for(new_desk: Callable[..., Desk]) -> None:
    urgent = {"to": f"slack:{CHANNEL}", "send": "at once", "when": "priority >= urgent"}
    high = {"to": f"slack:{CHANNEL}-2", "send": "at once", "when": "priority >= high"}
    desk = new_desk(watchlists=delivering(urgent, high))
    desk.files("Council meets on sanctuary cities", text="Sanctuary cities were talked about.")
    desk.watches()
    said = said_of(desk, "council meets")
    assert f"not at once to {CHANNEL}: it asks for urgent stories" in said
    assert f"not at once to {CHANNEL}-2: it asks for high priority or more" in said


def test_a_watchlist_for_the_digest_alone_says_so(new_desk: Callable[..., Desk]) -> None:
    digest = {"to": f"email:{MAILBOX}", "send": "digest", "at": "daily 06:30"}
    desk = new_desk(watchlists=delivering(digest))
    desk.files(HEADLINE)
    desk.watches()
    said = said_of(desk, "mayor")
    assert "nobody is told at once: only in the daily email" in said
    assert f"Waiting next daily email, {MAILBOX}, until Thursday 6:30 am" in said


def test_a_story_that_was_told_at_once_needs_no_such_reason(desk: Desk) -> None:
    desk.files(HEADLINE)
    desk.watches()
    assert "not at once" not in said_of(desk, "mayor")


def test_a_paused_watchlist_says_so(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(watchlists=[{**SANCTUARY, "enabled": False}])
    desk.files(HEADLINE)
    desk.watches()
    assert "Sanctuary cities paused" in said_of(desk, "mayor")


# ── On its way out ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("hour", "the place had its messages of that hour"),
        ("day", "the place had its messages of that day"),
        ("quiet", "it waited through the quiet hours"),
    ],
)
def test_a_grouped_story_says_which_limit_put_it_there(desk: Desk, why: str, words: str) -> None:
    desk.files(HEADLINE)
    desk.watches()
    (root,) = desk.store.alerts()
    now = desk.clock()
    to, until = root.destination, now + timedelta(hours=1)
    desk.store.record_grouped([root.id], destination=to, why=why, until=until, now=now)
    desk.sends()
    said = said_of(desk, "mayor")
    assert f"Sent in a grouped message of 1 story, {CHANNEL}, 12:00 pm: {words}" in said


def test_follow_ups_wait_until_they_are_gathered_and_the_message_until_it_is_changed(desk: Desk) -> None:
    story = desk.files(HEADLINE).story_id
    desk.watches()
    desk.sends()
    desk.grows(story, "Letter demands records", details=["The 23 jurisdictions include Port Ellery."])
    desk.watches()
    said = said_of(desk, "letter demands")
    assert (
        "Waiting reply in the thread, #immigration-desk, until 12:15 pm: follow-ups are gathered first"
        in said
    )
    assert (
        "change of the message of 12:00 pm, #immigration-desk: it is made as soon as Nightdesk runs" in said
    )
    (thread,) = desk.store.threads_of(story)
    desk.store.record_shown(thread.id, revision=2)
    assert "Sent in the message of 12:00 pm, which was changed" in said_of(desk, "letter demands")


def test_an_answer_that_never_came_is_looked_for(desk: Desk) -> None:
    desk.files(HEADLINE)
    desk.watches()
    for alert in desk.claimed(desk.store):
        desk.store.record_unknown(alert, error="cut", look_at=desk.clock() + timedelta(minutes=1))
    assert "no answer came; it is looked for before it is sent again" in said_of(desk, "mayor")


def test_a_message_that_a_person_must_release_says_so(desk: Desk) -> None:
    desk.files(HEADLINE)
    desk.watches()
    for alert in desk.claimed(desk.store):
        desk.store.record_held(alert, error="nobody knows whether it arrived", now=desk.clock())
    said = said_of(desk, "mayor")
    assert (
        "Not sent new message, #immigration-desk: a person must decide: nobody knows whether it arrived"
        in said
    )


def test_a_destination_that_was_taken_away_says_so(desk: Desk) -> None:
    desk.files(HEADLINE)
    desk.watches()
    desk.store.withdraw_alerts([f"email:{MAILBOX}"], now=desk.clock())
    assert "no watchlist sends there any more" in said_of(desk, "mayor")


def test_the_digest_that_told_a_story_is_named_with_its_hour(desk: Desk) -> None:
    story = desk.files("Council counts its chairs", text=PASSING).story_id
    desk.watches()
    now = desk.clock()
    intent = DigestIntent(
        name=f"email:{MAILBOX} daily 06:30",
        destination=f"email:{MAILBOX}",
        local_date="2026-03-18",
        due_at=now,
        covers_from=now - timedelta(days=1),
        covers_to=now,
        watchlist_ids=("sanctuary-cities",),
        items=((story, 1),),
        now=now,
    )
    assert desk.store.open_digest(intent) is not None
    assert "Waiting daily email" in said_of(desk, "council counts")
    desk.sends()
    said = said_of(desk, "council counts")
    assert said.startswith("Told: ")
    assert f"Sent daily email, {MAILBOX}, 12:00 pm" in said


def test_a_text_that_says_nothing_new_is_told_by_the_message_that_names_its_outlet(desk: Desk) -> None:
    story = desk.files(HEADLINE).story_id
    desk.watches()
    desk.sends()
    desk.grows(story, "Same words elsewhere", text=TEXT)
    desk.watches()
    said = said_of(desk, "same words elsewhere")
    assert "What is new nothing that the story had not said" in said
    assert "reply in the thread" not in said


def test_what_an_editor_said_of_a_story_stands_beside_the_watchlist(desk: Desk) -> None:
    desk.files(HEADLINE)
    desk.watches()
    desk("stories", "mark", "1", "--not-relevant", "--who", "night editor")
    assert "marked as not relevant by night editor, 12:00 pm" in said_of(desk, "mayor")
    (facts,) = desk("explain", "mayor", "--json").records
    assert [each["marked"] for each in facts["watchlists"]] == [False]
