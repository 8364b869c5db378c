"""How does a test run a coroutine where Scrapy can run? On the reactor's loop, with a limit on its time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

from config.settings import FetchSettings
from crawler.engine import Engine
from crawler.fence import LookUp
from crawler.reactor import open_loop
from tests.fakes.clock import Clock

Outcome = TypeVar("Outcome")
LONGEST = 60.0  # seconds; a test that waits longer is stuck


def on_the_loop(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Return what the coroutine returns."""
    return open_loop().run_until_complete(asyncio.wait_for(work, LONGEST))


@asynccontextmanager
async def an_engine(
    *allow: str,
    seconds: float = 5.0,
    at_once: int = 32,
    robots: bool = True,
    clock: Clock | None = None,
    look_up: LookUp | None = None,
) -> AsyncIterator[Engine]:
    """Give a running engine that may connect to these addresses."""
    settings = FetchSettings(
        user_agent="Nightdesk (desk@newsroom.test)",
        respect_robots=robots,
        allow_addresses=frozenset(allow),
        timeout=timedelta(seconds=seconds),
        at_once=at_once,
    )
    engine = Engine(settings, clock=clock, look_up=look_up)
    await engine.start()
    try:
        yield engine
    finally:
        await engine.stop()
