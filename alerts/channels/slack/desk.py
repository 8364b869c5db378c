"""What happens between a click in Slack and whoever decides about it? Heard, acknowledged, answered.

    Slack ──envelope──► Bolt ──Asked──► decide ──Reply──► acknowledgment, whisper, form

A click is acknowledged when it was decided, or after a moment at the latest, whatever the database does; what
takes longer goes on, and the person is told. Slack's own three seconds are never used up.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import TYPE_CHECKING, Any

from alerts.channels.slack.asked import Asked, asked_in
from alerts.channels.slack.calls import WebApi, Webhook, is_near, sdk_log
from alerts.channels.slack.forms import Sheet, errors_of, view_of, whispered
from alerts.channels.slack.socket import Acknowledgment, Envelope, SocketMode
from config.settings import Secret, SlackSettings
from news.errors import ChannelError
from news.nouns import Clock

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

log = logging.getLogger("nightdesk.slack")
#: Bolt warns of a token that it finds in the environment and does not need.
bolt_log = logging.getLogger("nightdesk.slack.bolt")
bolt_log.setLevel(logging.ERROR)
#: Under which name an envelope carries the event that its acknowledgment has gone.
GONE = "nightdesk_gone"
ANYTHING = re.compile(".*", re.DOTALL)

#: Seconds a decision may take before the click is acknowledged without it.
DECIDED_WITHIN = 0.08
#: Seconds that Slack has to do with a form what the acknowledgment said, before it is changed again.
AFTER_ACKNOWLEDGMENT = 0.1
#: Seconds after which a person is told that it takes long.
TOLD_AFTER = 2.0
WORKING = Sheet(name="working", title="Nightdesk", above=("One moment …",))
FAULT = "This met a fault in Nightdesk; its log has the details. Look at the message whether it was done."
BUSY = "Nightdesk is busy. What you did is kept and will show here in a moment."

#: Decides about what somebody did.
Decide = Callable[[Asked, "Reply"], Awaitable[None]]


class Reply:
    """What goes back to whoever did something."""

    def __init__(self, asked: Asked, web: WebApi, gone: asyncio.Event) -> None:
        """Nothing was said yet; `gone` is set when the acknowledgment has been sent."""
        self._asked = asked
        self._web = web
        self._gone = gone
        self._payload: dict[str, object] | None = None
        self._is_acknowledged = False

    def taken(self) -> Mapping[str, object] | None:
        """Return what goes with the acknowledgment; from now on it has gone."""
        self._is_acknowledged = True
        return self._payload

    async def whisper(self, *lines: str, undo: str = "") -> None:
        """Tell this person alone."""
        if self._asked.form is not None:
            title = "Nightdesk"
            await self.show(Sheet(name="told", title=title, above=lines))
            return
        await self._post(whispered(lines, undo=undo))

    async def replace(self, *lines: str) -> None:
        """Put words in the place of what this person alone was told before."""
        await self._post(whispered(lines) | {"replace_original": True})

    async def _post(self, body: dict[str, object]) -> None:
        if not _is_slacks(self._asked.answers_to, self._web.url):
            log.warning("nowhere to answer", extra={"what": self._asked.what})
            return
        door = Webhook(Secret(self._asked.answers_to))
        try:
            answer = await door.post(body)
            if answer.status_code >= 400:  # noqa: PLR2004 - HTTP's
                log.warning("answer not taken", extra={"status": answer.status_code})
        except ChannelError as error:
            log.warning("answer not given", extra={"why": str(error)})
        finally:
            await door.close()

    async def open(self, sheet: Sheet) -> str:
        """Open a form; return its id."""
        answer = await self._web.post(
            "views.open", {"trigger_id": self._asked.trigger, "view": view_of(sheet)}
        )
        view = answer.get("view")
        return str(view.get("id", "")) if isinstance(view, Mapping) else ""

    async def show(self, sheet: Sheet, *, view_id: str = "") -> None:
        """Show another form in the place of the one that is open."""
        view = view_of(sheet)
        if not self._is_acknowledged and not view_id and self._asked.what == "sent":
            self._payload = {"response_action": "update", "view": view}
            return
        form = self._asked.form
        id_ = view_id or (form.id if form else "")
        if not id_:
            return
        if self._asked.what == "sent":
            # What goes with the acknowledgment would stand over this, if it came later.
            await self._gone.wait()
            await asyncio.sleep(AFTER_ACKNOWLEDGMENT)
        try:
            await self._web.post("views.update", {"view_id": id_, "view": view})
        except ChannelError as error:  # closed meanwhile
            log.warning("form not changed", extra={"why": str(error)})

    async def wrong(self, problems: Mapping[str, str], sheet: Sheet) -> None:
        """Say what is wrong with a form, at its boxes; too late for that, show `sheet` with it."""
        if self._is_acknowledged:
            await self.show(sheet)
        else:
            self._payload = errors_of(problems)


class SlackDesk:
    """Listens to what people do in Slack."""

    def __init__(self, settings: SlackSettings, decide: Decide, clock: Clock, random: Random) -> None:
        """`decide` is asked about everything that is heard; it raises nothing on purpose."""
        assert settings.token is not None  # noqa: S101 - whoever listens looked at the settings
        assert settings.app_token is not None  # noqa: S101 - as above
        self._decide = decide
        self._web = WebApi(settings.token, settings.api_url, clock)
        self._door = WebApi(settings.app_token, settings.api_url, clock)
        self._bolt: AsyncApp | None = None
        self._working: set[asyncio.Task[None]] = set()
        self.line = SocketMode(self._door, settings.api_url, self._answer, random)

    async def listen(self, stopping: asyncio.Event) -> None:
        """Listen until told to stop.

        Raises:
            ChannelRefusedError: Slack refuses the token; calling again will not help.
        """
        # Half a second, which would be the first click's.
        self._bolt = await asyncio.to_thread(_app, self._hear)
        try:
            await self.line.keep(stopping)
            if self._working:
                await asyncio.wait(self._working)
        finally:
            await self._web.close()
            await self._door.close()

    async def account_of(self, place: str) -> str:
        """Return the account of the person whose conversation this is ("D04NIGHTED"), or ""."""
        try:
            answer = await self._web.get("conversations.info", {"channel": place})
        except ChannelError as error:
            log.warning("person not known", extra={"why": str(error)})
            return ""
        channel = answer.get("channel")
        return str(channel.get("user") or "") if isinstance(channel, Mapping) else ""

    async def _answer(self, envelope: Envelope) -> Acknowledgment:
        """Hand a payload to Bolt, which finds the listener, and return what its acknowledgment carries."""
        from slack_bolt.request.async_request import AsyncBoltRequest

        payload = envelope.get("payload")
        gone = asyncio.Event()
        body: dict[str, Any] = dict(payload) if isinstance(payload, Mapping) else {}
        body[GONE] = gone
        request = AsyncBoltRequest(mode="socket_mode", body=body, headers={})
        app = self._bolt = self._bolt or _app(self._hear)
        answered = await app.async_dispatch(request)
        said = json.loads(answered.body) if (answered.body or "").startswith("{") else None
        return Acknowledgment(payload=said, gone=gone.set)

    async def _hear(self, ack: Callable[..., Awaitable[object]], body: dict[str, Any]) -> None:
        asked = asked_in(body)
        reply = Reply(asked, self._web, body[GONE])
        work = asyncio.create_task(self._decided(asked, reply))
        self._working.add(work)
        work.add_done_callback(self._working.discard)
        _, undecided = await asyncio.wait({work}, timeout=DECIDED_WITHIN)
        payload = reply.taken()
        if payload is None and undecided and asked.what == "sent":
            # Without a word Slack would close the form, and there would be nothing left to answer in.
            payload = {"response_action": "update", "view": view_of(WORKING)}
        await _acknowledge(ack, payload)
        _, slow = await asyncio.wait({work}, timeout=TOLD_AFTER)
        if slow:
            await reply.whisper(BUSY)
        await asyncio.wait({work})
        fault = work.exception()
        if fault is not None:
            log.error("a click met a fault of ours", extra={"what": asked.what}, exc_info=fault)
            await reply.whisper(FAULT)

    async def _decided(self, asked: Asked, reply: Reply) -> None:
        await self._decide(asked, reply)


def _app(hear: Callable[..., Awaitable[None]]) -> AsyncApp:
    """Return Bolt's app, in which everything leads to one listener: unknown things are answered too."""
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.authorization import AuthorizeResult
    from slack_sdk.web.async_client import AsyncWebClient

    async def authorized(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # Who the bot is, is asked of nobody: Slack would be waited for before every acknowledgment.
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="")

    app = AsyncApp(
        name="nightdesk",
        logger=bolt_log,
        client=AsyncWebClient(logger=sdk_log),
        authorize=authorized,
        request_verification_enabled=False,  # the line is ours: we called
        attaching_function_token_enabled=False,
    )

    async def heard(ack: Callable[..., Awaitable[object]], body: dict[str, Any]) -> None:
        await hear(ack, body)

    for kind in (app.action, app.command, app.view_submission, app.view_closed, app.shortcut, app.options):
        kind(ANYTHING)(heard)
    return app


async def _acknowledge(ack: Callable[..., Awaitable[object]], payload: Mapping[str, object] | None) -> None:
    if payload is None:
        await ack()
    else:
        await ack(**payload)


def _is_slacks(address: str, api_url: str) -> bool:
    """Return whether an answer may go there: to Slack, or to where its Web API is."""
    from urllib.parse import urlsplit

    to, api = urlsplit(address), urlsplit(api_url)
    if is_near(api_url):
        return (to.scheme, to.netloc) == (api.scheme, api.netloc)
    host = to.hostname or ""
    return to.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))
