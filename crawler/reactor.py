"""How does Scrapy run inside the program's one asyncio loop?

Twisted's reactor is put on an asyncio loop that is ours, once a process, and the program is a coroutine on
it. Signals stay ours too: a caller that wants SIGTERM says `loop.add_signal_handler`. Because the loop is
driven by the coroutine and not by `reactor.run()`, `run` may be called again and again in one process.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from twisted.logger import ILogObserver

INTERRUPTED = 130  # what a shell expects of a program stopped with Ctrl-C


def run(main: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run the program's coroutine on the reactor's loop and return its exit code.

    Ctrl-C without a handler of the caller's own cancels the coroutine, waits for it to tidy up, and returns
    130.
    """
    loop = open_loop()
    task = loop.create_task(main())
    try:
        return loop.run_until_complete(task)
    except KeyboardInterrupt:
        _cancel(loop, {task})
        return INTERRUPTED
    finally:
        _cancel(loop, asyncio.all_tasks(loop))


def open_loop() -> asyncio.AbstractEventLoop:
    """Return the loop that carries the reactor, made and installed on the first call."""
    if "twisted.internet.reactor" not in sys.modules:
        _install(asyncio.new_event_loop())
    from twisted.internet import reactor

    loop = getattr(reactor, "_asyncioEventloop", None)
    if not isinstance(loop, asyncio.AbstractEventLoop):
        raise RuntimeError("another Twisted reactor was installed before crawler.reactor")  # noqa: TRY004
    return loop


def _install(loop: asyncio.AbstractEventLoop) -> None:
    from twisted.internet import asyncioreactor
    from twisted.internet.main import installReactor
    from twisted.logger import STDLibLogObserver, globalLogBeginner

    asyncio.set_event_loop(loop)
    reactor = asyncioreactor.AsyncioSelectorReactor(loop)
    installReactor(reactor)  # type: ignore[no-untyped-call]  # Twisted types only a part of itself
    # Else Twisted writes tracebacks straight to stderr.
    observer = cast("ILogObserver", STDLibLogObserver("twisted"))
    globalLogBeginner.beginLoggingTo([observer], redirectStandardIO=False)
    reactor.startRunning(installSignalHandlers=False)


def _cancel(loop: asyncio.AbstractEventLoop, tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:  # a gathering of nothing asks for the thread's current loop, which need not be this one
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
