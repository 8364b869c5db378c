"""Is the console quick on a large archive? `./do bench console [FOLDER]`.

1. Every page, with an archive of 200,000 articles in SQLite: server time, and bytes with everything it loads.
2. What edited keywords would have sent in 30 days, as the page shows it beside the boxes; and what the first
   who asks after a start waits for, with the list that is shipped.
3. /healthz while the crawler polls 100 sources that always have something new. The whole program runs.

Fails when a mark is missed. The archive is made in a folder that is gone afterwards, or kept in FOLDER. Times
are those of a clock, and beside them the work of this process: where other programs keep the machine busy,
only the work says something.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.console.busy import ALMOST_ALL, answers
from bench.console.pages import furnished, measure
from bench.console.trying import first_tried, tried
from tests.web.serving import WebDesk

ARTICLES = 200_000
#: The marks.
MOST_PAGE, MOST_TRIAL, MOST_HEALTH = 100.0, 500.0, 100.0  # milliseconds
MOST_FIRST, MOST_WEEK, A_WEEK = 2_000.0, 3_000.0, 7  # milliseconds until a first answer, of work for 7 days
HEAVIEST = 150_000  # bytes of a page with everything it loads
WRONG = 400


def main(folder: str = "") -> int:
    """Print a line for each page and mark; return 1 when one is missed."""
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    if busy > 1:
        print(f"Careful: {busy:.1f} programs want each core; times of the clock are too long.")
    with _desk(folder) as desk:
        fine = [_pages(desk), _trial(desk), _first(desk, 7), _first(desk, 30)]
    fine.append(_health())
    return int(not all(fine))


@contextmanager
def _desk(folder: str) -> Iterator[WebDesk]:
    with TemporaryDirectory() as temporary:
        desk = furnished(Path(folder or temporary), articles=ARTICLES)
        try:
            yield desk
        finally:
            desk.close()


def _pages(desk: WebDesk) -> bool:
    fine = True
    for each in measure(desk, articles=ARTICLES):
        is_page = not each.page.startswith("/api/")
        good = (
            each.almost_all <= MOST_PAGE and (each.bytes <= HEAVIEST or not is_page) and each.status < WRONG
        )
        fine = fine and good
        words = f"p50 {each.half:6.1f}  p95 {each.almost_all:6.1f}  work {each.work:6.1f} ms"
        _say(each.page, f"{words}  {each.bytes / 1000:5.0f} KB", good=good)
    return fine


def _trial(desk: WebDesk) -> bool:
    found = tried(desk)
    good = found.almost_all <= MOST_TRIAL
    name = f"30 days tried, {found.articles:,} articles"
    words = (
        f"first {found.first:.0f}  p50 {found.half:.0f}  p95 {found.almost_all:.0f}  work {found.work:.0f} ms"
    )
    _say(name, words, good=good)
    return good


def _first(desk: WebDesk, days: int) -> bool:
    found = first_tried(desk, days)
    good = found.answer <= MOST_FIRST and (days > A_WEEK or found.work <= MOST_WEEK)
    name = f"first try, {days} days, {found.articles:,} articles"
    words = f"answer {found.answer:.0f}  whole {found.whole:.0f}  work {found.work:.0f} ms"
    _say(name, words, good=good)
    return good


def _health() -> bool:
    found = answers()
    half, most = found[len(found) // 2], found[int(len(found) * ALMOST_ALL)]
    good = most <= MOST_HEALTH
    _say("/healthz, 100 sources busy", f"p50 {half:6.1f}  p99 {most:6.1f} ms of {len(found)}", good=good)
    return good


def _say(name: str, measured: str, *, good: bool) -> None:
    print(f"{name:<36} {measured:<60} {'' if good else 'MISSED'}".rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
