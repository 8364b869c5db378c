"""What is an article compared by?

A `Trace` is what copies are found by: sentences and runs of five words, as numbers. A `Reading` is the
article in hand, read to the end: its `Fingerprint` (`prints.py`) together with its sentences, names and
numbers. Words become numbers once, and everything after that is arithmetic on whole arrays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeAlias

import numpy as np

from news.nouns import Article, Sentence
from news.sameness.letters import Codes, Flags, Places, mixed, powers
from news.sameness.prints import Bag, Fingerprint, Piece, ordered, packed, times
from news.sameness.refrains import are_signs, furniture
from news.sameness.taking import Taken, take
from news.text import fold, lead_end

__all__ = ["Bag", "Fingerprint", "Met", "Reading", "Trace", "read", "trace"]

RUN = 5  # words; five in a row are rarely the same by chance
TITLE_WEIGHT = 3  # a headline's word counts like three in the body (measured against 1, 2, 5)
HEAD_TITLE_WEIGHT = 2  # and like two in the lead
_MIX = np.uint32(0x9E3779B1)  # an odd number that scatters 32 bits
_UNMIX = np.uint32(0x0E8B2F51)  # and the one that gathers them again


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Met:
    """What of a trace has been met before: which of its entries, and in which articles."""

    # Sentences that the outlet, or everybody, prints under everything.
    refrains: Flags
    # For each meeting the entry (sentences first, then keys) and the number of the article.
    which: Places
    numbers: Places


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """An article's text, as far as copies are concerned."""

    article: Article
    outlet_key: str
    taken: Taken
    # Each sentence as one number, and whether it speaks of the page it stands on.
    lines: Codes
    furniture: Flags
    # Each run of five words, and the sentence it stands in.
    runs: Codes
    run_lines: Places
    # Where each run stands among the words.
    run_places: Places
    # Two runs of each sentence, the same wherever it stands, and the sentence they stand in.
    keys: Codes
    key_lines: Places

    # All that it is looked up by: sentences, then keys.
    entries: Codes

    def kept_entries(self, kept: Flags) -> Codes:
        """Return what it is filed under: all sentences, and the keys of those that count."""
        if kept.all():
            return self.entries
        return np.concatenate([self.lines, self.keys[kept[self.key_lines]]])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """An article in hand."""

    article: Article
    trace: Trace
    met: Met
    print: Fingerprint
    sentences: tuple[Sentence, ...]
    # Sentences that the outlet repeats in every article.
    refrains: frozenset[int]
    # Names as the article writes them, the most frequent first, and the codes of their words.
    names: tuple[tuple[str, tuple[int, ...]], ...]
    numbers: tuple[tuple[str, int], ...]

    @property
    def kept(self) -> Flags:
        """Say of each sentence whether it counts."""
        return ~(self.trace.furniture | self.met.refrains)

    def entries(self) -> Codes:
        """Return what the article is filed under."""
        return self.trace.kept_entries(self.kept)


_Names: TypeAlias = Counter[tuple[str, tuple[int, ...]]]
#: Looks an article up among those before it.
Look: TypeAlias = Callable[[Trace], Met]


def unmet(trace_: Trace) -> Met:
    """Look an article up where there is none before it."""
    return Met(refrains=np.zeros(len(trace_.lines), dtype=np.bool_), which=_NOWHERE, numbers=_NOWHERE)


_NOWHERE: Places = np.zeros(0, dtype=np.int64)


def trace(article: Article) -> Trace:
    """Take an article's text apart."""
    return traces([article])[0]


