"""What stands in the channels?

The state behind the fake Slack: channels, messages, threads, edits. It decides nothing about tokens or HTTP;
it keeps what was said, and shows it the way Slack does: ``history`` has no replies, ``replies`` has.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tests.fakes.clock import Clock
from tests.fakes.slack_checks import Json, Refusal

FIRST_FRACTION = 200  # microseconds: the first message of a second is .000200
NEXT_FRACTION = 100  # microseconds between two messages of the same second


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackMessage:
    """A message as it stands in a channel now."""

    channel: str
    ts: str
    # Who wrote it: the bot's user, a person, or "" for an incoming webhook.
    author: str
    text: str = ""
    blocks: tuple[Json, ...] = ()
    metadata: Json | None = None
    attachments: tuple[Json, ...] = ()
    # The root's ts when this is a reply.
    thread_ts: str | None = None
    # A reply that also stands in the channel.
    broadcast: bool = False
    # The ts of the last edit, and the texts before it, oldest first.
    edited_ts: str | None = None
    earlier: tuple[str, ...] = ()

    @property
    def is_reply(self) -> bool:
        """Does it stand in a thread, below a root?"""
        return self.thread_ts is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackThread:
    """A message in the channel and the replies below it, oldest first."""

    root: SlackMessage
    replies: tuple[SlackMessage, ...] = ()


@dataclass(slots=True, kw_only=True)
class SlackChannel:
    """A channel, and whether the bot may speak there."""

    id: str
    name: str
    private: bool = False
    archived: bool = False
    member: bool = True
    # Of a conversation: the person's.
    user: str = ""
    messages: dict[str, SlackMessage] = field(default_factory=dict)

    def as_json(self) -> Json:
        """Return the channel as conversations.info shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_member": self.member,
            "num_members": 3 if self.member else 2,
        } | ({"is_im": True, "user": self.user} if self.user else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Part of a listing, and the cursor that asks for the next part ("" at the end)."""

    rows: tuple[SlackMessage, ...]
    cursor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which messages are asked for: a stretch of time and a number of them."""

    oldest: Decimal = Decimal(0)
    latest: Decimal = Decimal(99_999_999_999)
    inclusive: bool = False
    limit: int = 100
    cursor: str = ""

    def holds(self, message: SlackMessage) -> bool:
        """Does the message lie between the two times?"""
        ts = Decimal(message.ts)
        if self.inclusive:
            return self.oldest <= ts <= self.latest
        return self.oldest < ts < self.latest


class Workspace:
    """Channels and what was said in them; any thread may use it."""

    def __init__(self, clock: Clock) -> None:
        """Start empty."""
        self.channels: dict[str, SlackChannel] = {}
        self.lock = threading.RLock()
        self._clock = clock
        self._last = 0

    def add_channel(self, name: str, *, private: bool = False, member: bool = True) -> SlackChannel:
        """Make a channel; its id follows from its name."""
        name = name.removeprefix("#")
        digest = base64.b32encode(hashlib.sha256(name.encode()).digest()).decode()
        channel = SlackChannel(id=f"C0{digest[:9]}", name=name, private=private, member=member)
        with self.lock:
            return self.channels.setdefault(channel.id, channel)

    def add_conversation(self, id_: str) -> SlackChannel:
        """Make the conversation of the bot with one person."""
        with self.lock:
            return self.channels.setdefault(id_, SlackChannel(id=id_, name=id_, private=True, member=True))

    def find_channel(self, name: str, *, by_name: bool = False) -> SlackChannel:
        """Return the channel of this id, or of this name where Slack allows one.

        Raises:
            Refusal: there is none, or it is private and the bot is not in it.
        """
        with self.lock:
            channel = self.channels.get(name)
            if channel is None and by_name:
                wanted = name.removeprefix("#")
                channel = next((each for each in self.channels.values() if each.name == wanted), None)
        if channel is None or (channel.private and not channel.member):
            raise Refusal("channel_not_found")
        return channel

    def next_ts(self) -> str:
        """Return a timestamp from the clock that no message has, later than every other."""
        with self.lock:
            moment = int(self._clock().timestamp() * 1_000_000) + FIRST_FRACTION
            self._last = max(moment, self._last + NEXT_FRACTION)
            return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def add(self, channel: SlackChannel, message: SlackMessage) -> SlackMessage:
        """Store a new message."""
        with self.lock:
            channel.messages[message.ts] = message
        return message

    def find(self, channel: SlackChannel, ts: str, *, error: str = "message_not_found") -> SlackMessage:
        """Return a message of the channel, or refuse."""
        with self.lock:
            message = channel.messages.get(ts)
        if message is None:
            raise Refusal(error)
        return message

    def edit(self, message: SlackMessage, changes: Mapping[str, object]) -> SlackMessage:
        """Store a message's new content; what it said before is remembered."""
        with self.lock:
            edited = replace(
                message,
                edited_ts=self.next_ts(),
                earlier=(*message.earlier, message.text),
                **changes,  # type: ignore[arg-type]  # the names and types are those of the one caller's table
            )
            self.channels[message.channel].messages[message.ts] = edited
        return edited

    def delete(self, message: SlackMessage) -> None:
        """Take a message away."""
        with self.lock:
            del self.channels[message.channel].messages[message.ts]

    def replies_to(self, channel: SlackChannel, root: str) -> tuple[SlackMessage, ...]:
        """Return the replies below a root, oldest first."""
        with self.lock:
            found = [message for message in channel.messages.values() if message.thread_ts == root]
        return tuple(sorted(found, key=lambda message: message.ts))

    def history(self, channel: SlackChannel, span: Span) -> Page:
        """Return what stands in the channel, newest first: no reply, unless it was broadcast."""
        with self.lock:
            rows = [m for m in channel.messages.values() if not m.is_reply or m.broadcast]
        rows.sort(key=lambda message: message.ts, reverse=True)
        return _page([message for message in rows if span.holds(message)], span)

    def replies(self, channel: SlackChannel, ts: str, span: Span) -> Page:
        """Return a root and what stands below it, oldest first; the root always comes along."""
        root = self.find(channel, ts, error="thread_not_found")
        below = [message for message in self.replies_to(channel, ts) if span.holds(message)]
        return _page([root, *below], span)

    def threads(self, channel: SlackChannel) -> tuple[SlackThread, ...]:
        """Return the channel as a reader sees it, oldest first."""
        with self.lock:
            roots = [message for message in channel.messages.values() if not message.is_reply]
        roots.sort(key=lambda message: message.ts)
        return tuple(SlackThread(root=root, replies=self.replies_to(channel, root.ts)) for root in roots)


def _page(rows: list[SlackMessage], span: Span) -> Page:
    start = 0
    if span.cursor:
        wanted = read_cursor(span.cursor)
        start = next((number for number, row in enumerate(rows) if row.ts == wanted), -1)
        if start < 0:
            raise Refusal("invalid_cursor")
    end = start + span.limit
    following = make_cursor(rows[end].ts) if end < len(rows) else ""
    return Page(rows=tuple(rows[start:end]), cursor=following)


def make_cursor(start: str) -> str:
    """Return the cursor of the page that begins there."""
    return base64.b64encode(f"next:{start}".encode()).decode()


def read_cursor(cursor: str) -> str:
    """Return where the page begins, or refuse a cursor nobody gave out."""
    try:
        word, _, start = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:
        raise Refusal("invalid_cursor") from None
    if word != "next":
        raise Refusal("invalid_cursor")
    return start
