"""Is a channel left in peace, and is nothing lost by it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.limits import (
    DAILY,
    HOURLY,
    QUIET,
    Defer,
    Group,
    Send,
    decide_all,
    look_back,
    quiet_end,
    waited_for_quiet,
)
from config.settings import Limits, Reader, Settings
from news.nouns import Priority, QuietHours
from news.telling import Alert, AlertKind, Delivery
from tests.nouns import DAY, DESK, HOUR, MINUTE, NOON, FieldValue, an_alert

SETTINGS = Settings(timezone="America/Denver")
#: Wednesday March 18, 11 at night in Port Ellery, and the next morning at 6.
NIGHT = datetime(2026, 3, 19, 5, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 19, 12, 0, tzinfo=UTC)


def told(at: datetime, number: int = 1, **fields: FieldValue) -> Delivery:
    """Return a story that the desk was told."""
    delivery = Delivery(
        id=number,
        alert_id=number,
        key=str(number),
        kind="root",
        destination=DESK,
        story_id=number,
        digest_id=None,
        outcome="sent",
        receipt=None,
        at=at,
    )
    return replace(delivery, **fields)


def roots(number: int, **fields: FieldValue) -> list[Alert]:
    """Return so many stories that wait."""
    return [an_alert(id=1000 + n, story_id=1000 + n, **fields) for n in range(number)]


def decided(
    alerts: list[Alert], sent: list[Delivery], now: datetime = NOON, *, can_edit: bool = True
) -> list[object]:
    return list(decide_all(alerts, sent, SETTINGS, can_edit=can_edit, now=now))


def test_four_stories_go_out_one_by_one_and_the_fifth_is_grouped() -> None:
    rolling = Group(why=HOURLY, until=NOON + HOUR)

    assert decided(roots(6), []) == [Send()] * 4 + [rolling] * 2


def test_what_was_told_this_hour_counts_and_what_was_told_before_does_not() -> None:
    sent = [told(NOON - 61 * MINUTE, 1), told(NOON - 59 * MINUTE, 2), told(NOON, 3)]

    assert decided(roots(3), sent) == [Send(), Send(), Group(why=HOURLY, until=NOON + HOUR)]


def test_the_sixteenth_story_of_a_day_is_grouped_until_midnight() -> None:
    sent = [told(NOON - timedelta(hours=4) + 10 * n * MINUTE, n) for n in range(15)]
    midnight = datetime(2026, 3, 19, 6, 0, tzinfo=UTC)

    assert decided(roots(1), sent) == [Group(why=DAILY, until=midnight)]


def test_yesterdays_stories_leave_today_alone() -> None:
    sent = [told(NOON - DAY + n * MINUTE, n) for n in range(15)]

    assert decided(roots(1), sent) == [Send()]


def test_replies_refusals_groups_and_edits_are_not_messages_of_their_own() -> None:
    sent = [told(NOON, 1, kind="reply"), told(NOON, 2, outcome="refused"), told(NOON, 3, kind="group")]
    sent += [told(NOON, 4), told(NOON, 5, alert_id=4)]

    assert decided(roots(3), sent) == [Send()] * 3


def test_an_urgent_story_is_never_grouped() -> None:
    sent = [told(NOON, n) for n in range(4)]

    assert decided(roots(2, priority=Priority.URGENT), sent) == [Send()] * 2


def test_follow_ups_are_not_limited() -> None:
    sent = [told(NOON, n) for n in range(4)]
    kinds: list[AlertKind] = ["reply", "correction", "digest", "health", "group"]

    assert decided([an_alert(kind=kind) for kind in kinds], sent) == [Send()] * 5


def test_at_night_only_what_is_urgent_goes_out() -> None:
    alerts = [
        an_alert(),
        an_alert(kind="reply"),
        an_alert(kind="correction"),
        an_alert(priority=Priority.URGENT),
        an_alert(kind="digest"),
        an_alert(kind="health"),
    ]
    wait = Defer(until=MORNING, why="quiet hours")

    assert decided(alerts, [], NIGHT) == [wait, wait, wait, Send(), Send(), Send()]


def test_nobody_is_woken_by_a_terminal() -> None:
    assert decided([an_alert(destination="console:")], [], NIGHT) == [Send()]
    assert quiet_end("console:", SETTINGS, NIGHT) is None


def test_a_person_is_left_alone_in_the_own_hours_on_the_own_clock() -> None:
    own, none = (QuietHours(start="20:00", end="07:30"),), ()
    early = Reader(id="early", slack="slack:D04EARLY01", timezone="America/New_York", quiet=own)
    never = Reader(id="never", slack="slack:D04NEVER01", quiet=none)
    settings = replace(SETTINGS, readers=(early, never))
    evening = datetime(2026, 3, 19, 0, 30, tzinfo=UTC)  # 6:30 pm in Denver, 8:30 pm in New York
    morning = datetime(2026, 3, 19, 11, 30, tzinfo=UTC)  # 7:30 am in New York
    assert quiet_end(early.slack, settings, evening) == morning
    assert quiet_end(DESK, settings, evening) is None
    assert quiet_end(never.slack, settings, NIGHT) is None
    assert quiet_end(DESK, settings, NIGHT) is not None
    # What waited for the person's own night to end comes as one roll-up, and says why it waited.
    waited = an_alert(destination=early.slack, created=evening, due_at=morning)
    assert waited_for_quiet(waited, settings, morning)
    assert not waited_for_quiet(waited, settings, morning - MINUTE)


def test_what_waited_through_the_night_comes_as_one_roll_up() -> None:
    night = roots(3, created=NIGHT)
    fresh = an_alert(created=MORNING)

    *rolled, last = decided([*night, fresh], [], MORNING)

    assert rolled == [Group(why=QUIET, until=MORNING + 5 * MINUTE)] * 3
    assert last == Send()


def test_one_story_that_waited_alone_comes_alone() -> None:
    assert decided(roots(1, created=NIGHT), [], MORNING) == [Send()]


def test_a_channel_without_edits_gets_the_rest_in_one_message() -> None:
    together = Group(why=HOURLY, until=NOON)

    assert decided(roots(6), [], can_edit=False) == [Send()] * 3 + [together] * 3
    assert decided(roots(4), [], can_edit=False) == [Send()] * 4


def test_a_channel_without_edits_waits_for_the_next_message_it_may_have() -> None:
    sent = [told(NOON - n * MINUTE, n) for n in (50, 40, 30, 20)]

    (decision,) = decided(roots(1), sent, can_edit=False)

    assert isinstance(decision, Defer)
    assert decision.until == NOON + 10 * MINUTE
    assert decided(roots(1), sent, decision.until, can_edit=False) == [Send()]


def test_the_look_back_reaches_midnight_and_at_least_an_hour() -> None:
    midnight = datetime(2026, 3, 18, 6, 0, tzinfo=UTC)

    assert look_back(SETTINGS, NOON) == midnight
    assert look_back(SETTINGS, midnight + 10 * MINUTE) == midnight - 50 * MINUTE


@given(
    gaps=st.lists(st.integers(0, 90), min_size=1, max_size=60),
    batch=st.integers(1, 4),
    can_edit=st.booleans(),
)
def test_no_hour_has_more_than_four_stories_and_no_day_more_than_fifteen(
    gaps: list[int], batch: int, *, can_edit: bool
) -> None:
    settings = replace(SETTINGS, quiet_weekdays=None, quiet_weekends=None, limits=Limits())
    now, sent, number = NOON, list[Delivery](), 0
    for gap in gaps:
        now += gap * MINUTE
        alerts = [an_alert(id=number + n) for n in range(batch)]
        for decision in decide_all(alerts, sent, settings, can_edit=can_edit, now=now):
            number += 1
            if isinstance(decision, Send):
                sent.append(told(now, number))
            else:
                assert decision.until >= now
    days = {at.astimezone(UTC).date() for at in (each.at - timedelta(hours=6) for each in sent)}
    for each in sent:
        assert sum(each.at <= other.at < each.at + HOUR for other in sent) <= 4
    for day in days:
        assert sum((other.at - timedelta(hours=6)).date() == day for other in sent) <= 15
