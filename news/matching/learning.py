"""What is the smallest change to a watchlist that keeps a story like this one off it?

An editor said that a story does not concern the watchlist. Three kinds of changes are tried: capitals that
must stand as written (`=ICE`), words that leave a story out (`never: thin ice`), and words that must stand
in headline or opening (`title:(jail) OR lead:(jail)`). Each is held against every story that the watchlist
caught: what it would lose is known before anything is changed, and a change that loses a story which
somebody marked as relevant is never offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from news.errors import QueryError
from news.matching.compiled import Compiled, Line, compile_watchlist, page_of
from news.matching.explaining import LineAnswer, Part, explain
from news.matching.matcher import match
from news.matching.neighbors import LONGEST_FIND, headline_words, words_beside
from news.matching.parsing import parse
from news.matching.query import AtLeast, Either, Every, InField, Near, Query, Row, Words
from news.nouns import Article, Clause, Evidence, Story, Watchlist

MOST_OFFERED = 3  # changes; more than that nobody compares
MOST_LINES = 3  # of a watchlist that one change touches; more are a rewriting
MOST_TRIED = 60  # changes that are held against the archive
FEW = 4  # stories; among fewer, half of them says nothing
SHORTEST_CAPITALS, LONGEST_CAPITALS = 2, 5  # letters of a small word that may stand for an abbreviation

Kind = Literal["case", "never", "field"]
#: Where nothing else decides: the change that is easiest to read comes first.
_SIMPLEST: tuple[Kind, ...] = ("case", "never", "field")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the watchlist, changed or added."""

    # None: the line is added under never.
    before: Clause | None
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Something that could be changed in a watchlist."""

    kind: Kind
    changes: tuple[Change, ...]

    def applied(self, watchlist: Watchlist) -> Watchlist:
        """Return the watchlist as it would be."""
        again = {change.before: change.after for change in self.changes if change.before is not None}
        added = [Clause(text=change.after) for change in self.changes if change.before is None]
        return replace(
            watchlist,
            any=_rewritten(watchlist.any, again),
            all=_rewritten(watchlist.all, again),
            never=(*watchlist.never, *added),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A story that the watchlist caught, and what was said of it."""

    story: Story
    # What an editor said of it; None while nobody did.
    relevant: bool | None = None


