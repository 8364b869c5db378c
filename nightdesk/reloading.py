"""Did the newsroom change its files, and what holds from now on?

The service looks at the folder at its beat. A change is taken when two looks in a row see the same: an editor
that writes a file piece by piece is waited for. Everything is read anew and becomes one new `Settings`,
which the rooms get between two rounds of work. A file that is broken changes nothing: what it said before
holds, and that is told once, and once more when it is mended.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from config.explain import Problem
from config.load import Renewed, renew
from config.memory import Memory
from config.settings import ChannelSettings, Settings
from news.nouns import Watchlist
from news.wording import counted
from nightdesk.private import Veil, file_id, opaque_id, veil_of

if TYPE_CHECKING:
    from nightdesk.rooms import Rooms

log = logging.getLogger("nightdesk.service")

#: What is looked at: these files, and every file in these folders.
FILES = ("nightdesk.yaml", ".env")
FOLDERS = ("sources", "watchlists")
#: What only a start can change, and what it is called.
AT_START = {
    "database": "the database",
    "channels": "how Slack and the mail server are reached",
    "fetch": "how sources are fetched",
    "console": "where the console is",
}
#: What is missing and holds as soon as it is set.
AT_ONCE = frozenset({"desk", "heartbeat"})
MOST_LINES = 5  # problems that a health message names
CHECK = "To see what is wrong, and what to write instead: nightdesk check"

#: Path → what changes whenever the file does.
Stamps = Mapping[str, tuple[int, ...]]


def stamps(folder: Path) -> Stamps:
    """Return what the folder's files look like from outside; none of them is read."""
    found: dict[str, tuple[int, ...]] = {}
    paths = [folder / name for name in FILES]
    paths += [path for name in FOLDERS for path in (folder / name).glob("[!.]*")]
    for path in paths:
        try:
            seen = path.stat()
        except OSError:
            continue  # not there, or gone this moment: that is a look of its own
        found[str(path)] = (seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino)
    return found


class FolderWatch:
    """Looks at the newsroom's folder, and remembers what was taken over."""

    def __init__(self, folder: str, environment: Mapping[str, str]) -> None:
        """Look at a folder; "" is none, and nothing ever changes there."""
        self._folder = Path(folder) if folder else None
        self._environment = environment
        self._memory = Memory()
        # Whether the last look brought settings; else what was read anew still waits to be taken over.
        self._taking = False
        self._seen: Stamps | None = None
        # As it was when it was last taken over; None until then.
        self.taken: Stamps | None = None

    async def look(self, live: Settings) -> Renewed | None:
        """Return what holds now when the files changed and have come to rest, else None."""
        if self._folder is None:
            return None
        now = stamps(self._folder)
        rested, self._seen = now == self._seen, now
        if not rested or now == self.taken:
            return None
        # The first time all are read: ten thousand take half a minute, and messages go out meanwhile.
        renewed = await asyncio.to_thread(renew, self._folder, self._environment, live, self._memory)
        self._taking = renewed.settings is not live
        return renewed

    @property
    def fresh(self) -> frozenset[str]:
        """The files that were read anew since something was last taken over."""
        return frozenset(self._memory.fresh)

    def took(self) -> None:
        """Remember that what was seen last holds now; until then every look brings it again."""
        self.taken = self._seen
        if self._taking:
            self._memory.fresh.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What keeps the files from being taken over, in lines that anybody may read."""

    broken: tuple[str, ...] = ()
    # What a start alone can change.
    restart: tuple[str, ...] = ()


def opened(channels: ChannelSettings, live: ChannelSettings) -> ChannelSettings:
    """Return the ways out that can hold at once: mail, and Slack if it was not set up; the others stay.

    No mail is ever looked up, and nothing went out by a Slack that was not set up; else a message whose
    answer was lost would be looked for in another workspace.
    """
    return replace(live, slack=live.slack if live.slack.is_set_up else channels.slack, email=channels.email)


def held_back(settings: Settings, live: Settings) -> tuple[Settings, tuple[str, ...]]:
    """Return settings that can hold at once, and what of them needs a start."""
    live = replace(live, channels=opened(settings.channels, live.channels))
    waits = [name for name in AT_START if getattr(settings, name) != getattr(live, name)]
    open_ends = [each for each in live.not_set_up if each.kind not in AT_ONCE]
    open_ends += [each for each in settings.not_set_up if each.kind in AT_ONCE]
    kept = replace(
        settings,
        database=live.database,
        channels=live.channels,
        fetch=live.fetch,
        console=live.console,
        not_set_up=tuple(open_ends) if "channels" in waits else settings.not_set_up,
    )
    return kept, tuple(AT_START[name] for name in waits)


async def take_over(
    rooms: Rooms, renewed: Renewed, before: Trouble, fresh: AbstractSet[str] | None = None
) -> tuple[Rooms, Trouble]:
    """Let the rooms go by what the files say now; say what changed, and what could not be taken over.

    `before` is what was told already, `fresh` the files that may say something else than before: None is all.
    """
    live = rooms.settings
    settings, restart = held_back(renewed.settings or live, live)
    installation = await rooms.store.read(lambda store: store.installation())
    if settings != live:
        rooms = await rooms.go_by(settings)
        _log_changes(live, settings, installation)
    if renewed.settings is not live:
        await _keep_texts(rooms, renewed, fresh)
    trouble = Trouble(
        broken=tuple(broken_lines(renewed, live, installation)),
        restart=restart,
    )
    await _tell(rooms, trouble, before)
    return rooms, trouble


async def _keep_texts(rooms: Rooms, renewed: Renewed, fresh: AbstractSet[str] | None) -> None:
    """Keep what the files say that were taken over; not what is broken, so that it can be gone back from."""
    from nightdesk.watchlist_versions import keep_what_is_there

    settings, now = rooms.settings, rooms.world.clock()
    sound = [
        each
        for each in settings.watchlists
        if each.where not in renewed.kept and (fresh is None or each.where in fresh)
    ]
    await rooms.store.write(lambda store: keep_what_is_there(store, Path(settings.folder), sound, now=now))


# ── What changed ──────────────────────────────────────────────────────────────────────────────────────────


def _log_changes(live: Settings, settings: Settings, installation: str) -> None:
    veil = _both(live, settings, installation)
    for watchlist, how in changes(live.watchlists, settings.watchlists):
        facts = {"watchlist": veil.id_of(watchlist.id), "how": how, "version": watchlist.version}
        log.info("watchlist taken over", extra=facts)
    numbers = {"sources": len(settings.sources), "watchlists": len(settings.watchlists)}
    log.info("files taken over", extra=numbers)


def _both(live: Settings, settings: Settings, installation: str) -> Veil:
    """Return a veil that also covers what was private, and what is from now on."""
    private = [each for each in (*settings.watchlists, *live.watchlists) if each.private]
    return Veil(watchlists=tuple(private), installation=installation)


def changes(before: Sequence[Watchlist], after: Sequence[Watchlist]) -> Iterator[tuple[Watchlist, str]]:
    """Yield each watchlist that is new, gone, paused, resumed or changed, and which of these it is."""
    known = {each.id: each for each in before}
    for each in after:
        old = known.pop(each.id, None)
        if old is None:
            yield each, "new"
        elif old.enabled != each.enabled:
            yield each, "resumed" if each.enabled else "paused"
        elif old != each:
            yield each, "changed"
    yield from ((each, "taken away") for each in known.values())


# ── What could not be taken over ──────────────────────────────────────────────────────────────────────────


def broken_lines(renewed: Renewed, live: Settings | None, installation: str) -> Iterator[str]:
    """Yield one line for each thing that is wrong; of a private watchlist's file only how much is."""
    private = set(renewed.private)
    private |= {each.where for each in live.watchlists if each.private} if live else set()
    empty = [problem for problem in renewed.problems if problem.path in renewed.kept and problem.line == 0]
    problems = list(dict.fromkeys([*renewed.errors, *empty]))
    hidden: dict[str, int] = {}
    for problem in problems:
        if problem.path in private:
            hidden[problem.path] = hidden.get(problem.path, 0) + 1
        else:
            yield _covered(problem, private, renewed.settings or live, installation)
    for path, number in hidden.items():
        yield f"{opaque_id(file_id(path, live), installation)}: {counted(number, 'error')}"


