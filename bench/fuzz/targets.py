"""Which parsers are there, and what must hold of whatever they answer?

Every job that the reading child knows is a target, found by being there; and the judgements that are made on
strangers' words in the program itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from bench.fuzz.seeds import MORE, PAGE, RSS, SEEDS

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
URL = "https://ledger.test/front/page"
WORDS = ("Wed, 18 Mar 2026 10:05:00 -0600", "2026-03-18T10:05:00Z", "May 16th 2018 at 10:05 EST", "120")
NOTICES = ("EMBARGOED UNTIL 6 a.m. ET Thursday", "Sperrfrist: 19.3., 18 Uhr", "Embargo: 03/19/2026 0600 GMT")


class BrokenPromise(Exception):  # noqa: N818 - it is what it is
    """A parser answered something that it must never answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A parser, and what is damaged for it."""

    name: str
    read: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def targets() -> Mapping[str, Target]:
    """Return every target by its name."""
    from crawler.reading.jobs import JOBS

    found = [
        Target(name=name, read=_reads(name), seeds=_seeds(SEEDS.get(name, (RSS, PAGE)))) for name in JOBS
    ]
    words = _seeds(WORDS)
    found += [
        Target(name="date", read=_date, seeds=words),
        Target(name="retry-after", read=_retry_after, seeds=words),
        Target(name="lessons", read=_lessons, seeds=_seeds(('{"moving":["https://a.test/",2]}',))),
        Target(name="packed", read=_packed, seeds=_packings()),
        Target(
            name="address", read=_address, seeds=_seeds((f"{URL}?utm_source=x#y", "//a.test/%zz", "/a?b=c"))
        ),
        Target(name="embargo", read=_embargo, seeds=words + _seeds(NOTICES)),
        Target(name="answer-parcel", read=_parcel, seeds=_seeds((ANSWER,))),
    ]
    return {target.name: target for target in found}


def _seeds(texts: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(text.encode() for text in texts)


def _packings() -> tuple[bytes, ...]:
    import gzip
    import zlib

    return gzip.compress(RSS.encode(), mtime=0), zlib.compress(RSS.encode())


def _reads(name: str) -> Callable[[bytes], None]:
    def read(body: bytes) -> None:
        from crawler.reading.jobs import JOBS, Job
        from news.errors import ReadingError

        job = Job(body=body, url=URL, content_type="", now=NOW, more=MORE.get(name, {}))
        try:
            found = JOBS[name](job)
        except (ReadingError, RecursionError):
            return  # both have their class in the child
        _look_through(found)

    return read


def _look_through(found: Any) -> None:  # noqa: ANN401 - what JSON knows
    """Raise when an answer cannot travel, or carries what acts."""
    from crawler.reading import parcel

    parcel.packed_answer({"found": found})
    rows = found.get("rows", ()) if isinstance(found, dict) else ()
    for row in rows:
        clipping = parcel.clipping_of(row, "ledger")
        parts = urlsplit(clipping.address)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise BrokenPromise(f"an address of no web page: {clipping.address!r}")  # noqa: EM102
        odd = {unicodedata.category(letter) for letter in clipping.title} & {"Cc", "Zl", "Zp"}
        if odd:
            raise BrokenPromise(f"a title of more than one line: {clipping.title!r}")  # noqa: EM102
        if clipping.published and not 1990 <= clipping.published.year <= NOW.year:  # noqa: PLR2004
            raise BrokenPromise(f"a date that cannot be right: {clipping.published}")  # noqa: EM102


def _date(body: bytes) -> None:
    from crawler.reading.dates import read_date

    read_date(body.decode("utf-8", "replace"), now=NOW)


def _retry_after(body: bytes) -> None:
    from crawler.failures import LONGEST_WAIT, wait_asked_for

    seconds = wait_asked_for(body.decode("latin-1"), NOW)
    if seconds is not None and not 0 <= seconds <= LONGEST_WAIT:
        raise BrokenPromise(f"a wait of {seconds} seconds")  # noqa: EM102


def _embargo(body: bytes) -> None:
    from news.embargo import embargo_of
    from news.nouns import Article

    text = body.decode("utf-8", "replace")
    article = Article(address=URL, source_id="ledger", outlet="", title=text, text=text, first_seen=NOW)
    found = embargo_of(article, now=NOW, zone="America/Denver")
    if found is not None and found.until is not None and found.until <= NOW:
        raise BrokenPromise(f"an embargo that is over: {found}")  # noqa: EM102


def _lessons(body: bytes) -> None:
    from news.lessons import lessons_of

    str(lessons_of(body.decode("utf-8", "replace")))


def _packed(body: bytes) -> None:
    from crawler.downloader import TooLargeError, unpacked

    try:
        found = unpacked(body, 100_000)
    except TooLargeError:
        return
    if len(found) > max(100_000, len(body)):
        raise BrokenPromise(f"{len(found)} bytes of {len(body)}")  # noqa: EM102


def _address(body: bytes) -> None:
    from crawler.reading.entries import absolute
    from news.urls import canonical

    address = absolute(body.decode("utf-8", "replace"), URL)
    if address:
        canonical(address)


#: What a child answers: one entry with a summary and a content of three letters each, which come behind.
ANSWER = '{"found":{"rows":[["https://a.test","t",3,3,null,[],1.5,null,"en",null]],"marks":"ab"}}onetwo'


def _parcel(body: bytes) -> None:
    """Unpack what a child under a stranger's command might answer; errors may only cost it alone."""
    from crawler.reading import parcel

    head = max(len(body) - 6, 0)
    try:
        whole = parcel.LENGTHS.pack(head, len(body) - head) + body
        parcel.feed_read(parcel.unpacked_answer(whole)["found"], "ledger")
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError, OSError):
        return
