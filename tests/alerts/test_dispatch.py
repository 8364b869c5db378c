"""Does each story reach the desk once, in order, and is it kept up to date?"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

from alerts.schedule import declared_digests
from config.settings import ChannelSettings
from news.nouns import DeliverRule
from news.telling import AlertState
from tests.alerts.night import HEALTH, NAME, Night
from tests.fakes import slack_faults
from tests.fakes.faults import Fault
from tests.fakes.serving import Answer, Received
from tests.nouns import DESK, a_watchlist

MAYOR = "Mayor skips capital meeting"


def test_a_story_is_told_and_its_follow_up_stands_under_it(night: Night) -> None:
    story = night.file(MAYOR).story_id
    night.watch()
    assert night.drain().sent == 1

    night.later(minutes=10).grow(story, "Council answers letter")
    night.watch()
    assert night.drain().sent == 0, "follow-ups are gathered first"
    night.later(minutes=16)
    assert night.drain().sent == 1

    assert night.headlines() == [MAYOR]
    assert night.replies() == [["Council answers letter"]]
    root = night.slack.threads(NAME)[0].root
    assert "Latest, 12:10 pm, Ellery 31: Council answers letter has a new detail." in root.text
    assert root.edited_ts is not None


def test_follow_ups_within_a_quarter_of_an_hour_are_one_reply(night: Night) -> None:
    story = night.file(MAYOR).story_id
    night.watch()
    night.drain()
    for title in ("Council answers letter", "Sheriff answers letter"):
        night.later(minutes=5).grow(story, title)
        night.watch()

    night.later(minutes=11)
    night.drain()

    (thread,) = night.slack.threads(NAME)
    (reply,) = thread.replies
    assert "Council answers letter has a new detail" in reply.text
    assert "Sheriff answers letter has a new detail" in reply.text


def test_a_copy_changes_the_message_and_makes_no_noise(night: Night) -> None:
    story = night.file(MAYOR).story_id
    night.watch()
    night.drain()
    night.later(minutes=5).grow(story, "Mayor skips meeting", details=False)
    night.watch()
    night.later(minutes=20)

    assert night.drain().sent == 0

    (thread,) = night.slack.threads(NAME)
    assert thread.replies == ()
    assert "Also Ellery 31" in thread.root.text


def test_a_correction_is_told_at_once_and_to_everybody(night: Night) -> None:
    filed = night.file(
        MAYOR, text="The letter on sanctuary cities went to roughly two dozen cities, officials said."
    )
    night.watch()
    night.drain()
    night.later(minutes=5).correct(filed, MAYOR, "roughly two dozen cities", "23 cities")
    night.watch()

    assert night.drain().sent == 1

    (thread,) = night.slack.threads(NAME)
    (reply,) = thread.replies
    assert reply.broadcast
    assert "Was: “… roughly two dozen cities …”. Now: “… 23 cities …”." in reply.text
    assert "The old words were in the message of 12:00 pm." in reply.text
    assert "Latest, 12:05 pm, Channel 4 Ellery: corrected" in thread.root.text


def test_a_story_that_grows_before_it_is_told_is_told_whole_once(night: Night) -> None:
    story = night.file(MAYOR).story_id
    night.watch()
    night.grow(story, "Council answers letter")
    night.watch()

    night.drain()
    night.later(minutes=20)
    night.drain()

    (thread,) = night.slack.threads(NAME)
    assert thread.replies == ()
    assert "Council answers letter has a new detail" in thread.root.text


def test_every_state_of_a_message_carries_the_same_key(night: Night) -> None:
    story = night.file(MAYOR).story_id
    night.watch()
    night.drain()
    night.later(minutes=1).grow(story, "Council answers letter")
    night.watch()
    night.drain()

    (root,) = [a for a in night.ask(lambda store: store.alerts()) if a.kind == "root"]
    metadata = [call.metadata for call in night.slack.accepted]
    assert len(metadata) == 2
    assert {m["event_payload"]["dedupe_key"] for m in metadata if m} == {root.key}
    assert all(m["event_payload"]["story_id"].startswith("st_") for m in metadata if m)


def test_a_slack_that_is_not_set_up_keeps_its_alerts_waiting_and_says_so(night: Night) -> None:
    with_token = night.settings
    night.settings = replace(with_token, channels=ChannelSettings())
    night.file(MAYOR)
    night.watch()

    assert night.drain().waiting == 1
    (alert,) = night.ask(lambda store: store.alerts())
    assert (alert.state, alert.last_error) == (AlertState.PENDING, "waiting: Slack is not set up")

    night.settings = with_token
    night.later(minutes=2)
    assert night.drain().sent == 1


def test_what_slack_refuses_is_kept_and_a_person_is_told_once(night: Night) -> None:
    night.slack.remove_bot(NAME)
    for title in (MAYOR, "Council answers letter"):
        night.file(title)
    night.watch()

    report = night.drain()

    assert report.failed == 2
    assert night.states() == {"failed": 2, "sent": 1}
    (warning,) = night.slack.threads(HEALTH)
    assert warning.root.text.startswith("#immigration-desk does not take messages. Nightdesk was not invited")
    night.later(hours=1)
    assert night.drain().sent == 0


def test_what_was_refused_goes_out_when_a_person_says_so(night: Night) -> None:
    night.slack.revoke()
    night.file(MAYOR)
    night.watch()
    night.drain()
    night.slack.restore()
    night.ask(lambda store: store.release_alerts(states=["failed"], destination=DESK, now=night.clock()))

    night.drain()

    assert night.headlines() == [MAYOR]


def test_a_slack_that_asks_us_to_wait_gets_its_wait(night: Night) -> None:
    night.slack.script("chat.postMessage", [slack_faults.rate_limited("120")])
    night.file(MAYOR)
    night.watch()

    assert night.drain().waiting == 1
    night.later(seconds=110)
    assert night.drain().sent == 0
    night.later(seconds=11)
    assert night.drain().sent == 1


def test_one_message_slack_stumbles_over_does_not_keep_the_others(night: Night) -> None:
    def stumble(request: Received, answer: Answer) -> Answer:
        if b"Poison" not in request.body:
            return answer
        return slack_faults.error("internal_error").bend(request, answer)

    for number in range(3):
        night.file(f"Poison {number}" if number == 0 else f"Mayor {number}")
    night.watch()
    night.slack.always("chat.postMessage", Fault(name="poison", bend=stumble, handled=True))
    night.drain()
    for _ in range(3):
        night.later(seconds=20).drain()

    told = [h for h in night.headlines() if h.startswith("Mayor")]
    assert sorted(told) == ["Mayor 1", "Mayor 2"]


def test_a_bug_in_one_alert_does_not_stop_the_others(night: Night) -> None:
    night.file("A story from before all calendars", published=datetime(1, 1, 1, tzinfo=UTC))
    night.file(MAYOR)
    night.watch()

    night.drain()

    assert night.headlines() == [MAYOR]
    (broken,) = night.ask(lambda store: store.alerts(states=["unknown"]))
    assert broken.last_error.startswith("a fault in Nightdesk")


def test_the_console_shows_alerts_and_needs_no_night(night: Night) -> None:
    watchlist = a_watchlist("sanctuary cities", deliver=(DeliverRule(to="console:"),))
    night.settings = replace(night.settings, watchlists=(watchlist,))
    night.later(hours=11).file(MAYOR)
    night.watch()

    assert night.drain().sent == 1
    assert night.out.getvalue().startswith(f"{MAYOR}\nhttps://")


def test_a_private_watchlists_finding_stays_out_of_the_other_desks_message(night: Night) -> None:
    private = a_watchlist(
        "letter", id="leak", name="Leak", private=True, deliver=(DeliverRule(to=f"slack:{HEALTH}"),)
    )
    night.settings = replace(night.settings, watchlists=(*night.settings.watchlists, private))
    night.file("Mayor answers letter")
    night.watch()
    night.drain()

    (thread,) = night.slack.threads(NAME)
    assert "Leak" not in thread.root.text
    assert "“letter”" not in thread.root.text
    assert "Leak" in night.slack.threads(HEALTH)[0].root.text


def test_an_old_message_whose_edit_window_closed_is_left_and_its_follow_ups_go_on(night: Night) -> None:
    night.slack.close_edits_after(timedelta(minutes=5))
    story = night.file(MAYOR).story_id
    night.watch()
    night.drain()
    night.later(hours=1).grow(story, "Council answers letter")
    night.watch()
    night.later(minutes=16)
    night.drain()

    assert [len(replies) for replies in night.replies()] == [1]
    updates = len(night.slack.calls("chat.update"))
    night.later(hours=1).drain()
    assert len(night.slack.calls("chat.update")) == updates, "nobody asks again"


def test_a_desk_that_wants_new_messages_gets_them(night: Night) -> None:
    rule = DeliverRule(to=DESK, follow_ups="new message")
    night.settings = replace(night.settings, watchlists=(a_watchlist("sanctuary cities", deliver=(rule,)),))
    story = night.file(MAYOR).story_id
    night.watch()
    night.drain()
    night.later(minutes=1).grow(story, "Council answers letter")
    night.watch()
    night.later(minutes=16)
    night.drain()

    assert night.headlines() == [MAYOR, f"{MAYOR}: update to the story sent 12:00 pm"]


class Overheard(io.StringIO):
    """A terminal that lets others know when something was written."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = Event()

    def write(self, words: str) -> int:
        self.heard.set()
        return super().write(words)


