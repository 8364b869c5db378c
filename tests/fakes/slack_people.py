"""What do people do in Slack? They click, choose, type a command, fill a form in, and see what comes back.

    slack.people.click(message, "claim", user="U09NIGHTED")
    slack.people.command("status", user="U09NIGHTED", channel="#immigration-desk")
    form = slack.people.form("U09NIGHTED")
    slack.people.send(form, {"any": "county jail"})
    slack.people.whispers("U09NIGHTED")          # what only this person was told

Forms are judged as Slack judges them; a trigger opens one form, within three seconds.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from tests.fakes.slack_checks import Json, Refusal
from tests.fakes.slack_line import Acknowledged, SlackLine
from tests.fakes.slack_workspace import SlackMessage, Workspace

APP_TOKEN = "xapp-fake"  # it opens nothing but this fake
TRIGGER_LASTS = 3.0  # seconds
MOST_TITLE, MOST_SECTION, MOST_MEMORY, MOST_VIEW_BLOCKS = 24, 3_000, 3_000, 100
RESPOND = "/respond/"
OPEN_LINE = "apps.connections.open"
METHODS = frozenset({OPEN_LINE, "views.open", "views.update"})


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A form that stands open before a person."""

    id: str
    user: str
    json: Json
    # Raised with every change.
    version: int = 1
    # What the app found wrong when it was sent, box by box.
    errors: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = True

    @property
    def name(self) -> str:
        """Which form it is."""
        return str(self.json.get("callback_id", ""))

    @property
    def words(self) -> str:
        """Everything that is written on it."""
        texts = (block.get("text", block.get("label", {})) for block in self.json.get("blocks", ()))
        return "\n".join(str(text.get("text", "")) for text in texts if isinstance(text, dict))


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper:
    """What one person alone was told."""

    user: str
    text: str
    blocks: tuple[Json, ...] = ()
    replaces: bool = False


