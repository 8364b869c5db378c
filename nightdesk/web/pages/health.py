"""Does the console answer, and does the watch work? For whoever keeps the machine: a proxy, Prometheus.

`/healthz` says that the process answers, and asks nobody. `/readyz` asks the database and whether sources are
being asked. `/metrics` is for a program with a key. None names a watchlist, a person or a source.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from news.errors import StorageError
from nightdesk.vitals import is_awake, metrics, take_vitals
from nightdesk.web.page import Page, console_of, now_of

PROMETHEUS = "text/plain; version=0.0.4"


async def healthz(request: Request) -> Response:  # noqa: ARG001 - whoever asks; a page is awaited
    """Say that the process answers."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """Say whether the database answers and sources are asked."""
    console, now = console_of(request), now_of(request)
    try:
        vitals = await console.store.read(lambda store: take_vitals(store, now=now))
    except StorageError:
        return PlainTextResponse("the database does not answer\n", status_code=503)
    if not is_awake(vitals.next_due, now=now, began=console.since):
        return PlainTextResponse("no source was asked for a quarter of an hour\n", status_code=503)
    return PlainTextResponse("ready\n")


async def numbers(request: Request) -> Response:
    """Answer Prometheus."""
    console, now = console_of(request), now_of(request)
    vitals = await console.store.read(lambda store: take_vitals(store, now=now))
    return PlainTextResponse(metrics(vitals, now=now), media_type=PROMETHEUS)


ROUTES = (
    Page(path="/healthz", answer=healthz, role=None, says="Whether the process answers"),
    Page(path="/readyz", answer=readyz, role=None, says="Whether the watch works"),
    Page(path="/metrics", answer=numbers, says="Numbers for Prometheus"),
)
