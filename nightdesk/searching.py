"""Which articles of the archive does a line of a watchlist find? Exactly those that the matcher says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from config.explain import Problem, render
from news.errors import QueryError
from news.matching.query import Every, Query, Row, Words
from news.nouns import Article, Clause, Match, Watchlist
from storage.contract import Store

LONGEST_SENTENCE = 220  # characters that are shown; a longer one is cut around the words


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article that a line finds, and where."""

    article: Article
    story_id: int
    match: Match


def search(store: Store, line: str, *, since: datetime, until: datetime) -> Iterator[Found]:
    """Yield the articles of a span that a line finds, newest first.

    Raises:
        QueryError: the line cannot be read.
    """
    from news.matching.compiled import compile_watchlist
    from news.matching.matcher import match
    from news.matching.searching import wanted

    compiled = compile_watchlist(Watchlist(id="search", name="Search", any=(Clause(text=line),)))
    asked = wanted(compiled.any[0].query)
    for article, story_id in store.articles_with(asked, since=since, until=until):
        found = match(article, compiled)
        if found is not None:
            yield Found(article=article, story_id=story_id, match=found)


def came_at(article: Article) -> datetime:
    """Return when an article came; backlog came when it was published."""
    if article.backlog:
        return min(article.published or article.first_seen, article.first_seen)
    return article.first_seen


def anywhere(query: Query) -> Query | None:
    """Return what finds the words of a row wherever they stand, or None when it is no row of words."""
    if not isinstance(query, Row) or not all(isinstance(part, Words) for part in query.parts):
        return None
    return Every(parts=query.parts)


def matching_sentence(found: Found) -> str:
    """Return the first sentence of the text that holds the words; "" when only the headline does."""
    for evidence in found.match.evidence:
        if evidence.field == "text":
            at = evidence.sentence.find(evidence.words)
            return shortened(evidence.sentence, at, at + len(evidence.words))
    return ""


def shortened(sentence: str, start: int, end: int) -> str:
    """Return a sentence in one line, cut to what stands around [start, end) when it is long."""
    if len(sentence) > LONGEST_SENTENCE:
        room = max(0, LONGEST_SENTENCE - (end - start)) // 2
        first, last = max(0, start - room), min(len(sentence), end + room)
        first = sentence.rfind(" ", 0, first) + 1 if first else 0
        last = sentence.find(" ", last) if " " in sentence[last:] else len(sentence)
        sentence = f"{'… ' if first else ''}{sentence[first:last]}{' …' if last < len(sentence) else ''}"
    return " ".join(sentence.split())


def mistake(error: QueryError, line: str) -> str:
    """Return what is wrong in a line that somebody typed, with a caret under it and what to write."""
    problem = Problem(
        path="typed",
        line=1,
        column=error.start + 1,
        end=error.end + 1,
        what=str(error),
        write=error.write,
        text=line,
    )
    head, _, *below = render([problem]).splitlines()
    # There is no file to name, and no line to number.
    return "\n".join([head, *(line.replace("1 |", "  |", 1) for line in below)])
