"""What does Slack refuse in a message?

The limits are Slack's published ones; problems are worded and pointed at as Slack does, so that a channel's
author reads the same sentence here as there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

LONGEST_TEXT = 40_000  # characters of a message's text
MOST_BLOCKS = 50
LONGEST_BLOCKS = 12_000  # characters of text in all blocks together
LONGEST_SECTION = 3_000
LONGEST_FIELD = 2_000
MOST_FIELDS = 10
LONGEST_HEADER = 150
MOST_CONTEXT = 10  # elements of a context block
MOST_ACTIONS = 25  # elements of an actions block
LONGEST_BUTTON = 75
LONGEST_VALUE = 2_000  # characters of a button's value
LONGEST_ID = 255
LONGEST_URL = 3_000
MOST_OPTIONS = 5  # options of an overflow menu
LONGEST_OPTION = 75
LONGEST_OPTION_VALUE = 150
LONGEST_METADATA = 8_000  # characters of metadata as JSON

TIMESTAMP = re.compile(r"\d{10}\.\d{6}")
EVENT_TYPE = re.compile(r"[A-Za-z0-9_-]{1,255}")
RICH_TEXT_PARTS = {"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}

Json = dict[str, Any]


class Refusal(Exception):  # noqa: N818 - Slack refuses; the fake has not failed
    """Slack says ``ok: false``: the error's name, and what it says about it."""

    def __init__(self, error: str, details: tuple[str, ...] = (), **more: str) -> None:
        """Refuse with Slack's name for the error."""
        super().__init__(error)
        self.error = error
        self.details = details
        self.more = more


def check_text(text: object, *, other_content: bool) -> str:
    """Return the message's text; refuse one too long, or none where nothing else is shown."""
    if text is not None and not isinstance(text, str):
        raise Refusal("invalid_arguments", ("[ERROR] must be a string [json-pointer:/text]",))
    if not text and not other_content:
        raise Refusal("no_text")
    if text and len(text) > LONGEST_TEXT:
        raise Refusal("msg_too_long")
    return text or ""


