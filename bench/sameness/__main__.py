"""How many articles a second are filed, beside others, and how does that grow with the window?

    ./do bench sameness            windows of 1,000 and 10,000 articles
    ./do bench sameness 100000     up to 100,000, which takes a quarter of an hour

Processor time of this process. The texts are made of invented words (`bench/sameness/texts.py`). Says what
misses the mark; fails only where fewer half-copied articles are found, or more false ones, than allowed.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from bench.sameness.peers import peers
from bench.sameness.texts import Probe, Stream
from news.nouns import Article
from news.sameness.window import Window

SMALLEST, USUAL = 1_000, 10_000
PROBES = 400
COPIES_MARK, STORIES_MARK = 5_000, 1_000  # articles a second
MEMORY_MARK = 7.0  # KB an article
FOUND_MARK, FALSE_MARK = 0.98, 0.01  # of the half-copied; of the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured in one window."""

    name: str
    window: int
    a_second: float
    found: float
    false: float


def main() -> int:
    """Print a table; return 1 when copies are missed."""
    parser = argparse.ArgumentParser(prog="./do bench sameness")
    parser.add_argument("articles", type=int, nargs="?", default=USUAL, help="in the largest window")
    largest = max(SMALLEST, parser.parse_args().articles)
    sizes = [size for size in (SMALLEST, 10_000, 100_000, 1_000_000) if size < largest] + [largest]
    print(f"{'':<20}{'window':>9}{'a second':>10}{'found':>8}{'false':>8}")
    ours = [figures for size in sizes for figures in measured(size)]
    for name, filing in peers():
        if filing is None:
            print(f"{name:<20}is not installed: not measured")
        else:
            filled(sizes[0], filing)
            told(timed(name, sizes[0], filing))
    return verdict(ours)


def measured(size: int) -> list[Figures]:
    """Fill a window; file probes into groups of copies, and into stories."""
    window = Window()
    before = memory()
    spent = process_time()
    filled(size, lambda article: window.add(article, article.id))
    spent = (process_time() - spent) / size
    gc.collect()
    kilobytes = (memory() - before) / size / 1024
    copies = timed("groups of copies", size, copying(window))
    stories = timed("stories", size, telling(window))
    told(copies)
    told(stories)
    mark = "" if kilobytes <= MEMORY_MARK else f" (mark: {MEMORY_MARK:.0f})"
    print(f"{'':<20}{kilobytes:.1f} KB an article{mark}; {spent * 1000:.2f} ms to read one and keep it")
    return [copies, stories]


def filled(size: int, file: Callable[[Article], object]) -> None:
    """File as many articles."""
    for article in Stream().articles(size):
        file(article)


def copying(window: Window) -> Callable[[Article], list[int]]:
    """File into groups of copies alone."""

    def file(article: Article) -> list[int]:
        found = list(window.copies(article))
        window.add(article, found[0] if found else article.id)
        return found

    return file


def telling(window: Window) -> Callable[[Article], list[int]]:
    """File into stories, with reason, shared sentences and what is new."""

    def file(article: Article) -> list[int]:
        placement = window.place(article)
        window.add(article, placement.story_id or article.id, placement=placement)
        return [passage.article_id for passage in placement.shared]

    return file


def timed(name: str, size: int, file: Callable[[Article], list[int]]) -> Figures:
    """File the probes; half-copied ones are found when their original is among what is named."""
    probes = probes_for(size, name)
    started = process_time()
    answers = [file(probe.article) for probe in probes]
    spent = process_time() - started
    halves = [probe.copies in named for probe, named in zip(probes, answers, strict=True) if probe.copies]
    others = [bool(named) for probe, named in zip(probes, answers, strict=True) if not probe.copies]
    return Figures(
        name=name,
        window=size,
        a_second=len(probes) / spent,
        found=share(halves),
        false=share(others),
    )


def probes_for(size: int, name: str) -> list[Probe]:
    """Return the probes of one measurement; no two measurements file the same."""
    stream = Stream(seed=sum(name.encode()), first=size + 1 + 10_000_000 * (name == "stories"))
    return stream.probes(PROBES, size)


def share(verdicts: Sequence[bool]) -> float:
    """Return how many are true, of one."""
    return sum(verdicts) / len(verdicts) if verdicts else 0.0


def memory() -> int:
    """Return the bytes this process keeps in memory."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def told(figures: Figures) -> None:
    """Print one line of the table."""
    print(
        f"{figures.name:<20}{figures.window:>9,}{figures.a_second:>10,.0f}"
        f"{figures.found:>8.0%}{figures.false:>8.1%}",
        flush=True,
    )


def verdict(ours: Sequence[Figures]) -> int:
    """Say which marks are missed; 1 when it is what is found."""
    for name, mark in (("groups of copies", COPIES_MARK), ("stories", STORIES_MARK)):
        slowest = min(figures.a_second for figures in ours if figures.name == name)
        if slowest < mark:
            print(f"{name}: {slowest:,.0f} articles a second; the mark is {mark:,}")
    bad = [it for it in ours if it.found < FOUND_MARK or it.false > FALSE_MARK]
    for figures in bad:
        print(f"{figures.name}: too few found, or too many false, among {figures.window:,}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
