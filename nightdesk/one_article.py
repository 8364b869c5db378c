"""How does one article come in by hand: from an address, a file or words that were typed?

Nothing is stored. A page is fetched through the same fenced engine and read in the same fenced child as
every other.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import Settings
from crawler.fulltext import with_hash
from crawler.reading.page import Page
from news.errors import ReadingError
from news.nouns import Article, Source
from news.text import clean_line, clean_text
from news.urls import canonical, host

if TYPE_CHECKING:
    from crawler.engine import Engine
    from crawler.reading.children import Reader

#: Bytes of a file that are read: the cap that fetched pages have.
LARGEST_FILE = 10 * 1024 * 1024
#: Words typed by hand carry an address that is nobody's.
TYPED = "typed:"


def typed_article(text: str, settings: Settings, *, now: datetime) -> Article:
    """Return an article of words: the first line is the headline, the whole is the text."""
    cleaned = clean_text(text)
    headline = clean_line(cleaned.partition("\n")[0])
    below = cleaned.partition("\n")[2].strip() or cleaned
    return _article(TYPED, Page(title=headline, text=below), settings, now)


async def fetched_article(address: str, settings: Settings, *, now: datetime) -> Article:
    """Return the article at an address.

    Raises:
        SourceError: it cannot be fetched.
        ReadingError: what came is no page of an article.
    """
    from crawler.engine import Engine
    from crawler.reading.children import Reader

    engine, reader = Engine(settings.fetch), Reader()
    try:
        await engine.start()
        return await page_article(address, (engine, reader), settings, now=now)
    finally:
        await reader.close()
        await engine.stop()


async def page_article(
    address: str, rooms: tuple[Engine, Reader], settings: Settings, *, now: datetime
) -> Article:
    """Return the article at an address, fetched and read by what runs already.

    Raises:
        SourceError: it cannot be fetched.
        ReadingError: what came is no page of an article.
    """
    from crawler.fulltext import Desk, fetch_page

    engine, reader = rooms
    desk = Desk(engine=engine, reader=reader, clock=lambda: now, language=settings.language)
    page, at = await fetch_page(address, desk)
    return _article(canonical(at, declared=page.canonical), page, settings, now)


async def filed_article(path: Path, settings: Settings, *, now: datetime) -> Article:
    """Return the article in a file: a saved page, or plain text with the headline in its first line.

    Raises:
        ReadingError: it cannot be read, or is no page of an article.
    """
    from crawler.reading.children import Reader

    try:
        with path.open("rb") as file:
            body = file.read(LARGEST_FILE)
    except OSError as error:
        what = f"{path} cannot be read: {(error.strerror or 'it is damaged').lower()}"
        raise ReadingError(what) from error
    if not looks_like_a_page(body):
        return typed_article(body.decode("utf-8", errors="replace"), settings, now=now)
    reader = Reader()
    try:
        page = await reader.read_page(body, url=TYPED, content_type="text/html", now=now)
    finally:
        await reader.close()
    return _article(canonical(page.canonical) if page.canonical else TYPED, page, settings, now)


def looks_like_a_page(body: bytes) -> bool:
    """Return whether bytes are HTML and not plain words."""
    start = body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(b"<") or b"<html" in start or b"<body" in start


def _article(address: str, page: Page, settings: Settings, now: datetime) -> Article:
    title, text = clean_line(page.title), clean_text(page.text)
    if not text and not title:
        why = "its text is for subscribers only" if not page.free else "no headline and no text was found"
        what = f"there is no article on this page: {why}"
        raise ReadingError(what)
    source = _source_at(address, settings)
    outlet = source.name if source else page.outlet or host(address) or "typed by hand"
    article = Article(
        address=address,
        source_id=source.id if source else "",
        outlet=outlet,
        title=title or text[:120],
        text=text,
        authors=page.authors,
        credit=clean_line(page.credit),
        published=page.published,
        first_seen=now,
        language=(page.language or (source.language if source else None) or settings.language)[:2].lower(),
        kind=source.kind if source else "news",
        group=source.group if source else "",
    )
    return with_hash(article)


def _source_at(address: str, settings: Settings) -> Source | None:
    """Return the declared source that publishes where the article stands, for `source:` in watchlists."""
    there = host(address).removeprefix("www.")
    if not there:
        return None
    return next(
        (source for source in settings.sources if host(source.url).removeprefix("www.") == there), None
    )
