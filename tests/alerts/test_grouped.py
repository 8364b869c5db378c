"""Is a channel that has had enough, or sleeps, told the rest in one message?"""

from __future__ import annotations

from datetime import timedelta

from tests.alerts.night import NAME, Night, urgent

MAYOR = "Mayor skips capital meeting"


def test_a_fifth_story_of_the_hour_goes_into_a_message_that_grows(night: Night) -> None:
    for number in range(4):
        night.file(f"Story {number}")
    night.watch()
    night.drain()
    night.later(minutes=10).file("Fifth story")
    night.watch()
    night.drain()
    night.later(minutes=10).file("Sixth story")
    night.watch()
    night.drain()

    assert len(night.headlines()) == 5
    group = night.slack.threads(NAME)[-1].root
    assert group.text.startswith(
        "2 more stories, 12:10 pm to 12:20 pm, grouped because this channel already had 4"
    )
    assert "1. Fifth story" in group.text
    assert "2. Sixth story" in group.text
    assert "grows until 1:10 pm" in group.text
    assert group.metadata is not None
    assert group.metadata["event_payload"]["stories"] == 2
    assert night.states() == {"sent": 5, "grouped": 2}


def test_what_follows_a_grouped_story_stands_under_the_group_and_says_which_story(night: Night) -> None:
    for number in range(4):
        night.file(f"Story {number}")
    night.watch()
    night.drain()
    fifth = night.later(minutes=1).file("Fifth story")
    night.watch()
    night.drain()
    night.later(minutes=1).grow(fifth.story_id, "Council answers letter")
    night.watch()
    night.later(minutes=16)
    night.drain()

    *_, thread = night.slack.threads(NAME)
    (reply,) = thread.replies
    assert reply.text.startswith("Fifth story: update to the story sent 12:01 pm. Council answers letter.")
    assert thread.root.text.startswith("1 more story"), "the group is not overwritten by one of its stories"


def test_a_group_that_can_no_longer_be_edited_is_told_anew_rather_than_lost(night: Night) -> None:
    night.slack.close_edits_after(timedelta(minutes=1))
    for number in range(4):
        night.file(f"Story {number}")
    night.watch()
    night.drain()
    for title in ("Fifth story", "Sixth story"):
        night.later(minutes=5).file(title)
        night.watch()
        night.drain()

    assert "Sixth story" in night.slack.threads(NAME)[-1].root.text


def test_what_came_at_night_is_one_message_in_the_morning(night: Night) -> None:
    night.later(hours=11)
    for title in ("First", "Second", "Third"):
        night.file(title)
    night.watch()
    assert night.drain().sent == 0
    assert night.headlines() == []

    night.later(hours=7)
    night.drain()

    span = "Wednesday 11:00 pm to Wednesday 11:00 pm"
    assert night.headlines() == [f"3 stories, {span}, grouped because they came in quiet hours"]


def test_an_urgent_story_wakes_the_desk(night: Night) -> None:
    night.settings = urgent(night.settings)
    night.later(hours=11).file(MAYOR)
    night.watch()

    assert night.drain().sent == 1
