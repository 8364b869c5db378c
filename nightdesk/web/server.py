"""How does the console run inside the service? On its loop, beside its stations, ended with it.

What keeps it from opening (the port is taken, the extra `web` is not installed, nobody has a password though
others could reach it) is said once, and the watch goes on without it.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from config.console import host_and_port, is_loopback, tls_trouble
from config.settings import ConsoleSettings, Role, Settings
from nightdesk.reloading import stamps
from nightdesk.service import FOLDER, Beside, Service
from nightdesk.web.keys import FIRST, make_key

if TYPE_CHECKING:
    import uvicorn

    from nightdesk.web.console import Console
    from storage.contract import Store

log = logging.getLogger("nightdesk.web")

#: Seconds that answers under way have when the service stops.
PATIENCE = 2
#: Seconds between two looks whether a saved file is in force, and how often is looked.
LOOK, LOOKS = 0.05, 300
#: What a link that was printed at the start is called.
PRINTED = "printed at the start"
NEEDED = ("starlette", "uvicorn", "python_multipart", "argon2")


#: Says something to whoever started the program, in the terminal alone: a link is a secret.
Say = Callable[[str], None]


def console_of_service(say: Say, *, always: bool) -> Beside:
    """Return the console, to run beside the stations; with `always` a link is printed at each start."""
    return Beside(name="console", keep=partial(keep_console, say=say, always=always))


async def keep_console(service: Service, *, say: Say, always: bool = False) -> None:
    """Open the console, say how to sign in, and answer until the service stops."""
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
    # Its libraries take a third of a second to load: in a thread, so that the watch goes on.
    server = await asyncio.to_thread(_server, console_beside(service), settings)
    serving = asyncio.create_task(server.serve(sockets=[door]), name="console's server")
    log.info("console opened", extra={"at": address_of(settings)})
    await _say_how_to_sign_in(service, say, always=always)
    stopping = asyncio.create_task(service.stopping.wait(), name="console's stop")
    try:
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.should_exit = True
        stopping.cancel()
        await serving


async def _say_how_to_sign_in(service: Service, say: Say, *, always: bool) -> None:
    """Print a link that works once, when nobody could come in otherwise, or when somebody is looking."""
    settings, now = service.rooms.settings, service.rooms.world.clock()
    link = await service.rooms.store.write(lambda store: start_link(store, settings, now, always=always))
    if link:
        say(f"To sign in to the console, open this link; it works once, within a day:\n  {link}")


def start_link(store: Store, settings: Settings, now: datetime, *, always: bool = False) -> str:
    """Return a new link for the first admin, or for whoever sets everything up; "" when none is wanted."""
    admins = [each.id for each in settings.readers if each.role is Role.ADMIN] or [FIRST]
    inside = {key.reader_id for key in store.console_keys(kind="session", now=now)}
    if not always and (inside & set(admins) or set(store.with_password()) & set(admins)):
        return ""
    for each in store.console_keys(kind="link", now=now):
        if each.what == PRINTED:
            store.end_key(each.hash)
    return link_for(store, settings, admins[0], now=now, what=PRINTED)


def link_for(store: Store, settings: Settings, reader_id: str, *, now: datetime, what: str) -> str:
    """Return the address that lets this person in, once."""
    return f"{address_of(settings.console)}/come-in/{make_key(store, 'link', reader_id, now=now, what=what)}"


async def closed_because(service: Service, settings: ConsoleSettings) -> str:
    """Return why the console may not be opened, or ""."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        return "its libraries are not installed: ./do install"
    wrong = tls_trouble(settings.tls_certificate, settings.tls_key)
    if wrong is not None:
        return wrong.words
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
        """Have the folder looked at until what stands there now is in force."""
        folder = Path(service.rooms.settings.folder)
        for _ in range(LOOKS):
            if service.folder.taken == stamps(folder):
                return
            service.nudge(FOLDER)
            await asyncio.sleep(LOOK)
        log.warning("what was saved is not in force yet")

    return Console(
        settings=lambda: service.rooms.settings,
        store=service.rooms.store,
        clock=service.rooms.world.clock,
        environment=service.rooms.world.environment,
        folder=Path(service.rooms.settings.folder),
        nudge=service.nudge,
        renewed=renewed,
        rooms=lambda: service.rooms,
        trouble=lambda: service.trouble,
        since=service.rooms.world.clock(),
    )


def _server(console: Console, settings: ConsoleSettings) -> uvicorn.Server:
    import uvicorn

    from nightdesk.web.app import create_app
    from nightdesk.web.patience import LINES, Impatient

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
        http=Impatient,
        ws="none",
        limit_concurrency=LINES,
    )
    return Server(config)
