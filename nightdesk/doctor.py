"""Is everything as it should be, and if not, what should a person do?

Each examination looks at one thing and returns a `Finding` with its fix; none stops the others. Channels are
asked as far as the last step before sending.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from alerts.channels.registry import kind_of
from alerts.channels.trials import Trial
from alerts.holidays import next_digest
from config.settings import Settings
from news.errors import StorageError
from news.nouns import FetchState, Health
from news.telling import AlertState
from news.wording import counted, joined, span, when
from nightdesk.backups import backups
from nightdesk.private import people_places
from nightdesk.trying_channels import KIND_NAMES, WayOut

if TYPE_CHECKING:
    from nightdesk.heartbeat import Beat

State = Literal["ok", "warning", "error"]

MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000
LITTLE_ROOM, NO_ROOM = 2 * GIGABYTE, 200 * MEGABYTE  # bytes free: soon too few; too few
CLOCKS_DIFFER = timedelta(minutes=1)  # from which an hour would be told wrong
MOST_NAMED = 3  # sources named one by one; the rest are counted
MISSED_BEATS = 3  # after which a heartbeat has stopped
SET_CLOCK = "switch on time synchronization, for example: timedatectl set-ntp true"
TELLS_WORST_FIRST = (Health.STOPPED, Health.FAILING, Health.QUIET)
#: What makes a User-Agent an honest one: an address that a publisher's people can write or go to.
_CONTACT = re.compile(r"[^\s@()]+@[^\s@()]+|https?://")
HEALTH_WORDS = {Health.STOPPED: "stopped", Health.FAILING: "failing", Health.QUIET: "quiet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one examination found."""

    state: State
    # "Slack"
    name: str
    what: str
    # More of it, line by line.
    lines: tuple[str, ...] = ()
    # What a person can do: sentences or commands.
    fixes: tuple[str, ...] = ()


# ── The house ─────────────────────────────────────────────────────────────────────────────────────────────


def look_at_database(settings: Settings, *, is_there: bool, now: datetime) -> Finding:
    """Return how big the database is, whether its format is the newest, and when it was copied last."""
    if not is_there:
        return Finding(state="ok", name="Database", what="there is none yet; the first run makes it")
    from storage import migrating, upkeep

    address = settings.database.reveal()
    try:
        stats = upkeep.stats(address)
    except StorageError as error:
        fix = "look whether the database runs and its disk has room; nightdesk db stats says more"
        return Finding(state="error", name="Database", what=_sentence(error), fixes=(fix,))
    size = f"{stats.size / MEGABYTE:,.0f} MB"
    if stats.version != migrating.NEWEST:
        what = f"{size}; its format is older than this program"
        return Finding(state="warning", name="Database", what=what, fixes=("nightdesk db upgrade",))
    copied = _last_copy(backups(address))
    if copied is None:
        what, fix = f"{size}; newest format; never backed up", "nightdesk db backup"
        return Finding(state="warning", name="Database", what=what, fixes=(fix,))
    at = when(copied.astimezone(now.tzinfo), settings.timezone, now=now)
    return Finding(state="ok", name="Database", what=f"{size}; newest format; last backup {at}")


def _last_copy(folder: Path) -> datetime | None:
    """Return when the newest copy was written."""
    from datetime import UTC

    copies = [file.stat().st_mtime for file in folder.glob("*")] if folder.is_dir() else []
    return datetime.fromtimestamp(max(copies), UTC) if copies else None


