"""The digest is sent early, listed, and sent once more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from news.telling import AlertState
from news.timing import Schedule, due_digest
from nightdesk.early_digest import LONG_AGO, extra_date
from storage.sole import hold
from tests.fakes.smtp import ReceivedMail
from tests.nightdesk.conftest import Town
from tests.nightdesk.desk import Desk

HEADLINE = "Detainer policy is argued"
LOW_KEY = "The council was briefed on detainer policy. It meets again on Monday."
EVENING = "2026-03-18 17:05"


@pytest.fixture
def town(town: Town) -> Town:
    """Return a town whose stations are silent; the newsroom has one story for its next email."""
    silent = {
        "id": "channel4",
        "name": "Channel 4 Ellery",
        "url": "https://channel4.test/feed",
        "enabled": False,
    }
    town.desk.write("sources/local.yaml", {"sources": [silent]})
    town.desk.at("2026-03-18 12:00")
    town.desk.files(HEADLINE, text=LOW_KEY)
    town.desk.watches()
    town.desk.at(EVENING)
    return town


def subjects(town: Town) -> list[str]:
    return [str(mail.message["Subject"]) for mail in town.mail.messages]


def digests(desk: Desk) -> list[AlertState]:
    return [alert.state for alert in desk.store.alerts() if alert.kind == "digest"]


def test_a_digest_goes_out_at_once_when_asked(town: Town) -> None:
    ran = town.desk("digest", "now")
    assert ran.code == 0
    assert ran.out == "metro-desk@newsroom.test: 1 sent, 0 refused, 0 waiting.\n"
    assert subjects(town) == [f"Sanctuary cities: {HEADLINE}"]


def test_the_next_digest_comes_at_its_hour_with_what_is_new(town: Town) -> None:
    town.desk("digest", "now")
    town.desk.files("Second detainer story", text=LOW_KEY.replace("council", "board"))
    town.desk.watches()
    town.desk.at("2026-03-19 06:31")
    town.desk("run", "--once")
    assert subjects(town)[1:] == ["Sanctuary cities: Second detainer story"]


def test_a_dry_run_shows_the_mail_and_sends_none(town: Town) -> None:
    before = town.desk.contents()
    ran = town.desk("digest", "now", "--dry-run")
    assert ran.code == 0
    assert ran.lines[0] == f"metro-desk@newsroom.test: Sanctuary cities: {HEADLINE}"
    assert "Covers " in ran.out
    assert subjects(town) == []
    assert town.desk.contents() == before


def test_beside_a_running_nightdesk_it_is_only_put_in_the_outbox(town: Town) -> None:
    with hold(town.desk.database, who="nightdesk"):
        ran = town.desk("digest", "now")
    assert ran.code == 0
    assert "metro-desk@newsroom.test: will be sent by the running Nightdesk" in ran.out
    assert subjects(town) == []
    assert digests(town.desk) == [AlertState.PENDING]


def test_a_mail_server_that_is_away_is_trouble_and_nothing_is_lost(town: Town) -> None:
    town.mail.close()
    ran = town.desk("digest", "now")
    assert ran.code == 1
    assert "0 sent, 0 refused, 1 waiting" in ran.out
    assert ran.last.startswith("Next: nightdesk status")
    assert digests(town.desk) == [AlertState.PENDING]


def test_a_place_without_a_digest_is_typed_wrong(town: Town) -> None:
    ran = town.desk("digest", "now", "--to", "email:nobody@newsroom.test")
    assert ran.code == 2
    assert (
        'no digest goes to "email:nobody@newsroom.test"; there is email:metro-desk@newsroom.test' in ran.err
    )


def test_digests_are_listed_with_what_became_of_them(town: Town) -> None:
    town.desk("digest", "now")
    ran = town.desk("digest", "list")
    assert ran.flat == "5:05 pm metro-desk@newsroom.test 1 story; sent 5:05 pm"


def test_a_refused_digest_says_why(town: Town) -> None:
    town.mail.refuse("metro-desk@newsroom.test")
    town.desk("digest", "now")
    assert "1 story; not sent: " in town.desk("digest", "list").flat


def test_machines_get_one_digest_a_line(town: Town) -> None:
    town.desk("digest", "now")
    (facts,) = town.desk("digest", "list", "--json").records
    assert (facts["to"], facts["stories"], facts["state"]) == ("email:metro-desk@newsroom.test", [1], "sent")


def test_a_digest_that_was_sent_is_sent_once_more_with_the_same_stories(town: Town) -> None:
    town.desk("digest", "now")
    ran = town.desk("digest", "send-again")
    assert ran.out == "Will be sent again: metro-desk@newsroom.test, 1 story\n"
    town.desk("run", "--once")
    assert subjects(town) == [f"Sanctuary cities: {HEADLINE}"] * 2


def words(mail: ReceivedMail) -> str:
    body = mail.message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_digest_that_is_sent_again_lists_its_stories_as_it_did(town: Town) -> None:
    town.desk("digest", "now")
    story = town.desk.store.stories(since=town.desk.clock() - timedelta(days=2))[0]
    town.desk.at("2026-03-18 17:20")
    town.desk.grows(
        story.id, "Jail answers", details=["The jail has answered."], text=LOW_KEY, source_id="channel4"
    )
    town.desk.watches()
    town.desk.at("2026-03-18 17:40")
    town.desk("digest", "now")
    town.desk.at("2026-03-19 05:00")
    town.desk("digest", "send-again")
    town.desk("run", "--once")
    first, grown, again = [words(mail) for mail in town.mail.messages]
    assert "DEVELOPED" in grown
    assert "NEW" not in grown
    assert again == grown != first


def test_only_the_digest_is_sent_now_and_what_else_waits_goes_on_waiting(town: Town) -> None:
    town.desk.files("Justice Department warns sanctuary cities")
    town.desk.watches()
    ran = town.desk("digest", "now")
    assert ran.out == "metro-desk@newsroom.test: 1 sent, 0 refused, 0 waiting.\n"
    assert not town.slack.accepted
    (waiting,) = [alert for alert in town.desk.store.alerts() if alert.kind == "root"]
    assert waiting.state is AlertState.PENDING


def test_sending_again_does_not_disturb_the_next_digest(town: Town) -> None:
    town.desk("digest", "now")
    town.desk("digest", "send-again")
    town.desk.at("2026-03-19 06:31")
    town.desk("run", "--once")
    assert len(subjects(town)) == 3
    assert "Nothing new" in subjects(town)[-1]


def test_a_digest_that_was_refused_is_let_go_again(town: Town) -> None:
    town.mail.refuse("metro-desk@newsroom.test")
    town.desk("digest", "now")
    town.mail.accept("metro-desk@newsroom.test")
    town.desk("digest", "send-again", "2026-03-18")
    town.desk("run", "--once")
    assert subjects(town) == [f"Sanctuary cities: {HEADLINE}"]


def test_a_dry_run_of_sending_again_changes_nothing(town: Town) -> None:
    town.desk("digest", "now")
    before = town.desk.contents()
    ran = town.desk("digest", "send-again", "--dry-run")
    assert ran.out == "Would be sent again: metro-desk@newsroom.test, 1 story\n"
    assert town.desk.contents() == before


def test_a_day_without_a_digest_is_trouble(town: Town) -> None:
    ran = town.desk("digest", "send-again", "2026-01-01")
    assert ran.code == 1
    assert ran.last.startswith("Next: nightdesk digest list")


def test_before_the_first_run_there_is_nothing_to_tell(desk: Desk) -> None:
    ran = desk("digest", "now")
    assert ran.code == 1
    assert ran.last.startswith("Next: nightdesk run")


@pytest.mark.parametrize("schedule", ["daily 06:30", "daily 06:30, 18:00", "weekdays 07:00"])
def test_an_extra_digest_never_takes_the_place_of_a_regular_one(desk: Desk, schedule: str) -> None:
    desk.at("2026-03-16 07:30")
    parsed, zone = Schedule.parse(schedule), desk.settings.timezone
    for _ in range(24 * 3):
        now = desk.clock.advance(timedelta(hours=1))
        last = due_digest(parsed, zone=zone, now=now, last_date=None, declared_at=LONG_AGO)
        assert last is not None
        extra = extra_date(last.local_date, desk.settings, now)
        later = [
            due
            for hours in range(1, 60)
            if (
                due := due_digest(
                    parsed,
                    zone=zone,
                    now=now + timedelta(hours=hours),
                    last_date=extra,
                    declared_at=LONG_AGO,
                )
            )
        ]
        regular = due_digest(
            parsed, zone=zone, now=now + timedelta(hours=59), last_date=last.local_date, declared_at=LONG_AGO
        )
        assert regular in later
        assert all(due.due_at > now for due in later)
