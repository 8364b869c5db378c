"""What do the judgements say of any articles, without a network or a database?

For measuring: JSON in, JSON out, through the functions that the service uses. `bench/judgement` calls them
too.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
#: Articles of one instant that are looked at together, at most: a day's, where only the day is known.
TOGETHER = 1000

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Where an article was placed."""

    article: Article
    story: int
    # The number of the first article of the story with which it shares text, directly or through others.
    copy: int
    placement: Placement


class Telling:
    """Articles in date order, placed in stories; those of one time are looked at together.

    The dates do what the clock does in the service: an article was first seen at its own date, or at the
    latest date so far when it comes late or has none.
    """

    def __init__(self, *, days: float = WINDOW, together: int = TOGETHER) -> None:
        """Begin with no stories; with `together=1` articles are placed one after another, as they come."""
        from news.sameness.window import Window

        self._window = Window(days=days)
        self._days = timedelta(days=days)
        self._together = together
        self._latest = NO_DATE
        self._stories = 0
        self._rows: dict[int, Any] = {}
        # By an article's number: its story, and the copy that it is.
        self._story_of: dict[int, int] = {}
        self._copy_of: dict[int, int] = {}

    def place(self, articles: Iterable[Article]) -> Iterator[Told]:
        """Yield for each article, in order, the number of its story, and why it is that one."""
        waiting: list[Article] = []
        for article in articles:
            is_later = article.first_seen > self._latest
            if waiting and (is_later or len(waiting) == self._together):
                yield from self._place(waiting)
                waiting = []
            waiting.append(self._seen(article))
        if waiting:
            yield from self._place(waiting)

    def _place(self, articles: Sequence[Article]) -> Iterator[Told]:
        for article, (story, placement) in zip(articles, self._placed(articles), strict=True):
            self._story_of[article.id] = story
            shared = {passage.article_id for passage in placement.shared}
            copies = [
                self._copy_of[it] for it in shared if self._story_of.get(it) == story and it != article.id
            ]
            self._copy_of[article.id] = min(copies, default=article.id)
            yield Told(article=article, story=story, copy=self._copy_of[article.id], placement=placement)

    def _placed(self, articles: Sequence[Article]) -> list[tuple[int, Placement]]:
        if len(articles) > 1:
            return self._window.place_together(articles, self._new_story)
        (article,) = articles
        placement = self._window.place(article)
        story = placement.story_id or self._new_story()
        self._window.add(article, story, placement=placement)
        return [(story, placement)]

    def _new_story(self) -> int:
        self._stories += 1
        return self._stories

    def nearness(self, article: Article) -> dict[int, float]:
        """Return how near the article stands to those before it, by their numbers."""
        return self._window.nearness(self._seen(article))

    def _seen(self, article: Article) -> Article:
        """Let time go on to the article's date."""
        if article.first_seen > self._latest:
            self._latest = article.first_seen
            self._window.drop_before(self._latest - self._days)
        return replace(article, first_seen=self._latest)

    def judge(
        self, rows: Iterable[tuple[int, Row | ReadingError]]
    ) -> Iterator[tuple[int, dict[str, Any] | ReadingError]]:
        """Yield `{id, story, new, copy, reason, shared, whats_new}` for each row, in order.

        `shared` is a list of `{with, sentence}`, `whats_new` one of sentences. Rows that cannot be judged
        come as what is wrong with them, as soon as that is known.
        """
        wrong: list[tuple[int, ReadingError]] = []
        for told in self.place(self._articles(rows, wrong)):
            yield from _taken_out(wrong)
            yield told.article.id, self._row(told)
        yield from _taken_out(wrong)

    def _articles(
        self, rows: Iterable[tuple[int, Row | ReadingError]], wrong: list[tuple[int, ReadingError]]
    ) -> Iterator[Article]:
        for number, row in rows:
            if isinstance(row, ReadingError):
                wrong.append((number, row))
                continue
            try:
                article = article_of(row, number)
            except ReadingError as error:
                wrong.append((number, error))
                continue
            self._rows[number] = row["id"]
            yield article

    def _row(self, told: Told) -> dict[str, Any]:
        placement = told.placement
        return {
            "id": self._rows[told.article.id],
            "story": f"s{told.story}",
            "new": placement.story_id is None,
            "copy": f"c{told.copy}",
            "reason": placement.reason,
            "shared": [
                {"with": self._rows.get(each.article_id), "sentence": each.sentence.text}
                for each in placement.shared
            ],
            "whats_new": [each.text for each in placement.whats_new],
        }


def _taken_out(wrong: list[tuple[int, ReadingError]]) -> Iterator[tuple[int, ReadingError]]:
    while wrong:
        yield wrong.pop(0)


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
