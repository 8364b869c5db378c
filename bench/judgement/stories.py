"""Which articles tell the same story? Copies, easy stories, one saga with many events, and the two seeds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

from bench.judgement.measures import (
    Score,
    adjusted_rand,
    b_cubed,
    b_cubed_f1,
    precision_recall,
    scored,
    verdict_f1,
)
from bench.judgement.sets import rows
from nightdesk.judging import TOGETHER, Telling, article_of

ORDERS = 6  # in which a set is told again
IN_ORDERS = ("stories_ecbplus", "stories_immigration")
AT_ONCE = (1, 4)  # articles that a poll brings; the service files those of one poll together
PRECISE = 0.95  # share of the pairs said to be one story that are

Row = dict[str, Any]
Pair = tuple[str, str]


def placed(items: Iterable[Row], *, together: int = TOGETHER) -> dict[str, int]:
    """Place the items in the order given, those of one time together, and return the story of each."""
    return placed_with_copies(items, together=together)[0]


def placed_with_copies(
    items: Iterable[Row], *, together: int = TOGETHER
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the story of each item, and the copy it is: items of one story that share text have one name."""
    rows = list(items)
    articles = (article_of(row, number) for number, row in enumerate(rows, start=1))
    told = list(Telling(together=together).place(articles))
    return (
        {row["id"]: each.story for row, each in zip(rows, told, strict=True)},
        {row["id"]: each.copy for row, each in zip(rows, told, strict=True)},
    )


def in_date_order(items: Iterable[Row]) -> list[Row]:
    """Return the items as they came; those of one day stay in order."""
    return sorted(items, key=lambda row: row.get("date") or "")


def seeds(folder: Path) -> Iterator[Score]:
    """The two seeds are one story, and no other article of the saga's stream is in it."""
    texts = sorted((folder / "seeds").glob("*.txt"))
    pair = [
        {"id": file.stem, "date": "2018-01-24", "source": file.stem, "text": file.read_text(encoding="utf-8")}
        for file in texts
    ]
    stream = in_date_order([*rows(folder, "stories_immigration"), *pair])
    found = placed(stream)
    first, second = (found[row["id"]] for row in pair)
    others = sum(story == first for story in found.values()) - 2
    note = f"{others} other articles with them" if others else f"apart from {len(stream) - 2} others"
    together = float(first == second and not others)
    yield Score(dataset="seeds", measure="one story", value=together, low=together, baseline=0.0, note=note)


def wire(folder: Path) -> Iterator[Score]:
    """Real text with artificial edits: syndication, follow-ups, distractors."""
    items = in_date_order(rows(folder, "dups_wire"))
    stories, copies = placed_with_copies(items)
    true = pairs_of({row["id"]: row["cluster"] for row in items if row["cluster"]})
    kinds = {row["id"]: row["kind"] for row in items}
    for measure, found, baseline in (
        ("pair F1, copies", pairs_of(copies), 0.908),
        ("pair F1, stories", pairs_of(stories), None),
    ):
        merged = sum("followup" in (kinds[one], kinds[other]) for one, other in found - true)
        verdicts = [(pair in true, pair in found) for pair in sorted(true | found)]
        note = f"{merged} pairs with a follow-up merged"
        yield scored("dups_wire", measure, verdicts, verdict_f1, baseline=baseline, note=note)


def pairs_of(labels: Mapping[str, Hashable]) -> set[Pair]:
    """Return the pairs of items with the same label."""
    groups: dict[Hashable, list[str]] = {}
    for item, label in labels.items():
        groups.setdefault(label, []).append(item)
    return {pair for group in groups.values() for pair in combinations(sorted(group), 2)}


