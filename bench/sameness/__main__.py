"""How many articles a second are filed, beside others, and how does that grow with the window?

    ./do bench sameness             windows of 1,000 and 10,000 articles
    ./do bench sameness 100000      up to 100,000, which takes some minutes

Processor time of this process. The texts are made of invented words (`bench/sameness/texts.py`). Says what
misses the mark; fails only where fewer half-copied articles are found, or more false ones, than allowed.
"""

from __future__ import annotations

import argparse
import gc
import math
import resource
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice, pairwise
from pathlib import Path
from statistics import fmean
from time import process_time

from bench.sameness.peers import Filing, peers
from bench.sameness.starting import SOME, started
from bench.sameness.texts import Probe, articles, probes
from crawler.filing import TAKEN_AT_ONCE
from news.nouns import Article
from news.sameness.groups import Groups
from news.sameness.window import Window

SMALLEST, USUAL = 1_000, 10_000
PROBES, FOR_STORIES = 1_000, 300
COPIES_MARK, STORIES_MARK = 5_000, 1_000  # articles a second
MEMORY_MARK = 7.0  # KB an article
START_MARK = 2.0  # seconds for 100,000 articles
FOUND_MARK, FALSE_MARK = 0.98, 0.01  # of the half-copied; of the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured in one window."""

    name: str
    window: int
    a_second: float
    found: float
    false: float
    kilobytes: float


def main() -> int:
    """Print a table; return 1 when copies are missed."""
    parser = argparse.ArgumentParser(prog="./do bench sameness")
    parser.add_argument("articles", type=int, nargs="?", default=USUAL, help="in the largest window")
    largest = max(SMALLEST, parser.parse_args().articles)
    sizes = [size for size in (SMALLEST, 10_000, 100_000, 1_000_000) if size < largest] + [largest]
    print(f"{'':<22}{'window':>9}{'a second':>10}{'found':>8}{'false':>8}{'KB each':>9}")
    ours = [measured(name, size, filing()) for size in sizes for name, filing in _OURS]
    for name, file in peers():
        if file is None:
            print(f"{name:<22}is not installed: not measured")
        else:
            measured(name, min(USUAL, largest), Peer(file))
    growth(ours)
    starts(largest)
    return verdict(ours)


class Copying:
    """Files into groups of copies alone, as many at a time as the service does."""

    def __init__(self) -> None:
        self._groups = Groups()

    def file(self, articles: Sequence[Article]) -> list[list[int]]:
        """Return the copies of each article."""
        return [list(found) for found in self._groups.file(articles)]

    def remember(self, articles: Sequence[Article]) -> None:
        """Fill the window."""
        self._groups.file(articles)


class Telling:
    """Files into stories, with reason, shared sentences, what is new, and the rows for the store."""

    def __init__(self) -> None:
        self._window = Window()
        self._stories = count(1)

    def file(self, articles: Sequence[Article]) -> list[list[int]]:
        """Return for each article those that more than one sentence is shared with."""
        found: list[list[int]] = []
        for placed in self._window.place_for_filing(articles, self._stories.__next__):
            shared = [passage.article_id for passage in placed.placement.shared]
            found.append([each for each in set(shared) if shared.count(each) > 1])
        return found

    def remember(self, articles: Sequence[Article]) -> None:
        """Fill the window without judging."""
        for article in articles:
            self._window.add(article, next(self._stories))


class Peer:
    """Files as somebody else does."""

    def __init__(self, file: Filing) -> None:
        self._file = file

    def file(self, articles: Sequence[Article]) -> list[list[int]]:
        """Return the articles that each one is like."""
        return [self._file(article) for article in articles]

    remember = file


_OURS = (("groups of copies", Copying), ("stories", Telling))


def measured(name: str, size: int, filing: Copying | Telling | Peer) -> Figures:
    """Fill a window and file probes; one is found when what it copies is among what is named."""
    before = memory()
    for some in batched(articles(size)):
        filing.remember(some)
    gc.collect()
    gc.freeze()  # as the service does
    kilobytes = (memory() - before) / size / 1024
    asked = list(probes(FOR_STORIES if name == "stories" else PROBES, size, first=size + 1))
    begun = process_time()
    answers = [named for some in batched(probe.article for probe in asked) for named in filing.file(some)]
    spent = process_time() - begun
    figures = Figures(
        name=name,
        window=size,
        a_second=len(asked) / spent,
        found=share([probe.copies in named for probe, named in _both(asked, answers) if probe.copies]),
        false=share([bool(named) for probe, named in _both(asked, answers) if not probe.copies]),
        kilobytes=kilobytes,
    )
    told(figures)
    return figures


def batched(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Yield as many articles at a time as the service files together."""
    waiting = iter(articles)
    while some := list(islice(waiting, TAKEN_AT_ONCE)):
        yield some


def _both(asked: Sequence[Probe], answers: Sequence[list[int]]) -> list[tuple[Probe, list[int]]]:
    return list(zip(asked, answers, strict=True))


def share(verdicts: Sequence[bool]) -> float:
    """Return how many are true, of one."""
    return fmean(verdicts) if verdicts else 0.0


def memory() -> int:
    """Return the bytes this process keeps in memory."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def told(figures: Figures) -> None:
    """Print one line of the table."""
    print(
        f"{figures.name:<22}{figures.window:>9,}{figures.a_second:>10,.0f}"
        f"{figures.found:>8.0%}{figures.false:>8.1%}{figures.kilobytes:>9.1f}",
        flush=True,
    )


def growth(ours: Sequence[Figures]) -> None:
    """Say how much more an article costs in a larger window, beside what the logarithm would allow."""
    for name, _ in _OURS:
        rows = [figures for figures in ours if figures.name == name and figures.window >= USUAL]
        for one, other in pairwise(rows):
            cost = one.a_second / other.a_second
            allowed = math.log(other.window) / math.log(one.window)
            print(
                f"{name}: an article costs {cost:.2f} times as much among {other.window:,} as among"
                f" {one.window:,}; the logarithm grows {allowed:.2f} times"
            )


def starts(size: int) -> None:
    """Say how long it takes to make a window again from a database."""
    for database, seconds in started(size, articles(SOME)):
        mark = f" (mark: {START_MARK:.0f} s for 100,000)" if seconds * 100_000 / size > START_MARK else ""
        print(f"start-up with {size:,} articles in {database}: {seconds:.2f} s{mark}")


def verdict(ours: Sequence[Figures]) -> int:
    """Say which marks are missed; 1 when it is what is found."""
    for name, mark in (("groups of copies", COPIES_MARK), ("stories", STORIES_MARK)):
        rows = [figures for figures in ours if figures.name == name]
        slowest = min(figures.a_second for figures in rows)
        if slowest < mark:
            print(f"{name}: {slowest:,.0f} articles a second; the mark is {mark:,}")
        if rows[-1].kilobytes > MEMORY_MARK:
            print(f"{name}: {rows[-1].kilobytes:.1f} KB an article; the mark is {MEMORY_MARK:.0f}")
    bad = [it for it in ours if it.found < FOUND_MARK or it.false > FALSE_MARK]
    for figures in bad:
        print(f"{figures.name}: too few found, or too many false, among {figures.window:,}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
