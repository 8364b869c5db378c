"""A store on each database in turn, with its tables made and nothing in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TypeAlias

import psycopg
import pytest

from storage.contract import Store
from storage.naming import metadata
from storage.open import open_store
from tests import postgresql
from tests.nouns import NOON, a_source

#: Opens one more store on the test's database.
Opener: TypeAlias = Callable[[], Store]


@pytest.fixture(scope="session")
def emptied_postgres(postgres: Callable[[], postgresql.Server]) -> Iterator[Callable[[], str]]:
    """Give a function that empties one PostgreSQL database, made once, and returns its address.

    Making a database and its tables for each test takes 300 ms; emptying takes 10.
    """
    server = postgres()
    server.say("CREATE DATABASE storage_tests")
    address = server.url("storage_tests")
    open_store(address, now=NOON).close()
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
    """Give the address of a database of each kind in turn, with nothing in it but perhaps tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'nightdesk.db'}"
    emptied: Callable[[], str] = request.getfixturevalue("emptied_postgres")
    return emptied()


@pytest.fixture
def another_store(newsroom_url: str) -> Iterator[Opener]:
    """Give a function that opens one more store on the test's database, as another process would."""
    with ExitStack() as stack:

        def opened() -> Store:
            store = open_store(newsroom_url, now=NOON, installation="port-ellery")
            stack.enter_context(closing(store))
            return store

        yield opened


@pytest.fixture
def store(another_store: Opener) -> Store:
    """Give an open store that knows one source."""
    store = another_store()
    store.declare_sources([a_source()], now=NOON)
    return store
