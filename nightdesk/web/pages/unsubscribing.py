"""How does somebody stop the mails without signing in? By the link in each of them.

Opening it changes nothing: it shows a button. A mail program that knows one-click unsubscribing (RFC 8058)
posts to it. What is stopped stands under `stopped:` in nightdesk.yaml, for everybody who looks after the
newsroom to see, and whoever owns the watchlists is told.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from alerts.health import health_facts
from config.edit import put_line
from config.settings import Settings
from news.nouns import Watchlist
from news.telling import Alert
from news.wording import joined
from nightdesk.people_file import edit
from nightdesk.web.page import Page, console_of, form_of, now_of, render, settings_of, trouble
from storage.contract import Store

STOPPED = ("stopped",)
MAIL = "email:"


async def show(request: Request) -> Response:
    """Show what a press of the button would stop."""
    alert = await _alert(request)
    if alert is None:
        return _unknown(request)
    stopped = alert.destination in settings_of(request).stopped
    return render(request, "unsubscribe.html", to=alert.destination.removeprefix(MAIL), stopped=stopped)


async def stop(request: Request) -> Response:
    """Stop every mail to whoever got this one."""
    console, settings, now = console_of(request), settings_of(request), now_of(request)
    alert, form = await _alert(request), await form_of(request)
    if alert is None:
        return _unknown(request)
    if form.text("List-Unsubscribe") != "One-Click":
        return trouble(request, 400, "Nothing was changed.", "Press the button of the page.")
    to = alert.destination
    if to not in settings.stopped:
        edit(console.folder, console.environment, lambda text: put_line(text, STOPPED, to))
        await console.renewed()

        def told(store: Store) -> None:
            store.audit("unsubscribed", who=to, facts={"place": to}, now=now)
            for owner, watchlists in owners(settings, to).items():
                store.enqueue_health(
                    destination=owner,
                    key=f"unsubscribed {to} {now.isoformat()}",
                    facts=_words(to, watchlists),
                    now=now,
                )

        await console.store.write(told)
        console.nudge("tell")
    return render(request, "unsubscribe.html", to=to.removeprefix(MAIL), stopped=True)


def owners(settings: Settings, to: str) -> dict[str, list[str]]:
    """Return who has to know that a place hears nothing more, each with the watchlists that went there.

    The owner of a watchlist, if that is one of the newsroom's people; else whoever hears of troubles. A
    private watchlist is nobody else's business.
    """
    found: dict[str, list[str]] = {}
    for watchlist in settings.watchlists:
        if any(rule.to == to for rule in watchlist.deliver):
            place = _place_of_owner(settings, watchlist) or ("" if watchlist.private else settings.health.to)
            if place and place != to:
                found.setdefault(place, []).append(watchlist.name)
    return found


def _place_of_owner(settings: Settings, watchlist: Watchlist) -> str:
    wanted = watchlist.owner.strip().lower()
    for reader in settings.readers:
        if wanted and wanted in {reader.id, reader.name.lower(), reader.email.removeprefix(MAIL).lower()}:
            return reader.place("at once")
    return ""


def _words(to: str, watchlists: list[str]) -> dict[str, object]:
    title = f"{to.removeprefix(MAIL)} unsubscribed"
    line = f"No mail of {joined(watchlists)} goes there any more."
    return health_facts(
        title, line, note="Settings on the console bring it back", ids={"state": "unsubscribed"}
    )


async def _alert(request: Request) -> Alert | None:
    """Return the message that the link was in; only mails have one."""
    key = request.path_params["token"]
    found = await console_of(request).store.read(lambda store: store.alert_by_key(key))
    return found if found is not None and found.destination.startswith(MAIL) else None


def _unknown(request: Request) -> Response:
    return trouble(
        request, 404, "This link is not known here.", "To stop a mail, answer it, or ask your desk."
    )


ROUTES = (
    Page(path="/unsubscribe/{token}", answer=show, role=None),
    Page(path="/unsubscribe/{token}", answer=stop, methods=("POST",), role=None, signed=True),
)