@dataclass(slots=True)
class Effect:
    """What a change would do to the stories that the watchlist caught."""

    edit: Edit
    compiled: Compiled
    # The lines that it adds under never; when it does nothing else, they alone are asked.
    added: tuple[Line, ...] = ()
    # Stories that nobody spoke of and that would go.
    loses: list[Story] = field(default_factory=list)
    # Others that were marked as not relevant and would go too.
    rids: list[Story] = field(default_factory=list)
    # Stories that were marked as relevant and would go: such a change is never offered.
    betrays: list[Story] = field(default_factory=list)

    def meets(self, kept: Kept, caught: Sequence[Article]) -> None:
        """Hold a story, of which these articles are caught now, against the change."""
        if any(self._catches(article) for article in caught):
            return
        gone = {True: self.betrays, False: self.rids, None: self.loses}[kept.relevant]
        gone.append(kept.story)

    def _catches(self, article: Article) -> bool:
        """Say whether an article that is caught now would still be."""
        if not self.added:
            return match(article, self.compiled) is not None
        page = page_of(article)
        return all(line.hits(page, page.everywhere) is None for line in self.added)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What can be learned from a story that does not concern the watchlist."""

    # The smallest first.
    offered: tuple[Effect, ...]
    # Changes that would lose a story which somebody marked as relevant.
    refused: tuple[Effect, ...]
    # Stories that the changes were held against.
    measured: int


def learn(watchlist: Watchlist, wrong: Story, archive: Iterable[Kept]) -> Lesson:
    """Return the changes that keep a story off the watchlist, with what each would cost.

    Raises:
        QueryError: a line of the watchlist cannot be read.
    """
    now = compile_watchlist(watchlist)
    effects = [
        Effect(edit, compiled, compiled.never[len(now.never) :])
        for edit in _tried(now, wrong)
        if not _caught(compiled := compile_watchlist(edit.applied(watchlist)), wrong)
    ]
    measured = 0
    for kept in archive:
        caught = _caught(now, kept.story) if kept.story.id != wrong.id else ()
        measured += bool(caught)
        for effect in effects if caught else ():
            effect.meets(kept, caught)
    fair = [each for each in effects if not each.betrays and _is_fair(each, measured)]
    return Lesson(
        offered=tuple(_best(sorted(fair, key=_cost))),
        refused=tuple(each for each in effects if each.betrays),
        measured=measured,
    )


def _is_fair(effect: Effect, measured: int) -> bool:
    """Say whether enough stays: half of the stories, and one at least when a word became an abbreviation."""
    stays = measured - len(effect.loses) - len(effect.rids)
    return stays > 0 if measured < FEW and effect.loses else 2 * len(effect.loses) <= measured


def catches(compiled: Compiled, story: Story) -> bool:
    """Say whether a watchlist catches any article of a story."""
    return bool(_caught(compiled, story))


def _caught(compiled: Compiled, story: Story) -> tuple[Article, ...]:
    """Return the articles of a story that a watchlist catches."""
    return tuple(each.article for each in story.articles if match(each.article, compiled) is not None)


def _rewritten(clauses: Sequence[Clause], again: dict[Clause, str]) -> tuple[Clause, ...]:
    return tuple(replace(each, text=again.get(each, each.text)) for each in clauses)


def _cost(effect: Effect) -> tuple[int, int, int, int]:
    lines = effect.edit.changes
    return len(effect.loses), -len(effect.rids), _SIMPLEST.index(effect.edit.kind), len(lines)


def _best(effects: Sequence[Effect]) -> list[Effect]:
    """Return the best change of each kind, then others, in their order."""
    first = {effect.edit.kind: effect for effect in reversed(effects)}
    chosen = [effect for effect in effects if first[effect.edit.kind] is effect]
    others = [effect for effect in effects if first[effect.edit.kind] is not effect]
    return sorted([*chosen, *others][:MOST_OFFERED], key=_cost)


# ── What could be changed ─────────────────────────────────────────────────────────────────────────────────


def _tried(compiled: Compiled, wrong: Story) -> Iterator[Edit]:
    """Yield changes that may keep the story off, each once, in the order in which they are read."""
    articles = [each.article for each in wrong.articles if match(each.article, compiled) is not None]
    answers = [(article, line) for article in articles for line in _held(article, compiled)]
    lines = list(dict.fromkeys(line.clause for _, line in answers if line.role == "any"))
    found = [*_with_capitals(lines, answers), *_in_fields(lines), *_left_out(articles, answers)]
    yield from list(dict.fromkeys(edit for edit in found if _reads(edit)))[:MOST_TRIED]


def _held(article: Article, compiled: Compiled) -> list[LineAnswer]:
    return [line for line in explain(article, compiled).lines if line.role in ("any", "all") and line.held]


def _reads(edit: Edit) -> bool:
    try:
        for change in edit.changes:
            parse(change.after)
    except QueryError:
        return False
    return True


def _with_capitals(lines: Sequence[Clause], answers: Sequence[tuple[Article, LineAnswer]]) -> Iterator[Edit]:
    """Yield the changes that ask for capitals where the article prints the words otherwise.

    First for what was typed with capitals, then for each small word that may be an abbreviation.
    """
    printed = {clause: _printed(clause, answers) for clause in lines}
    typed = [(clause, word) for clause in lines for word in _differing(clause, printed[clause])]
    loud = {clause: [word for at, word in typed if at == clause and _is_loud(word)] for clause in lines}
    changes = tuple(_capitals(clause, words) for clause, words in loud.items() if words)
    if 0 < len(changes) <= MOST_LINES:
        yield Edit(kind="case", changes=changes)
    for clause, word in typed:
        if not _is_loud(word) and SHORTEST_CAPITALS <= len(word.text) <= LONGEST_CAPITALS:
            yield Edit(kind="case", changes=(_capitals(clause, [word]),))


def _printed(clause: Clause, answers: Sequence[tuple[Article, LineAnswer]]) -> set[str]:
    """Return the words that a line found, as they are printed."""
    parts = [line.part for _, line in answers if line.clause == clause]
    return {evidence.words for part in parts for leaf in leaves(part) for evidence in leaf.evidence}


def _differing(clause: Clause, printed: set[str]) -> Iterator[Words]:
    """Yield the words of a line that the article prints only in other letters than the capitals they have."""
    for words in words_in(parse(clause.text)):
        found = {each for each in printed if each.lower() == words.text.lower()}
        if found and not words.case and _loud(words) not in found:
            yield words


def _is_loud(words: Words) -> bool:
    return words.text != words.text.lower()


def _loud(words: Words) -> str:
    """Return words with the capitals they should have."""
    return words.text if _is_loud(words) else words.text.upper()


def _capitals(clause: Clause, found: Sequence[Words]) -> Change:
    """Return the line with "=" before these words."""
    line = clause.text
    for words in sorted(found, key=lambda each: each.start, reverse=True):
        bare = f'"{_loud(words)}"' if words.exact else _loud(words) + "*" * words.prefix
        line = f"{line[: words.start]}={bare}{line[words.end :]}"
    return Change(before=clause, after=line)


def _in_fields(lines: Sequence[Clause]) -> Iterator[Edit]:
    """Yield the changes that ask for the words in the headline or the opening, or in the headline."""
    if 0 < len(lines) <= MOST_LINES:
        for shape in ("title:({0}) OR lead:({0})", "title:({0})"):
            changes = tuple(Change(before=clause, after=shape.format(clause.text)) for clause in lines)
            yield Edit(kind="field", changes=changes)


def _left_out(articles: Sequence[Article], answers: Sequence[tuple[Article, LineAnswer]]) -> Iterator[Edit]:
    """Yield lines under never: what stands beside the words that were found, then the headline's words."""
    found = [
        (article, part, evidence)
        for article, line in answers
        for part in _finds(line.part)
        for evidence in part.evidence
        if any(_is_in(evidence, whole) for whole in line.part.evidence)
    ]
    beside = [
        row for article, part, each in found for row in words_beside(article, each, case="=" in part.text)
    ]
    rows = sorted(dict.fromkeys(beside), key=beside.count, reverse=True)
    known = {each.words.lower() for _, _, each in found}
    titles = [row for article in articles for row in headline_words(article.title, known)]
    for row in (*rows, *titles):
        yield Edit(kind="never", changes=(Change(before=None, after=row),))


def _finds(part: Part) -> Iterator[Part]:
    """Yield a line that found a few words side by side; else its smallest parts."""
    if all(len(evidence.words.split()) <= LONGEST_FIND for evidence in part.evidence):
        yield part
    else:
        yield from leaves(part)


def _is_in(inner: Evidence, outer: Evidence) -> bool:
    return inner.field == outer.field and outer.start <= inner.start and inner.end <= outer.end


def leaves(part: Part) -> Iterator[Part]:
    """Yield the smallest parts of a line that hold and have words to show."""
    inner = [leaf for each in part.parts if each.held for leaf in leaves(each)]
    if inner:
        yield from inner
    elif part.held and part.evidence:
        yield part


def words_in(query: Query) -> Iterator[Words]:
    """Yield the words of a query, those after NOT left out."""
    match query:
        case Words():
            yield query
        case Row() | Either() | Every():
            for part in query.parts:
                yield from words_in(part)
        case Near():
            yield from words_in(query.left)
            yield from words_in(query.right)
        case InField() | AtLeast():
            yield from words_in(query.part)
        case _:
            return