def traces(articles: Sequence[Article], *, roughly: bool = False) -> list[Trace]:
    """Take articles' texts apart, all in one pass; roughly where nobody is to be shown their sentences."""
    taking = take(articles, roughly=roughly)
    sums, back = taking.sums()
    starts = taking.starts
    lengths = np.diff(starts, append=len(taking.codes))
    lines = np.repeat(np.arange(len(starts)), lengths)
    sentences = mixed((sums[starts + lengths] - sums[starts]) * back[starts])
    places = _whole_runs(lines, taking.are_text)
    runs, run_lines = mixed((sums[places + RUN] - sums[places]) * back[places]), lines[places]
    least, scattered, there = _keys(runs, run_lines)
    suspects = np.unique(lines[are_signs(taking.codes)])
    found: list[Trace] = []
    for article, taken, first, text in zip(articles, taking.each, taking.firsts, taking.texts, strict=True):
        last = first + len(taken.bounds) - 1
        its_runs, its_keys, its_suspects = (
            slice(*each.searchsorted((first, last)).tolist()) for each in (run_lines, there, suspects)
        )
        keys, key_lines = np.concatenate([least[its_keys], scattered[its_keys]]), there[its_keys] - first
        found.append(
            Trace(
                article=article,
                outlet_key=_folded(article.outlet or article.source_id),
                taken=taken,
                lines=sentences[first:last],
                furniture=furniture(taken, (suspects[its_suspects] - first).tolist()),
                runs=runs[its_runs],
                run_lines=run_lines[its_runs] - first,
                run_places=places[its_runs] - text,
                keys=keys,
                key_lines=np.concatenate([key_lines, key_lines]),
                entries=np.concatenate([sentences[first:last], keys]),
            )
        )
    return found


_folded = lru_cache(maxsize=4096)(fold)


def read(article: Article, look: Look = unmet) -> Reading:
    """Take an article apart, without the sentences that are known to be its outlet's refrains."""
    trace_ = trace(article)
    met = look(trace_)
    return read_on(trace_, met)


def read_on(trace_: Trace, met: Met) -> Reading:
    """Find out what an article is about of which the text is taken apart."""
    article, taken = trace_.article, trace_.taken
    kept = ~(trace_.furniture | met.refrains)
    words = _Words(taken, kept)
    names = words.names()
    figures = words.figures()
    pieces = (
        copied_pieces(trace_, kept) | words.pieces() | {"numbers": np.unique([code for _, code in figures])}
    )
    called = [code for (_, codes), count in names.items() for code in codes * count]
    pieces["names"], counts = np.unique(np.array(called, dtype=np.uint32), return_counts=True)
    pieces["names_counts"] = times(counts)
    return Reading(
        article=article,
        trace=trace_,
        met=met,
        print=printed(trace_, pieces, exact=_all_of(np.concatenate([taken.title, trace_.lines]))),
        sentences=tuple(
            Sentence(text=article.text[start:end], start=start, end=end) for start, end in taken.spans
        ),
        refrains=frozenset(np.flatnonzero(~kept).tolist()),
        names=tuple((name, codes) for (name, codes), _ in names.most_common()),
        numbers=tuple(figures),
    )


def printed(trace_: Trace, pieces: dict[str, Piece], *, exact: int = 0) -> Fingerprint:
    """Return the fingerprint of an article made of these pieces."""
    order = ordered(pieces["runs"])
    article = trace_.article
    return Fingerprint(
        packed(pieces, distinct=len(order[0]), exact=exact),
        article_id=article.id,
        outlet_key=trace_.outlet_key,
        outlet=article.outlet,
        day=(article.published or article.first_seen).timestamp() / 86400,
        first_seen=article.first_seen.timestamp(),
        order=order,
    )


def copied_pieces(trace_: Trace, kept: Flags) -> dict[str, Piece]:
    """Return what a text is compared with another by, word for word."""
    taken = trace_.taken
    lengths = taken.bounds[1:] - taken.bounds[:-1]
    runs, lines, places = trace_.runs, trace_.run_lines, trace_.run_places
    if not kept.all():
        counts = kept[lines]
        runs, lines, places = runs[counts], lines[counts], places[counts]
        lengths = np.where(kept, lengths, 0)
    spoken = taken.spoken()
    return {
        "runs": runs,
        "run_ends": np.cumsum(np.bincount(lines, minlength=len(lengths))),
        "spoken": np.packbits(spoken[places] & spoken[places + RUN - 1]) if spoken.any() else _NOWHERE,
        "lines": trace_.lines,
        "places": np.cumsum(lengths),
    }


def _all_of(words: Codes) -> int:
    """Return one number that stands for all of them in their order."""
    forth, _ = powers(len(words) + 1)
    return int(((words + np.uint64(1)) * forth[1:]).sum(dtype=np.uint64))


