"""What did the newsroom decide, or what is wrong with it?

All files are read, all problems are told at once, and one broken file hides nothing of another. Nothing is
ever written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from config.agreement import check_ids, check_looks, check_overlap
from config.environment import read_environment
from config.explain import Problem, ProblemError, count, in_reading_order
from config.folder import Folder, read_folder, scrubbed
from config.main_file import desk_rules, read_main
from config.memory import Ground, Judged, Memory
from config.picking import under
from config.queries import check_lists, check_sources_named
from config.settings import Settings
from config.source_file import check_sources, counted, read_sources
from config.tree import File, Table
from config.watchlist_file import WatchlistFile, check_watchlist, lines_of, read_watchlist


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """How one file is, in a line."""

    path: str
    # "ok", "ok, 58 sources on, 6 off" or "4 errors, 1 warning".
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What the newsroom decided, or why that is not known."""

    # None while there is an error.
    settings: Settings | None
    # Errors first, in the order of files and lines.
    problems: tuple[Problem, ...]
    files: tuple[FileReport, ...]
    # Files of private watchlists, readable or not: what is printed does not name them unless somebody asks.
    private: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """What holds after the files changed, while others of them may be broken."""

    # None when nothing is known: nightdesk.yaml or a file of sources is broken, and nothing held before.
    settings: Settings | None
    # Errors first.
    problems: tuple[Problem, ...]
    # Files of watchlists of which the earlier version holds.
    kept: tuple[str, ...] = ()
    # Files of private watchlists: they are not named where others read.
    private: frozenset[str] = frozenset()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps a file from being taken over."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Understood:
    """What the files say, file by file."""

    folder: Folder
    ground: Ground
    watchlists: tuple[Judged, ...]


def load(folder: Path, environment: Mapping[str, str]) -> Settings:
    """Return what the newsroom decided.

    Raises:
        ExceptionGroup: of `config.explain.ProblemError`, one for each error.
    """
    loaded = read(folder, environment)
    if loaded.settings is None:
        errors = [ProblemError(problem) for problem in loaded.problems if problem.severity == "error"]
        raise ExceptionGroup("the newsroom's folder has errors", errors)
    return loaded.settings


def read(
    folder: Path,
    environment: Mapping[str, str],
    *,
    instead: Mapping[str, str] | None = None,
    memory: Memory | None = None,
) -> Loaded:
    """Return what the newsroom decided, with everything that is wrong; `environment` is the process's.

    With `instead`, watchlists' files are judged as if these texts stood in them.
    """
    understood = _look(folder, environment, memory or Memory(), instead)
    problems = _told(understood, [*_problems(understood), *_among(understood)])
    sound = all(problem.severity == "warning" for problem in problems)
    return Loaded(
        settings=_settings(understood) if sound else None,
        problems=tuple(in_reading_order(problems)),
        files=tuple(_reports(understood, problems)),
        private=_private(understood),
    )


def renew(
    folder: Path, environment: Mapping[str, str], live: Settings | None, memory: Memory | None = None
) -> Renewed:
    """Return what holds now, when `live` held before; what only `check` warns of is not looked for.

    A watchlist whose file is broken, or empty, holds as it was before; without a before it is left out. When
    anything else is broken, all of `live` goes on holding.
    """
    understood = _look(folder, environment, memory or Memory(), None)
    problems = _told(understood, _problems(understood))
    files = {file.path: file for file in understood.folder.watchlists}
    wrong = {problem.path for problem in problems if problem.severity == "error"}
    told = Renewed(
        settings=live,
        problems=tuple(in_reading_order(problems)),
        private=_private(understood),
    )
    if wrong - files.keys():
        return told
    before = {watchlist.where: watchlist for watchlist in live.watchlists} if live else {}
    read_now = {one.file.path: one.watchlist for one in _files(understood)}
    now = {path: watchlist for path, watchlist in read_now.items() if path not in wrong}
    kept = {path: before[path] for path in files if path in before and path not in now}
    watchlists = dict(sorted((now | kept).items())).values()
    if len({watchlist.id for watchlist in watchlists}) < len(watchlists):
        return told  # one that was kept has the id that another was given
    settings = replace(_settings(understood), watchlists=tuple(watchlists))
    return replace(told, settings=settings, kept=tuple(kept))


