"""What do the judgements say of any articles, without a network or a database?

For measuring: JSON in, JSON out, through the functions that the service uses. `bench/judgement` calls them
too.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from news.errors import ReadingError
from news.nouns import Article, Source, Watchlist
from news.text import clean_line
from news.urls import canonical

if TYPE_CHECKING:
    from crawler.reading.page import Page
    from news.nouns import Clipping, Match, Placement

#: The instant of articles without a date: all of them at once, so that no time passes between them.
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
#: Days between two articles of one story, as in the service.
WINDOW = 4.0

Row = Mapping[str, Any]
_HALF = re.compile(r"[\ud800-\udfff]")  # half a character, which JSON can say and nothing can store


def article_of(row: Row, number: int) -> Article:
    """Make an article of a row `{id, title, text, url, source, date}`; only `id` must be there.

    Title and text stay as they were given, so that what is found stands there character by character.

    Raises:
        ReadingError: the row is not of that shape; says what is wrong.
    """
    for name in ("title", "text", "url", "source", "date"):
        if not isinstance(row.get(name), str | None):
            what = f"{name} is not text"
            raise ReadingError(what)
    if "id" not in row:
        raise ReadingError("there is no id")
    source = clean_line(row.get("source") or "")
    title, text = (_HALF.sub("\ufffd", row.get(name) or "") for name in ("title", "text"))
    moment = date_of(row.get("date"))
    return Article(
        id=number,
        address=canonical(row.get("url") or f"https://unknown.invalid/{number}"),
        source_id=source or f"unknown-{number}",
        outlet=source,
        title=title,
        text=text,
        published=moment if row.get("date") else None,
        first_seen=moment,
        language=row.get("lang") or "en",
        content_hash=hashlib.sha256(f"{title}\n{text}".encode()).hexdigest(),
    )


def date_of(written: str | None) -> datetime:
    """Read a day or a minute; None is `NO_DATE`.

    Raises:
        ReadingError: it is neither.
    """
    if not written:
        return NO_DATE
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        what = f"date {written[:40]!r} is no date; write 2026-03-18, or 2026-03-18T12:02:00Z"
        raise ReadingError(what) from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_watchlists(folder: Path) -> tuple[Watchlist, ...]:
    """Return the watchlists of a newsroom's folder, or of a folder that holds only watchlists.

    Raises:
        ExceptionGroup: the files have errors.
        ReadingError: there are none.
    """
    from config.install import STARTER
    from config.load import load

    if (folder / "nightdesk.yaml").exists():
        return load(folder, {}).watchlists
    if not any(folder.glob("*.y*ml")):
        what = f"there is no watchlist in {folder}"
        raise ReadingError(what)
    with tempfile.TemporaryDirectory() as made:
        newsroom = Path(made)
        shutil.copy(STARTER / "nightdesk.yaml", newsroom)
        (newsroom / "watchlists").mkdir()
        for file in sorted(folder.glob("*.y*ml")):
            shutil.copy(file, newsroom / "watchlists")
        return load(newsroom, {}).watchlists


class Matching:
    """Every watchlist, ready to be held against one article after another."""

    def __init__(self, watchlists: Iterable[Watchlist]) -> None:
        """Compile the watchlists."""
        from news.matching.index import compiled_all

        self._index = compiled_all(watchlists)

    def matches(self, article: Article) -> list[Match]:
        """Return the article's matches, by watchlist."""
        from news.matching.matcher import match

        found = (match(article, compiled) for compiled in self._index.candidates(article))
        return sorted((one for one in found if one), key=lambda one: one.watchlist_id)

    def judge(self, article: Article, row: Row) -> dict[str, Any]:
        """Return `{id, matches: [{watchlist, grade, evidence}]}`."""
        return {"id": row["id"], "matches": [_match_row(one) for one in self.matches(article)]}