class SlackPeople:
    """The people of the workspace, and what they see that others do not."""

    def __init__(self, workspace: Workspace, url: Callable[[], str]) -> None:
        """`url` is where the fake's Web API is, for answers."""
        self.line = SlackLine()
        self.app_token = APP_TOKEN
        self._workspace = workspace
        self._url = url
        self._views: dict[str, View] = {}
        self._triggers: dict[str, tuple[str, float]] = {}
        self._answers: dict[str, str] = {}
        self._whispers: list[Whisper] = []
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self.methods: dict[str, Callable[[Mapping[str, Any]], Json]] = {
            OPEN_LINE: lambda _: {"url": self.line.ticket()},
            "views.open": self._open,
            "views.update": self._update,
        }

    # ── What people do ────────────────────────────────────────────────────────────────────────────────────

    def click(
        self, message: SlackMessage, action: str, *, user: str, choose: str = "", value: str | None = None
    ) -> Acknowledged:
        """Click a button under a message, or choose in its menu what begins with `choose`."""
        element = next(each for each in _elements(message.blocks) if each.get("action_id") == action)
        return self._press(element, user, message, choose, value)

    def press_unknown(self, message: SlackMessage, *, user: str) -> Acknowledged:
        """Click a button of a version that is long gone."""
        return self._press({"type": "button", "action_id": "snooze_2019"}, user, message, "", "old")

    def click_whisper(self, whisper: Whisper, action: str) -> Acknowledged:
        """Click a button under what this person alone was told."""
        element = next(each for each in _elements(whisper.blocks) if each.get("action_id") == action)
        return self._press(element, whisper.user, None, "", None)

    def command(self, words: str, *, user: str, channel: str) -> Acknowledged:
        """Type /nightdesk and some words in a channel."""
        place = self._workspace.find_channel(channel, by_name=True)
        payload = {
            "command": "/nightdesk",
            "text": words,
            "user_id": user,
            "user_name": user.lower(),
            "channel_id": place.id,
            "channel_name": place.name,
            "trigger_id": self._trigger(user),
            "response_url": self._answer_address(user),
            "team_id": "T0NEWSROOM",
        }
        return self.line.deliver("slash_commands", payload)

    def form(self, user: str) -> View | None:
        """Return the form that this person has open, the newest one."""
        with self._lock:
            mine = [view for view in self._views.values() if view.user == user and view.is_open]
        return mine[-1] if mine else None

    def send(self, view: View, fields: Mapping[str, str] | None = None) -> Acknowledged:
        """Send a form with these in its fields, the others as they stand; several choices are one a line."""
        payload = {
            "type": "view_submission",
            "team": {"id": "T0NEWSROOM"},
            "user": {"id": view.user, "name": view.user.lower()},
            "view": self._as_sent(view, fields or {}),
            "response_urls": [],
        }
        done = self.line.deliver("interactive", payload)
        if done.done:
            self._react(view, done.payload or {})
        return done

    def close(self, view: View) -> None:
        """Close a form without sending it."""
        with self._lock:
            self._views[view.id] = replace(self._views[view.id], is_open=False)

    def whispers(self, user: str) -> tuple[Whisper, ...]:
        """Return what this person alone was told, oldest first."""
        with self._lock:
            return tuple(each for each in self._whispers if each.user == user)

    # ── What the app does ─────────────────────────────────────────────────────────────────────────────────

    def answer(self, path: str, body: Json) -> bool:
        """Take what the app answers at a response's address; False when there is no such address."""
        with self._lock:
            user = self._answers.get(path)
            if user is None:
                return False
            replaces = bool(body.get("replace_original"))
            blocks = tuple(body.get("blocks") or ())
            text = str(body.get("text", ""))
            self._whispers.append(Whisper(user=user, text=text, blocks=blocks, replaces=replaces))
        return True

    def _open(self, arguments: Mapping[str, Any]) -> Json:
        user, at = self._triggers.pop(str(arguments.get("trigger_id")), ("", 0.0))
        if not user:
            raise Refusal("invalid_trigger_id")
        if monotonic() - at > TRIGGER_LASTS:
            raise Refusal("expired_trigger_id")
        view = View(id=f"V0{next(self._ids)}", user=user, json=_checked(arguments.get("view")))
        with self._lock:
            self._views[view.id] = view
        return {"view": self._as_json(view)}

    def _update(self, arguments: Mapping[str, Any]) -> Json:
        with self._lock:
            view = self._views.get(str(arguments.get("view_id")))
            if view is None or not view.is_open:
                raise Refusal("not_found")
            changed = replace(view, json=_checked(arguments.get("view")), version=view.version + 1, errors={})
            self._views[view.id] = changed
        return {"view": self._as_json(changed)}

    def _react(self, view: View, payload: Json) -> None:
        """Do with a form what the acknowledgment says."""
        now = self._views[view.id]
        match payload.get("response_action"):
            case "errors":
                changed = replace(now, errors=dict(payload.get("errors", {})))
            case "update":
                changed = replace(now, json=_checked(payload.get("view")), version=now.version + 1, errors={})
            case _:
                changed = replace(now, is_open=False)
        with self._lock:
            # What the app changed meanwhile stands over what it acknowledged with.
            if self._views[view.id].version == now.version:
                self._views[view.id] = changed

    # ── Payloads ──────────────────────────────────────────────────────────────────────────────────────────

    def _press(
        self, element: Json, user: str, message: SlackMessage | None, choose: str, value: str | None
    ) -> Acknowledged:
        action: Json = {"type": element["type"], "action_id": element.get("action_id"), "block_id": "b"}
        if choose:
            chosen = [each for each in element["options"] if str(each["value"]).startswith(choose)]
            action["selected_option"] = chosen[0]
        else:
            action["value"] = element.get("value", "") if value is None else value
        payload: Json = {
            "type": "block_actions",
            "team": {"id": "T0NEWSROOM"},
            "user": {"id": user, "name": user.lower()},
            "trigger_id": self._trigger(user),
            "response_url": self._answer_address(user),
            "actions": [action],
        }
        if message is not None:
            name = self._workspace.channels[message.channel].name
            payload |= {
                "container": {
                    "type": "message",
                    "message_ts": message.ts,
                    "channel_id": message.channel,
                    "is_ephemeral": False,
                },
                "channel": {"id": message.channel, "name": name},
                "message": {"ts": message.ts, "text": message.text, "blocks": list(message.blocks)},
            }
        return self.line.deliver("interactive", payload)

    def _trigger(self, user: str) -> str:
        trigger = f"trigger.{next(self._ids)}"
        self._triggers[trigger] = (user, monotonic())
        return trigger

    def _answer_address(self, user: str) -> str:
        path = f"{RESPOND}T0NEWSROOM/{next(self._ids)}/fake"
        self._answers[path] = user
        return self._url() + path

    def _as_json(self, view: View) -> Json:
        return view.json | {"id": view.id, "hash": f"{view.id}.{view.version}"}

    def _as_sent(self, view: View, fields: Mapping[str, str]) -> Json:
        values: Json = {}
        for block in view.json["blocks"]:
            if block["type"] != "input":
                continue
            element, name = block["element"], block["block_id"]
            given = fields.get(name)
            values[name] = {element["action_id"]: _typed(element, given)}
        return self._as_json(view) | {"state": {"values": values}}


def _typed(element: Json, given: str | None) -> Json:
    kind = element["type"]
    if kind == "plain_text_input":
        words = element.get("initial_value") if given is None else given
        return {"type": kind, "value": words or None}
    options = {each["value"]: each for each in element["options"]}
    if kind == "checkboxes":
        return {"type": kind, "selected_options": [options[value] for value in (given or "").split()]}
    chosen = options[given] if given else element.get("initial_option")
    return {"type": kind, "selected_option": chosen}


def _elements(blocks: tuple[Json, ...]) -> list[Json]:
    return [each for block in blocks if block["type"] == "actions" for each in block["elements"]]


def _checked(view: object) -> Json:
    """Refuse a form that Slack would refuse."""
    if isinstance(view, str):
        view = json.loads(view)
    if not isinstance(view, dict) or view.get("type") != "modal":
        raise Refusal("invalid_arguments", ("[ERROR] view must be a modal",))
    blocks = view.get("blocks") or []
    wrong = [
        ("title", len(view.get("title", {}).get("text", "")) not in range(1, MOST_TITLE + 1)),
        ("submit", len(view.get("submit", {}).get("text", "")) > MOST_TITLE),
        ("blocks", not 0 < len(blocks) <= MOST_VIEW_BLOCKS),
        ("private_metadata", len(view.get("private_metadata", "")) > MOST_MEMORY),
        ("submit", any(block["type"] == "input" for block in blocks) and not view.get("submit")),
        ("text", any(len(block.get("text", {}).get("text", "x")) > MOST_SECTION for block in blocks)),
        ("text", any(not block.get("text", {}).get("text", "x") for block in blocks)),
    ]
    troubles = tuple(f"[ERROR] invalid [json-pointer:/view/{where}]" for where, is_wrong in wrong if is_wrong)
    if troubles:
        raise Refusal("invalid_arguments", troubles)
    return view
