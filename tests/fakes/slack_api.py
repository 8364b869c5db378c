"""What does each of Slack's methods do, and answer?

One function for each method of the Web API: arguments in, Slack's JSON out, ``Refusal`` where Slack says
``ok: false``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.fakes.clock import Clock
from tests.fakes.slack_checks import TIMESTAMP, Json, Refusal, check_blocks, check_metadata, check_text
from tests.fakes.slack_workspace import (
    SlackChannel,
    SlackMessage,
    Span,
    Workspace,
    make_cursor,
    read_cursor,
)

TEAM = "T0NEWSROOM"
BOT_USER = "U0NIGHTDESK"
BOT_ID = "B0NIGHTDESK"
APP_ID = "A0NIGHTDESK"
MOST_HISTORY = 999

#: The scope each method needs. A method that is absent needs none.
SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.list": "channels:read",
    "conversations.info": "channels:read",
    "conversations.join": "channels:join",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "users.lookupByEmail": "users:read.email",
}
SPEAK_ANYWHERE = "chat:write.public"
GRANTED = frozenset(SCOPES.values())

#: What Slack stores, so that whoever sends can be told what stands there now.
Stored = tuple[Json, SlackMessage | None]


class SlackApi:
    """The methods, over one workspace."""

    def __init__(self, workspace: Workspace, *, clock: Clock, team: str) -> None:
        """Answer from this workspace."""
        self.workspace = workspace
        self.team = team
        self.scopes = set(GRANTED)
        self.people: dict[str, str] = {}
        #: None: a message may be edited for ever.
        self.edit_window: timedelta | None = None
        self._clock = clock
        self._methods: dict[str, Callable[[Mapping[str, Any]], Stored]] = {
            "api.test": lambda _: ({}, None),
            "auth.test": self._auth_test,
            "conversations.list": self._list,
            "conversations.info": self._info,
            "conversations.join": self._join,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "chat.getPermalink": self._permalink,
            "users.lookupByEmail": self._lookup,
        }

    def call(self, method: str, arguments: Mapping[str, Any]) -> Stored:
        """Carry out one call; return the answer and the message it stored, if it stored one.

        Raises:
            Refusal: Slack would say ``ok: false``.
        """
        if method not in self._methods:
            raise Refusal("unknown_method", req_method=method)
        needed = SCOPES.get(method)
        if needed and needed not in self.scopes:
            raise Refusal("missing_scope", needed=needed, provided=",".join(sorted(self.scopes)))
        answer, message = self._methods[method](arguments)
        return {"ok": True, **answer}, message

    def speak(self, channel: SlackChannel, arguments: Mapping[str, Any], *, author: str) -> SlackMessage:
        """Store a message after the checks every way of posting shares."""
        if channel.archived:
            raise Refusal("is_archived")
        blocks, attachments = arguments.get("blocks"), arguments.get("attachments")
        content: dict[str, Any] = {
            "blocks": tuple(check_blocks(blocks)) if blocks else (),
            "attachments": tuple(attachments or ()),
            "text": check_text(arguments.get("text"), other_content=bool(blocks or attachments)),
            "metadata": check_metadata(arguments.get("metadata")),
        }
        thread_ts = self._thread_of(channel, arguments.get("thread_ts"))
        with self.workspace.lock:
            message = SlackMessage(
                channel=channel.id,
                ts=self.workspace.next_ts(),
                author=author,
                thread_ts=thread_ts,
                broadcast=thread_ts is not None and _yes(arguments, "reply_broadcast"),
                **content,
            )
            return self.workspace.add(channel, message)

    def show(self, message: SlackMessage, *, metadata: bool) -> Json:
        """Return a message as Slack's JSON has it."""
        shown: Json = {"type": "message", "ts": message.ts, "text": message.text, "team": TEAM}
        if message.author == BOT_USER:
            shown |= {"user": BOT_USER, "bot_id": BOT_ID, "app_id": APP_ID}
        elif message.author:
            shown["user"] = message.author
        else:
            shown |= {"subtype": "bot_message", "bot_id": BOT_ID}
        for key, value in (("blocks", message.blocks), ("attachments", message.attachments)):
            if value:
                shown[key] = list(value)
        if message.edited_ts:
            shown["edited"] = {"user": message.author, "ts": message.edited_ts}
        if metadata and message.metadata:
            shown["metadata"] = message.metadata
        return shown | self._thread_facts(message)

    def _thread_facts(self, message: SlackMessage) -> Json:
        if message.is_reply:
            return {"thread_ts": message.thread_ts} | (
                {"subtype": "thread_broadcast"} if message.broadcast else {}
            )
        below = self.workspace.replies_to(self.workspace.channels[message.channel], message.ts)
        if not below:
            return {}
        writers = sorted({reply.author for reply in below})
        return {
            "thread_ts": message.ts,
            "reply_count": len(below),
            "reply_users_count": len(writers),
            "reply_users": writers,
            "latest_reply": below[-1].ts,
        }

    def _thread_of(self, channel: SlackChannel, thread_ts: object) -> str | None:
        if not thread_ts:
            return None
        if not isinstance(thread_ts, str) or not TIMESTAMP.fullmatch(thread_ts):
            raise Refusal("invalid_thread_ts", (f"[ERROR] {thread_ts} is not a valid thread_ts",))
        root = self.workspace.find(channel, thread_ts, error="thread_not_found")
        if root.is_reply:
            raise Refusal("cannot_reply_to_message")
        return thread_ts

    def _auth_test(self, _: Mapping[str, Any]) -> Stored:
        return {
            "url": f"https://{self.team}.slack.test/",
            "team": self.team,
            "user": "nightdesk",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }, None

    def _list(self, arguments: Mapping[str, Any]) -> Stored:
        kinds = {kind.strip() for kind in str(arguments.get("types") or "public_channel").split(",")}
        hide_archived = _yes(arguments, "exclude_archived")
        rows = [
            channel
            for channel in self.workspace.channels.values()
            if ("private_channel" if channel.private else "public_channel") in kinds
            and (channel.member or not channel.private)
            and not (hide_archived and channel.archived)
        ]
        limit = _limit(arguments, 100, 1000)
        start = 0
        if arguments.get("cursor"):
            wanted = read_cursor(str(arguments["cursor"]))
            start = next((number for number, row in enumerate(rows) if row.id == wanted), len(rows))
        page, rest = rows[start : start + limit], rows[start + limit :]
        cursor = make_cursor(rest[0].id) if rest else ""
        channels = [channel.as_json() for channel in page]
        return {"channels": channels, "response_metadata": {"next_cursor": cursor}}, None

    def _info(self, arguments: Mapping[str, Any]) -> Stored:
        return {"channel": self._channel(arguments).as_json()}, None

    def _join(self, arguments: Mapping[str, Any]) -> Stored:
        channel = self._channel(arguments)
        if channel.archived:
            raise Refusal("is_archived")
        if channel.private:
            raise Refusal("method_not_supported_for_channel_type")
        channel.member = True
        return {"channel": channel.as_json()}, None

    def _channel(self, arguments: Mapping[str, Any], *, by_name: bool = False) -> SlackChannel:
        name = arguments.get("channel")
        if not isinstance(name, str) or not name:
            raise Refusal("invalid_arguments", ("[ERROR] missing required field: channel",))
        return self.workspace.find_channel(name, by_name=by_name)

    def _post(self, arguments: Mapping[str, Any]) -> Stored:
        channel = self._channel(arguments, by_name=True)
        if not channel.member and (channel.private or SPEAK_ANYWHERE not in self.scopes):
            raise Refusal("is_archived" if channel.archived else "not_in_channel")
        message = self.speak(channel, arguments, author=BOT_USER)
        shown = self.show(message, metadata=True)
        return {"channel": channel.id, "ts": message.ts, "message": shown}, message

    def _own(self, arguments: Mapping[str, Any], error: str) -> tuple[SlackChannel, SlackMessage]:
        channel = self._channel(arguments)
        message = self.workspace.find(channel, str(arguments.get("ts") or ""))
        if message.author != BOT_USER:
            raise Refusal(error)
        return channel, message

    def _update(self, arguments: Mapping[str, Any]) -> Stored:
        channel, message = self._own(arguments, "cant_update_message")
        if channel.archived:
            raise Refusal("is_inactive")
        if self.edit_window is not None:
            age = Decimal(str(self._clock().timestamp())) - Decimal(message.ts)
            if age > Decimal(str(self.edit_window.total_seconds())):
                raise Refusal("edit_window_closed")
        edited = self.workspace.edit(message, _changes(arguments, message))
        shown = self.show(edited, metadata=True)
        return {"channel": channel.id, "ts": message.ts, "text": edited.text, "message": shown}, edited

    def _delete(self, arguments: Mapping[str, Any]) -> Stored:
        channel, message = self._own(arguments, "cant_delete_message")
        self.workspace.delete(message)
        return {"channel": channel.id, "ts": message.ts}, message

    def _permalink(self, arguments: Mapping[str, Any]) -> Stored:
        channel = self._channel(arguments)
        message = self.workspace.find(channel, str(arguments.get("message_ts") or ""))
        link = f"https://{self.team}.slack.test/archives/{channel.id}/p{message.ts.replace('.', '')}"
        if message.is_reply:
            link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
        return {"channel": channel.id, "permalink": link}, None

    def _readable(self, arguments: Mapping[str, Any]) -> SlackChannel:
        channel = self._channel(arguments)
        if not channel.member:
            raise Refusal("not_in_channel")
        return channel

    def _history(self, arguments: Mapping[str, Any]) -> Stored:
        channel = self._readable(arguments)
        page = self.workspace.history(channel, _span(arguments))
        return self._messages(page.rows, page.cursor, arguments), None

    def _replies(self, arguments: Mapping[str, Any]) -> Stored:
        channel = self._readable(arguments)
        page = self.workspace.replies(channel, str(arguments.get("ts") or ""), _span(arguments))
        return self._messages(page.rows, page.cursor, arguments), None

    def _messages(self, rows: tuple[SlackMessage, ...], cursor: str, arguments: Mapping[str, Any]) -> Json:
        metadata = _yes(arguments, "include_all_metadata")
        answer: Json = {
            "messages": [self.show(message, metadata=metadata) for message in rows],
            "has_more": bool(cursor),
        }
        return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})

    def _lookup(self, arguments: Mapping[str, Any]) -> Stored:
        address = str(arguments.get("email") or "").lower()
        if address not in self.people:
            raise Refusal("users_not_found")
        user = {"id": self.people[address], "team_id": TEAM, "profile": {"email": address}}
        return {"user": user}, None