def check_blocks(blocks: object) -> list[Json]:
    """Return the blocks, or refuse them with everything that is wrong."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise Refusal("invalid_blocks_format")
    problems = list(_problems(blocks))
    if problems:
        raise Refusal("invalid_blocks", tuple(f"[ERROR] {problem}" for problem in problems))
    if sum(len(text) for text in texts_of(blocks)) > LONGEST_BLOCKS:
        raise Refusal("msg_blocks_too_long")
    return blocks


def texts_of(part: object) -> Iterator[str]:
    """Yield every piece of text that the blocks show, in order."""
    if isinstance(part, list):
        for each in part:
            yield from texts_of(each)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key == "text" and isinstance(value, str):
                yield value
            elif isinstance(value, dict | list):
                yield from texts_of(value)


def check_metadata(metadata: object) -> Json | None:
    """Return the metadata; None and an empty object mean there is none."""
    if metadata is None or metadata == {}:
        return None
    if not isinstance(metadata, dict) or set(metadata) - {"event_type", "event_payload", "entities"}:
        raise Refusal("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not EVENT_TYPE.fullmatch(kind) or not isinstance(payload, dict):
        raise Refusal("invalid_metadata_format")
    if any(not isinstance(value, str | int | float | bool) for value in payload.values()):
        raise Refusal("invalid_metadata_schema")
    if len(json.dumps(metadata)) > LONGEST_METADATA:
        raise Refusal("metadata_too_large")
    return metadata


def _problems(blocks: list[Json]) -> Iterator[str]:
    if not 0 < len(blocks) <= MOST_BLOCKS:
        yield f"no more than {MOST_BLOCKS} items allowed [json-pointer:/blocks]"
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        pointer = f"/blocks/{number}"
        check = _BLOCKS.get(str(block.get("type")))
        if check is None:
            yield f"unsupported type: {block.get('type')} [json-pointer:{pointer}/type]"
            continue
        yield from check(block, pointer)
        block_id = block.get("block_id")
        if block_id is None:
            continue
        yield from _string(block_id, f"{pointer}/block_id", LONGEST_ID)
        if block_id in seen:
            yield f"`block_id` must be unique [json-pointer:{pointer}/block_id]"
        seen.add(str(block_id))


def _string(value: object, pointer: str, longest: int) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"must be a string [json-pointer:{pointer}]"
    elif not value:
        yield f"must be more than 0 characters [json-pointer:{pointer}]"
    elif len(value) > longest:
        yield f"must be less than {longest + 1} characters [json-pointer:{pointer}]"


def _text_object(value: object, pointer: str, longest: int, *, plain: bool = False) -> Iterator[str]:
    allowed = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    if not isinstance(value, dict):
        yield f"must be an object [json-pointer:{pointer}]"
    elif value.get("type") not in allowed:
        yield f"must be one of {', '.join(sorted(allowed))} [json-pointer:{pointer}/type]"
    else:
        yield from _string(value.get("text"), f"{pointer}/text", longest)


def _section(block: Json, pointer: str) -> Iterator[str]:
    fields = block.get("fields", [])
    if "text" not in block and not fields:
        yield f"must have `text` or `fields` [json-pointer:{pointer}]"
    if "text" in block:
        yield from _text_object(block["text"], f"{pointer}/text", LONGEST_SECTION)
    if len(fields) > MOST_FIELDS:
        yield f"no more than {MOST_FIELDS} items allowed [json-pointer:{pointer}/fields]"
    for number, field in enumerate(fields):
        yield from _text_object(field, f"{pointer}/fields/{number}", LONGEST_FIELD)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{pointer}/accessory")


def _header(block: Json, pointer: str) -> Iterator[str]:
    yield from _text_object(block.get("text"), f"{pointer}/text", LONGEST_HEADER, plain=True)


def _elements(block: Json, pointer: str, most: int) -> Iterator[str]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not elements:
        yield f"must have elements [json-pointer:{pointer}/elements]"
    elif len(elements) > most:
        yield f"no more than {most} items allowed [json-pointer:{pointer}/elements]"


def _context(block: Json, pointer: str) -> Iterator[str]:
    yield from _elements(block, pointer, MOST_CONTEXT)
    for number, element in enumerate(block.get("elements") or []):
        place = f"{pointer}/elements/{number}"
        is_image = isinstance(element, dict) and element.get("type") == "image"
        yield from _image(element, place) if is_image else _text_object(element, place, LONGEST_SECTION)


def _actions(block: Json, pointer: str) -> Iterator[str]:
    yield from _elements(block, pointer, MOST_ACTIONS)
    seen: set[object] = set()
    for number, element in enumerate(block.get("elements") or []):
        yield from _element(element, f"{pointer}/elements/{number}")
        action = element.get("action_id") if isinstance(element, dict) else None
        if action is not None and action in seen:
            yield f"`action_id` must be unique [json-pointer:{pointer}/elements/{number}/action_id]"
        seen.add(action)


def _element(element: object, pointer: str) -> Iterator[str]:
    if not isinstance(element, dict) or not isinstance(element.get("type"), str):
        yield f"must be an element [json-pointer:{pointer}]"
    elif element["type"] == "button":
        yield from _button(element, pointer)
    elif element["type"] == "overflow":
        yield from _overflow(element, pointer)
    elif element["type"] == "image":
        yield from _image(element, pointer)


def _button(element: Json, pointer: str) -> Iterator[str]:
    yield from _text_object(element.get("text"), f"{pointer}/text", LONGEST_BUTTON, plain=True)
    longest = {
        "action_id": LONGEST_ID,
        "value": LONGEST_VALUE,
        "url": LONGEST_URL,
        "accessibility_label": LONGEST_BUTTON,
    }
    for key, limit in longest.items():
        if key in element:
            yield from _string(element[key], f"{pointer}/{key}", limit)
    if element.get("style", "primary") not in {"primary", "danger"}:
        yield f"must be one of primary, danger [json-pointer:{pointer}/style]"


def _overflow(element: Json, pointer: str) -> Iterator[str]:
    options = element.get("options")
    if not isinstance(options, list) or not 0 < len(options) <= MOST_OPTIONS:
        yield f"must have 1 to {MOST_OPTIONS} items [json-pointer:{pointer}/options]"
        return
    for number, option in enumerate(options):
        place = f"{pointer}/options/{number}"
        yield from _text_object(option.get("text"), f"{place}/text", LONGEST_OPTION, plain=True)
        yield from _string(option.get("value"), f"{place}/value", LONGEST_OPTION_VALUE)


def _image(block: Json, pointer: str) -> Iterator[str]:
    yield from _string(block.get("alt_text"), f"{pointer}/alt_text", LONGEST_FIELD)
    if "slack_file" not in block:
        yield from _string(block.get("image_url"), f"{pointer}/image_url", LONGEST_URL)


def _rich_text(block: Json, pointer: str) -> Iterator[str]:
    yield from _elements(block, pointer, LONGEST_SECTION)
    for number, part in enumerate(block.get("elements") or []):
        place = f"{pointer}/elements/{number}"
        if not isinstance(part, dict) or part.get("type") not in RICH_TEXT_PARTS:
            yield f"unsupported rich text element [json-pointer:{place}]"
            continue
        for index, leaf in enumerate(part.get("elements") or []):
            if not isinstance(leaf, dict) or not isinstance(leaf.get("type"), str):
                yield f"must be an element [json-pointer:{place}/elements/{index}]"
            elif leaf["type"] in {"text", "link"}:
                key = "text" if leaf["type"] == "text" else "url"
                yield from _string(leaf.get(key), f"{place}/elements/{index}/{key}", LONGEST_BLOCKS)


def _markdown(block: Json, pointer: str) -> Iterator[str]:
    yield from _string(block.get("text"), f"{pointer}/text", LONGEST_BLOCKS)


def _divider(block: Json, pointer: str) -> Iterator[str]:
    if set(block) - {"type", "block_id"}:
        yield f"no additional properties allowed [json-pointer:{pointer}]"


_BLOCKS = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "image": _image,
    "rich_text": _rich_text,
    "markdown": _markdown,
}