def test_a_slow_slack_does_not_keep_the_terminal_waiting(night: Night) -> None:
    rules = (DeliverRule(to=DESK), DeliverRule(to="console:"))
    night.settings = replace(night.settings, watchlists=(a_watchlist("sanctuary cities", deliver=rules),))
    night.out = terminal = Overheard()
    in_time: list[bool] = []
    night.slack.on_accept = lambda _: in_time.append(terminal.heard.wait(10))
    night.file(MAYOR)
    night.watch()

    assert night.drain().sent == 2
    assert in_time == [True]


def test_a_digest_can_go_to_slack(night: Night) -> None:
    rule = DeliverRule(to=DESK, send="digest", at="daily 06:30")
    night.settings = replace(night.settings, watchlists=(a_watchlist("sanctuary cities", deliver=(rule,)),))
    night.ask(lambda store: store.declare_digests(declared_digests(night.settings), now=night.clock()))
    night.file(MAYOR)
    night.watch()
    night.later(hours=19).open_digests()

    assert night.drain().sent == 1

    (thread,) = night.slack.threads(NAME)
    assert "SANCTUARY CITIES" in thread.root.text
    assert MAYOR in str(thread.root.blocks)


class Lost:
    """A lock that somebody else took."""

    def still_held(self) -> bool:
        return False


def test_nothing_goes_out_once_somebody_else_holds_the_lock(night: Night) -> None:
    night.file(MAYOR)
    night.watch()

    night.sole = Lost()
    assert night.drain().sent == 0
    assert night.headlines() == []
