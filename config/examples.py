"""Does a watchlist catch what its writer expects it to, and leave alone what it should?

`expect_match` and `expect_no_match` stand beside the words. `check` tries them, and so does a running
Nightdesk before it takes a change over: a watchlist that breaks its own examples is not taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from config.explain import Place, Problem
from config.picking import items, words
from config.tree import File, Node, Scalar, Table
from config.watchlist_file import WatchlistFile
from news.errors import QueryError
from news.nouns import Article, Clause, Source, SourceChoice, Watchlist

if TYPE_CHECKING:
    from news.matching.compiled import Compiled
    from news.matching.explaining import Explanation, LineAnswer, Part

#: When an example was published does not matter; an article needs a time.
SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)
ADDRESS = "https://example.invalid/"
WORDLESS = {"url", "source", "language"}  # what an example may say, and cannot be tried by alone
MOST_NAMED = 3  # parts of a line that are named
LONGEST = 60  # characters of an example in a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article to try, where it stands in the file, and whether it should match."""

    article: Article
    place: Place
    should: bool
    # Whether the example says which source it came from; else where the watchlist looks is not tried.
    has_source: bool = False


def check_examples(one: WatchlistFile, sources: Mapping[str, Source], *, language: str) -> Iterator[Problem]:
    """Yield each example that the watchlist gets wrong: what was expected, and what held or did not."""
    wrong = list(_unusable(one.file, sources))
    yield from wrong
    told = {(problem.line, problem.column) for problem in wrong}
    found = [
        example
        for example in examples_of(one, sources, language=language)
        if (example.place.line, example.place.column) not in told
    ]
    if not found:
        return
    from news.matching.compiled import compile_watchlist
    from news.matching.explaining import explain

    everywhere = replace(one.watchlist, sources=SourceChoice())
    try:
        compiled = {True: compile_watchlist(one.watchlist), False: compile_watchlist(everywhere)}
    except QueryError:
        return  # the line that cannot be read is told already
    for example in found:
        explanation = explain(example.article, compiled[example.has_source])
        if example.should is not (explanation.match is not None):
            yield _failed(one.file, example, explanation, compiled[True])


def examples_of(one: WatchlistFile, sources: Mapping[str, Source], *, language: str) -> Iterator[Example]:
    """Yield the examples of a watchlist's file, as articles."""
    usual = (one.watchlist.languages or (language,))[0]
    for name, should in (("expect_match", True), ("expect_no_match", False)):
        for node in items(one.file.root, name):
            article = _article(node, sources, usual)
            if article is not None:
                yield Example(
                    article=article, place=node.place, should=should, has_source=bool(words(node, "source"))
                )


def _article(node: Node, sources: Mapping[str, Source], language: str) -> Article | None:
    if isinstance(node, Scalar):
        title, _, text = str(node.value).strip().partition("\n")
        return _made(title, text, ADDRESS, language) if isinstance(node.value, str) else None
    if not isinstance(node, Table) or not (words(node, "title") or words(node, "text")):
        return None
    article = _made(
        words(node, "title"),
        words(node, "text"),
        words(node, "url", default=ADDRESS),
        words(node, "language", default=language),
    )
    source = sources.get(words(node, "source"))
    if source is None:
        return article
    return replace(article, source_id=source.id, outlet=source.name, kind=source.kind, group=source.group)


def _made(title: str, text: str, address: str, language: str) -> Article:
    paragraphs = "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())
    return Article(
        address=address,
        source_id="",
        outlet="an example",
        title=title.strip(),
        text=paragraphs,
        first_seen=SOME_TIME,
        language=language,
    )


