"""How do forms look in Slack? Three boxes for keywords, a choice how long to mute, a list of articles."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from alerts.channels.slack.buttons import cut

Json = dict[str, object]

MOST_TITLE = 24  # characters of a form's title
MOST_BOX = 3_000  # characters of a box
MOST_WORDS = 2_900  # characters of a section
MOST_MEMORY = 2_900  # characters that a form remembers
MOST_CHOICES = 10  # of a list of boxes to tick
MOST_SECTIONS = 60  # lines of words under the boxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box to type in, one term a line."""

    name: str
    label: str
    text: str = ""
    hint: str = ""
    lines: bool = True
    optional: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several, or some of several."""

    name: str
    label: str
    # Each as it is sent back, and as it reads.
    options: tuple[tuple[str, str], ...]
    several: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form: what is asked, and the words above and below."""

    name: str
    title: str
    # Empty: nothing is sent, it is only read.
    send: str = ""
    above: tuple[str, ...] = ()
    fields: tuple[Box | Choice, ...] = ()
    below: tuple[str, ...] = ()
    memory: Mapping[str, object] = field(default_factory=dict)


def view_of(sheet: Sheet) -> Json:
    """Return a form as Slack opens it."""
    blocks = [
        *(_words(line) for line in sheet.above),
        *(_field(each) for each in sheet.fields),
        *(_words(line) for line in sheet.below[:MOST_SECTIONS]),
    ]
    view: Json = {
        "type": "modal",
        "callback_id": sheet.name,
        "title": _plain(cut(sheet.title, MOST_TITLE)),
        "close": _plain("Cancel" if sheet.send else "Close"),
        "private_metadata": json.dumps(dict(sheet.memory))[:MOST_MEMORY],
        "blocks": blocks or [_words("…")],
    }
    return view | ({"submit": _plain(cut(sheet.send, MOST_TITLE))} if sheet.send else {})


def _words(line: str) -> Json:
    # Plain text: nothing in a headline can become a mention, a link or bold.
    return {"type": "section", "text": _plain(cut(line, MOST_WORDS))}


def _field(each: Box | Choice) -> Json:
    label = _plain(each.label)
    if isinstance(each, Choice):
        options = [{"text": _plain(cut(words)), "value": value} for value, words in each.options]
        kind = "checkboxes" if each.several else "static_select"
        element: Json = {"type": kind, "action_id": each.name, "options": options[:MOST_CHOICES]}
        if not each.several:
            element["initial_option"] = options[0]
        return {"type": "input", "block_id": each.name, "label": label, "element": element}
    element = {"type": "plain_text_input", "action_id": each.name, "multiline": each.lines}
    element |= {"max_length": MOST_BOX} | ({"initial_value": each.text[:MOST_BOX]} if each.text else {})
    hint = {"hint": _plain(each.hint)} if each.hint else {}
    block: Json = {"type": "input", "block_id": each.name, "label": label, "element": element}
    return {**block, "optional": each.optional, **hint}


def _plain(words: str) -> Json:
    return {"type": "plain_text", "text": words or " ", "emoji": False}


def errors_of(wrong: Mapping[str, str]) -> Json:
    """Return what is wrong with a form that was sent, box by box."""
    return {"response_action": "errors", "errors": {name: cut(words, 200) for name, words in wrong.items()}}


def whispered(lines: Sequence[str], *, undo: str = "") -> Json:
    """Return words for one person alone; with `undo`, a button that takes back what was decided."""
    text = "\n".join(lines)
    blocks: list[Json] = [{"type": "section", "text": _plain(cut(text, MOST_WORDS))}]
    if undo:
        button = {"type": "button", "action_id": "undo", "text": _plain("Undo"), "value": undo}
        blocks.append({"type": "actions", "block_id": "undo", "elements": [button]})
    said = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"response_type": "ephemeral", "replace_original": False, "text": said, "blocks": blocks}
