"""Read pages whose text is known, beside trafilatura's default and fast modes, in the same run.

    ./do bench extraction

For each set: F1 and processor time a page of ours and of both modes, and between which bounds our F1 differs
from theirs when pages are drawn again (paired bootstrap, 95 of 100). Exit 1 when ours is worse than the
better mode on a set beyond chance, or better on none. The processor time is told; a busy machine blurs it.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import fmean
from time import process_time
from typing import Any

from bench.judgement.measures import f1, shingle_counts
from bench.judgement.reading import NOW, segment_counts, segments_f1, unpacked
from bench.judgement.sets import data_folder, packed_json
from crawler.reading.pages import read_page_bytes
from news.errors import ReadingError

SEGMENTS = "extract_trafilatura"
SETS = ("extract_seb", "extract_fundus", SEGMENTS)
DRAWS = 1000
PASSES = 2  # the quicker of two counts: the machine is never alone

#: Bytes and address → text.
Find = Callable[[bytes, str], str]
Unit = Any  # what is counted of a page; its shape is the set's


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one way of finding the text came to on one set."""

    units: list[Unit]
    seconds: float


def ours(body: bytes, url: str) -> str:
    """Return what Nightdesk reads."""
    try:
        return read_page_bytes(body, url=url, content_type="text/html", now=NOW).text
    except ReadingError:
        return ""


def peer(*, fast: bool) -> Find:
    """Return one of trafilatura's modes."""
    import trafilatura

    return lambda body, url: trafilatura.extract(body, url=url, include_comments=False, fast=fast) or ""


def pages_of(folder: Path, dataset: str) -> list[tuple[dict[str, Any], bytes, str]]:
    """Return what is known of each page, its bytes and its address."""
    if dataset == SEGMENTS:
        known = packed_json(folder / dataset / "evaldata.json.gz")
        return [
            (told, unpacked(folder / dataset / "html" / f"{told['file']}.gz"), url)
            for url, told in known.items()
        ]
    known = packed_json(folder / dataset / "ground-truth.json.gz")
    html = folder / dataset / "html"
    return [
        (told, unpacked(html / f"{name}.html.gz"), told.get("url") or "https://a.invalid/")
        for name, told in known.items()
    ]


def count(dataset: str, told: dict[str, Any], text: str) -> Unit:
    """Return what is right, wrong and missing in a text."""
    return (
        segment_counts(told, text) if dataset == SEGMENTS else shingle_counts(told["articleBody"] or "", text)
    )


def score(dataset: str, units: Sequence[Unit]) -> float:
    """Return the F1 of a set."""
    if dataset == SEGMENTS:
        return segments_f1(units)
    return f1(fmean(unit[0] for unit in units), fmean(unit[1] for unit in units))


def measure(find: Find, dataset: str, pages: Sequence[tuple[dict[str, Any], bytes, str]]) -> Result:
    """Find the texts of a set, and count."""
    find(pages[0][1], pages[0][2])  # imports
    best = float("inf")
    texts: list[str] = []
    for _ in range(PASSES):
        started = process_time()
        texts = [find(body, url) for _, body, url in pages]
        best = min(best, process_time() - started)
    units = [count(dataset, told, text) for (told, _, _), text in zip(pages, texts, strict=True)]
    return Result(units=units, seconds=best / len(pages))


def bounds(dataset: str, mine: Result, theirs: Result) -> tuple[float, float]:
    """Return between what our F1 less theirs lies, in 95 of 100 drawings."""
    chance = Random(1)  # noqa: S311 - the same drawings each time
    places = range(len(mine.units))
    drawn = [chance.choices(places, k=len(places)) for _ in range(DRAWS)]
    gaps = sorted(
        score(dataset, [mine.units[n] for n in draw]) - score(dataset, [theirs.units[n] for n in draw])
        for draw in drawn
    )
    return gaps[DRAWS // 40], gaps[-DRAWS // 40 - 1]


def main() -> int:
    """Measure, print, compare."""
    folder = data_folder()
    if folder is None:
        print("No sets with known answers here: not measured. Set NIGHTDESK_DATA to their folder.")
        return 0
    warnings.simplefilter("ignore")  # a part of trafilatura that is not used misses a library
    ways: dict[str, Find] = {"ours": ours, "default": peer(fast=False), "fast": peer(fast=True)}
    worse, better, spent = [], [], dict.fromkeys(ways, 0.0)
    for dataset in SETS:
        pages = pages_of(folder, dataset)
        found = {name: measure(find, dataset, pages) for name, find in ways.items()}
        best = max(("default", "fast"), key=lambda name: score(dataset, found[name].units))
        low, high = bounds(dataset, found["ours"], found[best])
        said = ", ".join(
            f"{name} {score(dataset, each.units):.3f} ({1000 * each.seconds:.0f} ms)"
            for name, each in found.items()
        )
        print(f"{dataset:<20} {said}; ours less {best}: {low:+.3f} to {high:+.3f}", flush=True)
        worse += [dataset] if high < 0 else []
        better += [dataset] if low > 0 else []
        spent = {name: spent[name] + each.seconds * len(pages) for name, each in found.items()}
    ratio = spent["ours"] / spent["default"]
    print(f"better on {', '.join(better) or 'none'}; CPU {ratio:.2f} of the default mode's")
    failed = bool(worse) or not better
    print("The mark holds." if not failed else f"The mark is missed; worse on: {worse}", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