def _whole_runs(lines: Places, are_text: Flags) -> Places:
    """Return where runs of five words begin that stand within one sentence of a text."""
    many = len(lines) - RUN + 1
    if many <= 0:
        return _NOWHERE
    places: Places = ((lines[:many] == lines[RUN - 1 :]) & are_text[lines[:many]]).nonzero()[0]
    return places


def _keys(runs: Codes, lines: Places) -> tuple[Codes, Codes, Places]:
    """Choose two runs of each sentence, the same wherever it stands: the least as it is and mixed."""
    if not len(runs):
        return runs, runs, _NOWHERE
    firsts = np.concatenate([_ZERO, np.flatnonzero(lines[1:] != lines[:-1]) + 1])
    least = np.minimum.reduceat(runs, firsts)
    return least, np.minimum.reduceat(runs * _MIX, firsts) * _UNMIX, lines[firsts]


_ZERO: Places = np.zeros(1, dtype=np.int64)


class _Words:
    """What the words of an article say, without the sentences that do not count."""

    def __init__(self, taken: Taken, kept: Flags) -> None:
        self._taken = taken
        self._kept = kept
        self._lines = taken.lines()
        stems, words = taken.known()
        title, self._carriers = stems[: taken.titled], stems[taken.titled :]
        self._called = words[taken.titled :]
        self._heading = title[title > 0]
        self._counts = kept[self._lines]

    def pieces(self) -> dict[str, Piece]:
        """Return what the article is compared with others by, in what it tells."""
        taken = self._taken
        carries = (self._carriers > 0) & self._counts
        content = self._carriers[carries]
        body, places = np.unique(np.concatenate([self._heading, content]), return_inverse=True)
        heading, inside = places[: len(self._heading)], places[len(self._heading) :]
        in_lead = taken.spelled.starts[taken.titled :] < taken.begins + lead_end(
            taken.whole[taken.begins :], taken.spans
        )
        count = partial(np.bincount, minlength=len(body))
        titled = count(heading)
        head = titled * HEAD_TITLE_WEIGHT + count(inside[in_lead[carries]])
        above, leading = np.flatnonzero(titled), np.flatnonzero(head)
        ends = np.bincount(self._lines[carries], minlength=len(self._kept))
        return {
            "body": body,
            "body_counts": times(titled * TITLE_WEIGHT + count(inside)),
            "heading": above,
            "heading_counts": times(titled[above]),
            "head": leading,
            "head_counts": times(head[leading]),
            "content": inside,
            "content_ends": np.cumsum(ends),
        }

    def names(self) -> _Names:
        """Count the names: runs of capitalized words that do not open a sentence."""
        taken = self._taken
        upper = taken.spelled.upper()[taken.titled :]
        lengths = taken.bounds[1:] - taken.bounds[:-1]
        # A line set in capitals, or as a headline is: there capitals name nobody.
        shouted = np.bincount(self._lines[upper], minlength=len(lengths)) * 10 > lengths * 7
        is_name = upper & (self._carriers > 0) & (self._kept & ~shouted)[self._lines]
        is_name[taken.bounds[:-1][lengths > 0]] = False
        at = np.flatnonzero(is_name)
        if not len(at):
            return Counter()
        starts, ends = taken.spelled.starts[taken.titled :], taken.spelled.ends[taken.titled :]
        goes_on = (at[1:] == at[:-1] + 1) & taken.spelled.spaced()[taken.titled + at[:-1]]
        firsts = at[np.concatenate([[True], ~goes_on])].tolist()
        lasts = at[np.concatenate([~goes_on, [True]])].tolist()
        codes = self._called.tolist()
        names: _Names = Counter()
        for first, last in zip(firsts, lasts, strict=True):
            name = taken.whole[starts[first] : ends[last]]
            names[name, tuple(codes[first : last + 1])] += 1
        return names

    def figures(self) -> list[tuple[str, int]]:
        """Return what is written in digits, but for years, each once."""
        taken = self._taken
        found: dict[str, int] = {}
        for at, word in taken.figures():
            counts = at < taken.titled or self._counts[at - taken.titled]
            if counts and not _is_year(word):
                found[word] = int(taken.spelled.codes[at])
        return list(found.items())


def _is_year(word: str) -> bool:
    return len(word) == 4 and word[:2] in {"19", "20"}  # noqa: PLR2004  # digits
