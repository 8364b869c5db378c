"""How long does it take to make the window again after a restart? From SQLite, and from PostgreSQL.

Some articles are read, and their rows written many times over with other entries, as many as the window has.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from sqlalchemy import insert

from bench.sameness.texts import NOON
from news.nouns import Article
from news.sameness.kept import FORMAT
from news.sameness.rows import Rows
from news.sameness.window import Window
from storage.database import Database
from storage.open import PATIENCE, open_store
from storage.remembered_schema import sameness_traces
from storage.schema import articles, stories

SOME = 2_000  # articles that are read


def started(size: int, some: Iterable[Article]) -> Iterator[tuple[str, float]]:
    """Yield each database and the seconds from asking it to a window that judges."""
    traces = _traces(some)
    with TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'bench.db'}"
        yield "SQLite", _timed(address, size, traces)
        from tests.postgresql import MISSING, find_programs, open_server

        programs = find_programs()
        if programs is None:
            print(f"start-up from PostgreSQL is not measured: {MISSING}")
            return
        with open_server(programs) as server:
            yield "PostgreSQL", _timed(server.url("postgres"), size, traces)


def _traces(some: Iterable[Article]) -> list[bytes]:
    window = Window()
    traces = []
    for article in some:
        traces.append(window.kept(article).trace)
        window.add(article, article.id)
    return traces


def _timed(address: str, size: int, traces: list[bytes]) -> float:
    open_store(address, now=NOON).close()
    with closing(Database(address, patience=PATIENCE)) as database:
        _fill(database, size, traces)
    with closing(open_store(address, now=NOON)) as store:
        gc.collect()
        begun = perf_counter()
        window = Window()
        window.restore(store.traces(since=NOON))
        spent = perf_counter() - begun
        if len(window) != size:
            raise RuntimeError("rows are missing")
    return spent


def _fill(database: Database, size: int, traces: list[bytes]) -> None:
    draw = np.random.default_rng(1)
    story = {"title": "", "revision": 1, "watched_revision": 1, "created": NOON, "updated": NOON}
    for first in range(1, size + 1, len(traces)):
        numbers = range(first, min(first + len(traces), size + 1))
        with database.write() as connection:
            connection.execute(insert(stories), [story | {"id": number} for number in numbers])
            connection.execute(
                insert(articles),
                [
                    {"id": number, "story_id": number, "version": 1, "first_seen": NOON, "backlog": False}
                    for number in numbers
                ],
            )
            other = np.uint32(draw.integers(1 << 32))
            connection.execute(
                insert(sameness_traces),
                [
                    {"article_id": number, "format": FORMAT, "trace": _changed(trace, other)}
                    for number, trace in zip(numbers, traces, strict=False)
                ],
            )


def _changed(trace: bytes, other: np.uint32) -> bytes:
    """Return the row of an article that has other entries."""
    entries = Rows([trace]).entries()
    return trace.replace(entries.tobytes(), (entries ^ other).tobytes(), 1)
