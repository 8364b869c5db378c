"""Articles and watchlists for these tests: say only what a test is about."""

from __future__ import annotations

from datetime import UTC, datetime

from news.matching.compiled import compile_watchlist
from news.matching.matcher import match
from news.nouns import Article, Clause, Match, PriorityRules, SourceChoice, Watchlist

SEEN = datetime(2026, 3, 18, tzinfo=UTC)


def an_article(text: str = "", *, title: str = "News of the day", **facts: object) -> Article:
    known: dict[str, object] = {
        "address": "https://ledger.test/2026/03/18/story",
        "source_id": "ledger",
        "outlet": "Port Ellery Ledger",
        "title": title,
        "text": text,
        "first_seen": SEEN,
    }
    return Article(**(known | facts))  # type: ignore[arg-type]  # keywords of Article, checked by the tests' running


def clauses(*lines: str) -> tuple[Clause, ...]:
    return tuple(Clause(text=line, where=f"watchlists/x.yaml:{at}:7") for at, line in enumerate(lines, 5))


def a_watchlist(
    *lines: str,
    all: tuple[str, ...] = (),  # noqa: A002 (the watchlist's own word)
    never: tuple[str, ...] = (),
    priority: PriorityRules = PriorityRules(),  # noqa: B008 (frozen)
    sources: SourceChoice = SourceChoice(),  # noqa: B008 (frozen)
    languages: tuple[str, ...] = (),
) -> Watchlist:
    return Watchlist(
        id="sanctuary-cities",
        name="Sanctuary cities",
        version="abc",
        any=clauses(*lines),
        all=clauses(*all),
        never=clauses(*never),
        priority=priority,
        sources=sources,
        languages=languages,
    )


def found(line: str, text: str, **facts: object) -> list[str]:
    """Return the article's words that one line finds in it."""
    answer = matched(a_watchlist(line), an_article(text, **facts))  # type: ignore[arg-type]  # as above
    return [each.words for each in answer.evidence] if answer else []


def matched(watchlist: Watchlist, article: Article) -> Match | None:
    return match(article, compile_watchlist(watchlist))
