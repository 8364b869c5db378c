"""Does a message say what happened, in the source's own words, and nothing that nobody said?"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.console.channel import written
from alerts.compose import compose, compose_root
from alerts.message import Message, Paragraph
from alerts.words import (
    MOST_QUOTED,
    cut,
    evidence_words,
    matched_words,
    opaque,
    stop,
)
from news.nouns import Correction, Evidence, Grade, Placement, Priority, StoryArticle
from tests.alerts.evening import (
    AFTER,
    BEFORE,
    OPENING,
    TOLD_TO,
    a_group,
    a_telling,
    at,
    follow_up,
    the_correction,
    the_evening,
    the_first_report,
    the_matches,
    the_second_report,
    the_story,
)
from tests.nouns import a_match, a_sentence, a_story_match, a_watchlist, an_evidence

GOLDEN = Path(__file__).parent / "golden"
EVENING = the_evening()


def as_text(message: Message) -> str:
    """Return a message as the terminal shows it, and the text that a screen reader reads."""
    lines = "\n".join(written(message))
    return f"{lines}\n\nSubject: {message.subject}\nText: {message.text}\n"


def quotes(message: Message) -> list[str]:
    return [part.quote for part in message.parts if isinstance(part, Paragraph) and part.quote]


@pytest.mark.parametrize("name", EVENING)
def test_the_evenings_messages_are_the_golden_ones(name: str) -> None:
    golden = GOLDEN / f"{name.replace(' ', '-')}.txt"

    assert as_text(EVENING[name]) == golden.read_text(encoding="utf-8")


def test_a_version_that_changes_nothing_worth_a_word_leaves_the_latest_as_it_was() -> None:
    corrected = the_correction()
    silent = StoryArticle(
        article=replace(corrected.article, version=3),
        revision=4,
        placement=Placement(story_id=None, reason=""),
        filed_at=at(12, 40),
        earlier=(the_story().articles[0], corrected),
    )
    before = compose_root(a_telling(the_story(the_second_report(), first=corrected), at(12, 45)))
    after = compose_root(a_telling(the_story(the_second_report(), first=silent), at(12, 45)))
    assert "Latest, 11:20 am, Channel 4 Ellery: corrected" in after.text
    assert after.text == before.text


@pytest.mark.parametrize("name", EVENING)
def test_every_quotation_stands_in_its_source(name: str) -> None:
    sources = "\n".join(
        [the_first_report().text, the_correction().article.text]
        + [sentence.text for sentence in the_second_report().placement.whats_new]
    )

    for quote in quotes(EVENING[name]):
        assert len(quote) <= MOST_QUOTED
        for sentence in quote.split(" … "):
            assert sentence in sources


@pytest.mark.parametrize("name", EVENING)
def test_the_text_for_screen_readers_has_the_whole_message(name: str) -> None:
    message = EVENING[name]

    for quote in quotes(message):
        assert quote in message.text
    assert message.text.startswith(message.headline) or message.text.startswith("Clerk weighs")


def test_a_source_that_allows_headlines_only_is_not_quoted() -> None:
    article = the_first_report(excerpt="headline")
    story = the_story(first=replace(the_story().articles[0], article=article))
    second = the_second_report()
    second = replace(second, article=replace(second.article, excerpt="headline"))

    assert quotes(compose_root(a_telling(story, at(9, 45)))) == []
    reply = compose(follow_up("reply", 2), a_telling(the_story(second), at(10, 20)), threaded=True)
    assert quotes(reply) == []
    assert "Ellery 31 adds 2 details" in reply.text
    assert (
        "Latest, 10:05 am, Ellery 31: Jail lists: county has a week."
        in compose_root(a_telling(the_story(second), at(10, 20))).text
    )


def test_a_long_new_sentence_is_cut_between_words() -> None:
    long = "The sheriff said " + "the jail would wait and " * 40 + "see."
    placement = replace(the_second_report().placement, whats_new=(a_sentence(long),))
    story = the_story(the_second_report(placement=placement))

    (quote,) = quotes(compose(follow_up("reply", 2), a_telling(story, at(10, 20)), threaded=True))

    assert len(quote) <= MOST_QUOTED
    assert quote.endswith(" …")
    assert quote.removesuffix(" …") in long


def test_a_priority_that_rose_is_said_where_the_channel_sees_it() -> None:
    alert = replace(follow_up("reply", 2), broadcast=True)
    telling = a_telling(the_story(the_second_report()), at(10, 20))
    urgent = replace(telling, matches=(replace(telling.matches[0], priority=Priority.URGENT),))

    assert "Now urgent." in compose(alert, urgent, threaded=True).text


def test_a_passing_mention_says_so() -> None:
    mention = a_story_match(grade=Grade.MENTIONS, priority=Priority.LOW, matches=the_matches()[1].matches)
    thread = replace(TOLD_TO, priority=Priority.LOW)
    message = compose_root(a_telling(the_story(), at(9, 45), matches=(mention,), thread=thread))

    assert "Low priority, passing mention." in message.text
    assert matched_words((mention,)) == "Passing mention, matched “jails”"


def test_the_reason_is_a_few_words_and_never_half_a_sentence() -> None:
    title = an_evidence()
    over = replace(title, words="warning to sanctuary cities", start=title.start - 11)
    long = replace(
        title, field="text", words="jail staff how to deal with immigration officers", start=9, end=58
    )
    broken = replace(long, words="deported.\nCritics say sanctuary", start=90, end=120)

    def reason(*evidence: Evidence) -> str:
        match = a_story_match(matches=(a_match(evidence=evidence),))
        return evidence_words(a_telling(the_story(), at(9, 45), matches=(match,)))

    early = replace(title, field="text", words="so-called sanctuary", start=0, end=19)
    again = replace(title, field="text", start=10, end=26)
    assert reason(early, title, again) == "Matched “sanctuary cities” in the headline and the first sentence"
    assert reason(title, over, long) == "Matched “sanctuary cities” in the headline"
    assert reason(long) == "Matched “jail staff how to deal with immigration officers” in the first sentence"
    assert reason(broken) == "Matched “deported. Critics say sanctuary” in the first sentence"
    assert reason() == ""


def test_what_is_no_news_says_what_it_is() -> None:
    article = the_first_report(kind="advocacy", outlet="Harbor Alliance", credit="")
    story = the_story(first=replace(the_story().articles[0], article=article))

    assert "Harbor Alliance (advocacy), 9:41 am." in compose_root(a_telling(story, at(9, 45))).text


def test_yesterdays_report_says_the_day() -> None:
    message = compose_root(a_telling(the_story(), at(9, 45, day=19)))

    assert "Channel 4 Ellery, Wednesday 9:41 am" in message.text


@pytest.mark.parametrize(
    ("correction", "words"),
    [
        (Correction(before=BEFORE, after="", label="corrected"), "Was: “some thirty counties”."),
        (Correction(before="", after=AFTER, label="corrected"), "Now: “… 28 counties …”."),
        (
            Correction(before="Clerk reads", after="Clerk weighs", label="headline changed"),
            "Headline changed by Channel 4 Ellery, 11:20 am. Was: “Clerk reads …”. Now: “Clerk weighs …”.",
        ),
        (Correction(before="", after="", label="withdrawn"), "Withdrawn by Channel 4 Ellery, 11:20 am."),
    ],
    ids=["taken out", "put in", "headline", "withdrawn"],
)
def test_a_correction_says_what_was_and_what_is(correction: Correction, words: str) -> None:
    changed = replace(the_correction(), corrections=(correction,))
    telling = a_telling(the_story(first=changed), at(11, 21))

    message = compose(follow_up("correction", 3), telling, threaded=True)

    assert words in message.text
    assert "The old words" not in message.text
    assert compose_root(telling).text


def test_many_follow_ups_in_one_reply_are_named_and_not_all_quoted() -> None:
    articles = []
    for number in range(2, 9):
        second = the_second_report(revision=number)
        articles.append(
            replace(second, article=replace(second.article, id=number, outlet=f"Outlet {number}"))
        )
    alert = replace(follow_up("reply", 8), from_revision=1)

    message = compose(alert, a_telling(the_story(*articles), at(10, 20)), threaded=True)

    assert len(quotes(message)) == 8
    assert "Also new details from Outlet 6, Outlet 7 and Outlet 8." in message.text


def test_a_follow_up_whose_article_has_gone_still_names_the_story() -> None:
    message = compose(follow_up("reply", 7), a_telling(the_story(), at(10, 20)), threaded=True)

    assert message.headline == the_first_report().title


def test_a_group_lists_what_fits_and_counts_the_rest() -> None:
    message = a_group(30)

    assert message.headline == "30 more stories"
    assert "and 5 more stories" in message.text
    assert message.facts["stories"] == 30


@pytest.mark.parametrize(
    ("why", "heading", "words"),
    [
        ("hour", "3 more stories", "this channel already had 4 messages this hour"),
        ("day", "3 more stories", "this channel already had 15 messages today"),
        ("quiet", "3 stories", "they came in quiet hours"),
    ],
)
def test_a_group_says_why_it_is_one(why: str, heading: str, words: str) -> None:
    assert a_group(3, why=why).text.startswith(f"{heading}, 3:01 pm to 3:03 pm, grouped because {words}.")


def test_a_group_names_the_mail_that_will_have_it() -> None:
    assert "All 3 will be in tomorrow\u2019s 6:30 am email" in a_group(3).text


def test_no_id_that_leaves_the_house_tells_anything() -> None:
    first = opaque("st", 1, "port-ellery")

    assert re.fullmatch(r"st_[a-z2-7]{26}", first)
    assert first == opaque("st", 1, "port-ellery")
    assert first != opaque("st", 1, "elsewhere")
    assert first != opaque("st", 2, "port-ellery")


def test_a_watchlist_that_was_taken_away_keeps_its_id_in_old_messages() -> None:
    telling = a_telling(the_story(), at(9, 45))
    settings = replace(telling.settings, watchlists=(a_watchlist(),))

    assert replace(telling, settings=settings).watchlists == ("Sanctuary cities", "county-jail")


@given(st.text(max_size=400), st.integers(5, 400))
def test_a_cut_fits_and_says_that_it_is_one(words: str, most: int) -> None:
    shown = cut(words, most)

    assert len(shown) <= most
    assert shown == words or shown.endswith("…")


@given(st.text(max_size=50))
def test_a_sentence_gets_no_second_full_stop(words: str) -> None:
    assert stop(stop(words)) == stop(words)


def test_the_story_keeps_its_first_sentence() -> None:
    assert quotes(EVENING["new story"])[0].startswith(OPENING)
