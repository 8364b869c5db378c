"""Does the fake Slack refuse what Slack refuses?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.slack_checks import Refusal, check_blocks, check_metadata, check_text

Block = dict[str, Any]


def section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(**changes: object) -> Block:
    usual = {"type": "button", "text": {"type": "plain_text", "text": "I\u2019m on it"}, "action_id": "claim"}
    return {"type": "actions", "elements": [usual | changes]}


def context(number: int) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * number}


def rich(*leaves: Block) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(leaves)}]}


GOOD: list[Block] = [
    section("x" * 3000),
    {"type": "header", "text": {"type": "plain_text", "text": "x" * 150}},
    context(10),
    button(value="st_1", style="primary"),
    {"type": "divider"},
    rich({"type": "text", "text": "Latest, "}, {"type": "link", "url": "https://ellery31.test/"}),
]


def test_good_blocks_pass() -> None:
    assert check_blocks(GOOD) == GOOD


@pytest.mark.parametrize(
    ("block", "where"),
    [
        (section("x" * 3001), "/blocks/0/text/text"),
        (section(""), "/blocks/0/text/text"),
        ({"type": "section"}, "/blocks/0"),
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "/blocks/0/text/type"),
        ({"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}, "/blocks/0/text/text"),
        (context(11), "/blocks/0/elements"),
        (context(0), "/blocks/0/elements"),
        (button(text={"type": "plain_text", "text": "x" * 76}), "/blocks/0/elements/0/text/text"),
        (button(style="loud"), "/blocks/0/elements/0/style"),
        (button(value="x" * 2001), "/blocks/0/elements/0/value"),
        ({"type": "banner"}, "/blocks/0/type"),
        ({"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}, "/blocks/0/elements/0"),
        (rich({"type": "text", "text": ""}), "/blocks/0/elements/0/elements/0/text"),
        ({"type": "image", "image_url": "https://ellery31.test/i.png"}, "/blocks/0/alt_text"),
    ],
)
def test_bad_blocks_are_pointed_at(block: Block, where: str) -> None:
    with pytest.raises(Refusal) as refusal:
        check_blocks([block])
    assert refusal.value.error == "invalid_blocks"
    assert any(f"[json-pointer:{where}]" in detail for detail in refusal.value.details)


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([section("a") | {"block_id": "same"}] * 2, "invalid_blocks"),
        ([section("x" * 2500)] * 5, "msg_blocks_too_long"),
        ("section", "invalid_blocks_format"),
        (["section"], "invalid_blocks_format"),
    ],
)
def test_blocks_are_refused_together(blocks: object, error: str) -> None:
    with pytest.raises(Refusal, match=error):
        check_blocks(blocks)


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "x"}, "invalid_metadata_format"),
        ({"event_type": "has space", "event_payload": {}}, "invalid_metadata_format"),
        ({"event_type": "x", "event_payload": {"deep": {"er": 1}}}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"a": None}}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"a": "y" * 9000}}, "metadata_too_large"),
        ({"event_type": "x", "event_payload": {}, "more": 1}, "invalid_metadata_format"),
        ("text", "invalid_metadata_format"),
    ],
)
def test_metadata_is_flat_and_small(metadata: object, error: str) -> None:
    with pytest.raises(Refusal, match=error):
        check_metadata(metadata)


def test_no_metadata_is_fine() -> None:
    assert check_metadata(None) is None
    assert check_metadata({}) is None


def test_text_has_a_limit_and_must_be_somewhere() -> None:
    assert check_text("x" * 40_000, other_content=False)
    assert check_text(None, other_content=True) == ""
    with pytest.raises(Refusal, match="msg_too_long"):
        check_text("x" * 40_001, other_content=False)
    with pytest.raises(Refusal, match="no_text"):
        check_text("", other_content=False)
