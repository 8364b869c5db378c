"""Does the fake Slack do what Slack does?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.clock import FakeClock
from tests.fakes.slack import AcceptedCall, FakeSlack
from tests.fakes_tests.asking import NOON, ask

DESK = "#immigration-desk"
KEY = {"event_type": "nightdesk_message", "event_payload": {"dedupe_key": "k1", "revision": 1}}
SECTION = [{"type": "section", "text": {"type": "mrkdwn", "text": "*A headline*"}}]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON + timedelta(minutes=2))


@pytest.fixture
def slack(clock: FakeClock) -> Iterator[FakeSlack]:
    with FakeSlack(clock=clock, channels=[DESK, "#metro"]) as running:
        yield running


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient(token=slack.token, base_url=slack.api_url, retry_handlers=[], timeout=3)


def refused(call: Any, **arguments: Any) -> str:  # noqa: ANN401 - any method of the client
    with pytest.raises(SlackApiError) as problem:
        call(**arguments)
    return str(problem.value.response["error"])


def test_a_message_gets_a_timestamp_from_the_clock(slack: FakeSlack, client: WebClient) -> None:
    first = client.chat_postMessage(channel=DESK, text="First", blocks=SECTION, metadata=KEY)
    second = client.chat_postMessage(channel=slack.channel_id(DESK), text="Second")
    assert first["ts"] == "1773856920.000200"
    assert second["ts"] == "1773856920.000300"
    assert first["channel"] == slack.channel_id(DESK)
    assert first["message"]["metadata"] == KEY


def test_a_thread_is_kept_and_hidden_from_history(slack: FakeSlack, client: WebClient) -> None:
    root = client.chat_postMessage(channel=DESK, text="Root", metadata=KEY)["ts"]
    reply = client.chat_postMessage(channel=DESK, text="Reply", thread_ts=root, metadata=KEY)["ts"]
    shout = client.chat_postMessage(channel=DESK, text="Shout", thread_ts=root, reply_broadcast=True)["ts"]
    channel = slack.channel_id(DESK)
    history = client.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    assert [message["ts"] for message in history] == [shout, root]
    assert history[0]["subtype"] == "thread_broadcast"
    assert (history[1]["reply_count"], history[1]["latest_reply"]) == (2, shout)
    below = client.conversations_replies(channel=channel, ts=root, include_all_metadata=True)["messages"]
    assert [message["ts"] for message in below] == [root, reply, shout]
    assert below[1]["metadata"] == KEY


def test_metadata_is_shown_only_when_asked_for(slack: FakeSlack, client: WebClient) -> None:
    client.chat_postMessage(channel=DESK, text="Root", metadata=KEY)
    assert "metadata" not in client.conversations_history(channel=slack.channel_id(DESK))["messages"][0]


def test_history_comes_in_pages_between_two_times(
    slack: FakeSlack, client: WebClient, clock: FakeClock
) -> None:
    stamps = []
    for number in range(5):
        stamps.append(client.chat_postMessage(channel=DESK, text=f"{number}")["ts"])
        clock.advance(timedelta(seconds=10))
    channel = slack.channel_id(DESK)
    inside = client.conversations_history(channel=channel, oldest=stamps[0], latest=stamps[4])["messages"]
    assert [message["text"] for message in inside] == ["3", "2", "1"]
    exact = client.conversations_history(channel=channel, oldest=stamps[4], inclusive=True)["messages"]
    assert [message["text"] for message in exact] == ["4"]
    pages = [len(page["messages"]) for page in client.conversations_history(channel=channel, limit=2)]
    assert pages == [2, 2, 1]
    assert refused(client.conversations_history, channel=channel, cursor="made-up") == "invalid_cursor"


def test_an_edit_changes_what_stands_there(slack: FakeSlack, client: WebClient, clock: FakeClock) -> None:
    ts = client.chat_postMessage(channel=DESK, text="Before", blocks=SECTION, metadata=KEY)["ts"]
    channel = slack.channel_id(DESK)
    clock.advance(timedelta(minutes=1))
    client.chat_update(channel=channel, ts=ts, text="After")
    (thread,) = slack.threads(DESK)
    assert (thread.root.text, thread.root.earlier) == ("After", ("Before",))
    assert thread.root.blocks == ()  # text without blocks takes them away
    assert thread.root.metadata == KEY  # what is not named stays
    assert refused(client.chat_update, channel=channel, ts="1.000000", text="x") == "message_not_found"


def test_edits_end_with_the_window_and_at_other_people(
    slack: FakeSlack, client: WebClient, clock: FakeClock
) -> None:
    channel = slack.channel_id(DESK)
    theirs = slack.say(DESK, "Who is on this?")
    ours = client.chat_postMessage(channel=DESK, text="Ours")["ts"]
    assert refused(client.chat_update, channel=channel, ts=theirs, text="x") == "cant_update_message"
    slack.close_edits_after(timedelta(minutes=5))
    client.chat_update(channel=channel, ts=ours, text="In time")
    clock.advance(timedelta(minutes=6))
    assert refused(client.chat_update, channel=channel, ts=ours, text="x") == "edit_window_closed"


def test_channels_that_cannot_be_written_to_say_so(slack: FakeSlack, client: WebClient) -> None:
    assert refused(client.chat_postMessage, channel="#nowhere", text="x") == "channel_not_found"
    slack.add_channel("#elsewhere", member=False)
    assert refused(client.chat_postMessage, channel="#elsewhere", text="x") == "not_in_channel"
    elsewhere = slack.channel_id("#elsewhere")
    assert refused(client.conversations_history, channel=elsewhere) == "not_in_channel"
    client.conversations_join(channel=elsewhere)
    client.chat_postMessage(channel="#elsewhere", text="x")
    slack.archive(DESK)
    assert refused(client.chat_postMessage, channel=DESK, text="x") == "is_archived"


def test_private_channels_exist_only_for_their_members(slack: FakeSlack, client: WebClient) -> None:
    secret = slack.add_channel("#secret", private=True, member=False)
    assert refused(client.conversations_info, channel=secret) == "channel_not_found"
    slack.add_channel("#ours", private=True)
    listed = client.conversations_list(types="public_channel,private_channel")["channels"]
    assert [channel["name"] for channel in listed] == ["immigration-desk", "metro", "ours"]


def test_the_list_of_channels_comes_in_pages(slack: FakeSlack, client: WebClient) -> None:
    slack.add_channel("#third")
    listed = client.conversations_list(limit=2)
    pages = [[channel["name"] for channel in page["channels"]] for page in listed]
    assert pages == [["immigration-desk", "metro"], ["third"]]


def test_threads_need_a_root_that_exists(client: WebClient) -> None:
    root = client.chat_postMessage(channel=DESK, text="Root")["ts"]
    reply = client.chat_postMessage(channel=DESK, text="Reply", thread_ts=root)["ts"]
    post = client.chat_postMessage
    assert refused(post, channel=DESK, text="x", thread_ts="1773850000.000100") == "thread_not_found"
    assert refused(post, channel=DESK, text="x", thread_ts="soon") == "invalid_thread_ts"
    assert refused(post, channel=DESK, text="x", thread_ts=reply) == "cannot_reply_to_message"


def test_tokens_and_scopes_are_checked(slack: FakeSlack, client: WebClient) -> None:
    assert client.auth_test()["user_id"] == "U0NIGHTDESK"
    wrong = WebClient(token="xoxb-other", base_url=slack.api_url, retry_handlers=[])
    assert refused(wrong.auth_test) == "invalid_auth"
    assert ask(slack.api_url + "auth.test").json["error"] == "not_authed"
    slack.take_scope("channels:history")
    channel = slack.channel_id(DESK)
    assert refused(client.conversations_history, channel=channel) == "missing_scope"
    slack.revoke()
    assert refused(client.auth_test) == "token_revoked"
    slack.restore()
    assert refused(client.api_call, api_method="chat.shout") == "unknown_method"


def test_a_channel_takes_one_message_a_second_when_paced(clock: FakeClock) -> None:
    with FakeSlack(clock=clock, channels=[DESK, "#metro"], paced=True) as slack:
        client = WebClient(token=slack.token, base_url=slack.api_url, retry_handlers=[])
        client.chat_postMessage(channel=DESK, text="1")
        with pytest.raises(SlackApiError) as problem:
            client.chat_postMessage(channel=DESK, text="2")
        assert (problem.value.response.status_code, problem.value.response.headers["Retry-After"]) == (
            429,
            "1",
        )
        client.chat_postMessage(channel="#metro", text="elsewhere")
        clock.advance(timedelta(seconds=1))
        client.chat_postMessage(channel=DESK, text="2")


def test_links_and_people_can_be_looked_up(slack: FakeSlack, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=DESK, text="Root")["ts"]
    reply = client.chat_postMessage(channel=DESK, text="Reply", thread_ts=ts)["ts"]
    channel = slack.channel_id(DESK)
    link = client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"]
    assert link == f"https://newsroom.slack.test/archives/{channel}/p1773856920000200"
    assert f"thread_ts={ts}" in client.chat_getPermalink(channel=channel, message_ts=reply)["permalink"]
    slack.add_person("Desk@newsroom.test", "U0DESK")
    assert client.users_lookupByEmail(email="desk@newsroom.test")["user"]["id"] == "U0DESK"
    assert refused(client.users_lookupByEmail, email="who@newsroom.test") == "users_not_found"


def test_a_message_can_be_deleted_by_its_author(slack: FakeSlack, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=DESK, text="Oops")["ts"]
    client.chat_delete(channel=slack.channel_id(DESK), ts=ts)
    assert slack.threads(DESK) == ()
    theirs = slack.say(DESK, "Mine")
    assert refused(client.chat_delete, channel=slack.channel_id(DESK), ts=theirs) == "cant_delete_message"


def test_forms_are_understood_as_well_as_json(slack: FakeSlack) -> None:
    form = f"token={slack.token}&channel=%23metro&text=Hello&metadata=" + json.dumps(KEY).replace(" ", "")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = ask(slack.api_url + "chat.postMessage", method="POST", body=form.encode(), headers=headers)
    assert answer.json["ok"]
    assert slack.messages("#metro")[0].metadata == KEY
    broken = ask(
        slack.api_url + "chat.postMessage",
        method="POST",
        body=b"[1]",
        headers={"Content-Type": "application/json"},
    )
    assert broken.json["error"] == "json_not_object"


def test_the_asynchronous_client_is_served_too(slack: FakeSlack) -> None:
    async def post() -> str:
        client = AsyncWebClient(token=slack.token, base_url=slack.api_url, retry_handlers=[])
        answer = await client.chat_postMessage(channel=DESK, text="Async", blocks=SECTION, metadata=KEY)
        found = await client.conversations_history(channel=answer["channel"], include_all_metadata=True)
        return str(found["messages"][0]["metadata"]["event_payload"]["dedupe_key"])

    assert asyncio.run(post()) == "k1"


def test_a_webhook_says_ok_in_plain_text(slack: FakeSlack) -> None:
    url = slack.webhook_url(DESK)
    good = ask(url, method="POST", body=json.dumps({"text": "Hello", "blocks": SECTION}).encode())
    assert (good.status, good.body) == (200, b"ok")
    assert slack.messages(DESK)[0].author == ""
    assert ask(url, method="POST", body=b"text=Hello").body == b"invalid_payload"
    assert ask(url, method="POST", body=b"{}").body == b"no_text"
    assert ask(slack.url + "/services/T/B/wrong", method="POST", body=b"{}").status == 404
    slack.archive(DESK)
    assert ask(url, method="POST", body=b'{"text": "Hello"}').status == 410


def test_what_was_accepted_is_written_down_line_by_line(
    slack: FakeSlack, client: WebClient, tmp_path: Path
) -> None:
    ts = client.chat_postMessage(channel=DESK, text="Root", blocks=SECTION, metadata=KEY)["ts"]
    client.chat_postMessage(channel=DESK, text="Reply", thread_ts=ts)
    client.chat_update(channel=slack.channel_id(DESK), ts=ts, text="Edited")
    client.conversations_history(channel=slack.channel_id(DESK))
    refused(client.chat_postMessage, channel="#nowhere", text="x")
    assert slack.write_jsonl(tmp_path / "slack.jsonl") == 3
    lines = [json.loads(line) for line in (tmp_path / "slack.jsonl").read_text().splitlines()]
    assert [line["method"] for line in lines] == ["chat.postMessage", "chat.postMessage", "chat.update"]
    assert (lines[0]["blocks"], lines[0]["metadata"], lines[0]["ts"]) == (SECTION, KEY, ts)
    assert lines[1]["thread_ts"] == ts
    assert len(slack.calls("chat.postMessage")) == 3


def test_the_hook_runs_after_storing_and_before_the_answer(slack: FakeSlack, client: WebClient) -> None:
    seen: list[tuple[AcceptedCall, int]] = []
    slack.on_accept = lambda call: seen.append((call, len(slack.messages(DESK))))
    client.chat_postMessage(channel=DESK, text="Root")
    assert [(call.text, stored) for call, stored in seen] == [("Root", 1)]
