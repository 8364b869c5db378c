"""What does an article say in full, as far as its publisher lets us read it?

From the feed when the feed carries the whole text, else from the article's page; where neither may be had,
what the feed said is filed and the article is marked as incomplete. A page that cannot be had just now is put
off a few times.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from crawler.engine import Ask, Engine, Fetched
from crawler.reading.children import Reader
from crawler.reading.page import Page
from crawler.withdrawing import GONE, MISSING, PageMissingError
from news.errors import AddressRefusedError, ReadingError, SourceError, SourceGoneError
from news.nouns import Article, Clipping, Clock, Hop, Source, StoredClipping, no_hop
from news.text import clean_line, clean_text, html_text, normalize
from news.urls import canonical

WHOLE_STORY = 150  # words; what a feed carries beyond this is the article, not a teaser
WHOLE_PAGE = 25  # words; less on a page is a notice, a player or a wall, not the article
MOST_TRIES = 4  # of a page that does not come, over about four minutes; then the feed's words are filed
LONGEST_TITLE = 120  # characters of a first sentence that stands in for a missing headline

_CUT_OFF = re.compile(
    r"(?:\[?(?:…|\.\.\.)\]?|\b(?:read|continue|see) (?:more|reading|full story)\b.{0,40})\s*\Z", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


class PutOffError(Exception):
    """The page did not come this time; asking again soon may help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article before it is known whether it is new, and every address it goes by, canonical first."""

    article: Article
    addresses: tuple[str, ...]
    # Why only the feed's words are there: "its page refuses automated readers".
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What full texts are fetched and read with."""

    engine: Engine
    reader: Reader
    clock: Clock
    hop: Hop = no_hop
    # The newsroom's language, for articles that do not say theirs.
    language: str = "en"


async def write_draft(
    stored: StoredClipping, source: Source, desk: Desk, *, concerns: Callable[[Article], bool]
) -> Draft:
    """Return what is to be filed for a clipping.

    `concerns` is asked whether an article might interest anybody, for sources read in full only then.

    Raises:
        PutOffError: its page did not come; asked again a few times before the feed's words are taken.
    """
    clipping = stored.clipping
    draft = _from_feed(stored, source, desk)
    if draft.article.complete:
        return draft
    if source.full_text == "never":
        return replace(draft, note="its source is read without its pages (full_text: never)")
    if source.full_text == "when matched" and not concerns(draft.article):
        return replace(draft, note="its page was not read: nothing in the feed's words was on a watchlist")
    try:
        page, url = await fetch_page(clipping.address, desk, browser=source.browser)
    except (SourceGoneError, AddressRefusedError, ReadingError) as refused:
        return replace(draft, note=f"its page {refused}")
    except SourceError as problem:
        if stored.attempts + 1 < MOST_TRIES:
            raise PutOffError(str(problem)) from problem
        return replace(draft, note=f"its page {problem}")
    return _with_page(draft, page, url, clipping)


async def look_again(article: Article, desk: Desk, *, browser: bool = False) -> Draft | None:
    """Return what the page of a filed article says now; None when it cannot be read just now.

    An addition to a watched page is what it was when it was added: its page says more by now. `browser` as
    its source says.

    Raises:
        PageMissingError: its server says that there is no such page.
    """
    if "#" in article.address:
        return None
    try:
        page, url = await fetch_page(article.address, desk, browser=browser)
    except (SourceError, ReadingError) as problem:
        if problem.reason in MISSING:
            raise PageMissingError(str(problem), for_good=problem.reason == GONE) from problem
        return None
    known = Clipping(source_id=article.source_id, address=article.address, published=article.published)
    return _with_page(Draft(article=article, addresses=(article.address,)), page, url, known)


def addresses_of(clipping: Clipping, source: Source) -> tuple[str, ...]:
    """Return the addresses that a clipping's article is known by, canonical first.

    What was added to a watched page has the page's address with a mark of its own: the mark is what tells it
    from other additions.
    """
    if source.reads == "page-watch":
        return (clipping.address,)
    return tuple(dict.fromkeys((canonical(clipping.address), clipping.address)))


async def fetch_page(address: str, desk: Desk, *, browser: bool = False) -> tuple[Page, str]:
    """Return what an article's page says to everybody, and the address it was read at.

    With `browser`, a page that came but says nothing without JavaScript is read as that made it. Pages that
    are refused, or behind a wall, are not.

    Raises:
        SourceError: it cannot be read (SourceGoneError: not ever).
        ReadingError: what came is no page.
    """
    fetched = await desk.engine.fetch(Ask(url=address, kind="page"))
    desk.hop("page fetched")
    page = await _read(fetched, desk)
    if browser and page.wall == "script":
        from crawler.browser import read_rendered

        fetched = await read_rendered(fetched, desk.engine)
        desk.hop("page rendered")
        page = await _read(fetched, desk)
    return replace(page, text=page.open_text), fetched.url


