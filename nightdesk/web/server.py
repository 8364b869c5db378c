"""How does the console run inside the service? On its loop, beside its stations, ended with it.

What keeps it from opening (the port is taken, the extra `web` is not installed, nobody has a password though
others could reach it) is said once, and the watch goes on without it.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from config.console import host_and_port, is_loopback
from config.settings import ConsoleSettings
from nightdesk.service import FOLDER, Beside, Service

if TYPE_CHECKING:
    import uvicorn

    from nightdesk.web.console import Console

log = logging.getLogger("nightdesk.web")

#: Seconds that answers under way have when the service stops.
PATIENCE = 2
#: Seconds between two looks whether a saved file is in force, and how often is looked.
LOOK, LOOKS = 0.05, 100
NEEDED = ("starlette", "uvicorn", "python_multipart", "argon2")


async def keep_console(service: Service) -> None:
    """Open the console and answer until the service stops."""
    settings = service.rooms.settings.console
    if not settings.on:
        return
    why = await closed_because(service, settings)
    if why:
        log.warning("console not opened; the watch goes on", extra={"why": why})
        return
    try:
        door = listen(settings)
    except OSError as error:
        why = f"{settings.address}: {(error.strerror or 'it cannot be opened').lower()}"
        log.warning("console not opened; the watch goes on", extra={"why": why})
        return
    server = _server(console_beside(service), settings)
    serving = asyncio.create_task(server.serve(sockets=[door]), name="console's server")
    log.info("console opened", extra={"at": address_of(settings)})
    stopping = asyncio.create_task(service.stopping.wait(), name="console's stop")
    try:
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.should_exit = True
        stopping.cancel()
        await serving


CONSOLE = Beside(name="console", keep=keep_console)


async def closed_because(service: Service, settings: ConsoleSettings) -> str:
    """Return why the console may not be opened, or ""."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        return "its libraries are not installed: ./do install"
    if is_loopback(host_and_port(settings.address)[0]):
        return ""
    if not await service.rooms.store.read(lambda store: store.with_password()):
        return "others could reach it, and nobody has a password yet: nightdesk people password NAME"
    return ""


def address_of(settings: ConsoleSettings) -> str:
    """Return how people reach the console."""
    return settings.public_url or f"{'https' if settings.tls_certificate else 'http'}://{settings.address}"


def listen(settings: ConsoleSettings) -> socket.socket:
    """Open the door.

    Raises:
        OSError: another program has it, or it is no address of this machine.
    """
    host, port = host_and_port(settings.address)
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen()
    except BaseException:
        door.close()
        raise
    return door


def console_beside(service: Service) -> Console:
    """Return the console of a running service."""
    from nightdesk.web.console import Console

    async def renewed() -> None:
        """Have the folder looked at until what was just saved is in force."""
        before = service.folder.taken
        for _ in range(LOOKS):
            service.nudge(FOLDER)
            await asyncio.sleep(LOOK)
            if service.folder.taken != before:
                return

    return Console(
        settings=lambda: service.rooms.settings,
        store=service.rooms.store,
        clock=service.rooms.world.clock,
        environment=service.rooms.world.environment,
        folder=Path(service.rooms.settings.folder),
        nudge=service.nudge,
        renewed=renewed,
        rooms=lambda: service.rooms,
    )


def _server(console: Console, settings: ConsoleSettings) -> uvicorn.Server:
    import uvicorn

    from nightdesk.web.app import create_app

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            """Leave signals to the service."""
            yield

    config = uvicorn.Config(
        create_app(console),
        log_config=None,
        log_level="warning",
        access_log=False,  # an address may hold the key of a link
        lifespan="off",
        proxy_headers=False,  # `guard.py` believes one machine, and only for what it asks
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
        ssl_certfile=settings.tls_certificate or None,
        ssl_keyfile=settings.tls_key or None,
        h11_max_incomplete_event_size=64_000,
    )
    return Server(config)
