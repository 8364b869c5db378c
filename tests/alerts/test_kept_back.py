"""Does what people decide reach the messages: mutes, holds, quiet, and who is on it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alerts.auditing import audited
from alerts.schedule import DigestPlan, untold_items
from config.settings import Reader, Role, Settings
from news.embargo import Embargo
from news.telling import Alert
from nightdesk.acts.claiming import Claimed, TakenBy, claim, release
from nightdesk.acts.holding import hold, let_go
from nightdesk.acts.muting import Outlet, mute_outlet, mute_story, unmute, would_have_lost
from nightdesk.acts.quieting import loud, quiet
from nightdesk.sending_one import send_one
from storage.contract import Store
from tests.alerts.night import HEALTH, Night
from tests.nouns import DESK, MINUTE

MAYOR, LETTER = "Mayor skips capital meeting", "Council answers letter"
EDITOR = Reader(id="night-editor", name="Night editor", slack="slack:U09NIGHTED", role=Role.EDITOR)
METRO = Reader(id="metro", name="Metro desk", role=Role.READER)


def with_people(night: Night) -> Settings:
    night.settings = replace(night.settings, readers=(EDITOR, METRO))
    return night.settings


def a_story_is_out(night: Night) -> int:
    with_people(night)
    story = night.file(MAYOR).story_id
    night.watch()
    assert night.drain().sent == 1
    return story


def newest(night: Night, kind: str) -> Alert:
    return next(alert for alert in night.ask(lambda store: store.alerts()) if alert.kind == kind)


def test_a_muted_story_sends_no_follow_up_but_a_correction_still_comes(night: Night) -> None:
    filed = night.file(MAYOR)
    with_people(night)
    night.watch()
    night.drain()
    night.ask(lambda store: mute_story(store, filed.story_id, EDITOR, via="slack", now=night.clock()))
    night.later(minutes=1).grow(filed.story_id, LETTER)
    night.watch()
    night.later(minutes=16).drain()
    muted = newest(night, "reply")
    assert (muted.state.value, muted.last_error) == ("muted", "the story was muted by Night editor")
    assert night.replies() == [[]]
    root = night.slack.threads("#immigration-desk")[0].root.text
    assert "Muted until March 25, 12:00 pm by Night editor" in root
    night.correct(filed, MAYOR, "two dozen cities", "23 cities")
    night.watch()
    night.drain()
    assert len(night.replies()[0]) == 1, "a correction is always told"
    audit = audited(night.store, night.settings, now=night.clock())
    assert (audit.faults, audit.sums["sent"]) == ((), 1)


def test_an_outlet_muted_here_is_told_again_once_another_outlet_has_the_story(quick_night: Night) -> None:
    night = quick_night
    with_people(night)
    here = Outlet(source_id="channel4ellery", destination=DESK)
    act = night.ask(lambda store: mute_outlet(store, here, EDITOR, via="console", now=night.clock()))
    story = night.file(MAYOR).story_id
    night.watch()
    assert night.drain().sent == 0
    assert night.states() == {"muted": 1}
    assert audited(night.store, night.settings, now=night.clock()).sums["muted"] == 1
    night.later(minutes=1).grow(story, LETTER, source_id="ellery31")
    night.watch()
    assert night.drain().sent == 1
    assert night.headlines() == [MAYOR]
    lost = night.ask(lambda store: would_have_lost(store, night.settings, here, now=night.clock()))
    assert (lost.messages, lost.of) == (0, 1), "Ellery 31 had it too"
    night.ask(lambda store: unmute(store, act.id, EDITOR, via="slack", now=night.clock()))
    night.later(minutes=1).file("Sheriff asks for rule")
    night.watch()
    assert night.drain().sent == 1
    lost = night.ask(lambda store: would_have_lost(store, night.settings, here, now=night.clock()))
    assert (lost.messages, lost.of, lost.headlines) == (1, 2, ("Sheriff asks for rule",))


def test_a_mute_ends_after_seven_days(quick_night: Night) -> None:
    night = quick_night
    story = a_story_is_out(night)
    act = night.ask(lambda store: mute_story(store, story, EDITOR, via="slack", now=night.clock()))
    assert act.until == night.clock() + timedelta(days=7)
    night.later(days=7).grow(story, LETTER)
    night.watch()
    night.later(minutes=16)
    assert night.drain().sent == 1


def test_a_held_story_waits_until_it_is_let_go_and_then_goes_out_at_once(night: Night) -> None:
    with_people(night)
    story = night.file(MAYOR).story_id
    night.ask(lambda store: hold(store, story, EDITOR, via="slack", now=night.clock()))
    night.watch()
    assert night.drain().sent == 0
    assert newest(night, "root").last_error == "on hold: Night editor"
    night.ask(lambda store: let_go(store, story, EDITOR, via="slack", now=night.clock()))
    assert night.drain().sent == 1


def test_a_channel_that_is_quiet_hears_it_afterwards(quick_night: Night) -> None:
    night = quick_night
    with_people(night)
    until = night.clock() + 60 * MINUTE
    night.ask(lambda store: quiet(store, DESK, EDITOR, via="slack", now=night.clock(), until=until))
    night.file(MAYOR)
    night.watch()
    assert night.drain().sent == 0
    night.ask(lambda store: loud(store, DESK, EDITOR, via="slack", now=night.clock()))
    assert night.drain().sent == 1


def test_the_message_shows_who_is_on_it_and_the_follow_up_mentions_the_person(quick_night: Night) -> None:
    night = quick_night
    story = a_story_is_out(night)
    taken = night.ask(lambda store: claim(store, story, EDITOR, via="slack", now=night.clock()))
    late = night.ask(lambda store: claim(store, story, METRO, via="console", now=night.clock()))
    assert isinstance(taken, Claimed)
    assert isinstance(late, TakenBy)
    assert late.claim.who == "night-editor"
    night.drain()
    root = night.slack.threads("#immigration-desk")[0].root
    assert "Night editor is on it." in root.text
    assert "<@U09NIGHTED> is on it" in str(root.blocks)
    assert "actions" not in {block["type"] for block in root.blocks}, "nobody answers clicks here"
    night.later(minutes=1).grow(story, LETTER)
    night.watch()
    night.later(minutes=16).drain()
    (thread,) = night.slack.threads("#immigration-desk")
    (reply,) = thread.replies
    assert "For <@U09NIGHTED>." in reply.text
    assert {"type": "user", "user_id": "U09NIGHTED"} in reply.blocks[0]["elements"][0]["elements"]
    night.ask(lambda store: release(store, story, EDITOR, via="slack", now=night.clock()))
    night.drain()
    assert "is on it" not in night.slack.threads("#immigration-desk")[0].root.text


def test_a_hostile_headline_cannot_mention_anybody_where_the_follow_up_does(quick_night: Night) -> None:
    night = quick_night
    story = a_story_is_out(night)
    night.ask(lambda store: claim(store, story, EDITOR, via="slack", now=night.clock()))
    night.later(minutes=1).grow(story, "For Night editor. <@U0EVERYBODY> <!channel>")
    night.watch()
    night.later(minutes=16).drain()
    text = night.slack.threads("#immigration-desk")[0].replies[0].text
    assert text.count("<@") == 1
    assert "For <@U09NIGHTED>. http" in text
    assert "<!channel>" not in text


def test_an_embargo_holds_its_story_back_until_its_hour_and_from_every_way_out(night: Night) -> None:
    with_people(night)
    hour = night.clock() + timedelta(hours=6)
    embargo = Embargo(words="EMBARGOED UNTIL 6 p.m.", until=hour)
    story = night.file(MAYOR, embargo=embargo).story_id
    night.watch()
    assert night.drain().sent == 0
    assert newest(night, "root").last_error == "on hold until 6:00 pm: an embargo"
    beat = ("sanctuary-cities",)
    plan = DigestPlan(name=DESK, destination=DESK, schedule="daily 06:30", watchlist_ids=beat)
    night.ask(lambda store: store.declare_digests({DESK: DESK}, now=night.clock() - MINUTE))
    assert untold_items(plan, night.store, now=night.clock()) == ()
    night.later(hours=6)
    assert untold_items(plan, night.store, now=night.clock()) == ((story, 1),)
    assert night.drain().sent == 1


def test_what_is_under_embargo_in_a_told_story_is_neither_sent_nor_shown_until_a_person_lets_it_go(
    quick_night: Night,
) -> None:
    night = quick_night
    story = a_story_is_out(night)
    embargo = Embargo(words="EMBARGOED", until=None)
    night.later(minutes=1).grow(story, LETTER, embargo=embargo)
    night.watch()
    night.ask(lambda store: claim(store, story, EDITOR, via="console", now=night.clock()))
    night.later(minutes=16).drain()
    assert night.replies() == [[]]
    root = night.slack.threads("#immigration-desk")[0].root.text
    assert "Night editor is on it." in root
    assert "Ellery 31" not in root
    night.ask(lambda store: let_go(store, story, EDITOR, via="slack", now=night.clock()))
    night.watch()
    night.later(minutes=16).drain()
    assert len(night.replies()[0]) > 0
    assert "Ellery 31" in night.slack.threads("#immigration-desk")[0].root.text


def test_what_somebody_asks_for_comes_to_them_once_at_night_and_muted_but_not_held(
    quick_night: Night,
) -> None:
    night, asking = quick_night, replace(EDITOR, slack=f"slack:{HEALTH}")
    night.settings = replace(night.settings, readers=(asking,))
    elephants = night.file("An elephant is moved", text="An elephant is moved.").story_id
    mayor = night.file(MAYOR).story_id
    night.watch()
    night.drain()
    night.ask(lambda store: mute_story(store, mayor, asking, via="console", now=night.clock()))
    night.later(minutes=12 * 60)

    def ask(story_id: int) -> str:
        def wished(store: Store) -> str:
            story = store.story(story_id)
            assert story is not None
            now = night.clock()
            return send_one(store, night.settings, story, asking, zone="America/Denver", now=now).became

        return night.ask(wished)

    assert [ask(mayor), ask(elephants), ask(mayor)] == ["on its way"] * 3
    night.ask(lambda store: store.withdraw_alerts([DESK], now=night.clock()))
    assert night.drain().sent == 2
    told = [thread.root.text for thread in night.slack.threads(HEALTH)]
    assert [MAYOR in text for text in told] == [True, False]
    assert "Sent because you asked for it." in told[1]
    assert ask(mayor) == "sent"
    assert night.drain().sent == 0
    letter = night.file(LETTER).story_id
    night.ask(lambda store: hold(store, letter, asking, via="console", now=night.clock()))
    assert ask(letter) == "held back"
    assert night.drain().sent == 0
    audit = audited(night.store, night.settings, now=night.clock())
    assert audit.faults == ()
    asking = replace(asking, slack="", email="night-editor@newsroom.test")
    assert ask(elephants) == "no address", "there is no mail server"
