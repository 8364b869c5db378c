"""Does the terminal show an alert as an editor would read it, and nothing that a headline could do to it?"""

from __future__ import annotations

import asyncio
import io

import pytest

from alerts.channels.console.channel import WIDTH, Console, written
from alerts.message import Bullets, Message, Note, Paragraph, Span
from news.errors import ChannelError
from tests.alerts.channels.slack.talking import a_message, an_envelope


def test_an_alert_is_written_in_plain_lines() -> None:
    out = io.StringIO()

    receipt = asyncio.run(Console(out).send(a_message(), an_envelope()))

    assert out.getvalue() == (
        "Mayor skips capital meeting\n"
        "https://channel4ellery.test/2026/03/18/mayor-skips\n"
        "  > The mayor stayed at home.\n"
        "  Channel 4 Ellery, 11:58 am\n"
        "\n"
    )
    assert receipt.ts


def test_a_group_is_a_list() -> None:
    points = tuple(
        ((Span(text=f"Story {number}", url=f"https://ledger.test/{number}"),), (Span(text="Ledger"),))
        for number in (1, 2)
    )
    message = Message(kind="group", headline="2 more stories", text="", parts=(Bullets(points=points),))

    assert list(written(message)) == [
        "- Story 1",
        "  https://ledger.test/1",
        "  Ledger",
        "- Story 2",
        "  https://ledger.test/2",
        "  Ledger",
    ]


def test_no_headline_reaches_into_the_terminal() -> None:
    hostile = "\x1b]0;owned\x07\x1b[2J Mayor\r\nskips\u202emeeting\u2028now\x85"
    message = Message(
        kind="root",
        headline=hostile,
        text="",
        parts=(
            Paragraph(lines=((Span(text=hostile, url=f"https://x.test/{hostile}"),),), quote=hostile),
            Note(line=(Span(text=hostile),)),
        ),
    )

    text = "\n".join(written(message))

    assert not any(ord(sign) < 32 and sign != "\n" for sign in text)
    assert "\u202e" not in text
    assert "\u2028" not in text
    assert "\x85" not in text


def test_lines_fit_the_terminal_and_addresses_stay_whole() -> None:
    address = f"https://ledger.test/{'long-' * 40}"
    message = a_message("Mayor " * 60, parts=(Paragraph(lines=((Span(text="Mayor " * 60, url=address),),)),))

    *lines, last = written(message)

    assert last == address
    assert all(len(line) <= WIDTH for line in lines)


def test_a_terminal_that_has_gone_may_be_back_later() -> None:
    out = io.StringIO()
    out.close()

    with pytest.raises(ChannelError):
        asyncio.run(Console(out).send(a_message(), an_envelope()))
