"""What does every test stand on? A scrubbed environment, loopback alone, real databases, a fixed time."""

from __future__ import annotations

import ipaddress
import os
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests import postgresql
from tests.effort import EFFORT
from tests.reading_ahead import read_share
from tests.ready import ready
from tests.shared_reader import end_shared_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
#: Folders and files whose tests go through a server on loopback, a database, another process or the program.
EDGES = (
    "crawler/",
    "nightdesk/",
    "fakes_tests/",
    "alerts/channels/",
    "alerts/test_by_webhook",
    "alerts/test_catching_up",
    "alerts/test_digest",
    "alerts/test_dispatch",
    "alerts/test_grouped",
    "alerts/test_kills",
    "alerts/test_schedule",
    "check/test_do",
    "storage/",
)
SECRETS = ("NIGHTDESK_", "SLACK_", "SMTP_", "PG", "APPRISE_")
OUR_OWN = "NIGHTDESK_TEST_"

# Children of the tests find the six rooms wherever they are started; a machine's own time zone that nobody
# expects (it is 12 h 45 min off UTC) brings out code that leans on it.
for name in [name for name in os.environ if name.startswith(SECRETS) and not name.startswith(OUR_OWN)]:
    del os.environ[name]
os.environ |= {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "TZ": "Pacific/Chatham", "NO_COLOR": "1"}
time.tzset()

settings.register_profile(
    "quick", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "ci", settings.get_profile("quick"), max_examples=200, derandomize=True, database=None
)
settings.register_profile("brief", settings.get_profile("quick"), max_examples=8)
settings.register_profile("deep", settings.get_profile("quick"), max_examples=5000)
settings.load_profile(EFFORT)


class NetworkUsedError(RuntimeError):
    """A test reached for a machine that is not this one."""


def _stay_on_this_machine(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every connection, datagram and name look-up that leaves this machine.

    An audit hook, because Twisted connects by connect_ex(), which patching socket.connect() would not see.
    """
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # else a Unix socket's path, or no address
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    else:
        return
    if host is not None and not _is_here(host):
        raise NetworkUsedError(f"{event} to {host!r}: tests stay on this machine")  # noqa: EM102


def _is_here(host: str | bytes) -> bool:
    text = host.decode() if isinstance(host, bytes) else host
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return text in {"", "localhost"}


sys.addaudithook(_stay_on_this_machine)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL and what goes through an edge, so that `-m "not postgres"` leaves it out."""
    for item in items:
        if item.nodeid.removeprefix("tests/").startswith(EDGES):
            item.add_marker(pytest.mark.edges)
        chosen = getattr(getattr(item, "callspec", None), "params", {}).get("database_url")
        if chosen == "postgresql" or "postgres_url" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgres)


@pytest.fixture
def now() -> datetime:
    """Return a Wednesday afternoon in March, ten days after the clocks changed in America/Denver."""
    return datetime(2026, 3, 18, 19, 16, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], postgresql.Server]]:
    """Give the session's PostgreSQL server, started when first asked; each xdist worker has one."""
    with ExitStack() as stack:
        started: list[postgresql.Server] = []

        def server() -> postgresql.Server:
            if not started:
                started.append(stack.enter_context(postgresql.open_server(_postgres_programs())))
            return started[0]

        yield server


def _postgres_programs() -> Path:
    told = os.environ.get("NIGHTDESK_TEST_POSTGRES")
    programs = None if told == "missing" else postgresql.find_programs()
    if programs is not None:
        return programs
    if told == "required":
        pytest.fail(postgresql.MISSING)
    pytest.skip(postgresql.MISSING)


@pytest.fixture(scope="session")
def database_numbers() -> Iterator[int]:
    """Give numbers, each once, to name databases with."""
    return count(1)


@pytest.fixture
def postgres_url(postgres: Callable[[], postgresql.Server], database_numbers: Iterator[int]) -> Iterator[str]:
    """Give the address of an empty PostgreSQL database, which is dropped afterwards."""
    server = postgres()
    name = f"test_{next(database_numbers)}"
    server.say(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.say(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an empty database of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'nightdesk.db'}"
    address: str = request.getfixturevalue("postgres_url")
    return address


@pytest.fixture(scope="session")
def emptied_postgres(postgres: Callable[[], postgresql.Server]) -> Iterator[Callable[[], str]]:
    """Give a function that empties one PostgreSQL database, made once, and returns its address.

    Making a database and its tables for each test takes 300 ms; emptying takes 10.
    """
    import psycopg

    from storage.naming import metadata
    from storage.open import open_store

    server = postgres()
    server.say("CREATE DATABASE newsroom")
    address = server.url("newsroom")
    open_store(address, now=datetime(2026, 3, 18, tzinfo=UTC)).close()
    tables = ["search", *(table.name for table in reversed(metadata.sorted_tables))]
    counted = [table.name for table in metadata.sorted_tables if "id" in table.columns]
    emptying = [f"DELETE FROM {name}" for name in tables]  # noqa: S608  the schema's own names
    emptying += [f"ALTER SEQUENCE IF EXISTS {name}_id_seq RESTART" for name in counted]
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as door:

        def emptied() -> str:
            door.execute("; ".join(emptying).encode())
            return address

        yield emptied


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def newsroom_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a database of each kind in turn, its tables made and nothing in them."""
    if request.param == "sqlite":
        return ready(f"sqlite:///{tmp_path / 'nightdesk.db'}")
    emptied: Callable[[], str] = request.getfixturevalue("emptied_postgres")
    return emptied()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Put the program's reactor on its loop before a library can install another one in this process."""
    from crawler.reactor import open_loop

    open_loop()
    read_share(session.config)


def pytest_sessionfinish() -> None:
    """Let go of that loop, which outlives every test, as the program does: with what still hangs in it."""
    from crawler.reactor import open_loop, run

    run(end_shared_reader)
    open_loop().close()
