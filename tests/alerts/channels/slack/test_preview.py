"""Does the preview show what stands in Slack, and nothing that a headline could do to a page?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from alerts.channels.contract import Channel
from alerts.channels.slack.preview import call_of, channels_of, preview_page
from alerts.message import Note, Paragraph, Span
from tests.alerts.channels.slack.talking import DESK, KEY, a_message, an_envelope, by_token, talk, under
from tests.alerts.evening import the_evening
from tests.fakes.clock import FakeClock
from tests.fakes.slack import FakeSlack
from tests.nouns import NOON

ZONE = "America/Denver"
HOSTILE = "<script>alert(1)</script> & <!channel> \"quoted\" 'single'"


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    clock = FakeClock(NOON)
    with FakeSlack(clock=clock, channels=[DESK, "#nightdesk-health"]) as slack:
        yield slack


def calls_of(slack: FakeSlack) -> list[dict[str, object]]:
    """Return the accepted calls as slack.jsonl has them."""
    return [json.loads(call.as_line()) for call in slack.accepted]


def words_in(page: str) -> str:
    return re.sub(r"<[^>]+>", " ", page)


def test_the_page_shows_the_thread_as_it_stands_now(slack: FakeSlack) -> None:
    evening = the_evening()

    async def scene(desk: Channel) -> None:
        root = await desk.send(evening["new story"], an_envelope())
        await desk.send(evening["reply"], under(root))
        await desk.edit(evening["after the correction"], an_envelope(receipt=root))
        correction = under(root, "c" * 32, kind="correction", broadcast=True)
        await desk.send(evening["correction"], correction)
        await desk.send(evening["health"], an_envelope("h" * 32, to="#nightdesk-health"))

    talk(by_token(slack), FakeClock(NOON), scene)
    calls = calls_of(slack)

    desk, health = channels_of(calls).values()
    (story,) = desk
    assert story.edited
    assert [reply.edited for reply in story.replies] == [False, False]
    assert len(health) == 1
    page = preview_page(calls, zone=ZONE)
    assert page.count("<article>") == 4
    assert "corrected “… some thirty counties …” to “… 28 counties …”" in words_in(page)
    assert "2 replies" in page
    assert page.count("also sent to the channel") == 1
    assert page.index("# immigration-desk") < page.index("# nightdesk-health")


def test_a_page_can_be_made_of_messages_that_were_never_sent() -> None:
    calls = [
        call_of(message, key=KEY, channel=DESK, at=NOON) | {"ts": f"{NOON.timestamp() + number:.6f}"}
        for number, message in enumerate(the_evening().values())
    ]

    page = preview_page(calls, zone=ZONE)

    assert page.count("<article>") == len(the_evening())
    assert "12:00 pm" in page


def test_no_headline_becomes_part_of_the_page() -> None:
    parts = (
        Paragraph(lines=((Span(text=HOSTILE, url='https://x.test/"><script>'),),), quote=HOSTILE),
        Note(line=(Span(text=HOSTILE),)),
        Note(line=(Span(text=f"*{HOSTILE}*"),)),
    )
    call = call_of(a_message(HOSTILE, parts=parts), key=KEY, channel=f"#{HOSTILE}", at=NOON)

    page = preview_page([call], zone=ZONE, title=HOSTILE)

    assert "<script" not in page
    assert words_in(page).count("alert(1)") >= 5


def test_a_call_without_blocks_shows_its_text() -> None:
    call = call_of(a_message("A & B < C"), key=KEY, channel=DESK, at=NOON) | {"blocks": []}

    assert "A &amp; B &lt; C." in preview_page([call], zone=ZONE)


def test_small_print_keeps_its_links_and_bold_words() -> None:
    line = (
        Span(text="Also "),
        Span(text="E & 31", url="https://e31.test/?a=1&b=2"),
        Span(text="now", bold=True),
    )
    call = call_of(a_message(parts=(Note(line=line),)), key=KEY, channel=DESK, at=NOON)

    page = preview_page([call], zone=ZONE)

    assert 'Also <a href="https://e31.test/?a=1&amp;b=2" rel="noreferrer">E &amp; 31</a><b>now</b>' in page


def test_an_evening_without_news_says_so() -> None:
    assert "Nothing was sent." in preview_page([], zone=ZONE)


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = preview_page([call_of(a_message(), key=KEY, channel=DESK, at=NOON)], zone=ZONE)

    assert not re.search(r"<(script|link|img|iframe)|@import|url\(", page)
