"""How does Nightdesk stand? The smallest page there is: copy me."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from nightdesk.standing import take_stock
from nightdesk.web.page import Page, console_of, now_of, render, settings_of


async def status(request: Request) -> Response:
    """Show what was sent, what waits, and what is wrong."""
    console, settings, now = console_of(request), settings_of(request), now_of(request)
    stock = await console.store.read(lambda store: take_stock(store, settings, now=now, running_since=None))
    return render(request, "status.html", stock=stock)


ROUTES = (Page(path="/status", answer=status, says="How Nightdesk stands"),)