def look_at_disk(folder: Path) -> Finding:
    """Return how much room is left where the newsroom's folder is."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        what = f"cannot be asked: {(error.strerror or 'no more is known').lower()}"
        return Finding(state="warning", name="Disk", what=what)
    what = f"{free / GIGABYTE:,.0f} GB free" if free >= GIGABYTE else f"{free / MEGABYTE:,.0f} MB free"
    fixes = ("make room, or let old texts go: nightdesk db prune",)
    if free < LITTLE_ROOM:
        return Finding(state="error" if free < NO_ROOM else "warning", name="Disk", what=what, fixes=fixes)
    return Finding(state="ok", name="Disk", what=what)


def look_at_clock(
    settings: Settings,
    states: Sequence[FetchState],
    theirs: Sequence[tuple[str, datetime]],
    *,
    now: datetime,
) -> Finding:
    """Return whether the clock agrees with others', and when the next digest is due by it.

    `theirs` are clocks of channels, each with its owner.
    """
    then = _next_digest(settings, now)
    for owner, moment in theirs:
        apart = now - moment
        if abs(apart) > CLOCKS_DIFFER:
            way = "ahead of" if apart > timedelta() else "behind"
            what = f"{span(abs(apart))} {way} {owner}'s clock"
            return Finding(state="error", name="Clock", what=what, fixes=(SET_CLOCK,))
    newest = max((state.last_checked for state in states if state.last_checked), default=None)
    if newest is not None and newest > now + CLOCKS_DIFFER:
        what = f"it went back by {span(newest - now)} since a source was last checked"
        return Finding(state="error", name="Clock", what=what, fixes=(SET_CLOCK,))
    right = "right" if theirs else "not compared with another"
    return Finding(state="ok", name="Clock", what="; ".join((right, settings.timezone, *then)))


def _next_digest(settings: Settings, now: datetime) -> Iterator[str]:
    from alerts.schedule import digest_plans
    from nightdesk.handovers import digest_name

    coming = [
        (next_digest(plan.schedule, plan.destination, settings, after=now), plan.destination)
        for plan in digest_plans(settings)
    ]
    if coming:
        due_at, to = min(coming)
        name = digest_name(to).removeprefix("daily ")
        yield f"next {name} {when(due_at, settings.timezone, now=now)}"


def look_at_heartbeat(settings: Settings, beat: Beat | None, *, now: datetime) -> Iterator[Finding]:
    """Yield whether somebody elsewhere is told that Nightdesk lives; nothing without such an address."""
    name, health = "Heartbeat", settings.health
    missing = next((each for each in settings.not_set_up if each.kind == "heartbeat"), None)
    if missing is not None:
        yield Finding(state="error", name=name, what=missing.what, fixes=(missing.how,))
    if health.heartbeat is None:
        return
    if beat is None or beat.reached is None:
        why = f"; it {beat.trouble}" if beat and beat.trouble else ""
        what = f"its address was never reached{why}"
        yield Finding(state="warning", name=name, what=what, fixes=("nightdesk run",))
        return
    at = when(beat.reached, settings.timezone, now=now)
    if beat.trouble or now - beat.reached > MISSED_BEATS * health.heartbeat_every:
        why = f"; it {beat.trouble}" if beat.trouble else "; Nightdesk does not run, or hangs"
        fix = "look whether the address is right, and whether this machine reaches the network"
        what = f"its address was last reached {at}{why}"
        yield Finding(state="error", name=name, what=what, fixes=(fix if beat.trouble else "nightdesk run",))
        return
    yield Finding(state="ok", name=name, what=f"its address was reached {at}")


def look_at_sources(settings: Settings, states: Sequence[FetchState], *, now: datetime) -> Finding:
    """Return how many sources are fine, and what is the matter with the others."""
    sources = {source.id: source for source in settings.sources if source.enabled}
    known = [state for state in states if state.source_id in sources]
    poor = {health: [s for s in known if s.health is health] for health in TELLS_WORST_FIRST}
    troubled = [state for health in TELLS_WORST_FIRST for state in poor[health]]
    fine = len(sources) - len(troubled)
    if not sources:
        fix = "add one under sources/ in the newsroom's folder"
        return Finding(state="warning", name="Sources", what="there are none", fixes=(fix,))
    counts = [f"{_are(len(found))} {HEALTH_WORDS[health]}" for health, found in poor.items() if found]
    what = ", ".join([f"{fine} of {_are(len(sources), fine)} fine", *counts])
    lines = [
        f"{sources[state.source_id].name}: {_source_words(state, settings, now)}"
        for state in troubled[:MOST_NAMED]
    ]
    more = len(troubled) - MOST_NAMED
    if more > 0:
        lines.append(f"{more} more: nightdesk sources list")
    fixes = ["nightdesk sources check"] if troubled else []
    if not _CONTACT.search(settings.fetch.user_agent):
        lines.append(f'publishers see "{settings.fetch.user_agent}", and no address to write to')
        fixes.append('nightdesk.yaml, under fetch:  user_agent: "Nightdesk (desk@your-newsroom)"')
    state: State = "warning" if lines else "ok"
    return Finding(state=state, name="Sources", what=what, lines=tuple(lines), fixes=tuple(fixes))


def _are(number: int, many: int | None = None) -> str:
    """Return "1 is" or "2 are"; `many` when another number decides."""
    return f"{number} {'is' if (number if many is None else many) == 1 else 'are'}"


def _source_words(state: FetchState, settings: Settings, now: datetime) -> str:
    if state.health is Health.QUIET and state.last_new is not None:
        return f"nothing new since {when(state.last_new, settings.timezone, now=now)}"
    since = f", since {when(state.health_since, settings.timezone, now=now)}" if state.health_since else ""
    return f"{state.reason or HEALTH_WORDS[state.health]}{since}"


# ── The ways out ──────────────────────────────────────────────────────────────────────────────────────────


def look_at_way(way: WayOut, settings: Settings) -> Finding:
    """Return whether a way out is set up, and whether messages would get through."""
    name = KIND_NAMES.get(way.kind, way.kind)
    if not way.is_set_up:
        missing = next((each for each in settings.not_set_up if each.kind == way.kind), None)
        what = "not set up; what goes there waits"
        fixes = (missing.how,) if missing else (f"declare it under channels: and set its secret; see {name}",)
        return Finding(state="error", name=name, what=what, fixes=fixes)
    places = _shown(way.places, settings)
    if way.trial is None:
        how = "" if way.kind == "console" else "; whether it takes messages is known only by sending one"
        return Finding(state="ok", name=name, what=f"set up{how}")
    if not way.trial.troubles:
        return Finding(state="ok", name=name, what=_all_well(way, way.trial, places))
    return _trouble(name, way.trial, settings, way.kind)


def _all_well(way: WayOut, trial: Trial, places: Sequence[str]) -> str:
    if way.kind == "slack":
        return f"{trial.known_as}; may write in {joined(places)}"
    if way.kind == "email":
        return f"the mail server accepts {trial.known_as}, and mail for {joined(places)}"
    return f"{trial.known_as or 'set up'}; {joined(places)}"


def _trouble(name: str, trial: Trial, settings: Settings, kind: str) -> Finding:
    lines = [
        f"{_place(kind, each.place, settings)}: {_hidden(each.trouble, each.place, kind, settings)}"
        if each.place
        else each.trouble
        for each in trial.troubles
    ]
    fixes = [_hidden(each.fix, each.place, kind, settings) for each in trial.troubles if each.fix]
    what = lines[0] if len(lines) == 1 else f"{len(lines)} troubles"
    more = () if len(lines) == 1 else tuple(lines)
    return Finding(state="error", name=name, what=what, lines=more, fixes=tuple(dict.fromkeys(fixes)))


def _shown(places: Sequence[str], settings: Settings) -> list[str]:
    """Return the places that may be named, those of private watchlists counted."""
    return list(dict.fromkeys(_place(kind_of(to), to.partition(":")[2], settings) for to in places))


def _place(kind: str, place: str, settings: Settings) -> str:
    return "a private watchlist's reader" if f"{kind}:{place}" in people_places(settings) else place


def _hidden(fix: str, place: str, kind: str, settings: Settings) -> str:
    return fix.replace(place, _place(kind, place, settings)) if place else fix


# ── The ledger ────────────────────────────────────────────────────────────────────────────────────────────


def look_at_messages(faults: Sequence[str], words: str, stuck: Sequence[AlertState]) -> Finding:
    """Return whether the sums of the ledger agree, and what waits for a person."""
    if faults:
        lines = tuple(faults[:MOST_NAMED])
        what = f"the sums of the last two days do not agree: {counted(len(faults), 'contradiction')}"
        fix = "this is a fault of Nightdesk: please report it, with the output of doctor --json"
        return Finding(state="error", name="Messages", what=what, lines=lines, fixes=(fix,))
    if stuck:
        what = f"{counted(len(stuck), 'message')} could not be sent and {_wait(stuck)} for a person"
        fixes = ("nightdesk sent list --failed", "nightdesk sent retry, when the cause is mended")
        return Finding(state="warning", name="Messages", what=what, fixes=fixes)
    return Finding(state="ok", name="Messages", what=f"the sums agree; last two days: {words}")


def _wait(stuck: Sequence[AlertState]) -> str:
    return "waits" if len(stuck) == 1 else "wait"


def _sentence(error: Exception) -> str:
    words = str(error).rstrip(".")
    return words[:1].lower() + words[1:]
