"""A signed webhook: the message as JSON, one POST, never a redirect.

Whether a message arrived cannot be looked up. After an unknown outcome it is sent again with the same id, and
the other side drops what it has already.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

from alerts.channels.contract import Envelope, Tools
from alerts.channels.slack.answers import asked_wait
from alerts.channels.trials import Trial, Tried
from alerts.channels.webhook.signing import signed_headers
from alerts.message import Message, Outgoing
from config.settings import Settings, WebhookSettings
from news.errors import ChannelError, ChannelRefusedError, OutcomeUnknownError
from news.telling import Receipt

if TYPE_CHECKING:
    from aiohttp import ClientSession

TIMEOUT = 15.0  # seconds for one whole message; the outbox claims it for longer
CONNECT_TIMEOUT = 5.0
#: The program did not take it, and later it may.
LATER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_EARLY})


class Webhook:
    """The newsroom's programs, each by its name."""

    can_look_up = False
    can_edit = False
    can_thread = False
    when_unknown: Literal["resend", "hold"] = "resend"

    def __init__(self, webhooks: Mapping[str, WebhookSettings], tools: Tools) -> None:
        """Keep who is told; nothing is connected yet."""
        self._webhooks = webhooks
        self._tools = tools
        self._session: ClientSession | None = None

    @classmethod
    def open(cls, settings: Settings, tools: Tools) -> Webhook | None:
        """Return the channel, or None while no webhook has its address and its secret."""
        return cls(settings.channels.webhooks, tools) if settings.channels.webhooks else None

    async def send(self, message: Outgoing, envelope: Envelope) -> Receipt:
        """Post the message, once."""
        webhook = self._webhooks.get(envelope.to)
        if webhook is None:
            what = f"webhook:{envelope.to} is not set up"
            raise ChannelError(what)
        body = json.dumps(body_of(message, envelope), ensure_ascii=False).encode()
        headers = signed_headers(
            body, key=envelope.key, secret=webhook.secret.reveal(), now=self._tools.clock()
        )
        await self._post(webhook.url.reveal(), body, headers, f"webhook:{envelope.to}")
        return Receipt(ts=envelope.key)

    async def try_out(self, places: Sequence[str]) -> Trial:
        """Say which of them have their secrets: more is known only by sending."""
        tried = [
            Tried(place=place)
            if place in self._webhooks
            else Tried(place=place, trouble="its address or its secret is not set", fix="set both in .env")
            for place in places
        ]
        return Trial(tried=tuple(tried), known_as="signed; whether it takes messages is known by sending one")

    async def find(self, envelope: Envelope) -> Receipt | None:  # noqa: ARG002 - the contract's
        """Return None. Never called, because `can_look_up` is False."""
        return None

    async def edit(self, message: Outgoing, envelope: Envelope) -> bool:  # noqa: ARG002 - the contract's
        """Return False: what was posted stays; what came later is a message of its own."""
        return False

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
        self._session = None

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str], name: str) -> None:
        import aiohttp

        try:
            async with self._open().post(url, data=body, headers=headers, allow_redirects=False) as answer:
                wait = asked_wait(answer.headers, self._tools.clock())
                judge(answer.status, name, wait)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            what = f"{name} cannot be reached"
            raise ChannelError(what) from error
        except aiohttp.InvalidURL:
            what = f"the address of {name} is none"
            raise ChannelRefusedError(what) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            what = f"the message was posted to {name} and no answer came"
            raise OutcomeUnknownError(what) from error

    def _open(self) -> ClientSession:
        if self._session is None:
            from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

            timeout = ClientTimeout(total=TIMEOUT, sock_connect=CONNECT_TIMEOUT)
            self._session = ClientSession(timeout=timeout, cookie_jar=DummyCookieJar())
        return self._session


def judge(status: int, name: str, wait: float | None) -> None:
    """Return when the message was taken; else raise what the answer means."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    what = f"{name} answered {status}"
    if status in LATER:
        raise ChannelError(what, retry_after=wait)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        raise OutcomeUnknownError(what)
    raise ChannelRefusedError(what)


def body_of(message: Outgoing, envelope: Envelope) -> Mapping[str, object]:
    """Return what a program is told: the words, the links, and what it can sort by."""
    links = dict.fromkeys(
        span.url
        for part in message.parts
        for line in (getattr(part, "lines", None) or (getattr(part, "line", ()),))
        for span in line
        if span.url
    )
    told = message if isinstance(message, Message) else None
    return {
        "id": envelope.key,
        "kind": message.kind,
        "created": envelope.created.isoformat(),
        "headline": message.headline,
        "url": told.url if told else "",
        "text": message.text,
        "watchlists": list(told.watchlists) if told else [],
        "priority": told.priority.name.lower() if told else "normal",
        # The id of the message that this one follows.
        "follows": envelope.thread.root_ts if envelope.thread else None,
        "links": list(links),
        "facts": dict(message.facts),
    }
