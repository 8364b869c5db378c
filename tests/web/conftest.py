"""Newsrooms with a console."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.serving import WebDesk


@pytest.fixture
def new_web_desk(tmp_path: Path) -> Iterator[Callable[..., WebDesk]]:
    """Give newsrooms of your own making, which are closed afterwards."""
    made: list[WebDesk] = []

    def make(**settings: object) -> WebDesk:
        made.append(WebDesk(tmp_path / f"{len(made)}", **settings))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def web_desk(new_web_desk: Callable[..., WebDesk]) -> WebDesk:
    """Give a newsroom with three people, a source and a watchlist."""
    return new_web_desk()