async def _read(fetched: Fetched, desk: Desk) -> Page:
    content_type = fetched.headers.get("content-type", "")
    return await desk.reader.read_page(
        fetched.body, url=fetched.url, content_type=content_type, now=desk.clock()
    )


def _from_feed(stored: StoredClipping, source: Source, desk: Desk) -> Draft:
    """Return the draft that the feed's words make; complete if the feed carries the whole article."""
    clipping = stored.clipping
    content, summary = html_text(clipping.content), html_text(clipping.summary)
    text = content if len(content) >= len(summary) else summary
    title = _without_outlet(clipping.title, clipping.outlet) or _first_sentence(text)
    address = addresses_of(clipping, source)[0]
    whole = source.reads == "page-watch" or (
        len(text.split()) >= WHOLE_STORY and not _CUT_OFF.search(text[-200:])
    )
    article = Article(
        address=address,
        source_id=source.id,
        outlet=clipping.outlet or source.name,
        title=title,
        text=text,
        authors=clipping.authors,
        credit=", ".join(clipping.authors),
        published=clipping.published,
        first_seen=stored.seen_at,
        language=_language(source.language, clipping.language, desk.language),
        kind=source.kind,
        group=source.group,
        complete=whole,
        excerpt=source.excerpt,
        backlog=stored.backlog,
    )
    return Draft(article=with_hash(article), addresses=(address,))


def _with_page(draft: Draft, page: Page, url: str, clipping: Clipping) -> Draft:
    """Return the draft with what its page says, where the page says more than the feed."""
    article = draft.article
    text = clean_text(page.text)
    complete = len(text.split()) >= WHOLE_PAGE and len(text) >= len(article.text) // 2
    address = canonical(url, declared=page.canonical)
    whole = replace(
        article,
        address=address,
        title=_headline(page.title, article.title, complete=complete),
        text=text if complete else article.text,
        complete=complete,
        authors=page.authors or article.authors,
        credit=clean_line(page.credit) or article.credit,
        published=_minute(page.published, clipping.published),
        language=_language(page.language, article.language),
    )
    addresses = dict.fromkeys((address, *draft.addresses, canonical(url)))
    note = "" if complete else _wall(page)
    return Draft(article=with_hash(whole), addresses=tuple(addresses), note=note)


#: What stands before a page's words, and what a person can do. Nothing goes round it.
WALLS = {
    "paywall": "is for subscribers only: ask the outlet for access, or use its newsletter",
    "consent": "wants cookies agreed to before it shows anything: full_text: never leaves it alone",
    "script": "is made by JavaScript and says nothing without it: browser: true reads it with a browser",
}


def _wall(page: Page) -> str:
    wall = page.wall or ("" if page.free else "paywall")
    return f"its page {WALLS.get(wall, 'holds less than the feed')}"


def with_hash(article: Article) -> Article:
    """Return the article with the hash of what it says: title and text in plain characters."""
    said = normalize(article.title) + "\n" + normalize(article.text)
    return replace(article, content_hash=sha256(said.encode("utf-8", "replace")).hexdigest())


def _headline(page: str, feed: str, *, complete: bool) -> str:
    """Return the page's headline if it is one: it shares words with the feed's, or the feed has none."""
    if not complete or not page:
        return feed or page
    words, known = set(normalize(page).lower().split()), set(normalize(feed).lower().split())
    return page if not known or len(words & known) * 2 >= min(len(words), len(known)) else feed


def _without_outlet(title: str, outlet: str | None) -> str:
    """Return an aggregator's title without the outlet's name at its end."""
    line = clean_line(title)
    return line.removesuffix(f" - {outlet}").rstrip() if outlet else line


def _first_sentence(text: str) -> str:
    first = _SENTENCE_END.split(text.partition("\n")[0], maxsplit=1)[0]
    if len(first) <= LONGEST_TITLE:
        return first
    return first[:LONGEST_TITLE].rpartition(" ")[0] + "…"


def _minute(page: datetime | None, feed: datetime | None) -> datetime | None:
    """Return the page's time, unless it is but a day and the feed knows the minute."""
    if page is None:
        return feed
    only_day = (page.hour, page.minute, page.second) == (0, 0, 0)
    return feed if only_day and feed is not None else page


def _language(*said: str | None) -> str:
    """Return the first language said, without its country: "en-US" is "en"."""
    for text in said:
        if text and text.strip():
            return text.strip().lower().replace("_", "-").partition("-")[0]
    return "en"
