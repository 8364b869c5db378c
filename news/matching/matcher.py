"""Does an article, or a story, concern a watchlist, and why?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from news.matching.compiled import Compiled, Line, page_of
from news.matching.conditions import Hit, Hits, Mark
from news.matching.grading import grade
from news.matching.page import Page, Scope, Span
from news.matching.spoken import spoken_query
from news.nouns import Article, Evidence, Grade, Match, Priority, SourceChoice, Story, StoryMatch, Watchlist
from news.telling import KeptOut

PIECES_A_CLAUSE = 3  # of evidence: the headline, the opening, one more
PIECES = 24  # in all; a watchlist of a hundred lines must not make a novel


def match(article: Article, compiled: Compiled) -> Match | None:
    """Return why the article concerns the watchlist, or None."""
    return judge(page_of(article), compiled, compiled.any)


def judge(
    page: Page, compiled: Compiled, lines: Sequence[Line], kept_out: list[KeptOut] | None = None
) -> Match | None:
    """Return why the article on a page concerns the watchlist, or None.

    `lines`: those under "any" that could hold; the others need not be asked. What only a line under "never"
    keeps out is put into `kept_out`.
    """
    watchlist = compiled.watchlist
    if compiled.chooses and not (
        looks_at(watchlist.sources, page.article) and speaks(watchlist, page.article)
    ):
        return None
    wanted = _held(lines, page, page.everywhere)
    if compiled.any and not wanted:
        return None
    needed = _held(compiled.all, page, page.everywhere)
    if len(needed) < len(compiled.all) or not (wanted or needed):
        return None
    for line in compiled.never:
        hits = line.hits(page, page.everywhere)
        if hits is not None:
            if kept_out is not None:
                kept_out.append(_kept_out(page, compiled, line, hits))
            return None
    return _match(page, compiled, wanted, needed)


def _kept_out(page: Page, compiled: Compiled, line: Line, hits: Hits) -> KeptOut:
    found = next(evidence(page, line, hits), None)
    return KeptOut(
        watchlist_id=compiled.watchlist.id,
        article_id=page.article.id,
        clause=line.clause.text,
        words=" ".join(found.words.split()) if found else "",
    )


Held = Sequence[tuple[Line, Hits]]


def _held(lines: Iterable[Line], page: Page, scope: Scope) -> list[tuple[Line, Hits]]:
    """Return the lines that hold within the scope, each with where."""
    return [(line, hits) for line in lines if (hits := line.hits(page, scope)) is not None]


def _match(page: Page, compiled: Compiled, wanted: Held, needed: Held) -> Match:
    about = [hit for _, hits in wanted or needed for hit in hits]
    graded, grade_reason = grade(page, spans_of(about), [mark for hit in about for mark in hit.marks])
    priority, priority_reason = priority_of(page, compiled)
    return Match(
        watchlist_id=compiled.watchlist.id,
        watchlist_version=compiled.watchlist.version,
        article_id=page.article.id,
        article_version=page.article.version,
        grade=graded,
        grade_reason=grade_reason,
        priority=priority,
        priority_reason=priority_reason,
        evidence=_in_order(each for line, hits in (*wanted, *needed) for each in evidence(page, line, hits)),
    )


def spans_of(hits: Iterable[Hit]) -> list[Span]:
    """Return all spans of some hits."""
    return [span for hit in hits for span in hit.spans]


def looks_at(choice: SourceChoice, article: Article) -> bool:
    """Say whether a watchlist looks at the article's source: its groups, only these, all besides those."""
    names = {article.source_id, article.group} - {""}
    if names & set(choice.besides):
        return False
    if choice.only:
        return bool(names & set(choice.only))
    return not choice.groups or "all" in choice.groups or article.group in choice.groups


def speaks(watchlist: Watchlist, article: Article) -> bool:
    """Say whether the article is in one of the watchlist's languages; an unknown language will do."""
    language = article.language.partition("-")[0].lower()
    return not (watchlist.languages and language) or language in {
        each.partition("-")[0].lower() for each in watchlist.languages
    }


def priority_of(page: Page, compiled: Compiled) -> tuple[Priority, str]:
    """Return how much the article matters, and the rule that says so.

    Rules read headline and opening unless they name a field. Urgent is asked first, then low, then high: a
    line under low is written to keep something down that the others would raise.
    """
    for priority, line in compiled.priority:
        if line.hits(page, page.top) is not None:
            return priority, spoken_query(line.query)
    return compiled.watchlist.priority.default, ""


def _spans_in_order(hits: Hits) -> Sequence[Span]:
    return hits[0].spans if len(hits) == 1 else sorted({span for hit in hits for span in hit.spans})


def evidence(page: Page, line: Line, hits: Hits) -> Iterator[Evidence]:
    """Yield where a line holds: its first few places, headline first."""
    for span in _spans_in_order(hits)[:PIECES_A_CLAUSE]:
        yield _stands(page, line, span)
    for mark in islice((mark for hit in hits for mark in hit.marks), PIECES_A_CLAUSE):
        yield _marked(page, line, mark)


def _stands(page: Page, line: Line, span: Span) -> Evidence:
    seen = page.where(span)
    return Evidence(
        clause=line.clause.text,
        where=line.clause.where,
        words=seen.words,
        field=seen.part,
        start=seen.start,
        end=seen.end,
        sentence=seen.sentence,
    )


def _marked(page: Page, line: Line, mark: Mark) -> Evidence:
    whole = {"url": page.article.address, "author": ", ".join(page.article.authors), "source": mark.words}
    return Evidence(
        clause=line.clause.text,
        where=line.clause.where,
        words=mark.words,
        field=mark.field,
        start=mark.start,
        end=mark.end,
        sentence=whole[mark.field],
    )


def _in_order(found: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Put the headline first, then the text in its order; the same place is shown once."""
    found = tuple(found)
    if len(found) == 1:
        return found
    places = {(each.field, each.start, each.end): each for each in reversed(found)}
    in_order = sorted(places, key=lambda place: (_FIELDS[place[0]], place[1], place[2]))
    return tuple(map(places.__getitem__, in_order[:PIECES]))


_FIELDS = {"title": 0, "text": 1, "author": 2, "source": 3, "url": 4}


def match_story(story: Story, compiled: Compiled, *, now: datetime) -> StoryMatch | None:
    """Return why the story concerns the watchlist: the union over its articles, the strongest first."""
    articles = (each.article for each in story.articles)
    held = [(article, found) for article in articles if (found := match(article, compiled)) is not None]
    return story_match(story, compiled.watchlist, held, now=now) if held else None


def story_match(
    story: Story, watchlist: Watchlist, held: Sequence[tuple[Article, Match]], *, now: datetime
) -> StoryMatch:
    """Return what the matches of a story's articles are together."""
    matches = sorted(
        (each for _, each in held), key=lambda each: (each.grade is not Grade.ABOUT, -each.priority)
    )
    return StoryMatch(
        story_id=story.id,
        watchlist_id=watchlist.id,
        watchlist_version=watchlist.version,
        grade=matches[0].grade,
        priority=max(each.priority for each in matches),
        matches=tuple(matches),
        revision=story.revision,
        first_matched=now,
        backlog=all(article.backlog for article, _ in held),
    )
