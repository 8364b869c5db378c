"""What did the newsroom decide, or what is wrong with it?

All files are read, all problems are told at once, and one broken file hides nothing of another. Nothing is
ever written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from config.agreement import check_ids, check_looks, check_overlap
from config.environment import read_environment
from config.explain import Problem, ProblemError, count, in_reading_order
from config.folder import Folder, read_folder, scrubbed
from config.main_file import MainFile, desk_rules, read_main
from config.picking import under
from config.queries import check_lists
from config.settings import Settings
from config.source_file import Declared, check_sources, counted, read_sources
from config.tree import Table
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
    main: MainFile
    sources: tuple[Declared, ...]
    watchlists: tuple[WatchlistFile, ...]


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


def read(folder: Path, environment: Mapping[str, str], *, instead: Mapping[str, str] | None = None) -> Loaded:
    """Return what the newsroom decided, with everything that is wrong; `environment` is the process's.

    With `instead`, watchlists' files are judged as if these texts stood in them.
    """
    understood, problems = _look(folder, environment, instead)
    sound = all(problem.severity == "warning" for problem in problems)
    return Loaded(
        settings=_settings(understood) if sound else None,
        problems=tuple(in_reading_order(problems)),
        files=tuple(_reports(understood, problems)),
    )


def renew(folder: Path, environment: Mapping[str, str], live: Settings | None) -> Renewed:
    """Return what holds now, when `live` held before.

    A watchlist whose file is broken, or empty, holds as it was before; without a before it is left out. When
    anything else is broken, all of `live` goes on holding.
    """
    from config.people import is_private

    understood, problems = _look(folder, environment, None)
    files = {file.path: file for file in understood.folder.watchlists}
    wrong = {problem.path for problem in problems if problem.severity == "error"}
    told = Renewed(
        settings=live,
        problems=tuple(in_reading_order(problems)),
        private=frozenset(path for path, file in files.items() if is_private(file)),
    )
    if wrong - files.keys():
        return told
    before = {watchlist.where: watchlist for watchlist in live.watchlists} if live else {}
    now = {one.file.path: one.watchlist for one in understood.watchlists if one.file.path not in wrong}
    kept = {path: before[path] for path in files if path in before and path not in now}
    watchlists = dict(sorted((now | kept).items())).values()
    if len({watchlist.id for watchlist in watchlists}) < len(watchlists):
        return told  # one that was kept has the id that another was given
    settings = replace(_settings(understood), watchlists=tuple(watchlists))
    return replace(told, settings=settings, kept=tuple(kept))


def _look(
    folder: Path, environment: Mapping[str, str], instead: Mapping[str, str] | None
) -> tuple[_Understood, list[Problem]]:
    folder = folder.absolute()
    secrets, wrong = read_environment(folder, environment)
    files = read_folder(folder, instead)
    understood = _understood(files, read_main(files.main, secrets))
    problems = _told_once([*wrong, *files.problems, *_problems(understood)])
    return understood, [scrubbed(files.main, problem) for problem in problems]


def _understood(files: Folder, main: MainFile) -> _Understood:
    desk, digest_at = desk_rules(main.settings), main.settings.desk_digest_at
    return _Understood(
        folder=files,
        main=main,
        sources=tuple(one for file in files.sources for one in read_sources(file, main.every)),
        watchlists=tuple(
            read_watchlist(file, desk=desk, digest_at=digest_at)
            for file in files.watchlists
            if isinstance(file.root, Table)
        ),
    )


def _settings(understood: _Understood) -> Settings:
    return replace(
        understood.main.settings,
        sources=tuple(one.source for one in understood.sources),
        watchlists=tuple(one.watchlist for one in understood.watchlists),
    )


def _problems(understood: _Understood) -> Iterator[Problem]:
    files, main = understood.folder, understood.main
    for file in files.files:
        yield from file.problems
    readable = isinstance(files.main.root, Table)
    if readable:
        yield from main.problems
    yield from check_sources(understood.sources)
    for one in understood.watchlists:
        yield from check_watchlist(
            one.file,
            has_desk=main.has_desk if readable else None,
            declared=main.declared if readable else None,
        )
        yield from check_lists(one.file, one.watchlist, lines_of(one.file))
    yield from check_ids(understood.sources, understood.watchlists)
    all_known = all(isinstance(file.root, Table) for file in files.sources)
    for one in understood.watchlists:
        yield from check_looks(one, understood.sources, all_known=all_known)
    declared, language = {each.source.id: each.source for each in understood.sources}, main.settings.language
    for one in understood.watchlists:
        if one.watchlist.private:
            from config.people import check_people

            yield from check_people(one, main.settings)
        if under(one.file.root, "expect_match") or under(one.file.root, "expect_no_match"):
            from config.examples import check_examples

            yield from check_examples(one, declared, language=language)
    yield from check_overlap(understood.watchlists)
    yield from _nothing_to_do(understood)


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
        declared = [one for one in understood.sources if one.file.path == file.path]
        if declared and "error" not in state:
            state = f"{state}, {counted(declared)}"
        yield FileReport(path=file.path, state=state)
    for path in sorted(wrong):
        yield FileReport(path=path, state=count(wrong[path]))