def _covered(problem: Problem, private: set[str], settings: Settings | None, installation: str) -> str:
    line = f"{problem.where}: {problem.what}"
    for path in private:
        line = line.replace(path, opaque_id(file_id(path, settings), installation))
    return veil_of(settings, installation).over(line) if settings else line


async def _tell(rooms: Rooms, trouble: Trouble, before: Trouble) -> None:
    """Say once what is broken or waits for a start, and once that all is well again."""
    if trouble == before:
        return
    now = rooms.world.clock()
    if trouble.broken != before.broken:
        await _tell_broken(rooms, trouble.broken, now)
    new = tuple(each for each in trouble.restart if each not in before.restart)
    if new:
        log.warning("change waits for a restart", extra={"what": ", ".join(new)})
        title = "A change waits until Nightdesk is started again"
        await _warn(rooms, title, [f"It concerns {each}." for each in new], now=now)


async def _tell_broken(rooms: Rooms, broken: tuple[str, ...], now: datetime) -> None:
    for line in broken:
        log.warning("file not taken over; what it said before holds", extra={"why": line})
    if not broken:
        log.info("files mended")
        await _warn(rooms, "The newsroom's files are in order again", ["What they say holds now."], now=now)
        return
    lines = [*broken[:MOST_LINES], *([f"{len(broken) - MOST_LINES} more."] if broken[MOST_LINES:] else [])]
    lines.append("What was in force before stays in force; nothing is lost.")
    await _warn(rooms, "A change in the newsroom's files was not taken over", lines, note=CHECK, now=now)


async def _warn(rooms: Rooms, title: str, lines: Sequence[str], *, note: str = "", now: datetime) -> None:
    """Put it in the outbox of the health channel, when there is one."""
    from alerts.health import health_facts

    to = rooms.settings.health.to
    if not to:
        return
    facts = health_facts(title, *lines, note=note, ids={"state": "files"})
    key = f"files {sha256(repr((title, lines)).encode()).hexdigest()[:16]} {now.isoformat()}"
    await rooms.store.write(lambda store: store.enqueue_health(destination=to, key=key, facts=facts, now=now))
