"""A Slack on loopback that behaves like Slack's Web API, limits and refusals included.

    with FakeSlack(clock=clock, channels=["#immigration-desk"]) as slack:
        WebClient(token=slack.token, base_url=slack.api_url)
        slack.script("chat.postMessage", [accept_then_drop()])   # slack_faults.py has what can go wrong
        slack.threads("#immigration-desk")                       # what a reader sees
        slack.accepted                                           # every call that changed something, in order

``conversations.history`` hides replies, as Slack does: whoever looks for a reply must ask
``conversations.replies``.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

from tests.fakes.clock import Clock
from tests.fakes.faults import Fault, Script
from tests.fakes.serving import Answer, Listener, Received
from tests.fakes.slack_api import SlackApi
from tests.fakes.slack_checks import Json, Refusal
from tests.fakes.slack_people import METHODS, OPEN_LINE, RESPOND, SlackPeople
from tests.fakes.slack_workspace import SlackMessage, SlackThread, Workspace

TOKEN = "xoxb-fake"  # it opens nothing but this fake
WEBHOOK = "webhook"  # the method's name for scripts and the log of accepted calls
WRITES = ("chat.postMessage", "chat.update", "chat.delete", WEBHOOK)
PACE = timedelta(seconds=1)  # one message a second a channel, when pacing is on
JSON_TYPE = (("Content-Type", "application/json; charset=utf-8"),)
NESTED = ("blocks", "attachments", "metadata", "view")  # arguments a form carries as JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedCall:
    """One call that changed what stands in a channel."""

    method: str
    channel: str
    channel_name: str
    ts: str
    thread_ts: str | None
    text: str
    blocks: tuple[Json, ...]
    metadata: Json | None
    reply_broadcast: bool
    at: datetime

    def as_line(self) -> str:
        """Return the call as one line of JSON."""
        return json.dumps(asdict(self) | {"at": self.at.isoformat()}, ensure_ascii=False)


class FakeSlack:
    """A workspace with one bot in it."""

    def __init__(
        self,
        *,
        clock: Clock,
        channels: Iterable[str] = (),
        token: str = TOKEN,
        paced: bool = False,
        port: int = 0,
    ) -> None:
        """Start answering. ``paced``: a channel takes one message a second, and 429 comes back for more."""
        self.token = token
        self.paced = paced
        #: Called after a message is stored or changed and before the answer goes out.
        self.on_accept: Callable[[AcceptedCall], None] | None = None
        #: Called with a method's name when a request has come in and before anything is done about it.
        self.on_arrival: Callable[[str], None] | None = None
        self._clock = clock
        self._workspace = Workspace(clock)
        self._people: SlackPeople | None = None
        #: Where a person looks at the workspace, and clicks: `Page.answer`.
        self.page: Callable[[Received], Answer] | None = None
        self._api = SlackApi(self._workspace, clock=clock, team="newsroom")
        self._script = Script()
        self._accepted: list[AcceptedCall] = []
        self._webhooks: dict[str, str] = {}
        self._last_post: dict[str, datetime] = {}
        self._refused_token: str | None = None
        self._lock = threading.Lock()
        for name in channels:
            self.add_channel(name)
        self._listener = Listener(self._answer, clock=clock, port=port)

    @property
    def url(self) -> str:
        """The server's address, without a slash at the end."""
        return self._listener.url

    @property
    def people(self) -> SlackPeople:
        """The people of the workspace, and the line on which an app hears what they do."""
        with self._lock:
            if self._people is None:
                self._people = SlackPeople(self._workspace, lambda: self.url)
        return self._people

    @property
    def api_url(self) -> str:
        """What a client calls its base URL."""
        return f"{self.url}/api/"

    @property
    def requests(self) -> tuple[Received, ...]:
        """Every request so far, answered well or not."""
        return self._listener.received

    @property
    def accepted(self) -> tuple[AcceptedCall, ...]:
        """Every call that changed something, in order."""
        with self._lock:
            return tuple(self._accepted)

    def calls(self, method: str) -> tuple[Received, ...]:
        """Return the requests for one method, answered well or not."""
        return tuple(request for request in self.requests if _method(request) == method)

    def add_channel(self, name: str, *, private: bool = False, member: bool = True) -> str:
        """Make a channel, by default with the bot in it, and return its id."""
        return self._workspace.add_channel(name, private=private, member=member).id

    def add_conversation(self, id_: str, user: str = "") -> None:
        """Make the conversation of the bot with one person, such as D04NIGHTED."""
        self._workspace.add_conversation(id_).user = user

    def channel_id(self, name: str) -> str:
        """Return a channel's id by its name."""
        return self._workspace.find_channel(name, by_name=True).id

    def archive(self, name: str) -> None:
        """Archive a channel."""
        self._workspace.find_channel(name, by_name=True).archived = True

    def remove_bot(self, name: str) -> None:
        """Take the bot out of a channel."""
        self._workspace.find_channel(name, by_name=True).member = False

    def add_person(self, email: str, user: str) -> None:
        """Let users.lookupByEmail find this user."""
        self._api.people[email.lower()] = user

    def say(self, name: str, text: str, *, user: str = "U0EDITOR", thread_ts: str | None = None) -> str:
        """Let a person say something and return its ts."""
        channel = self._workspace.find_channel(name, by_name=True)
        return self._api.speak(channel, {"text": text, "thread_ts": thread_ts}, author=user).ts

    def webhook_url(self, name: str) -> str:
        """Return an incoming webhook that posts to a channel."""
        channel = self.channel_id(name)
        path = f"/services/T0NEWSROOM/B{channel[1:]}/fake"
        self._webhooks[path] = channel
        return self.url + path

    def take_scope(self, scope: str) -> None:
        """Take a scope away from the token, such as ``channels:history``."""
        self._api.scopes.discard(scope)

    def give_scope(self, scope: str) -> None:
        """Give the token a scope, such as ``chat:write.public``."""
        self._api.scopes.add(scope)

    def revoke(self, error: str = "token_revoked") -> None:
        """Refuse the token from now on, with this error."""
        self._refused_token = error

    def restore(self) -> None:
        """Take the token again."""
        self._refused_token = None

    def close_edits_after(self, window: timedelta | None) -> None:
        """Refuse edits of messages older than this; None lifts it."""
        self._api.edit_window = window

    def script(self, method: str, faults: Iterable[Fault]) -> None:
        """Let the next calls of a method (``"webhook"``; ``"*"`` is any) meet these faults, one each."""
        self._script.add(method, faults)

    def always(self, method: str, fault: Fault) -> None:
        """Let every call of a method meet this fault until ``heal``."""
        self._script.always(method, fault)

    def heal(self, method: str | None = None) -> None:
        """Forget the faults of one method, or all of them."""
        self._script.heal(method)

    def threads(self, name: str) -> tuple[SlackThread, ...]:
        """Return a channel as a reader sees it: roots as edited, replies below them, oldest first."""
        return self._workspace.threads(self._workspace.find_channel(name, by_name=True))

    def messages(self, name: str) -> tuple[SlackMessage, ...]:
        """Return every message of a channel, roots and replies, oldest first."""
        channel = self._workspace.find_channel(name, by_name=True)
        with self._workspace.lock:
            return tuple(sorted(channel.messages.values(), key=lambda message: message.ts))

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels' names, without #, in the order they were made."""
        return tuple(channel.name for channel in self._workspace.channels.values())

    def write_jsonl(self, path: Path) -> int:
        """Write a line for each accepted call and return how many."""
        lines = [call.as_line() + "\n" for call in self.accepted]
        path.write_text("".join(lines), encoding="utf-8")
        return len(lines)

    def close(self) -> None:
        """Stop answering."""
        if self._people is not None:
            self._people.line.close()
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer(self, request: Received) -> Answer:
        method = _method(request)
        if self.on_arrival is not None:
            self.on_arrival(method)
        fault = self._script.take(method)
        if fault is not None and not fault.handled:
            return fault.bend(request, Answer())
        if self.page is not None and request.path.startswith("/page"):
            return self.page(request)
        answer = self._webhook(request) if method == WEBHOOK else self._web_api(method, request)
        return answer if fault is None else fault.bend(request, answer)

    def _web_api(self, method: str, request: Received) -> Answer:
        if request.path.startswith(RESPOND):
            taken = self.people.answer(request.path, json.loads(request.body or b"{}"))
            return Answer(status=200 if taken else 404, body=b"ok" if taken else b"used_url")
        if not request.path.startswith("/api/"):
            return Answer(status=404, body=b"not found")
        try:
            arguments = _arguments(request)
            if method in METHODS:
                return self._for_people(method, request, arguments)
            self._check_token(request, arguments)
            if method == "chat.postMessage" and self._too_soon(str(arguments.get("channel"))):
                return Answer(
                    status=429,
                    headers=(*JSON_TYPE, ("Retry-After", "1")),
                    body=_packed({"ok": False, "error": "ratelimited"}),
                )
            answer, message = self._api.call(method, arguments)
        except Refusal as refusal:
            return Answer(headers=JSON_TYPE, body=_packed(_refused(refusal)))
        if message is not None:
            self._accept(method, message)
        scopes = ",".join(sorted(self._api.scopes))
        return Answer(headers=(*JSON_TYPE, ("X-OAuth-Scopes", scopes)), body=_packed(answer))

    def _for_people(self, method: str, request: Received, arguments: Mapping[str, Any]) -> Answer:
        token = self.people.app_token if method == OPEN_LINE else self.token
        self._check_token(request, arguments, token=token)
        answer = {"ok": True, **self.people.methods[method](arguments)}
        return Answer(headers=JSON_TYPE, body=_packed(answer))

    def _webhook(self, request: Received) -> Answer:
        plain = (("Content-Type", "text/html"),)
        channel_id = self._webhooks.get(request.path)
        if channel_id is None:
            return Answer(status=404, headers=plain, body=b"no_service")
        try:
            payload = json.loads(request.body)
        except ValueError:
            payload = None
        if not isinstance(payload, dict):
            return Answer(status=400, headers=plain, body=b"invalid_payload")
        try:
            message = self._api.speak(self._workspace.channels[channel_id], payload, author="")
        except Refusal as refusal:
            if refusal.error == "is_archived":
                return Answer(status=410, headers=plain, body=b"channel_is_archived")
            return Answer(status=400, headers=plain, body=refusal.error.encode())
        self._accept(WEBHOOK, message)
        return Answer(headers=plain, body=b"ok")

    def _check_token(self, request: Received, arguments: Mapping[str, Any], *, token: str = "") -> None:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        given = bearer or str(arguments.get("token") or "")
        if not given:
            raise Refusal("not_authed")
        if given != (token or self.token):
            raise Refusal("invalid_auth")
        if self._refused_token is not None:
            raise Refusal(self._refused_token)

    def _too_soon(self, name: str) -> bool:
        if not self.paced:
            return False
        channel, now = self._workspace.find_channel(name, by_name=True).id, self._clock()
        with self._lock:
            last = self._last_post.get(channel)
            if last is not None and now - last < PACE:
                return True
            self._last_post[channel] = now
        return False

    def _accept(self, method: str, message: SlackMessage) -> None:
        if method not in WRITES:
            return
        call = AcceptedCall(
            method=method,
            channel=message.channel,
            channel_name=self._workspace.channels[message.channel].name,
            ts=message.ts,
            thread_ts=message.thread_ts,
            text=message.text,
            blocks=message.blocks,
            metadata=message.metadata,
            reply_broadcast=message.broadcast,
            at=self._clock(),
        )
        with self._lock:
            self._accepted.append(call)
        if self.on_accept is not None:
            self.on_accept(call)


def _method(request: Received) -> str:
    if request.path.startswith("/services/"):
        return WEBHOOK
    return request.path.removeprefix("/api/")


def _arguments(request: Received) -> dict[str, Any]:
    """Return a call's arguments, from the query and a JSON or form body."""
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            body = json.loads(request.body or b"{}")
        else:
            body = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
            body |= {key: json.loads(body[key]) for key in NESTED if key in body}
    except ValueError:
        raise Refusal("invalid_json") from None
    if not isinstance(body, dict):
        raise Refusal("json_not_object")
    return request.query | body


def _refused(refusal: Refusal) -> Json:
    answer: Json = {"ok": False, "error": refusal.error, **refusal.more}
    if refusal.details:
        answer |= {"errors": list(refusal.details), "response_metadata": {"messages": list(refusal.details)}}
    return answer


def _packed(answer: Json) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()