def _look(
    folder: Path, environment: Mapping[str, str], memory: Memory, instead: Mapping[str, str] | None
) -> _Understood:
    folder = folder.absolute()
    secrets, wrong = read_environment(folder, environment)
    files = read_folder(folder, memory, instead)
    main = read_main(files.main, secrets)
    ground = memory.ground(
        Ground(
            main=main,
            main_readable=isinstance(files.main.root, Table),
            sources=tuple(one for file in files.sources for one in read_sources(file, main.every)),
            all_known=all(isinstance(file.root, Table) for file in files.sources),
        )
    )
    return _Understood(
        folder=replace(files, problems=(*wrong, *files.problems)),
        ground=ground,
        watchlists=tuple(
            memory.judged(file, partial(_judged, file, ground))
            for file in files.watchlists
            if isinstance(file.root, Table)
        ),
    )


def _told(understood: _Understood, problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems as they may be shown, each once."""
    told = _told_once([*understood.folder.problems, *problems])
    return [scrubbed(understood.folder.main, problem) for problem in told]


def _settings(understood: _Understood) -> Settings:
    return replace(
        understood.ground.main.settings,
        sources=tuple(one.source for one in understood.ground.sources),
        watchlists=tuple(one.watchlist for one in _files(understood)),
    )


def _private(understood: _Understood) -> frozenset[str]:
    from config.people import is_private

    return frozenset(file.path for file in understood.folder.watchlists if is_private(file))


def _files(understood: _Understood) -> tuple[WatchlistFile, ...]:
    return tuple(judged.one for judged in understood.watchlists)


def _problems(understood: _Understood) -> Iterator[Problem]:
    files, ground = understood.folder, understood.ground
    for file in files.files:
        yield from file.problems
    if isinstance(files.main.root, Table):
        yield from ground.main.problems
    yield from check_sources(ground.sources)
    yield from check_ids(ground.sources, _files(understood))
    for judged in understood.watchlists:
        yield from judged.problems


def _among(understood: _Understood) -> Iterator[Problem]:
    """Yield what only shows when all files are held against each other."""
    yield from check_overlap(_files(understood))
    yield from _nothing_to_do(understood)


def _judged(file: File, ground: Ground) -> Judged:
    """Read a watchlist and look at it by itself; nothing that other watchlists say counts here."""
    desk, digest_at = desk_rules(ground.main.settings), ground.main.settings.desk_digest_at
    one = read_watchlist(file, desk=desk, digest_at=digest_at)
    return Judged(one=one, problems=tuple(_alone(one, ground)))


def _alone(one: WatchlistFile, ground: Ground) -> Iterator[Problem]:
    main, readable = ground.main, ground.main_readable
    yield from check_watchlist(
        one.file,
        has_desk=main.has_desk if readable else None,
        declared=main.declared if readable else None,
    )
    yield from check_lists(one.file, one.watchlist, lines_of(one.file))
    yield from check_looks(one, ground.sources, all_known=ground.all_known)
    if ground.all_known:
        names, groups = ground.names
        yield from check_sources_named(one.file, lines_of(one.file), names=names, groups=groups)
    if one.watchlist.private:
        from config.people import check_people

        yield from check_people(one, main.settings)
    if under(one.file.root, "expect_match") or under(one.file.root, "expect_no_match"):
        from config.examples import check_examples

        declared = {each.source.id: each.source for each in ground.sources}
        yield from check_examples(one, declared, language=main.settings.language)


def _nothing_to_do(understood: _Understood) -> Iterator[Problem]:
    if not understood.folder.sources:
        what = "no source is declared: there is nothing to read"
        yield Problem(
            path="sources/", what=what, write="a file here, such as sources/local.yaml", severity="warning"
        )
    if not understood.folder.watchlists:
        what = "no watchlist is declared: nothing is looked for"
        yield Problem(
            path="watchlists/",
            what=what,
            write="a file here, such as watchlists/jail.yaml",
            severity="warning",
        )


def _told_once(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems; of those about one place only the first, which is the cause of the others."""
    told: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        whole_file = problem.what if not problem.line else ""
        told.setdefault((problem.path, problem.line, problem.column, whole_file), problem)
    return list(told.values())


def _reports(understood: _Understood, problems: list[Problem]) -> Iterator[FileReport]:
    """Yield how each file is; a file that is not read or not there only when something is wrong with it."""
    wrong: dict[str, list[Problem]] = {}
    for problem in problems:
        wrong.setdefault(problem.path, []).append(problem)
    for file in understood.folder.files:
        state = count(wrong.pop(file.path, []))
        declared = [one for one in understood.ground.sources if one.file.path == file.path]
        if declared and "error" not in state:
            state = f"{state}, {counted(declared)}"
        yield FileReport(path=file.path, state=state)
    for path in sorted(wrong):
        yield FileReport(path=path, state=count(wrong[path]))
