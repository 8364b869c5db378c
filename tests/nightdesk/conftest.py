"""Newsrooms to type commands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.nightdesk.desk import Desk


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Give newsrooms of your own making, which are closed afterwards."""
    made: list[Desk] = []

    def make(**options: object) -> Desk:
        made.append(Desk(tmp_path / f"{len(made)}", **options))  # type: ignore[arg-type]  # handed on as given
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    """Give a newsroom with one watchlist, three sources, and nothing in its archive."""
    return new_desk()
