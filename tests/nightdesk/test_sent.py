"""Every message that went out is listed; what did not can be sent again."""

from __future__ import annotations

import pytest

from news.telling import AlertState
from tests.nightdesk.desk import Desk

HEADLINE = "Mayor skips capital meeting after warning to sanctuary cities"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.files(HEADLINE)
    desk.watches()
    return desk


def refused(desk: Desk) -> Desk:
    desk.refuses("the channel is archived")
    return desk


def test_a_message_is_listed_with_its_hour_and_place(desk: Desk) -> None:
    desk.sends()
    ran = desk("sent", "list")
    assert ran.flat == f"12:00 pm #immigration-desk new message: {HEADLINE}"


def test_nothing_sent_is_said_beside_the_data(desk: Desk) -> None:
    ran = desk("sent", "list")
    assert (ran.out, ran.err) == ("", "Nothing was sent.\n")


def test_a_refused_message_says_why(desk: Desk) -> None:
    said = refused(desk)("sent", "list").flat
    assert "(refused: the channel is archived)" in said


def test_what_waits_for_a_person_is_listed_apart(desk: Desk) -> None:
    ran = refused(desk)("sent", "list", "--failed")
    assert "new message: the channel is archived" in ran.flat
    assert "To send them again: nightdesk sent retry" in ran.err


def test_a_dry_run_says_what_would_be_sent_again_and_changes_nothing(desk: Desk) -> None:
    before = refused(desk).contents()
    ran = desk("sent", "retry", "--dry-run")
    assert "1 message would be sent again" in ran.err
    assert desk.contents() == before


def test_a_person_lets_a_refused_message_go_again(desk: Desk) -> None:
    ran = refused(desk)("sent", "retry")
    assert "1 message will be sent again" in ran.err
    (alert,) = desk.store.alerts()
    assert alert.state is AlertState.PENDING
    assert desk.sends() == 1


def test_only_one_place_is_sent_to_again_when_asked(desk: Desk) -> None:
    ran = refused(desk)("sent", "retry", "--to", "slack:#another")
    assert ran.err == "Nothing waits to be sent again.\n"
    assert [alert.state for alert in desk.store.alerts()] == [AlertState.FAILED]


def test_machines_get_one_message_a_line(desk: Desk) -> None:
    desk.sends()
    (facts,) = desk("sent", "list", "--json").records
    assert (facts["to"], facts["kind"], facts["outcome"]) == ("slack:#immigration-desk", "root", "sent")
    assert facts["headline"] == HEADLINE


def test_one_message_is_shown_with_everything_that_became_of_it(desk: Desk) -> None:
    desk.sends()
    (alert,) = desk.store.alerts()
    for wanted in (str(alert.id), alert.key, f"<root.{alert.key}@newsroom.test>", "skips capital"):
        shown = desk("sent", "show", wanted)
        assert (
            f"Message {alert.id}, new message About {HEADLINE} To #immigration-desk State sent" in shown.flat
        )
    (facts,) = desk("sent", "show", alert.key, "--json").records
    assert (facts["state"], facts["sent"][0]["outcome"]) == ("sent", "sent")


def test_a_refused_message_is_shown_with_its_reason(desk: Desk) -> None:
    shown = refused(desk)("sent", "show", HEADLINE).flat
    assert "State not sent: the channel is archived" in shown
    assert "Refused 12:00 pm: the channel is archived" in shown


def test_a_message_that_nobody_knows_is_trouble(desk: Desk) -> None:
    ran = desk("sent", "show", "99")
    assert ran.code == 1
    assert ran.last.startswith("Next: nightdesk sent list")
