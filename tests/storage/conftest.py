"""A store on each database in turn, with its tables made and nothing in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import TypeAlias

import pytest

from storage.contract import Store
from storage.open import open_store
from tests.nouns import NOON, a_source

#: Opens one more store on the test's database.
Opener: TypeAlias = Callable[[], Store]


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
