"""How does Nightdesk stand? The smallest page there is: copy me."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from nightdesk.heartbeat import Beat, last_beat
from nightdesk.private import people_places
from nightdesk.standing import Stock, take_stock
from nightdesk.vitals import Vitals, take_vitals
from nightdesk.web.page import Page, as_json, console_of, now_of, render, settings_of
from storage.contract import Store


async def status(request: Request) -> Response:
    """Show what was sent, what waits, and what is wrong."""
    stock, vitals, beat = await _facts(request)
    restart = console_of(request).trouble().restart
    hidden = people_places(settings_of(request))
    troubled = [alert for alert in stock.troubled if alert.destination not in hidden]
    return render(
        request, "status.html", stock=stock, vitals=vitals, troubled=troubled, beat=beat, restart=restart
    )


async def status_facts(request: Request) -> Response:
    """Answer a program with the same."""
    from nightdesk.standing import stock_facts

    stock, vitals, beat = await _facts(request)
    quick = {
        each.kind: {
            "messages": each.messages,
            "p50": each.half.total_seconds(),
            "p95": each.most.total_seconds(),
        }
        for each in vitals.quickness
    }
    more = {
        "seconds_to": quick,
        "overdue": vitals.overdue.total_seconds(),
        "awake": vitals.is_awake(stock.now),
        "heartbeat_reached": beat.reached.isoformat() if beat and beat.reached else None,
    }
    return as_json({**stock_facts(stock), **more})


async def _facts(request: Request) -> tuple[Stock, Vitals, Beat | None]:
    console, settings, now = console_of(request), settings_of(request), now_of(request)

    def asked(store: Store) -> tuple[Stock, Vitals, Beat | None]:
        broken = console.trouble().broken
        stock = take_stock(store, settings, now=now, running_since=console.since, broken=broken)
        return stock, take_vitals(store, now=now), last_beat(store)

    return await console.store.read(asked)


ROUTES = (
    Page(path="/status", answer=status, says="How Nightdesk stands"),
    Page(path="/api/status", answer=status_facts, says="How Nightdesk stands"),
)
