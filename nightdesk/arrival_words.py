"""How did an article come in, or where did it stop on its way? In words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from config.settings import Settings
from news.nouns import FetchState, Health, Source
from news.urls import host
from news.wording import counted, joined, span, when
from nightdesk.explaining import Account, Stage
from nightdesk.paragraph import Paragraph

#: Sources of one outlet that are told of.
MOST_SOURCES = 3


def arrival(account: Account, settings: Settings, *, now: datetime, full: bool) -> Iterator[Paragraph]:
    """Yield how a filed article came, when something is missing from it or everything is asked for."""
    article = account.article
    if article is None or not (full or not article.complete):
        return
    lines = [_seen(each, settings, now) for each in account.trace.trail]
    words = counted(len(article.text.split()), "word")
    if article.text:
        lines.append(f"the whole text: {words}" if article.complete else f"only the feed's words: {words}")
    else:
        lines.append("its text was removed after the time that texts are kept")
    whys = dict.fromkeys(str(each["why"]) for each in account.trace.trail if each.get("why"))
    lines += [] if article.complete else list(whys)[-1:]
    if article.version > 1:
        lines.append(f"its outlet changed it {counted(article.version - 1, 'time')}")
    filed = account.place.filed_at if account.place else None
    if filed is not None:
        lines.append(f"filed {when(filed, settings.timezone, now=now)}")
    yield Paragraph(label="Came", lines=tuple(lines))


def _seen(clipping: Mapping[str, object], settings: Settings, now: datetime) -> str:
    names = {source.id: source.name for source in settings.sources}
    source_id, seen = str(clipping["source_id"]), clipping.get("seen_at")
    at = f", {when(seen, settings.timezone, now=now)}" if isinstance(seen, datetime) else ""
    return f"in the feed of {names.get(source_id, source_id)}{at}"


def unfiled(account: Account, settings: Settings, now: datetime) -> Iterator[Paragraph]:
    """Yield what is known of an address without an article."""
    if account.stage is Stage.NEVER_SEEN:
        yield from _where_it_would_come_from(account, settings, now)
        return
    for each in account.trace.trail:
        lines = (_seen(each, settings, now), *_not_filed(each, settings.timezone, now))
        yield Paragraph(label="Seen", lines=lines)


def _not_filed(clipping: Mapping[str, object], zone: str, now: datetime) -> Iterator[str]:
    why, attempts, again = clipping.get("why"), clipping.get("attempts"), clipping.get("not_before")
    if clipping.get("settled_at") is not None:
        yield f"not filed: {why}" if why else "not filed"
        return
    if why:
        yield f"its page did not come: {why}"
    if isinstance(attempts, int) and attempts:
        yield f"tried {counted(attempts, 'time')}"
    if isinstance(again, datetime) and again > now:
        yield f"tried again {when(again, zone, now=now)}"
    else:
        yield "filed as soon as Nightdesk runs"


def _where_it_would_come_from(account: Account, settings: Settings, now: datetime) -> Iterator[Paragraph]:
    found = account.trace.sources
    if not found:
        lines = (f"none of your sources publishes at {host(account.trace.address)}",)
        yield Paragraph(label="Source", lines=lines)
        return
    for source in found[:MOST_SOURCES]:
        state = account.trace.states.get(source.id)
        yield Paragraph(label="Source", lines=tuple(_would_carry(source, state, settings, now)))
    more = [source.name for source in found[MOST_SOURCES:]]
    if more:
        yield Paragraph(label="Source", lines=(f"of the same outlet: {joined(more[:MOST_SOURCES])}",))


def _would_carry(
    source: Source, state: FetchState | None, settings: Settings, now: datetime
) -> Iterator[str]:
    yield f"{source.name} is one of your sources; this address was not in its feed"
    if not source.enabled:
        yield "it is switched off"
    yield from _how_it_does(state, settings.timezone, now) if state else ("it was not checked yet",)
    watching = [each for each in settings.watchlists if each.enabled]
    if not watching:
        yield "and no watchlist is on"


def _how_it_does(state: FetchState, zone: str, now: datetime) -> Sequence[str]:
    if state.last_checked is None:
        return ["it was not checked yet"]
    lines = [f"last checked {span(now - state.last_checked)} ago"]
    if state.last_ok is not None and state.last_ok < state.last_checked:
        lines.append(f"last read {when(state.last_ok, zone, now=now)}")
    if state.last_new is not None:
        lines.append(f"last brought something new {when(state.last_new, zone, now=now)}")
    if state.health in {Health.STOPPED, Health.FAILING, Health.QUIET}:
        since = f" since {when(state.health_since, zone, now=now)}" if state.health_since else ""
        why = state.reason or "nothing new for much longer than usual"
        lines.append(f"{state.health.value}{since}: {why}")
    return lines
