"""Which files does the newsroom's folder have, and can they be read at all?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from config import shape
from config.explain import Problem, Severity
from config.main_file import NAME
from config.memory import Memory
from config.reading import read_bytes, read_text
from config.secret_names import check_tokens, without, written_out
from config.tree import File

#: What an empty file begins with.
BEGIN = {
    "nightdesk": "newsroom: with name: and timezone: under it",
    "sources": "sources: with a list under it",
    "watchlist": "name:, match: and deliver:",
}
ENDINGS = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Every file that Nightdesk reads; what is wrong with the shape of each stands with it."""

    main: File
    sources: tuple[File, ...]
    watchlists: tuple[File, ...]
    # Warnings about files that are not read.
    problems: tuple[Problem, ...]

    @property
    def files(self) -> tuple[File, ...]:
        """All of them, in the order in which they are told."""
        return self.main, *self.sources, *self.watchlists


def read_folder(folder: Path, memory: Memory, instead: Mapping[str, str] | None = None) -> Folder:
    """Read every file of a newsroom's folder; `instead` has texts in place of watchlists' files."""
    given = instead or {}
    main = _read(folder, NAME, "nightdesk", memory)
    sources = [_read(folder, name, "sources", memory) for name in _names(folder, "sources")]
    watchlists = [
        _judged(read_text(name, given[name]), "watchlist")
        if name in given
        else _read(folder, name, "watchlist", memory)
        for name in sorted({*_names(folder, "watchlists"), *given})
    ]
    memory.forget_all_but({file.path for file in (main, *sources, *watchlists)})
    problems = (*_misnamed(folder, "sources"), *_misnamed(folder, "watchlists"))
    return Folder(main=main, sources=tuple(sources), watchlists=tuple(watchlists), problems=problems)


def scrubbed(main: File, problem: Problem) -> Problem:
    """Return a problem of nightdesk.yaml in which no secret is seen that somebody wrote there."""
    return without(written_out(main), problem) if problem.path == main.path else problem


def _names(folder: Path, name: str) -> list[str]:
    return sorted(f"{name}/{path.name}" for path in _visible(folder / name) if path.suffix in ENDINGS)


def _visible(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if not path.name.startswith("."))


def _misnamed(folder: Path, name: str) -> Iterator[Problem]:
    """Yield a warning for each file that looks as if it were meant to be read, and is not."""
    for path in sorted(_visible(folder / name)):
        endings = {suffix.lower() for suffix in path.suffixes}
        if path.suffix not in ENDINGS and endings & ENDINGS and path.is_file():
            what = "this file is not read, because of its name"
            yield Problem(
                path=f"{name}/{path.name}", what=what, write="a name that ends in .yaml", severity="warning"
            )


def _read(folder: Path, name: str, kind: str, memory: Memory) -> File:
    try:
        body = (folder / name).read_bytes()
    except OSError as error:
        what = f"this file cannot be read: {(error.strerror or 'it is damaged').lower()}"
        return _judged(File(path=name, problems=[Problem(path=name, what=what)]), kind)
    return memory.file(name, body, lambda: _judged(read_bytes(name, body), kind))


def _judged(file: File, kind: str) -> File:
    if file.root is None and not file.problems:
        severity: Severity = "error" if kind == "nightdesk" else "warning"
        what = "nothing is written here"
        return replace(
            file, problems=[Problem(path=file.path, what=what, write=BEGIN[kind], severity=severity)]
        )
    return replace(file, problems=[*check_tokens(file), *file.problems, *shape.check(file, kind)])