def _unusable(file: File, sources: Mapping[str, Source]) -> Iterator[Problem]:
    """Yield a problem for each example that says too little, or names a source that is not there."""
    for node in (*items(file.root, "expect_match"), *items(file.root, "expect_no_match")):
        if isinstance(node, Scalar) and str(node.value).strip().startswith(("http://", "https://")):
            what = "an address alone cannot be tried: nothing is fetched here"
            yield file.problem(node.place, what, '{url: "…", title: "…", text: "…"}, with its words')
        elif isinstance(node, Table) and set(node.entries) <= WORDLESS:
            yield file.problem(node.place, "an example needs words to try", "title: or text: in it")
        elif words(node, "source") and words(node, "source") not in sources:
            what = f'there is no source "{words(node, "source")}"'
            yield file.problem(node.place, what, "an id from sources/, or no source:")


# ── What went wrong, in words ─────────────────────────────────────────────────────────────────────────────


def _failed(file: File, example: Example, explanation: Explanation, compiled: Compiled) -> Problem:
    if example.should:
        why = _why_not(explanation, compiled.watchlist)
        write = "the line so that it holds, or take the example away"
        return file.problem(example.place, f"this example should match and does not: {why}", write)
    why = _why(explanation)
    write = "a line under never:, or take the example away"
    return file.problem(example.place, f"this example should not match and does: {why}", write)


def _why(explanation: Explanation) -> str:
    """Return which line held, and on which words."""
    held = [*explanation.held("any"), *explanation.held("all")]
    said = []
    for line in held[:MOST_NAMED]:
        found = [evidence.words for evidence in line.part.evidence]
        on = f' on "{_short(found[0])}"' if found else ""
        said.append(f"{_called(line)} holds{on}")
    return "; ".join(said) or "nothing is asked of it"


def _why_not(explanation: Explanation, watchlist: Watchlist) -> str:
    """Return what kept an example from matching: the line, and what of it held."""
    match explanation.outcome:
        case "never":
            line = explanation.held("never")[0]
            found = [evidence.words for evidence in line.part.evidence]
            on = f' on "{_short(found[0])}"' if found else ""
            return f"{_called(line, 'never: ')} holds{on} and leaves it out"
        case "missing":
            return (
                f"{_called(explanation.failed('all')[0], 'all: ')} does not hold{_parts(explanation, 'all')}"
            )
        case "nothing":
            return _nearest(explanation)
        case "language":
            return f"it is not in {' or '.join(watchlist.languages)}"
        case _:
            return explanation.reason


def _nearest(explanation: Explanation) -> str:
    """Return the line that came nearest, and which of its parts held."""
    lines = explanation.failed("any")
    if not lines:
        return "nothing is looked for"
    best = max(lines, key=lambda line: _share(line.part))
    many = f"none of the {len(lines)} lines holds" if len(lines) > 1 else f"{_called(best)} does not hold"
    held, missing = _held(best.part), _missing(best.part)
    if not held:
        return many
    nearest = f"; the nearest is {_called(best)}" if len(lines) > 1 else ""
    return f"{many}{nearest}: {_listed(held)} {_is(held)} there, {_listed(missing)} {_is(missing)} not"


def _parts(explanation: Explanation, role: str) -> str:
    part = explanation.failed("all" if role == "all" else "any")[0].part
    held, missing = _held(part), _missing(part)
    return f": {_listed(held)} {_is(held)} there, {_listed(missing)} {_is(missing)} not" if held else ""


def _share(part: Part) -> float:
    return len(_held(part)) / (len(part.parts) or 1)


def _held(part: Part) -> list[str]:
    return [each.text for each in part.parts if each.held]


def _missing(part: Part) -> list[str]:
    return [each.text for each in part.parts if not each.held] or [part.text]


def _listed(texts: list[str]) -> str:
    return " and ".join(f"«{_short(text)}»" for text in texts[:MOST_NAMED])


def _is(texts: list[str]) -> str:
    return "is" if len(texts) == 1 else "are"


def _called(line: LineAnswer, role: str = "") -> str:
    number = _line_number(line.clause)
    return f"{role}{_short(line.clause.text)}{f' (line {number})' if number else ''}"


def _line_number(clause: Clause) -> str:
    pieces = clause.where.rsplit(":", 2)
    return pieces[1] if len(pieces) == 3 else ""  # noqa: PLR2004 - path, line, column


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1].rstrip()}…"
