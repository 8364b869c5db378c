"""What did Slack answer? Every call is made once, and every answer becomes a value or one of three errors.

This is where `slack_sdk` and `aiohttp` come in. The SDK's own retries are off: its default handler posts
again after a lost answer, which doubles a message. Redirects are refused: Slack never sends one, and
following it would hand a message, or a token, to whoever did.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from alerts.channels.slack.answers import asked_wait, judge
from config.settings import Secret
from news.errors import ChannelError, OutcomeUnknownError
from news.nouns import Clock

if TYPE_CHECKING:
    from types import SimpleNamespace

    from aiohttp import ClientSession, TraceRequestRedirectParams
    from slack_sdk.errors import SlackApiError
    from slack_sdk.web.async_client import AsyncWebClient
    from slack_sdk.web.async_slack_response import AsyncSlackResponse
    from slack_sdk.webhook.async_client import AsyncWebhookClient
    from slack_sdk.webhook.webhook_response import WebhookResponse

TIMEOUT = (
    10.0  # seconds for one whole call; the outbox waits longer before it looks whether a message arrived
)
CONNECT_TIMEOUT = 5.0  # seconds to reach Slack at all

#: The SDK writes whole messages to its log at debug level, and a webhook's secret address with them.
sdk_log = logging.getLogger("nightdesk.alerts.slack.sdk")
sdk_log.setLevel(logging.WARNING)

Answer = Mapping[str, object]
T = TypeVar("T")


class WebApi:
    """Slack's Web API with one bot token."""

    def __init__(self, token: Secret, api_url: str, clock: Clock) -> None:
        self._token = token
        self.url = api_url
        self._clock = clock
        self._client: AsyncWebClient | None = None

    async def post(self, method: str, arguments: Mapping[str, object]) -> Answer:
        """Call a method that changes something."""
        return await self._call(method, "POST", json={k: v for k, v in arguments.items() if v is not None})

    async def get(self, method: str, arguments: Mapping[str, object]) -> Answer:
        """Call a method that only asks."""
        return await self._call(method, "GET", params={k: v for k, v in arguments.items() if v is not None})

    async def ask_whole(
        self, method: str, arguments: Mapping[str, object]
    ) -> tuple[Answer, Mapping[str, str]]:
        """Call a method that only asks; return the answer and the headers it came with."""
        asked = {k: v for k, v in arguments.items() if v is not None}
        answer = await self._answered(method, "GET", params=asked)
        return _data(answer), dict(answer.headers)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None and self._client.session is not None:
            await self._client.session.close()
        self._client = None

    async def _call(self, method: str, verb: str, **arguments: dict[str, object]) -> Answer:
        return _data(await self._answered(method, verb, **arguments))

    async def _answered(self, method: str, verb: str, **arguments: dict[str, object]) -> AsyncSlackResponse:
        from slack_sdk.errors import SlackApiError

        try:
            return await _reached(self._open().api_call(method, http_verb=verb, **arguments))
        except SlackApiError as error:
            raise _judged(error, self._clock()) from None  # the SDK's text holds the whole answer

    def _open(self) -> AsyncWebClient:
        if self._client is None:
            from slack_sdk.web.async_client import AsyncWebClient

            self._client = AsyncWebClient(
                token=self._token.reveal(),
                base_url=self.url,
                session=_session(),
                retry_handlers=[],
                logger=sdk_log,
            )
            if is_near(self.url):
                self._client.proxy = None
        return self._client


class Webhook:
    """One incoming webhook. Its address is its secret."""

    def __init__(self, address: Secret) -> None:
        self._address = address
        self._client: AsyncWebhookClient | None = None

    async def post(self, body: Mapping[str, object]) -> WebhookResponse:
        """Hand a message over and return the answer, whatever it is."""
        return await _reached(self._open().send_dict({k: v for k, v in body.items() if v is not None}))

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None and self._client.session is not None:
            await self._client.session.close()
        self._client = None

    def _open(self) -> AsyncWebhookClient:
        if self._client is None:
            from slack_sdk.webhook.async_client import AsyncWebhookClient

            url = self._address.reveal()
            self._client = AsyncWebhookClient(url, session=_session(), retry_handlers=[], logger=sdk_log)
            if is_near(url):
                self._client.proxy = None
        return self._client


def _data(answer: AsyncSlackResponse) -> Answer:
    return answer.data if isinstance(answer.data, dict) else {}


def _judged(error: SlackApiError, now: datetime) -> ChannelError:
    """Return what a failed call means; its response is the SDK's, or aiohttp's when it held no JSON."""
    status: int = getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0)
    answer = getattr(error.response, "data", None)
    headers: Mapping[str, str] = getattr(error.response, "headers", {})
    return judge(status, answer if isinstance(answer, dict) else {}, wait=asked_wait(headers, now))


class _RedirectedError(Exception):
    """Slack's address answered with a redirect."""


async def _reached(call: Awaitable[T]) -> T:
    """Return what a call returns; raise what a connection that fails on the way means."""
    from aiohttp import ClientConnectorError, ClientError, ConnectionTimeoutError

    try:
        return await call
    except (ClientConnectorError, ConnectionTimeoutError):
        raise ChannelError("Slack cannot be reached") from None  # an error's text may hold the address
    except _RedirectedError:
        raise OutcomeUnknownError("Slack's address answers with a redirect, which was not followed") from None
    except (ClientError, OSError):
        raise OutcomeUnknownError("the connection to Slack ended before its answer") from None
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        # What the SDK raises inside on an answer that is no JSON object: text, a list, an unknown charset.
        raise OutcomeUnknownError("Slack's answer cannot be read") from None


def _session() -> ClientSession:
    from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TraceConfig

    trace = TraceConfig()
    trace.on_request_redirect.append(_refuse_redirect)
    timeout = ClientTimeout(total=TIMEOUT, sock_connect=CONNECT_TIMEOUT)
    return ClientSession(timeout=timeout, trace_configs=[trace], cookie_jar=DummyCookieJar())


async def _refuse_redirect(
    _session: ClientSession, _context: SimpleNamespace, redirect: TraceRequestRedirectParams
) -> None:
    redirect.response.close()
    raise _RedirectedError


def is_near(url: str) -> bool:
    """Return whether no proxy is to be asked: the SDK reads HTTPS_PROXY and forgets NO_PROXY."""
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "127.0.0.1", "::1"} or bool(proxy_bypass(host))
