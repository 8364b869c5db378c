"""`nightdesk sources stats`: what does each source bring, day by day?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import click

from news.timing import local
from news.wording import counted
from nightdesk.cli.archive import archive
from nightdesk.cli.context import Call, command
from nightdesk.cli.sources_group import sources

if TYPE_CHECKING:
    from news.nouns import Source

BARS = "▁▂▃▄▅▆▇█"
NONE = "·"  # a day without an article
MOST_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """What a source brought."""

    source: Source
    # Articles a day, the oldest day first.
    days: tuple[int, ...]
    matched: int

    @property
    def articles(self) -> int:
        """All of them."""
        return sum(self.days)


@command("stats", under=sources)
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=14, help="How many days back.  [14]")
@click.option("--group", "in_group", metavar="GROUP", help="Only those of one group.")
def stats(call: Call, days: int, in_group: str | None) -> None:
    """Show what each source brought, day by day until today, and how much of it was on a watchlist.

    Those with the most matches stand on top. What came with a source's first check is not counted.
    """
    from nightdesk.source_standing import starts_of

    settings = call.settings()
    chosen = [source for source in settings.sources if in_group in {None, source.group}]
    now = call.now
    zone = settings.timezone
    starts = starts_of(zone, now, days)
    with archive(call, settings) as store:
        came, matched = store.came_a_day(starts), store.matched_since(starts[0])
    yields = sorted(_yields(chosen, came, matched, days), key=_order)
    rows: list[tuple[str, ...]] = []
    if yields:
        rows.append(("source", "matched", "articles", "a day", f"{days} days until today"))
    rows += [_row(each) for each in yields]
    call.printer.table(rows)
    for each in yields:
        call.printer.record(_facts(each, [local(start, zone).date() for start in starts]))
    total = sum(each.articles for each in yields)
    call.printer.say(f"\n{counted(total, 'article')} from {counted(len(yields), 'source')}.")


def _yields(
    chosen: Sequence[Source], came: Mapping[str, tuple[int, ...]], matched: Mapping[str, int], days: int
) -> Iterator[Yield]:
    nothing = (0,) * days
    for source in chosen:
        yield Yield(source=source, days=came.get(source.id, nothing), matched=matched.get(source.id, 0))


def _order(each: Yield) -> tuple[int, int, str]:
    return -each.matched, -each.articles, each.source.name.lower()


def _row(each: Yield) -> tuple[str, ...]:
    average = each.articles / len(each.days)
    mean = f"{average:.0f}" if average >= 10 else f"{average:.1f}"  # noqa: PLR2004 - two digits are enough
    return each.source.name, f"{each.matched:,}", f"{each.articles:,}", mean, sparkline(each.days)


def sparkline(numbers: Sequence[int]) -> str:
    """Return numbers as bars; each source is measured by its own best day."""
    most = max(numbers, default=0)
    bars = (BARS[min(len(BARS) - 1, number * len(BARS) // most)] if number else NONE for number in numbers)
    return "".join(bars)


def _facts(each: Yield, span: Sequence[date]) -> dict[str, object]:
    days = {day.isoformat(): number for day, number in zip(span, each.days, strict=True)}
    return {
        "id": each.source.id,
        "name": each.source.name,
        "articles": each.articles,
        "matched": each.matched,
        "days": days,
    }
