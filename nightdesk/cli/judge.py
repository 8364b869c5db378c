"""`nightdesk judge`: the judgements alone, so that anybody can measure them. Hidden from --help."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from news.errors import ReadingError
from nightdesk.cli.context import Call, command, group

if TYPE_CHECKING:
    from crawler.reading.children import Reader
    from nightdesk.judging import Row

# A byte that is not UTF-8 comes through as a half character, and is told as the fault of its line alone.
FILE = click.argument("file", type=click.File(encoding="utf-8", errors="surrogateescape"), default="-")
PATH = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@group("judge")
def judge() -> None:
    """Judge articles without a network or a database: JSON lines in, JSON lines out."""


judge.hidden = True


@command("match", under=judge)
@click.option("--watchlists", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@FILE
def match(call: Call, *, watchlists: Path, file: Any) -> int:  # noqa: ANN401 - a text stream
    """Say which watchlists each article matches, and where."""
    from nightdesk.judging import Matching, article_of, read_watchlists

    matching = Matching(read_watchlists(watchlists))
    return _each(call, file, lambda number, row: matching.judge(article_of(row, number), row))


@command("stories", under=judge)
@FILE
def stories(call: Call, *, file: Any) -> int:  # noqa: ANN401 - a text stream
    """Say which story each article tells; the articles stand in date order."""
    from nightdesk.judging import Telling, rows

    return _tell(call, Telling().judge(rows(file)))


@command("urls", under=judge)
@FILE
def urls(call: Call, *, file: Any) -> int:  # noqa: ANN401 - a text stream
    """Say the canonical form of each address."""
    from nightdesk.judging import url_row

    return _each(call, file, lambda _, row: url_row(row))


@command("read", under=judge)
@click.option("--url", required=True, help="The address the page was saved from.")
@PATH
def read(call: Call, *, url: str, file: Path) -> int:
    """Read a saved page."""
    from nightdesk.judging import page_row

    body = file.read_bytes()

    async def reading(reader: Reader) -> list[dict[str, Any]]:
        page = await reader.read_page(body, url=url, content_type="text/html")
        return [page_row(page, url=url)]

    return _read_with(call, reading)


@command("feed", under=judge)
@click.option("--url", default="https://feed.invalid/", help="The address the feed was saved from.")
@PATH
def feed(call: Call, *, url: str, file: Path) -> int:
    """Read a saved feed, one entry a line."""
    from nightdesk.judging import a_source, clipping_row

    body = file.read_bytes()

    async def reading(reader: Reader) -> list[dict[str, Any]]:
        clippings = await reader.read_feed(body, source=a_source(url), url=url, content_type="", now=call.now)
        return [clipping_row(clipping) for clipping in clippings]

    return _read_with(call, reading)


def _each(call: Call, file: Any, judged: Callable[[int, Row], dict[str, Any]]) -> int:  # noqa: ANN401
    """Print what is judged of each line; tell the lines that cannot be, and go on."""
    from nightdesk.judging import rows

    def each() -> Iterator[tuple[int, dict[str, Any] | ReadingError]]:
        for number, row in rows(file):
            try:
                yield number, row if isinstance(row, ReadingError) else judged(number, row)
            except ReadingError as error:
                yield number, error

    return _tell(call, each())


def _tell(call: Call, answers: Iterable[tuple[int, dict[str, Any] | ReadingError]]) -> int:
    """Print the answer to each line; tell what is wrong with the others."""
    code = 0
    for number, answer in answers:
        if isinstance(answer, ReadingError):
            call.printer.trouble(f"line {number}: {answer}")
            code = 1
        else:
            _print(call, answer)
    return code


def _read_with(call: Call, reading: Callable[[Reader], Any]) -> int:
    """Read a file in the fenced child that the service reads with."""
    import asyncio

    from crawler.reading.children import Reader

    async def read_and_close() -> list[dict[str, Any]]:
        reader = Reader()
        try:
            found: list[dict[str, Any]] = await reading(reader)
        finally:
            await reader.close()
        return found

    for row in asyncio.run(read_and_close()):
        _print(call, row)
    return 0


def _print(call: Call, row: dict[str, Any]) -> None:
    """Print an object on one line; half a character, which no stream takes, as its escape."""
    line = json.dumps(row, ensure_ascii=False)
    whole = not any("\ud800" <= character <= "\udfff" for character in line)
    call.around.out.write((line if whole else json.dumps(row)) + "\n")
