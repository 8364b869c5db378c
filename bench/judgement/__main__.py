"""Print the scores of every set beside their baselines; fail below a floor.

    ./do bench judgement [--only stories|relevance|reading|decided]
    ./do bench judgement --pin                                 raise floors to the bounds reached now
    ./do bench judgement --lower-floor "SET: MEASURE" --because "…"

Floors are bootstrap lower bounds. They rise with `--pin` and fall only one at a time, to what is reached now,
with a reason that is kept.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any

from bench.judgement import decided, reading, relevance, stories
from bench.judgement.measures import Score
from bench.judgement.sets import data_folder

FLOORS = Path(__file__).parent / "floors.json"
PARTS = {
    "stories": stories.SETS,
    "relevance": relevance.SETS,
    "reading": reading.SETS,
    "decided": decided.SETS,
}


def main() -> int:
    """Measure, print, compare."""
    asked = arguments()
    folder = data_folder()
    if folder is None:
        print("No sets with known answers here: not measured. Set NIGHTDESK_DATA to their folder.")
        return 0
    floors: dict[str, Any] = json.loads(FLOORS.read_text(encoding="utf-8"))
    scores: list[Score] = []
    print(f"{'set':<21}{'measure':<18}{'ours':>7}{'bound':>7}{'floor':>7}{'base':>7}   note")
    started = process_time()
    for name, sets in PARTS.items():
        if asked.only in (None, name):
            for score in measured(sets, folder):
                scores.append(score)
                print(line(score, floors), flush=True)
    print(f"{process_time() - started:.0f} s CPU")
    change(asked, scores, floors)
    return told_below(scores, floors)


def measured(sets: dict[str, Callable[[Path], Iterator[Score]]], folder: Path) -> Iterator[Score]:
    """Score the sets that are there; say which are not."""
    for dataset, score in sets.items():
        if (folder / dataset).is_dir():
            yield from score(folder)
        else:
            print(f"{dataset:<21}not measured: there is no such set in {folder}")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="./do bench judgement")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--lower-floor", metavar="NAME")
    parser.add_argument("--because", metavar="REASON", default="")
    asked = parser.parse_args()
    if asked.lower_floor and not asked.because:
        parser.error("a floor is lowered with a reason: --because REASON")
    return asked


def line(score: Score, floors: dict[str, Any]) -> str:
    """Return a row of the table."""
    floor = floors.get(score.name, {}).get("floor")
    return (
        f"{score.dataset:<21}{score.measure:<18}{score.value:>7.3f}{score.low:>7.3f}"
        f"{_number(floor)}{_number(score.baseline)}   {score.note}"
    ).rstrip()


def _number(value: float | None) -> str:
    return f"{'-':>7}" if value is None else f"{value:>7.3f}"


def change(asked: argparse.Namespace, scores: list[Score], floors: dict[str, Any]) -> None:
    """Raise floors, or lower the one that was named.

    Raises:
        SystemExit: no figure has that name.
    """
    if asked.lower_floor and asked.lower_floor not in {score.name for score in scores}:
        names = ", ".join(score.name for score in scores)
        raise SystemExit(f"{asked.lower_floor!r} was not measured. Measured: {names}")  # noqa: EM102
    for score in scores:
        known = floors.get(score.name)
        if asked.pin and (known is None or score.low > known["floor"]):
            floors[score.name] = {"floor": round(score.low, 3)}
        if asked.lower_floor == score.name:
            floors[score.name] = {"floor": round(score.low, 3), "lowered because": asked.because}
    if asked.pin or asked.lower_floor:
        FLOORS.write_text(json.dumps(floors, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def told_below(scores: list[Score], floors: dict[str, Any]) -> int:
    """Say which scores are below their floor; 1 if there are any."""
    low = [score for score in scores if score.value < floors.get(score.name, {"floor": 0})["floor"]]
    for score in low:
        print(f"{score.name} is {score.value:.3f}, below its floor", file=sys.stderr)
    return 1 if low else 0


if __name__ == "__main__":
    raise SystemExit(main())
