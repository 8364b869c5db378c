"""Newsrooms with a console, and a browser in front of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.browser import Chromium
from tests.web.chromium import MISSING, find_browser
from tests.web.serving import WebDesk


@pytest.fixture
def new_web_desk(tmp_path: Path) -> Iterator[Callable[..., WebDesk]]:
    """Give newsrooms of your own making, which are closed afterwards."""
    made: list[WebDesk] = []

    def make(**settings: object) -> WebDesk:
        made.append(WebDesk(tmp_path / f"{len(made)}", **settings))  # type: ignore[arg-type]  # handed on as given
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def web_desk(new_web_desk: Callable[..., WebDesk]) -> WebDesk:
    """Give a newsroom with three people, a source and a watchlist."""
    return new_web_desk()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Give the process's browser; where one is required and missing, the test fails with what to do."""
    program = find_browser()
    if program is None:
        if os.environ.get("NIGHTDESK_TEST_BROWSER") == "required":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    browser = Chromium(program)
    yield browser
    browser.close()
