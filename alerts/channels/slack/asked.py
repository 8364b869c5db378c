"""What did a person do in Slack? A click, a choice, a form, a command: one noun, and nothing of Slack's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.channels.slack.buttons import MORE

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as it stood when something was clicked in it, or when it was sent."""

    id: str
    # Changes with every change: a later one is not overwritten.
    hash: str = ""
    # Which form it is.
    name: str = ""
    # What we wrote into it when it was opened.
    memory: Mapping[str, object] = field(default_factory=dict)
    # Field → what was typed or chosen; several choices are one a line.
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody did."""

    # "claim", "mute_story", "undo", "command", "sent" (a form), "closed" (a form), or whatever a button said.
    what: str
    # The key of the message it belongs to, or what else the button carries.
    key: str = ""
    # The words of a command.
    words: str = ""
    # Who: Slack's id.
    account: str
    # Where: Slack's id, and the channel's name without its #, when Slack says it.
    place: str = ""
    place_name: str = ""
    # For opening a form, within three seconds.
    trigger: str = ""
    # Where to answer this person alone, for half an hour. Holds a key.
    answers_to: str = field(default="", repr=False)
    form: Form | None = None


def asked_in(body: Json) -> Asked:
    """Return what a payload of Slack's says that somebody did."""
    if "command" in body:
        return Asked(
            what="command",
            words=_words(body, "text"),
            account=_words(body, "user_id"),
            place=_words(body, "channel_id"),
            place_name=_words(body, "channel_name"),
            trigger=_words(body, "trigger_id"),
            answers_to=_words(body, "response_url"),
        )
    what, key = _chosen(body)
    container, channel = _inside(body, "container"), _inside(body, "channel")
    return Asked(
        what=what,
        key=key,
        account=_words(_inside(body, "user"), "id"),
        place=_words(channel, "id") or _words(container, "channel_id"),
        place_name=_words(channel, "name"),
        trigger=_words(body, "trigger_id"),
        answers_to=_words(body, "response_url"),
        form=_form(_inside(body, "view")),
    )


def _chosen(body: Json) -> tuple[str, str]:
    kind = _words(body, "type")
    if kind == "view_submission":
        return "sent", ""
    if kind == "view_closed":
        return "closed", ""
    action = next(iter(_listed(body.get("actions"))), {})
    name = _words(action, "action_id")
    if name == MORE:
        value = _words(_inside(action, "selected_option"), "value")
        what, _, key = value.partition(":")
        return what, key
    return name or kind or "nothing", _words(action, "value")


def _form(view: Json) -> Form | None:
    if not view:
        return None
    values = _inside(_inside(view, "state"), "values")
    return Form(
        id=_words(view, "id"),
        hash=_words(view, "hash"),
        name=_words(view, "callback_id"),
        memory=_memory(_words(view, "private_metadata")),
        fields=dict(_fields(values)),
    )


def _fields(values: Json) -> Iterator[tuple[str, str]]:
    for block, inputs in values.items():
        for element in inputs.values() if isinstance(inputs, Mapping) else ():
            if not isinstance(element, Mapping):
                continue
            chosen = [_words(each, "value") for each in _listed(element.get("selected_options"))]
            one = _words(_inside(element, "selected_option"), "value")
            yield block, "\n".join(chosen) or one or _words(element, "value")


def _memory(text: str) -> Json:
    try:
        kept = json.loads(text) if text else {}
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def _words(body: Json, name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _inside(body: Json, name: str) -> Json:
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}


def _listed(value: object) -> Sequence[Json]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