def _changes(arguments: Mapping[str, Any], message: SlackMessage) -> dict[str, object]:
    """What an edit changes: text without blocks removes the blocks, metadata stays unless it is named."""
    blocks, text = arguments.get("blocks"), arguments.get("text")
    kept = message.blocks if blocks is None and text is None else ()
    changes: dict[str, object] = {
        "blocks": tuple(check_blocks(blocks)) if blocks else kept,
        "text": check_text(text, other_content=bool(blocks or kept)) if text is not None else message.text,
    }
    if blocks is None and text is None and "metadata" not in arguments:
        raise Refusal("no_text")
    if "metadata" in arguments:
        changes["metadata"] = check_metadata(arguments["metadata"])
    if message.is_reply and _yes(arguments, "reply_broadcast"):
        changes["broadcast"] = True
    return changes


def _yes(arguments: Mapping[str, Any], name: str) -> bool:
    """Is a flag set? JSON says true, forms and queries say 1 or true."""
    return str(arguments.get(name)).lower() in {"true", "1"}


def _limit(arguments: Mapping[str, Any], usual: int, most: int) -> int:
    given = str(arguments.get("limit") or usual)
    if not given.isdigit() or not 0 < int(given) <= most:
        raise Refusal("invalid_limit")
    return int(given)


def _span(arguments: Mapping[str, Any]) -> Span:
    usual = Span()
    try:
        return Span(
            oldest=Decimal(str(arguments.get("oldest") or usual.oldest)),
            latest=Decimal(str(arguments.get("latest") or usual.latest)),
            inclusive=_yes(arguments, "inclusive"),
            limit=_limit(arguments, usual.limit, MOST_HISTORY),
            cursor=str(arguments.get("cursor") or ""),
        )
    except InvalidOperation:
        raise Refusal("invalid_ts_oldest") from None
