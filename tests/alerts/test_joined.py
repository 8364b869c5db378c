"""What readers see when two stories turn out to be one, and when an outlet takes its article back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from news.nouns import Correction
from news.telling import AlertState
from storage.gathering_contract import Merged
from tests.alerts.night import NAME, Killed, Night
from tests.nouns import a_filing, a_merger, a_parting, a_placement, an_article

MAYOR, LETTER = "Mayor of sanctuary cities", "Letter to sanctuary cities"


def told(night: Night, title: str, *, killed_at: str = "") -> int:
    """File a story and tell it; the process may be killed on the way."""
    filed = night.file(title)
    night.watch()

    def hop(passed: str) -> None:
        if passed == killed_at:
            raise Killed(passed)

    if killed_at:
        night.hop = hop
        with pytest.raises(Killed):
            night.drain()
        night.hop = lambda _: None
    else:
        night.drain()
    night.later(minutes=3)
    return filed.story_id


def merged(night: Night, one: int, other: int) -> Merged:
    """Say that two stories are one."""
    done = night.ask(lambda store: store.merge_stories(a_merger(one, other, now=night.clock())))
    assert done is not None
    return done


@pytest.mark.parametrize("killed_at", ["", "claimed", "posted"])
def test_the_younger_message_says_where_the_story_goes_on_and_nothing_is_doubled(
    quick_night: Night, killed_at: str
) -> None:
    night = quick_night
    one = told(night, MAYOR)
    other = told(night, LETTER, killed_at=killed_at)
    merged(night, one, other)
    night.drain()
    night.later(minutes=5)
    night.drain()
    older, left = night.slack.threads(NAME)
    assert LETTER in left.root.text
    assert f"The same story goes on in the message of 12:00 pm: {MAYOR} https://" in left.root.text
    assert older.root.ts.replace(".", "") in left.root.text  # its own address
    assert "goes on" not in older.root.text
    night.grow(one, "Mayor answers", details=True)
    night.watch()
    night.later(minutes=20).drain()
    assert [len(thread.replies) for thread in night.slack.threads(NAME)] == [1, 0]
    states = {alert.state for alert in night.ask(lambda store: store.alerts())}
    assert states == {AlertState.SENT}


def test_what_an_outlet_takes_back_is_struck_and_said_in_the_channel(quick_night: Night) -> None:
    night = quick_night
    story = told(night, MAYOR)
    night.grow(story, "Mayor answers", details=False)
    night.watch()
    night.drain()
    article = an_article(MAYOR, id=1, text=f"{MAYOR}: sanctuary cities were warned, officials said.")
    filing = a_filing(
        0,
        replace(article, first_seen=night.clock()),
        placement=a_placement(story, reason="its page is gone for good"),
        new_version=True,
        corrections=(Correction(before=MAYOR, after="", label="withdrawn"),),
        now=night.clock(),
    )
    night.ask(lambda store: store.file(filing))
    night.watch()
    night.drain()
    (thread,) = night.slack.threads(NAME)
    (said,) = thread.replies
    assert f"Withdrawn by Channel 4 Ellery, 12:03 pm. Was: “{MAYOR}”" in said.text
    assert "Its page is gone for good" in said.text
    assert said.broadcast
    assert "Latest, 12:03 pm, Channel 4 Ellery: withdrew its article" in thread.root.text
    assert "were warned" not in thread.root.text  # none of its sentences stands
    struck = json.dumps(thread.root.blocks)
    assert '"strike": true' in struck


def waiting_reply(night: Night) -> tuple[int, int]:
    """Tell a story, and let another outlet's details wait to follow it; return the story and that article."""
    story = told(night, MAYOR)
    grown = night.grow(story, "Mayor answers", details=True)
    night.watch()
    return story, grown.article_id


def states(night: Night, kind: str) -> list[tuple[AlertState, str]]:
    """Return what became of the alerts of a kind, and why."""
    return [
        (one.state, one.last_error) for one in night.ask(lambda store: store.alerts()) if one.kind == kind
    ]


def test_a_reply_that_waits_is_not_sent_before_the_withdrawal_of_what_it_says(quick_night: Night) -> None:
    night = quick_night
    story, article_id = waiting_reply(night)
    article = an_article("Mayor answers", id=article_id, outlet="Ellery 31", first_seen=night.clock())
    filing = a_filing(
        0,
        article,
        placement=a_placement(story, reason="its page is gone for good"),
        new_version=True,
        corrections=(Correction(before="Mayor answers", after="", label="withdrawn"),),
        now=night.clock(),
    )
    night.ask(lambda store: store.file(filing))
    night.watch()
    night.later(minutes=20).drain()
    (thread,) = night.slack.threads(NAME)
    (said,) = thread.replies
    assert "Withdrawn by Ellery 31" in said.text
    assert "new detail" not in json.dumps([thread.root.blocks, said.blocks])
    assert states(night, "reply") == [
        (AlertState.WITHDRAWN, "its outlet withdrew the article before it was told")
    ]
    assert states(night, "health") == []


def test_a_reply_on_its_way_whose_article_is_split_off_is_told_by_the_other_story(quick_night: Night) -> None:
    night = quick_night
    story, article_id = waiting_reply(night)
    split: list[object] = []

    def hop(passed: str) -> None:
        if passed == "claimed" and not split:
            parting = a_parting(story, article_id, now=night.clock())
            split.append(night.ask(lambda store: store.split_story(parting)))

    night.hop = hop
    night.later(minutes=20).drain()
    night.hop = lambda _: None
    night.watch()
    night.later(minutes=20).drain()
    assert states(night, "reply") == [(AlertState.WITHDRAWN, "its article tells another story now")]
    assert states(night, "health") == []
    first, second = night.slack.threads(NAME)
    assert (len(first.replies), len(second.replies)) == (0, 0)
    assert "Mayor answers" in second.root.text
