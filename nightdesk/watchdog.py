"""Does systemd know that Nightdesk works? It is told when the watch began, and while it goes on.

When a station hangs, or the whole loop, nothing is said any more, and systemd starts the program again after
`WatchdogSec`. Without systemd (no NOTIFY_SOCKET) nothing happens.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic

from nightdesk.service import Beside, Service

log = logging.getLogger("nightdesk.service")

#: Seconds after which a station that was not visited hangs; the slowest is visited once a minute.
HANGS = 600.0
MICROSECONDS = 1_000_000


async def keep_watchdog(service: Service) -> None:
    """Say that the watch goes on, at half the time that systemd waits."""
    environment = service.rooms.world.environment
    address, every = environment.get("NOTIFY_SOCKET", ""), beat(environment)
    if not address:
        return
    say(address, "READY=1")
    while every and not service.stopping.is_set():
        late = hanging(service.visited, now=monotonic())
        if late:
            log.error("station hangs; systemd is told nothing more", extra={"rooms": ", ".join(late)})
            return
        say(address, "WATCHDOG=1")
        with suppress(TimeoutError):
            await asyncio.wait_for(service.stopping.wait(), every)
    await service.stopping.wait()
    say(address, "STOPPING=1")


WATCHDOG = Beside(name="watchdog", keep=keep_watchdog)


def beat(environment: Mapping[str, str]) -> float:
    """Return how many seconds to wait between two words to systemd; 0 when it does not ask for them."""
    asked = environment.get("WATCHDOG_USEC", "")
    return int(asked) / MICROSECONDS / 2 if asked.isdigit() else 0.0


def hanging(visited: Mapping[str, float], *, now: float) -> list[str]:
    """Return the stations that were not visited for too long."""
    return [name for name, at in visited.items() if now - at > HANGS]


def say(address: str, word: str) -> None:
    """Tell systemd a word; when it does not listen, nothing is lost."""
    where = f"\0{address[1:]}" if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door, suppress(OSError):
        door.setblocking(False)
        door.sendto(word.encode(), where)
