"""Can anything from outside become a mention, a link or bold? And does Slack take every message we make?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.slack.blocks import MOST_BLOCKS, MOST_CHARACTERS, MOST_IN_ALL, lay_out, plain_text
from alerts.message import Bullets, Note, Paragraph, Part, Span
from tests.fakes.slack_checks import check_blocks, texts_of

HOSTILE = "<!channel> <@U0EDITOR> <https://evil.test|click> *bold* _it_ ~no~ `code` :rotating_light: & @here"

words = st.text(max_size=200) | st.sampled_from([HOSTILE, "*", "<", "&amp;", "\n\n", "x" * 4_000, " "])
addresses = st.sampled_from(
    [
        "",
        "https://ledger.test/a",
        "http://ledger.test/?a=1&b=<2>|3",
        "javascript:alert(1)",
        "https://x.test/" + "y" * 4_000,
    ]
)
spans = st.builds(Span, text=words, url=addresses, bold=st.booleans())
lines = st.lists(spans, max_size=4).map(tuple)
parts = st.one_of(
    st.builds(Paragraph, lines=st.lists(lines, max_size=3).map(tuple), quote=words),
    st.builds(
        Bullets, points=st.lists(st.lists(lines, min_size=1, max_size=2).map(tuple), max_size=30).map(tuple)
    ),
    st.builds(Note, line=lines),
)


def leaves(block: object) -> Iterator[dict[str, object]]:
    """Yield every element that has no elements below it."""
    if isinstance(block, dict):
        if "elements" not in block:
            yield block
        for below in block.get("elements", []):
            yield from leaves(below)


@given(st.lists(parts, min_size=1, max_size=60))
def test_slack_takes_every_message_we_lay_out(document: list[Part]) -> None:
    blocks = lay_out(document)

    if blocks:
        check_blocks(blocks)
    assert len(blocks) <= MOST_BLOCKS
    assert len(json.dumps(blocks, ensure_ascii=False)) <= MOST_IN_ALL
    assert all(len(text) <= MOST_CHARACTERS for text in texts_of(blocks))


@given(words)
def test_a_headline_from_outside_is_shown_as_it_is(headline: str) -> None:
    blocks = lay_out([Paragraph(lines=((Span(text=headline),),), quote=headline)])

    assert {leaf["type"] for block in blocks for leaf in leaves(block)} <= {"text"}
    shown = [leaf["text"] for block in blocks for leaf in leaves(block)]
    assert all(headline.startswith(str(text)[: MOST_CHARACTERS - 1]) for text in shown)


@given(words)
def test_small_print_from_outside_cannot_speak_to_the_channel(credit: str) -> None:
    for block in lay_out([Note(line=(Span(text=f"Credit: {credit}"),))]):
        for leaf in leaves(block):
            if leaf["type"] == "mrkdwn":
                assert not re.search(r"[<>*_~`]", str(leaf["text"]))
            else:
                assert leaf["type"] == "plain_text"
                assert leaf["emoji"] is False


def test_a_hostile_credit_line_is_plain_text() -> None:
    (block,) = lay_out([Note(line=(Span(text=HOSTILE),))])

    assert block["elements"] == [{"type": "plain_text", "text": HOSTILE, "emoji": False}]


def test_our_own_small_print_may_be_bold_and_linked() -> None:
    line = (
        Span(text="Also "),
        Span(text="Ellery 31 & Co", url="https://e31.test/?a=1&b=2|3"),
        Span(text="now", bold=True),
    )

    (block,) = lay_out([Note(line=line)])

    (element,) = block["elements"] if isinstance(block["elements"], list) else []
    assert element["text"] == "Also <https://e31.test/?a=1&amp;b=2%7C3|Ellery 31 &amp; Co>*now*"


def test_an_address_that_is_none_becomes_words() -> None:
    (block,) = lay_out([Paragraph(lines=((Span(text="Read this", url="javascript:alert(1)"),),))])

    assert list(leaves(block)) == [{"type": "text", "text": "Read this"}]


def test_the_text_for_screen_readers_cannot_speak_to_the_channel() -> None:
    assert "<!channel>" not in plain_text(HOSTILE)
    assert plain_text("A & B < C") == "A &amp; B &lt; C"
    assert len(plain_text("x" * 50_000)) == 40_000


def test_a_document_that_is_too_long_says_that_it_was_cut() -> None:
    blocks = lay_out([Paragraph(quote=f"{number} {'word ' * 60}") for number in range(100)])

    assert "Cut here" in str(blocks[-1])
    assert len(blocks) < 100
