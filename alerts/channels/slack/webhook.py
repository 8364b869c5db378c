"""Slack by incoming webhook: messages only. No thread, no edit, and no way to look whether one arrived."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Literal

from alerts.channels.contract import Envelope, Tools
from alerts.channels.slack.answers import asked_wait, words_for
from alerts.channels.slack.blocks import Json, body_of
from alerts.channels.slack.calls import Webhook
from alerts.channels.slack.pace import Pace
from alerts.message import Outgoing
from config.settings import Secret
from news.errors import ChannelError, ChannelRefusedError, OutcomeUnknownError
from news.telling import Receipt

#: What a webhook answers when the message was taken. A captive portal says 200 too, but not this.
TAKEN = "ok"
#: How Slack's words for a refusal look: "no_service", "channel_is_archived".
CODE = re.compile(r"[a-z_]{4,60}")
#: 400 with one of these is about the words; text alone may do.
CONTENT = frozenset({"invalid_blocks", "invalid_payload", "invalid_blocks_format", "msg_too_long"})


class SlackWebhook:
    """Posts to the one channel that the webhook was made for."""

    can_look_up = False
    can_edit = False
    can_thread = False

    def __init__(self, address: Secret, when_unknown: str, tools: Tools) -> None:
        self.when_unknown: Literal["resend", "hold"] = "hold" if when_unknown == "hold" else "resend"
        self._webhook = Webhook(address)
        self._pace = Pace(tools)
        self._tools = tools

    async def send(self, message: Outgoing, envelope: Envelope) -> Receipt:
        """Post the message; its key stands in the first block's id and in the metadata."""
        body = body_of(message, envelope.key)
        blocks = body["blocks"]
        if isinstance(blocks, list) and blocks:
            body["blocks"] = [{**blocks[0], "block_id": f"nd_{envelope.key}"}, *blocks[1:]]
        said = await self._post(body)
        if said in CONTENT:
            said = await self._post(body | {"blocks": None, "mrkdwn": False})
        if said != TAKEN:
            msg = f"the webhook in SLACK_WEBHOOK_URL refuses: {words_for(said)}"
            raise ChannelRefusedError(msg)
        return Receipt(ts=envelope.key)

    async def find(self, envelope: Envelope) -> Receipt | None:
        """Say that a webhook cannot look."""
        msg = f"a webhook cannot look whether the {envelope.kind} arrived"
        raise OutcomeUnknownError(msg)

    async def edit(self, message: Outgoing, envelope: Envelope) -> bool:  # noqa: ARG002 - the contract's
        """Say that nothing can be changed."""
        return False

    async def close(self) -> None:
        """Let go of the connections."""
        await self._webhook.close()

    async def _post(self, body: Json) -> str:
        """Return Slack's word for what it did with the body."""
        async with self._pace.turn(""):
            answer = await self._webhook.post(body)
        status, said = answer.status_code, answer.body.strip()
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = asked_wait(answer.headers, self._tools.clock())
            raise ChannelError("Slack asks us to wait", retry_after=wait)
        if status == HTTPStatus.OK and said == TAKEN:
            return said
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and CODE.fullmatch(said):
            return said
        msg = f"the webhook's address answered {status}, but not as Slack does"
        raise OutcomeUnknownError(msg)
