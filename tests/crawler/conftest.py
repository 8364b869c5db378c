"""What all tests of the crawler share: one reading child, because starting one takes half a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler.reading.children import Reader
from tests.crawler import desk
from tests.crawler.running import on_the_loop


@pytest.fixture(scope="session", autouse=True)
def _one_reader() -> Iterator[None]:
    """Let every desk read with the same reader, and end its child when all is done."""
    desk.SHARED.append(Reader())
    yield
    on_the_loop(desk.SHARED.pop().close())
