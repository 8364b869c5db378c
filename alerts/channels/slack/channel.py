"""Slack by bot token: threads, edits, and a look whether a message arrived."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Literal

from alerts.channels.contract import Channel, Envelope, Tools
from alerts.channels.slack.answers import CLOSED, CONTENT, MISSING_SCOPE, SlackRefusedError
from alerts.channels.slack.blocks import Dress, Json, body_of
from alerts.channels.slack.calls import Answer, WebApi
from alerts.channels.slack.pace import Pace
from alerts.channels.slack.trying import try_listening, try_slack
from alerts.channels.slack.webhook import SlackWebhook
from alerts.channels.trials import Trial
from alerts.message import Outgoing
from config.settings import Secret, Settings
from news.errors import ChannelError, ChannelRefusedError, OutcomeUnknownError
from news.telling import Receipt

#: How Slack's own ids look; everything else is a name.
PLACE = re.compile(r"[CDG][A-Z0-9]{7,}")
EDITS_AT_ONCE = 5  # changes in one channel before they come one a second too
PAGE = 200  # messages or channels a page, as Slack advises
MOST_PAGES = 100  # a look-up that needs more is given up, and made again later
#: Slack's clock and ours may differ by so much.
CLOCKS_DIFFER = timedelta(minutes=10)


class SlackChannel:
    """Posts as the newsroom's Slack app."""

    can_look_up = True
    can_edit = True
    can_thread = True
    when_unknown: Literal["resend", "hold"] = "resend"

    def __init__(self, token: Secret, api_url: str, tools: Tools, app_token: Secret | None = None) -> None:
        self._api = WebApi(token, api_url, tools.clock)
        # Asked only when the channel is tried: who listens has a door of its own.
        self._door = WebApi(app_token, api_url, tools.clock) if app_token else None
        self._pace = Pace(tools)
        # Slack counts changes by themselves.
        self._edits = Pace(tools, at_once=EDITS_AT_ONCE)
        self._answering = tools.answering
        self._places: dict[str, str] = {}

    @classmethod
    def open(cls, settings: Settings, tools: Tools) -> Channel | None:
        """Return the channel that the newsroom's secrets allow: bot token, else webhook, else none."""
        slack = settings.channels.slack
        if slack.token:
            return cls(slack.token, slack.api_url, tools, slack.app_token)
        if slack.webhook:
            return SlackWebhook(slack.webhook, slack.when_unknown, tools)
        return None

    @property
    def draws_buttons(self) -> bool:
        """Whether a message gets buttons: only while somebody answers them."""
        return self._answering.is_open

    @property
    def _dress(self) -> Dress:
        return Dress(buttons=self.draws_buttons, accounts=self._answering.accounts)

    async def send(self, message: Outgoing, envelope: Envelope) -> Receipt:
        """Post the message, as a reply when the envelope names a thread."""
        thread = envelope.thread
        call: Json = {"channel": (thread and thread.root_place) or envelope.to}
        if thread is not None and thread.root_ts:
            call |= {"thread_ts": thread.root_ts, "reply_broadcast": envelope.broadcast}
        dress = self._dress
        answer = await self._write("chat.postMessage", call | body_of(message, envelope.key, dress))
        receipt = replace(_receipt(answer), buttons=dress.buttons and envelope.kind == "root")
        self._places.setdefault(envelope.to, receipt.place)
        return receipt

    async def find(self, envelope: Envelope) -> Receipt | None:
        """Look for the key: in the channel's history, or in the thread, because history shows no replies."""
        thread = envelope.thread
        oldest = f"{(envelope.created - CLOCKS_DIFFER).timestamp():.6f}"
        asked: Json = {"oldest": oldest, "include_all_metadata": True}
        if thread is not None and thread.root_ts:
            place = thread.root_place or await self._place(envelope.to)
            pages = self._pages("conversations.replies", {"channel": place, "ts": thread.root_ts, **asked})
        else:
            place = await self._place(envelope.to)
            pages = self._pages("conversations.history", {"channel": place, **asked})
        async for page in pages:
            for told in _listed(page, "messages"):
                if _key(told) == envelope.key:
                    buttons = self.draws_buttons and envelope.kind == "root"
                    return Receipt(ts=str(told["ts"]), place=place, buttons=buttons)
        return None

    async def edit(self, message: Outgoing, envelope: Envelope) -> bool:
        """Replace the words of the message at the envelope's receipt."""
        if envelope.receipt is None:
            return False
        call: Json = {"channel": envelope.receipt.place, "ts": envelope.receipt.ts}
        body = body_of(message, envelope.key, self._dress)
        del body["unfurl_links"], body["unfurl_media"]  # chat.update does not know them
        try:
            await self._write("chat.update", call | body)
        except SlackRefusedError as error:
            if error.code in CLOSED:
                return False
            raise
        return True

    async def link(self, receipt: Receipt) -> str:
        """Return the address of a message, or "" when Slack does not say."""
        asked: Json = {"channel": receipt.place, "message_ts": receipt.ts}
        try:
            answer = await self._api.get("chat.getPermalink", asked)
        except ChannelError:
            return ""
        return str(answer.get("permalink", ""))

    async def try_out(self, places: Sequence[str]) -> Trial:
        """Ask whether the token is good, what it may do, and whether it may write in these channels."""
        trial = await try_slack(self._api, places, self._place, listens=self._door is not None)
        if self._door is None or not trial.known_as:
            return trial
        return replace(trial, tried=(*await try_listening(self._door), *trial.tried))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()
        if self._door is not None:
            await self._door.close()

    async def _write(self, method: str, call: Json) -> Answer:
        """Post it at its turn; without blocks, once, when Slack cannot take those."""
        place, pace = str(call["channel"]), self._edits if method == "chat.update" else self._pace
        try:
            async with pace.turn(place):
                return await self._api.post(method, call)
        except SlackRefusedError as error:
            if error.code not in CONTENT:
                raise
        plain: Json = {"blocks": []} if method == "chat.update" else {"blocks": None, "mrkdwn": False}
        async with pace.turn(place):
            return await self._api.post(method, call | plain)

    async def _place(self, to: str) -> str:
        """Return the id of a channel by its name; Slack's history knows ids only."""
        if PLACE.fullmatch(to):
            return to
        if to not in self._places:
            try:
                await self._list("public_channel,private_channel")
            except SlackRefusedError as error:
                if error.code != MISSING_SCOPE:
                    raise
                await self._list("public_channel")
        if to not in self._places:
            msg = f"Slack lists no channel {to} for Nightdesk"
            raise ChannelRefusedError(msg)
        return self._places[to]

    async def _list(self, types: str) -> None:
        """Learn the ids of all channels of these types."""
        asked: Json = {"types": types, "exclude_archived": True}
        async for page in self._pages("conversations.list", asked):
            for channel in _listed(page, "channels"):
                self._places.setdefault(f"#{channel.get('name')}", str(channel["id"]))

    async def _pages(self, method: str, asked: Json) -> AsyncIterator[Answer]:
        cursor: object = None
        for _ in range(MOST_PAGES):
            page = await self._api.get(method, {**asked, "limit": PAGE, "cursor": cursor})
            yield page
            after = page.get("response_metadata")
            cursor = after.get("next_cursor") if isinstance(after, Mapping) else None
            if not cursor:
                return
        msg = f"{method} has more pages than can be looked through"
        raise ChannelError(msg)


def _receipt(answer: Answer) -> Receipt:
    if not answer.get("ts") or not answer.get("channel"):
        raise OutcomeUnknownError("Slack's answer does not say where the message stands")
    return Receipt(ts=str(answer["ts"]), place=str(answer["channel"]))


def _listed(page: Answer, name: str) -> list[Mapping[str, object]]:
    found = page.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _key(told: Mapping[str, object]) -> object:
    metadata = told.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, Mapping) else None
    return payload.get("dedupe_key") if isinstance(payload, Mapping) else None