def _match_row(match: Match) -> dict[str, Any]:
    return {
        "watchlist": match.watchlist_id,
        "grade": match.grade.value,
        "priority": match.priority.name.lower(),
        "evidence": [
            {
                "term": each.clause,
                "words": each.words,
                "field": each.field,
                "sentence": each.sentence,
                "start": each.start,
                "end": each.end,
            }
            for each in match.evidence
        ],
    }


class Telling:
    """One article after another, in date order, placed in stories.

    The dates do what the clock does in the service: an article was first seen at its own date, or at the
    latest date so far when it comes late or has none.
    """

    def __init__(self, *, days: float = WINDOW) -> None:
        """Begin with no stories."""
        from news.sameness.window import Window

        self._window = Window(days=days)
        self._days = timedelta(days=days)
        self._latest = NO_DATE
        self._rows: dict[int, Any] = {}
        self._stories = 0

    def place(self, article: Article) -> tuple[int, Placement]:
        """Return the number of the article's story, and why it is that one."""
        article = self._seen(article)
        placement = self._window.place(article)
        story = placement.story_id
        if story is None:
            self._stories += 1
            story = self._stories
        self._window.add(article, story, placement=placement)
        return story, placement

    def nearness(self, article: Article) -> dict[int, float]:
        """Return how near the article stands to those before it, by their numbers."""
        return self._window.nearness(self._seen(article))

    def _seen(self, article: Article) -> Article:
        """Let time go on to the article's date."""
        if article.first_seen > self._latest:
            self._latest = article.first_seen
            self._window.drop_before(self._latest - self._days)
        return replace(article, first_seen=self._latest)

    def judge(self, article: Article, row: Row) -> dict[str, Any]:
        """Return `{id, story, new, shared: [{with, sentence}], whats_new: [sentence]}`."""
        story, placement = self.place(article)
        self._rows[article.id] = row["id"]
        return {
            "id": row["id"],
            "story": f"s{story}",
            "new": placement.story_id is None,
            "reason": placement.reason,
            "shared": [
                {"with": self._rows.get(each.article_id), "sentence": each.sentence.text}
                for each in placement.shared
            ],
            "whats_new": [each.text for each in placement.whats_new],
        }


def page_row(page: Page, *, url: str) -> dict[str, Any]:
    """Return `{title, text, authors, published, canonical, lang}` of a page that was read."""
    return {
        "title": page.title,
        "text": page.text,
        "authors": list(page.authors),
        "published": page.published.isoformat() if page.published else None,
        "canonical": canonical(url, declared=page.canonical),
        "lang": page.language,
    }


def clipping_row(clipping: Clipping) -> dict[str, Any]:
    """Return `{id, title, link, published, summary}` of a feed's entry."""
    return {
        "id": clipping.guid or clipping.address,
        "title": clipping.title,
        "link": clipping.address,
        "published": clipping.published.isoformat() if clipping.published else None,
        "summary": clipping.summary,
    }


def a_source(url: str) -> Source:
    """Return a source for bytes that came from a file."""
    return Source(id="file", name="file", url=url)


def url_row(row: Row) -> dict[str, Any]:
    """Return `{url, canonical}`.

    Raises:
        ReadingError: there is no address.
    """
    if not isinstance(row.get("url"), str):
        raise ReadingError("there is no url")
    return {"url": row["url"], "canonical": canonical(row["url"])}


def rows(lines: Iterable[str]) -> Iterator[tuple[int, Row | ReadingError]]:
    """Yield the number and the object of each line that is not empty; an error in place of a bad one."""
    import json

    for number, line in enumerate(lines, start=1):
        if not line.strip("\ufeff \t\r\n"):
            continue
        if any("\udc80" <= character <= "\udcff" for character in line):
            yield number, ReadingError("this line is not UTF-8")
            continue
        try:
            found = json.loads(line.lstrip("\ufeff"))
        except (ValueError, RecursionError):
            yield number, ReadingError("this line is no JSON")
            continue
        yield number, found if isinstance(found, dict) else ReadingError("this line is no JSON object")