def natural(folder: Path) -> Iterator[Score]:
    """Real pairs that share text: the verdict on each, and what a stricter threshold would find."""
    items = in_date_order(rows(folder, "dups_natural"))
    pairs = list(rows(folder, "dups_natural", "pairs.jsonl.gz"))
    found = placed(items)
    verdicts = [(pair["same_story"], found[pair["a"]] == found[pair["b"]]) for pair in pairs]
    precision, _ = precision_recall(verdicts)
    note = f"at precision {precision:.3f}"
    yield scored("dups_natural", "recall", verdicts, lambda drawn: precision_recall(drawn)[1], note=note)
    near = nearness(items)
    graded = [(near.get(frozenset((pair["a"], pair["b"])), 0.0), pair["same_story"]) for pair in pairs]
    measure = f"recall at P {PRECISE}"
    yield scored("dups_natural", measure, graded, recall_when_precise, baseline=0.74)


def nearness(items: Iterable[Row]) -> dict[frozenset[str], float]:
    """Return how near each item stands to those before it."""
    telling = Telling()
    names: list[str] = []
    near: dict[frozenset[str], float] = {}
    for number, row in enumerate(items, start=1):
        article = article_of(row, number)
        for other, value in telling.nearness(article).items():
            near[frozenset((row["id"], names[other - 1]))] = value
        list(telling.place([article]))
        names.append(row["id"])
    return near


def recall_when_precise(graded: Sequence[tuple[float, bool]]) -> float:
    """Return the best recall of any threshold whose precision is high enough."""
    true = sum(same for _, same in graded)
    best = right = 0
    for said, (_, same) in enumerate(sorted(graded, key=lambda pair: -pair[0]), start=1):
        right += same
        if right >= PRECISE * said:
            best = right
    return best / true if true else 1.0


def clusters(folder: Path, dataset: str, baselines: dict[str, float]) -> Iterator[Score]:
    """Score a set of labelled stories, in file order; articles without a label stay in the stream."""
    items = list(rows(folder, dataset))
    found = placed(items)
    gold = {row["id"]: row["story"] for row in items if row["story"] is not None}
    per_item = b_cubed(gold, found)
    stories = len({found[item] for item in gold})
    note = f"{stories} stories found, {len(set(gold.values()))} true"
    yield scored(dataset, "B-cubed F1", per_item, b_cubed_f1, baseline=baselines["B-cubed F1"], note=note)
    if "ARI" in baselines:
        labels = [(story, found[item]) for item, story in gold.items()]
        yield scored(dataset, "ARI", labels, adjusted_rand, baseline=baselines["ARI"])
    if dataset in IN_ORDERS:
        for at_once in AT_ONCE:
            yield in_orders(dataset, items, gold, at_once)


def in_orders(dataset: str, items: Sequence[Row], gold: Mapping[str, Hashable], at_once: int) -> Score:
    """Place the articles of each day a few at a time, as they are filed, in several orders."""
    orders = []
    for seed in range(ORDERS):
        random = Random(seed)  # noqa: S311 - a bench repeats itself
        mixed = sorted(items, key=lambda row: (row.get("date") or "", random.random()))
        orders.append(b_cubed(gold, placed(mixed, together=at_once)))
    each = [b_cubed_f1(order) for order in orders]
    note = f"mean of {ORDERS} orders, {min(each):.3f} to {max(each):.3f}"

    def mean_f1(drawn: Sequence[tuple[tuple[float, float], ...]]) -> float:
        return fmean(b_cubed_f1(order) for order in zip(*drawn, strict=True))

    measure = f"B-cubed, {at_once} by {at_once}"
    return scored(dataset, measure, list(zip(*orders, strict=True)), mean_f1, note=note)


#: How each set is scored.
SETS: dict[str, Callable[[Path], Iterator[Score]]] = {
    "seeds": seeds,
    "dups_wire": wire,
    "dups_natural": natural,
    "stories_basil": partial(clusters, dataset="stories_basil", baselines={"B-cubed F1": 0.987}),
    "stories_ecbplus": partial(clusters, dataset="stories_ecbplus", baselines={"B-cubed F1": 0.904}),
    "stories_immigration": partial(
        clusters, dataset="stories_immigration", baselines={"B-cubed F1": 0.725, "ARI": 0.454}
    ),
}
