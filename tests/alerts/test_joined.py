"""What readers see when two stories turn out to be one, and when an outlet takes its article back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from news.nouns import Correction
from news.telling import AlertState
from storage.gathering_contract import Merged
from tests.alerts.night import NAME, Killed, Night
from tests.nouns import a_filing, a_merger, a_placement, an_article

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
