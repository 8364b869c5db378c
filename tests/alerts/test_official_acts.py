"""What does the whole channel see? What a public body did, once a second outlet says so in its own words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.follow_ups import compose_reply
from alerts.official_acts import newly_confirmed
from alerts.words import Telling
from news.nouns import Correction, Placement, Story, StoryArticle
from news.official_acts import acts_in
from news.telling import Thread
from tests.alerts.test_watching import decided, kinds, newsroom, on_topic, the_tell, told_by
from tests.nouns import HOUR, MINUTE, NOON, a_thread, an_alert

WARNED = "The Justice Department warned sanctuary cities, the mayor said on Wednesday."
SUED = "The Justice Department sued Port Ellery on Friday over its jail policy, the mayor said."
SUED_TOO = (
    "Federal lawyers of the Justice Department have sued Port Ellery, arguing that its jail policy is void."
)
COPIED = SUED


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        (SUED, "sue"),
        ("A federal judge blocked the order, saying that the city could not be punished.", "block"),
        ("The order was signed by the president on Thursday.", "sign"),
        ("The county filed a lawsuit against the department in federal court.", "sue"),
        ("Granby Falls' sheriff ended the jail agreement.", "end"),
    ],
)
def test_what_a_public_body_did_is_an_act(sentence: str, what: str) -> None:
    assert what in [act.what for act in acts_in(sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The Justice Department threatened to sue Port Ellery.",
        "The council has not signed the agreement.",
        "The council didn't pass the ordinance.",
        "A judge could order the city to hand over its lists.",
        "The mayor said that nobody sued the city.",
        "A baker signed the petition.",
        "Officials sent letters to two dozen cities.",
    ],
)
def test_a_threat_a_plan_a_denial_and_anybody_elses_deed_are_none(sentence: str) -> None:
    assert acts_in(sentence) == ()


def test_other_languages_have_none() -> None:
    assert acts_in(SUED, "es") == ()


def a_saga(*reports: str, watched: int, outlets: tuple[str, ...] = ("Ellery 31", "Valley Courier")) -> Story:
    """Return a story that began with a warning; each report came ten minutes after the one before."""
    names = ("Channel 4 Ellery", *outlets, *outlets)
    articles = [
        replace(on_topic(number), text=text, outlet=names[number - 1], first_seen=NOON + number * 10 * MINUTE)
        for number, text in enumerate((WARNED, *reports), start=1)
    ]
    return told_by(*articles, watched=watched)


SENT = NOON + 15 * MINUTE


def told(**fields: object) -> Thread:
    return replace(a_thread(root_sent_at=SENT), **fields)  # type: ignore[arg-type]  # a thread's own


def test_one_outlet_alone_is_told_in_the_thread_and_a_second_one_to_the_whole_channel() -> None:
    alone, both = a_saga(SUED, watched=1), a_saga(SUED, SUED_TOO, watched=2)
    assert not the_tell(decided(alone, None, told()), "reply").broadcast
    assert the_tell(decided(both, None, told()), "reply").broadcast


@pytest.mark.parametrize(
    ("second", "outlets"),
    [
        (COPIED, ("Ellery 31", "Valley Courier")),
        (SUED_TOO, ("Ellery 31", "Ellery 31")),
        ("The Justice Department sued Granby Falls over a bridge.", ("Ellery 31", "Valley Courier")),
        ("The Justice Department may have sued Port Ellery.", ("Ellery 31", "Valley Courier")),
    ],
)
def test_a_copy_the_same_outlet_another_act_and_a_doubt_confirm_nothing(
    second: str, outlets: tuple[str, ...]
) -> None:
    story = a_saga(SUED, second, watched=2, outlets=outlets)
    assert not the_tell(decided(story, None, told()), "reply").broadcast


def test_what_the_storys_own_message_had_to_go_by_is_not_new() -> None:
    story = a_saga(SUED, SUED_TOO, watched=2)
    late = told(root_sent_at=NOON + 25 * MINUTE)
    assert not the_tell(decided(story, None, late), "reply").broadcast
    first = replace(story.articles[0], article=replace(story.articles[0].article, text=SUED))
    known = replace(story, articles=(first, *story.articles[1:]))
    assert newly_confirmed(known, after=2, up_to=3) == ()


def test_a_third_outlet_confirms_nothing_new() -> None:
    third = "Port Ellery was sued by the Justice Department over its jail policy, court papers show."
    story = a_saga(SUED, SUED_TOO, third, watched=3)
    assert newly_confirmed(story, after=3, up_to=4, told=SENT) == ()
    assert not the_tell(decided(story, None, told()), "reply").broadcast


def test_at_most_one_follow_up_in_two_hours_is_shown_to_the_channel() -> None:
    story = a_saga(SUED, SUED_TOO, watched=2)
    later = NOON + 3 * HOUR
    for ago, loud in ((HOUR, False), (timedelta(hours=2), True)):
        thread = told(last_broadcast=later - ago)
        assert the_tell(decided(story, None, thread, now=later), "reply").broadcast is loud


def test_a_second_outlet_that_adds_nothing_else_is_still_worth_a_word() -> None:
    story = a_saga(SUED, SUED_TOO, watched=2)
    silent = replace(story.articles[2], placement=Placement(story_id=1, reason=""))
    story = replace(story, articles=(*story.articles[:2], silent))
    assert kinds(decided(story, None, told())) == ["root", "reply"]
    assert kinds(decided(story, None, told(last_broadcast=NOON))) == ["root"]
    reply = compose_reply(
        an_alert(kind="reply", from_revision=2, revision=3, broadcast=True), a_telling(story), threaded=True
    )
    assert "Valley Courier reports it too" in reply.text
    assert "Ellery 31 and Valley Courier report it, each in its own words." in reply.text


def a_telling(story: Story) -> Telling:
    return Telling(
        story=story, matches=(), thread=told(), settings=newsroom(), installation="i", now=NOON + HOUR
    )


def test_an_article_that_was_withdrawn_confirms_nothing() -> None:
    story = a_saga(SUED, SUED_TOO, watched=2)
    gone = replace(story.articles[1], corrections=(Correction(before="x", after="", label="withdrawn"),))
    assert isinstance(gone, StoryArticle)
    assert (
        newly_confirmed(
            replace(story, articles=(story.articles[0], gone, story.articles[2])), after=2, up_to=3
        )
        == ()
    )
