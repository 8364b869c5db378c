"""How is a site searched for news from the command line? With an engine and a reader of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, TypeVar

from news.nouns import Clock

if TYPE_CHECKING:
    from config.settings import Settings
    from crawler.finding import Search

Outcome = TypeVar("Outcome")


def searched(settings: Settings, clock: Clock, work: Callable[[Search], Awaitable[Outcome]]) -> Outcome:
    """Return what some work with a search returns.

    Raises:
        SourceError, ReadingError: what the work raises.
    """
    from crawler.reactor import run

    outcome: list[Outcome] = []
    problems: list[Exception] = []

    async def main() -> int:
        from news.errors import NightdeskError

        try:
            outcome.append(await _with_search(settings, clock, work))
        except NightdeskError as problem:
            problems.append(problem)
        return 0

    run(main)
    if problems:
        raise problems[0]
    return outcome[0]


async def _with_search(
    settings: Settings, clock: Clock, work: Callable[[Search], Awaitable[Outcome]]
) -> Outcome:
    from crawler.engine import Engine
    from crawler.finding import Search
    from crawler.reading.children import Reader

    async with AsyncExitStack() as stack:
        engine = Engine(settings.fetch, clock=clock)
        await engine.start()
        stack.push_async_callback(engine.stop)
        reader = Reader()
        stack.push_async_callback(reader.close)
        return await work(Search(engine=engine, reader=reader, clock=clock))
