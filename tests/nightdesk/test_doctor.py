"""Does doctor find what is wrong, name it, and say what to do?"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from news.nouns import Health
from nightdesk.doctor import look_at_clock, look_at_disk, look_at_messages, look_at_sources
from tests.nightdesk.conftest import Town
from tests.nightdesk.desk import CHANNEL, MAILBOX, SANCTUARY, Desk, Ran
from tests.nouns import NOON, a_fetch_state


@pytest.fixture
def watched(town: Town) -> Town:
    town.desk.files("Mayor skips capital meeting", text="The mayor on sanctuary cities.")
    town.desk.watches()
    town.desk.sends()
    return town


def examined(town: Town, *words: str) -> Ran:
    town.desk.close()
    return town.desk("doctor", *words)


def test_a_newsroom_in_order_has_no_errors_and_nothing_is_sent(watched: Town) -> None:
    ran = examined(watched)
    assert "nightdesk in the workspace newsroom; may write in #immigration-desk" in ran.flat
    assert f"the mail server accepts nightdesk@newsroom.test, and mail for {MAILBOX}" in ran.flat
    assert "2 files, no errors" in ran.flat or "3 files, no errors" in ran.flat
    assert "the sums agree" in ran.flat
    assert "Nothing was sent; --send-test posts one test message to each place." in ran.flat
    assert not watched.slack.accepted
    assert not watched.mail.messages


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("channels:history", "add it under OAuth & Permissions of the Slack app, then reinstall it"),
        ("chat:write", "the Slack app lacks the permission chat:write"),
    ],
)
def test_a_scope_that_is_missing_is_named_with_where_to_add_it(watched: Town, scope: str, said: str) -> None:
    watched.slack.take_scope(scope)
    ran = examined(watched)
    assert ran.code == 1
    assert f"lacks the permission {scope}" in ran.flat
    assert said in ran.flat


def test_a_channel_that_nightdesk_was_not_invited_to_says_what_to_type(watched: Town) -> None:
    watched.slack.remove_bot(CHANNEL)
    ran = examined(watched)
    assert f"{CHANNEL}: Nightdesk is not in the channel" in ran.flat
    assert f"To do: type /invite @Nightdesk in {CHANNEL}" in ran.flat
    assert ran.code == 1


def test_a_revoked_token_and_a_mailbox_that_is_refused_are_told_together(watched: Town) -> None:
    watched.slack.revoke()
    watched.mail.refuse(MAILBOX)
    ran = examined(watched)
    assert "Slack refuses the token in SLACK_BOT_TOKEN: it was revoked" in ran.flat
    assert "To do: copy the Bot User OAuth Token" in ran.flat
    assert f"the mail server refuses {MAILBOX}" in ran.flat
    assert "2 errors" in ran.flat


def test_a_mail_server_that_is_not_there_is_an_error_with_its_fix(watched: Town) -> None:
    watched.mail.close()
    ran = examined(watched)
    assert "To do: look at host and port in SMTP_URL" in ran.flat
    assert ran.code == 1


def test_a_test_message_goes_to_each_place_when_asked_for(watched: Town) -> None:
    ran = examined(watched, "--send-test")
    assert "2 test messages sent" in ran.flat
    (posted,) = watched.slack.accepted
    assert posted.text.startswith("A test from Nightdesk.")
    assert len(watched.mail.messages) == 1


def test_machines_get_one_finding_a_line(watched: Town) -> None:
    findings = examined(watched, "--json").records
    assert [each["name"] for each in findings] == [
        *("Folder", "Database", "Clock", "Slack", "Email", "Sources", "Messages", "Disk")
    ]
    assert {each["state"] for each in findings} <= {"ok", "warning", "error"}


def test_channels_are_listed_with_who_sends_there_and_how_they_stand(watched: Town) -> None:
    watched.slack.remove_bot(CHANNEL)
    watched.desk.close()
    ran = watched.desk("channels", "list")
    assert f"trouble {CHANNEL} Sanctuary cities, desk: Nightdesk is not in the channel" in ran.flat
    assert f"ok {MAILBOX} Sanctuary cities, desk" in ran.flat
    assert ran.code == 1


def test_one_channel_is_tested_and_a_dry_run_sends_nothing(watched: Town) -> None:
    watched.desk.close()
    dry = watched.desk("channels", "test", CHANNEL, "--dry-run")
    assert dry.flat == f"Would send a test message to {CHANNEL}"
    assert not watched.slack.accepted
    assert watched.desk("channels", "test", CHANNEL).flat == f"A test message is in {CHANNEL}"
    assert len(watched.slack.accepted) == 1


def test_a_place_that_nobody_sends_to_is_typed_wrong(watched: Town) -> None:
    watched.desk.close()
    ran = watched.desk("channels", "test", "#elsewhere")
    assert ran.code == 2
    assert 'no message goes to "#elsewhere"; they go to slack:#immigration-desk' in ran.err


def test_a_clock_that_runs_ahead_of_slacks_is_an_error(desk: Desk) -> None:
    apart = look_at_clock(desk.settings, (), [("Slack", NOON - timedelta(minutes=3))], now=NOON)
    assert (apart.state, apart.what) == ("error", "3 minutes ahead of Slack's clock")
    right = look_at_clock(desk.settings, (), [("Slack", NOON)], now=NOON)
    assert right.what == "right; America/Denver; next email Thursday 6:30 am"


def test_a_clock_that_went_back_is_an_error(desk: Desk) -> None:
    later = replace(a_fetch_state("channel4"), last_checked=NOON + timedelta(hours=2))
    found = look_at_clock(desk.settings, (later,), (), now=NOON)
    assert found.what == "it went back by 2 hours since a source was last checked"


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("Nightdesk", "warning"),
        ("Nightdesk (desk@metro.test)", "ok"),
        ("Desk (+https://metro.test/bot)", "ok"),
    ],
)
def test_publishers_must_see_whom_to_write_to(desk: Desk, name: str, state: str) -> None:
    settings = replace(desk.settings, fetch=replace(desk.settings.fetch, user_agent=name))
    found = look_at_sources(settings, (a_fetch_state("channel4"),), now=NOON)
    assert found.state == state
    assert any("user_agent" in fix for fix in found.fixes) == (state == "warning")


def test_sources_in_trouble_are_named_worst_first(desk: Desk) -> None:
    states = (
        replace(a_fetch_state("channel4"), health=Health.QUIET, last_new=NOON - timedelta(hours=31)),
        replace(a_fetch_state("coast"), health=Health.STOPPED, reason="refuses automated readers"),
        a_fetch_state("ellery31"),
    )
    found = look_at_sources(desk.settings, states, now=NOON)
    assert found.what == "1 of 3 is fine, 1 is stopped, 1 is quiet"
    assert found.lines[0] == "Coast Public Radio: refuses automated readers"
    assert found.lines[1].startswith("Channel 4 Ellery: nothing new since Tuesday")


def test_a_disk_is_asked_where_the_newsroom_is(desk: Desk) -> None:
    assert look_at_disk(desk.folder).state in {"ok", "warning", "error"}
    assert look_at_disk(desk.folder / "nowhere").what == "cannot be asked: no such file or directory"


def test_a_ledger_that_contradicts_itself_is_an_error() -> None:
    found = look_at_messages(["story 1 is in 2 states at slack:#desk, not in one"], "", ())
    assert (found.state, found.lines) == ("error", ("story 1 is in 2 states at slack:#desk, not in one",))


def test_a_copy_of_the_database_is_told_with_its_hour(watched: Town) -> None:
    folder = watched.desk.folder / "data" / "backups"
    folder.mkdir(parents=True)
    copy = folder / "nightdesk.jsonl.gz"
    copy.write_bytes(b"")
    at = watched.desk.clock().astimezone(UTC).timestamp()
    os.utime(copy, (at, at))
    assert "newest format; last backup 7:00 am" in examined(watched).flat


def test_the_places_of_private_watchlists_are_tried_and_not_named(watched: Town) -> None:
    private = {**SANCTUARY, "id": "chief", "name": "The chief", "private": True}
    private["deliver"] = [{"to": "email:reporter@newsroom.test"}]
    watched.desk.write("watchlists/chief.yaml", private)
    watched.mail.refuse("reporter@newsroom.test")
    for words in (("doctor", "--send-test"), ("channels", "list"), ("channels", "list", "--json")):
        watched.desk.close()
        ran = watched.desk(*words)
        assert ran.code == 1
        assert "The chief" not in ran.out + ran.err
        assert "reporter@" not in ran.out + ran.err
    assert "a private watchlist's reader: the mail server refuses" in examined(watched).flat
