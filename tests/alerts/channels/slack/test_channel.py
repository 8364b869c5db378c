"""Does Slack get each message once, and do we learn what became of it?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from alerts.channels.contract import Channel
from news.errors import ChannelError, ChannelRefusedError, OutcomeUnknownError
from news.telling import Receipt
from tests.alerts.channels.slack.talking import (
    DESK,
    KEY,
    a_message,
    an_envelope,
    by_token,
    talk,
    under,
)
from tests.fakes import slack_faults
from tests.fakes.clock import FakeClock
from tests.fakes.faults import Fault
from tests.fakes.slack import FakeSlack
from tests.nouns import NOON


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def slack(clock: FakeClock) -> Iterator[FakeSlack]:
    with FakeSlack(clock=clock, channels=[DESK, "#nightdesk-health"]) as slack:
        yield slack


def test_a_story_is_posted_with_its_key_and_without_unfurling(slack: FakeSlack, clock: FakeClock) -> None:
    receipt = talk(by_token(slack), clock, lambda desk: desk.send(a_message(), an_envelope()))

    (request,) = slack.calls("chat.postMessage")
    told = json.loads(request.body)
    assert told["unfurl_links"] is told["unfurl_media"] is False
    assert told["metadata"] == {
        "event_type": "nightdesk_message",
        "event_payload": {"dedupe_key": KEY, "kind": "root", "revision": 1, "story_id": "st_abc"},
    }
    (thread,) = slack.threads(DESK)
    assert receipt == Receipt(ts=thread.root.ts, place=slack.channel_id(DESK))
    assert thread.root.text.startswith("Mayor skips capital meeting")


def test_a_follow_up_stands_under_its_story(slack: FakeSlack, clock: FakeClock) -> None:
    async def scene(desk: Channel) -> None:
        root = await desk.send(a_message(), an_envelope())
        await desk.send(a_message("Council adds 2 details", kind="reply"), under(root))

    talk(by_token(slack), clock, scene)

    (thread,) = slack.threads(DESK)
    assert [reply.text.split(".")[0] for reply in thread.replies] == ["Council adds 2 details"]
    assert not thread.replies[0].broadcast


def test_a_correction_is_shown_to_the_whole_channel(slack: FakeSlack, clock: FakeClock) -> None:
    async def scene(desk: Channel) -> None:
        root = await desk.send(a_message(), an_envelope())
        await desk.send(a_message(kind="correction"), under(root, kind="correction", broadcast=True))

    talk(by_token(slack), clock, scene)

    (thread,) = slack.threads(DESK)
    assert thread.replies[0].broadcast


def test_a_story_is_found_by_its_key_though_the_answer_was_lost(slack: FakeSlack, clock: FakeClock) -> None:
    slack.script("chat.postMessage", [slack_faults.accept_then_drop()])

    async def scene(desk: Channel) -> Receipt | None:
        with pytest.raises(OutcomeUnknownError):
            await desk.send(a_message(), an_envelope())
        return await desk.find(an_envelope())

    found = talk(by_token(slack), clock, scene)

    assert len(slack.calls("chat.postMessage")) == 1, "the SDK must not post again by itself"
    assert found == Receipt(ts=slack.messages(DESK)[0].ts, place=slack.channel_id(DESK))


def test_a_follow_up_is_looked_for_in_its_thread(slack: FakeSlack, clock: FakeClock) -> None:
    slack.script("chat.postMessage", [])

    async def scene(desk: Channel) -> tuple[Receipt | None, Receipt | None]:
        root = await desk.send(a_message(), an_envelope())
        slack.script("chat.postMessage", [slack_faults.accept_then_drop()])
        with pytest.raises(OutcomeUnknownError):
            await desk.send(a_message(kind="reply"), under(root))
        return await desk.find(under(root)), await desk.find(under(root, "another" + KEY[7:]))

    found, absent = talk(by_token(slack), clock, scene)

    assert found is not None
    assert found.ts == slack.threads(DESK)[0].replies[0].ts
    assert absent is None


def test_a_story_is_found_behind_many_pages_of_talk(slack: FakeSlack, clock: FakeClock) -> None:
    async def scene(desk: Channel) -> Receipt | None:
        sent = await desk.send(a_message(), an_envelope())
        for number in range(450):
            slack.say(DESK, f"message {number}")
        assert await desk.find(an_envelope()) == sent
        return await desk.find(an_envelope("never" + KEY[5:]))

    assert talk(by_token(slack), clock, scene) is None
    assert len(slack.calls("conversations.history")) >= 6, "three pages for each look"


def test_a_channel_is_found_by_name_among_many_once(slack: FakeSlack, clock: FakeClock) -> None:
    for number in range(250):
        slack.add_channel(f"#room-{number}")
    slack.add_channel("#night-desk", private=True)

    async def scene(desk: Channel) -> None:
        for _ in range(3):
            assert await desk.find(an_envelope(to="#night-desk")) is None

    talk(by_token(slack), clock, scene)

    assert len(slack.calls("conversations.list")) == 2


def test_an_app_that_may_not_see_private_channels_still_finds_the_others(
    slack: FakeSlack, clock: FakeClock
) -> None:
    slack.script("conversations.list", [slack_faults.error("missing_scope")])

    assert talk(by_token(slack), clock, lambda desk: desk.find(an_envelope())) is None
    first, second = slack.calls("conversations.list")
    assert "private_channel" in first.query["types"]
    assert second.query["types"] == "public_channel"


def test_a_channel_nobody_has_heard_of_is_refused(slack: FakeSlack, clock: FakeClock) -> None:
    async def scene(desk: Channel) -> None:
        with pytest.raises(ChannelRefusedError, match="lists no channel #nowhere"):
            await desk.find(an_envelope(to="#nowhere"))

    talk(by_token(slack), clock, scene)


def test_the_message_that_is_out_is_changed(slack: FakeSlack, clock: FakeClock) -> None:
    async def scene(desk: Channel) -> bool:
        receipt = await desk.send(a_message(), an_envelope())
        return await desk.edit(a_message("Mayor goes after all"), an_envelope(receipt=receipt))

    assert talk(by_token(slack), clock, scene)
    (thread,) = slack.threads(DESK)
    assert thread.root.text.startswith("Mayor goes after all")
    assert thread.root.metadata is not None
    assert thread.root.metadata["event_payload"]["dedupe_key"] == KEY


def test_a_closed_edit_window_is_no_error(slack: FakeSlack, clock: FakeClock) -> None:
    slack.close_edits_after(timedelta(minutes=5))

    async def scene(desk: Channel) -> bool:
        receipt = await desk.send(a_message(), an_envelope())
        clock.advance(timedelta(minutes=6))
        return await desk.edit(a_message("Mayor goes after all"), an_envelope(receipt=receipt))

    assert talk(by_token(slack), clock, scene) is False


def test_an_archived_channel_is_edited_no_more(slack: FakeSlack, clock: FakeClock) -> None:
    async def scene(desk: Channel) -> bool:
        receipt = await desk.send(a_message(), an_envelope())
        slack.archive(DESK)
        return await desk.edit(a_message("Mayor goes after all"), an_envelope(receipt=receipt))

    assert talk(by_token(slack), clock, scene) is False


@pytest.mark.parametrize(
    "fault",
    [
        slack_faults.accept_then_drop(),
        slack_faults.drop_before(),
        slack_faults.error("internal_error", accepted=True),
        slack_faults.error("fatal_error"),
        slack_faults.error("request_timeout", accepted=True),
        slack_faults.http(500, accepted=True),
        slack_faults.http(503),
        slack_faults.cut_answer(),
        slack_faults.cut_answer(keep=0),
        slack_faults.captive_portal(),
        slack_faults.elsewhere("http://127.0.0.1:9/stolen", accepted=True),
    ],
    ids=lambda fault: fault.name,
)
def test_an_answer_that_says_nothing_leaves_the_outcome_open(
    slack: FakeSlack, clock: FakeClock, fault: Fault
) -> None:
    slack.script("chat.postMessage", [fault])

    async def scene(desk: Channel) -> None:
        with pytest.raises(OutcomeUnknownError):
            await desk.send(a_message(), an_envelope())

    talk(by_token(slack), clock, scene)

    assert len(slack.calls("chat.postMessage")) == 1


@pytest.mark.parametrize(
    "body", [b"[]", b'"ok"', b"\xff\xfe", b"{}", b'{"ok": true}', b"[" * 100_000], ids=range(6)
)
@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/gzip", "application/json; charset=no"]
)
def test_an_answer_of_any_shape_is_one_that_says_nothing(
    slack: FakeSlack, clock: FakeClock, body: bytes, kind: str
) -> None:
    from tests.fakes.serving import Answer

    answer = Answer(headers=(("Content-Type", kind),), body=body)
    slack.script("chat.postMessage", [Fault(name="odd", bend=lambda _, __: answer)])

    async def scene(desk: Channel) -> None:
        with pytest.raises(OutcomeUnknownError):
            await desk.send(a_message(), an_envelope())

    talk(by_token(slack), clock, scene)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        ("9" * 400, 3600.0),
        ("soon", None),
        ("nan", None),
        (None, None),
        ("Wed, 18 Mar 2026 18:01:00 GMT", 60.0),
        ("Wed, 18 Mar 2026 17:00:00 GMT", 0.0),
    ],
)
def test_slack_asks_us_to_wait_in_any_spelling(
    slack: FakeSlack, clock: FakeClock, said: str | None, seconds: float | None
) -> None:
    slack.script("chat.postMessage", [slack_faults.rate_limited(said)])

    async def scene(desk: Channel) -> float | None:
        with pytest.raises(ChannelError) as caught:
            await desk.send(a_message(), an_envelope())
        assert type(caught.value) is ChannelError
        return caught.value.retry_after

    assert talk(by_token(slack), clock, scene) == seconds


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("channel_not_found", "no such channel"),
        ("is_archived", "archived"),
        ("not_in_channel", "/invite @Nightdesk"),
        ("token_revoked", "SLACK_BOT_TOKEN"),
        ("invalid_auth", "SLACK_BOT_TOKEN"),
        ("account_inactive", "SLACK_BOT_TOKEN"),
        ("missing_scope", "permission"),
        ("restricted_action", "does not let"),
        ("something_new_in_2027", "something_new_in_2027"),
    ],
)
def test_a_refusal_is_for_good_and_says_what_to_do(
    slack: FakeSlack, clock: FakeClock, code: str, words: str
) -> None:
    slack.script("chat.postMessage", [slack_faults.error(code)])

    async def scene(desk: Channel) -> None:
        with pytest.raises(ChannelRefusedError, match=words):
            await desk.send(a_message(), an_envelope())

    talk(by_token(slack), clock, scene)


def test_a_missing_permission_is_named(slack: FakeSlack, clock: FakeClock) -> None:
    slack.take_scope("channels:history")

    async def scene(desk: Channel) -> None:
        with pytest.raises(ChannelRefusedError, match="channels:history"):
            await desk.find(an_envelope())

    talk(by_token(slack), clock, scene)


def test_blocks_that_slack_will_not_have_go_out_as_text_once(slack: FakeSlack, clock: FakeClock) -> None:
    slack.script("chat.postMessage", [slack_faults.error("invalid_blocks")])

    talk(by_token(slack), clock, lambda desk: desk.send(a_message(), an_envelope()))

    first, second = (json.loads(request.body) for request in slack.calls("chat.postMessage"))
    assert first["blocks"]
    assert "blocks" not in second
    assert second["metadata"] == first["metadata"]
    (thread,) = slack.threads(DESK)
    assert thread.root.text.startswith("Mayor skips capital meeting")


def test_text_that_slack_will_not_have_either_is_refused(slack: FakeSlack, clock: FakeClock) -> None:
    slack.always("chat.postMessage", slack_faults.error("msg_too_long"))

    async def scene(desk: Channel) -> None:
        with pytest.raises(ChannelRefusedError):
            await desk.send(a_message(), an_envelope())

    talk(by_token(slack), clock, scene)
    assert len(slack.calls("chat.postMessage")) == 2


def test_a_burst_is_paced_to_one_message_a_second(slack: FakeSlack, clock: FakeClock) -> None:
    slack.paced = True

    async def scene(desk: Channel) -> None:
        for number in range(8):
            await desk.send(a_message(f"Story {number}"), an_envelope(f"{number}{KEY[1:]}"))

    talk(by_token(slack), clock, scene)

    assert len(slack.threads(DESK)) == 8
    assert len(slack.calls("chat.postMessage")) == 8, "none came too soon"


def test_no_redirect_carries_the_token_or_the_message_away(slack: FakeSlack, clock: FakeClock) -> None:
    with FakeSlack(clock=clock, channels=[DESK]) as thief:
        for code in (301, 302, 303, 307, 308):
            slack.script(
                "chat.postMessage", [slack_faults.elsewhere(f"{thief.url}/api/chat.postMessage", code=code)]
            )
        slack.script("conversations.list", [slack_faults.elsewhere(f"{thief.url}/api/conversations.list")])

        async def scene(desk: Channel) -> None:
            for _ in range(5):
                with pytest.raises(OutcomeUnknownError, match="redirect"):
                    await desk.send(a_message(), an_envelope())
            with pytest.raises(OutcomeUnknownError, match="redirect"):
                await desk.find(an_envelope())

        talk(by_token(slack), clock, scene)
        assert thief.requests == ()


def test_a_slack_that_is_not_there_certainly_did_not_take_it(clock: FakeClock) -> None:
    with FakeSlack(clock=clock, channels=[DESK]) as gone:
        settings = by_token(gone)

    async def scene(desk: Channel) -> None:
        with pytest.raises(ChannelError, match="cannot be reached") as caught:
            await desk.send(a_message(), an_envelope())
        assert type(caught.value) is ChannelError

    talk(settings, clock, scene)


def test_no_error_holds_the_token(slack: FakeSlack, clock: FakeClock) -> None:
    secret = "xoxb-very-secret"

    async def scene(desk: Channel) -> str:
        with pytest.raises(ChannelRefusedError) as caught:
            await desk.send(a_message(), an_envelope())
        return f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!s}"

    assert secret not in talk(by_token(slack, secret), clock, scene)
