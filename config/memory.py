"""What did the files say when they were read last?

Reading a watchlist takes milliseconds, reading ten thousand of them half a minute. Who reads a folder again
and again hands its memory over: a file whose bytes are the same is not read anew, and a watchlist is judged
anew only when its own file changed, or what all of them stand on: `nightdesk.yaml`, `.env`, the sources.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from config.explain import Problem
from config.main_file import MainFile
from config.source_file import Declared
from config.tree import File
from config.watchlist_file import WatchlistFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every watchlist stands on."""

    main: MainFile
    main_readable: bool
    sources: tuple[Declared, ...]
    # Whether every file of sources can be read, so that an unknown group is a mistake.
    all_known: bool

    @property
    def names(self) -> tuple[frozenset[str], frozenset[str]]:
        """What all sources are called, ids and names, and their groups."""
        sources = [one.source for one in self.sources]
        names = frozenset(name for each in sources for name in (each.id, each.name))
        return names, frozenset(each.group for each in sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A watchlist as it was read, and what is wrong with it by itself."""

    one: WatchlistFile
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Memory:
    """The files of one folder, as they were read last."""

    # Files of watchlists that were read anew since somebody emptied this.
    fresh: set[str] = field(default_factory=set)
    _files: dict[str, tuple[bytes, File]] = field(default_factory=dict)
    _judged: dict[str, tuple[File, Judged]] = field(default_factory=dict)
    _ground: Ground | None = None

    def file(self, name: str, body: bytes, read: Callable[[], File]) -> File:
        """Return a file with these bytes, read anew only when it had others."""
        known = self._files.get(name)
        if known is not None and known[0] == body:
            return known[1]
        file = read()
        self._files[name] = (body, file)
        self.fresh.add(name)
        return file

    def ground(self, now: Ground) -> Ground:
        """Return what watchlists stand on; when something of it changed, all of them are judged anew."""
        if self._ground != now:
            self._ground = now
            self._judged.clear()
        return self._ground

    def judged(self, file: File, judge: Callable[[], Judged]) -> Judged:
        """Return a watchlist, judged anew only when its file or the ground changed."""
        known = self._judged.get(file.path)
        if known is not None and known[0] is file:
            return known[1]
        judged = judge()
        self._judged[file.path] = (file, judged)
        return judged

    def forget_all_but(self, names: set[str]) -> None:
        """Forget files that are gone."""
        for gone in (self._files.keys() | self._judged.keys()) - names:
            self._files.pop(gone, None)
            self._judged.pop(gone, None)
