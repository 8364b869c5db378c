"""What does a single-site spider bring, run by the service?

The very spider that `python -m scrapy crawl NAME` runs, as a process of its own behind the same fence: a
spider is code, and a mistake in it may cost its own source only. While it runs, its host has its turn, so
that nobody else asks there. What it writes is read in the fenced child, like all that comes from outside.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.reading.children import ENVIRONMENT, ROOT
from crawler.reading.parcel import clipping_of
from news.errors import SourceError, SourceGoneError
from news.nouns import Clipping, Source
from news.source_rules import SpiderRule

if TYPE_CHECKING:
    from crawler.engine import Engine
    from crawler.reading.children import Reader

LONGEST = 180.0  # seconds that a spider may take
LARGEST = 20 * 1024 * 1024  # bytes that it may write
CHUNK = 65_536


async def run_spider(
    source: Source, rule: SpiderRule, *, engine: Engine, reader: Reader, now: datetime
) -> tuple[Clipping, ...]:
    """Return what a source's spider found.

    Raises:
        SourceError: it found nothing, and could not read its site or made a mistake.
        ReadingError: what it wrote cannot be read.
    """
    if not (ROOT / "crawler" / "spiders" / f"{rule.spider}.py").is_file():
        what = f"has no spider: there is no crawler/spiders/{rule.spider}.py"
        raise SourceGoneError(what, reason="not supported")
    async with engine.turn(source.url):
        written = await _written(_command(source, rule, engine))
    found = await reader.read("items", written, url=source.url, content_type="application/jsonlines", now=now)
    trouble = found["trouble"]
    if trouble and not found["rows"]:
        kind = SourceGoneError if trouble["gone"] else SourceError
        raise kind(trouble["what"], reason=trouble["reason"])
    return tuple(clipping_of(row, source.id) for row in found["rows"])


def _command(source: Source, rule: SpiderRule, engine: Engine) -> list[str]:
    choices = engine.choices()
    settings = [f"{name}={value}" for name, value in choices.items()]
    options = [word for setting in settings for word in ("-s", setting)]
    return ["-m", "crawler.spider_child", rule.spider, "-a", f"url={source.url}", *options]


async def _written(arguments: list[str]) -> bytes:
    """Return what the process writes; it and whatever it started are ended when it takes too much."""
    known = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        env=known | {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(LONGEST):
            written = await _all_of(process)
            code = await process.wait()
    except TimeoutError as problem:
        raise SourceError("has a spider that took too long", reason="slow") from problem
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    if code != 0 and not written:
        raise SourceError("has a spider that fell over", reason="mistake")
    return written


async def _all_of(process: asyncio.subprocess.Process) -> bytes:
    stream = process.stdout
    if stream is None:  # it was asked for, so it is there
        return b""
    pieces: list[bytes] = []
    length = 0
    while piece := await stream.read(CHUNK):
        pieces.append(piece)
        length += len(piece)
        if length > LARGEST:
            raise SourceError("has a spider that brings more than we take in", reason="too big")
    return b"".join(pieces)
