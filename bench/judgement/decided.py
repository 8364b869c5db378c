"""Does the machine judge as the newsroom's people did?

What `nightdesk stories decisions --json --texts` wrote, as `decisions/decisions.jsonl` in the folder of the
sets: each decision has two sides, and the articles of one are the same story as those of the other, or are
not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from pathlib import Path
from statistics import fmean
from typing import Any

from bench.judgement.measures import Score, scored
from bench.judgement.stories import in_date_order, placed

FILE = Path("decisions") / "decisions.jsonl"

Row = dict[str, Any]


def decisions(folder: Path) -> Iterator[Score]:
    """Return how many of the decided pairs are judged as people judged them."""
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    standing = [row for row in map(json.loads, lines) if row["stands"]]
    if standing:
        right = agreed(standing)
        note = f"{len(standing)} decisions"
        yield scored("decisions", "pairs as decided", right, fmean, note=note)


def agreed(standing: Iterable[Row]) -> list[float]:
    """Return 1 for each pair of articles that is judged as it was decided, and 0 for the others."""
    told = list(standing)
    articles = {each["id"]: each for row in told for side in ("one", "other") for each in row[side]}
    found = placed(in_date_order(articles.values()))
    return [
        float((found[one["id"]] == found[other["id"]]) == row["same"])
        for row in told
        for one, other in product(row["one"], row["other"])
    ]


SETS: dict[str, Callable[[Path], Iterator[Score]]] = {"decisions": decisions}
