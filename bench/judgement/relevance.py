"""Does the watchlist that ships find what is about the beat, and tell it from a passing mention?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from bench.judgement.measures import Score, precision_recall, scored, verdict_f1
from bench.judgement.sets import CHECKOUT, rows
from news.nouns import Grade
from nightdesk.judging import Matching, article_of, read_watchlists

ABOUT = 2


def sanctuary(folder: Path) -> Iterator[Score]:
    """Score "mentions it at all" and "is mainly about it" with the shipped watchlist."""
    matching = Matching(read_watchlists(CHECKOUT / "config" / "starter"))
    mentioned, about = [], []
    for number, row in enumerate(rows(folder, "relevance_sanctuary"), start=1):
        found = matching.matches(article_of({**row, "date": None}, number))
        mentioned.append((row["label"] >= 1, bool(found)))
        about.append((row["label"] == ABOUT, any(each.grade is Grade.ABOUT for each in found)))
    for measure, verdicts, baseline in (
        ("any mention, F1", mentioned, 0.954),
        ("mainly about, F1", about, 0.893),
    ):
        precision, recall = precision_recall(verdicts)
        note = f"precision {precision:.3f}, recall {recall:.3f}"
        yield scored("relevance_sanctuary", measure, verdicts, verdict_f1, baseline=baseline, note=note)


#: How each set is scored.
SETS: dict[str, Callable[[Path], Iterator[Score]]] = {"relevance_sanctuary": sanctuary}
