"""How is a watchlist looked after from the command line, with its file's comments kept?

A change is made in the file's text (`config/edit.py`), judged as if it stood in the folder, kept with who and
when, and only then written, whole or not at all. A change that would break the file, or the watchlist's own
examples, is refused with the reason; nothing is changed then.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from config.edit import change, put_line, save, take_line, widen, written
from config.explain import Problem
from config.load import read
from config.memory import Memory
from config.people import is_private
from config.picking import under
from config.reading import read_bytes, read_text
from config.tree import Listing, Node, Scalar, Table
from config.watchlist_file import never_in, read_watchlist
from news.errors import ConfigError

if TYPE_CHECKING:
    from news.nouns import Watchlist
    from storage.contract import Store

FOLDER = "watchlists"
SCHEMA = "# yaml-language-server: $schema=../.schema/watchlist.schema.json"
LONGEST_ID = 60  # letters: it is a file's name too
LONGEST_ROW = 100  # characters; a longer list of words has a line for each
#: Where a line may stand, in the order in which it is looked for and told.
LISTS = (
    ("match", "any"),
    ("match", "all"),
    ("match", "never"),
    ("match", "none"),
    ("priority", "urgent"),
    ("priority", "high"),
    ("priority", "low"),
    ("expect_match",),
    ("expect_no_match",),
)


class NotChangedError(ConfigError):
    """A change was refused; says why, with the problems that it would make."""

    def __init__(self, what: str, problems: Sequence[Problem] = ()) -> None:
        """Keep the problems beside the sentence."""
        super().__init__(what)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A watchlist's file, broken or not."""

    # Relative to the newsroom's folder.
    path: str
    text: str
    # None when the file cannot be read.
    watchlist: Watchlist | None
    private: bool
    # Errors in the file.
    errors: int = 0

    @property
    def id(self) -> str:
        """The watchlist's id; of a file that cannot be read: its name."""
        return self.watchlist.id if self.watchlist else PurePosixPath(self.path).stem

    @property
    def state(self) -> str:
        """How it is, in a word."""
        if self.errors or self.watchlist is None:
            return "broken"
        return "on" if self.watchlist.enabled else "paused"


def shelf(folder: Path, environment: Mapping[str, str]) -> tuple[Shelved, ...]:
    """Return every watchlist's file, in the order of the files."""
    wrong = [problem.path for problem in read(folder, environment).problems if problem.severity == "error"]
    paths = sorted(path for path in (folder / FOLDER).glob("[!.]*") if path.suffix in {".yaml", ".yml"})
    return tuple(_shelved(path, wrong) for path in paths)


def _shelved(path: Path, wrong: Sequence[str]) -> Shelved:
    name = f"{FOLDER}/{path.name}"
    body = path.read_bytes()
    file = read_bytes(name, body)
    readable = isinstance(file.root, Table)
    return Shelved(
        path=name,
        text=body.decode("utf-8", errors="replace"),
        watchlist=read_watchlist(file, desk=(), digest_at="").watchlist if readable else None,
        private=is_private(file),
        errors=wrong.count(name),
    )


# ── Changes ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What should be changed in a watchlist, as it was typed."""

    add_any: tuple[str, ...] = ()
    add_all: tuple[str, ...] = ()
    add_never: tuple[str, ...] = ()
    add_high: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    # A name of `Priority`, in small letters.
    priority: str | None = None

    @property
    def any_at_all(self) -> bool:
        """Whether anything was asked for."""
        return self != Wishes()


def edited(text: str, wishes: Wishes) -> str:
    """Return a file's text with the changes made.

    Raises:
        ConfigError: the file cannot be read, or a line is there already, or is not there.
    """
    for line in wishes.remove:
        text = _without(text, line)
    adds = {
        ("match", "any"): wishes.add_any,
        ("match", "all"): wishes.add_all,
        ("match", "never"): wishes.add_never,
        ("priority", "high"): wishes.add_high,
    }
    for path, lines in adds.items():
        for line in lines:
            text = with_line(text, path, line)
    if wishes.priority is not None:
        text = change(text, ("priority", "default"), wishes.priority)
    return text


def with_line(text: str, path: tuple[str, ...], line: str) -> str:
    """Return a file's text with one line more in the list at `path`, however the file writes its lists.

    Raises:
        ConfigError: the file cannot be read, or the line is there already.
    """
    line = line.strip()
    if not line:
        raise ConfigError("a line needs words")
    root = read_text("", text).root
    if path == ("match", "never"):
        path = ("match", never_in(root))
    if isinstance(under(root, "match"), Listing) and path[0] == "match":
        if path == ("match", "any"):
            path = ("match",)
        else:
            text = widen(text, "match", "any")
            root = read_text("", text).root
    if line in _lines(root, path):
        what = f'the line "{line}" is there already'
        raise ConfigError(what)
    return put_line(text, path, line)


def _without(text: str, line: str) -> str:
    root = read_text("", text).root
    short = isinstance(under(root, "match"), Listing)
    for path in LISTS:
        there = ("match",) if short and path == ("match", "any") else path
        if line.strip() in _lines(root, there):
            return take_line(text, there, line.strip())
    what = f'the line "{line.strip()}" is not in the file'
    raise ConfigError(what)


def _lines(root: Node | None, path: tuple[str, ...]) -> list[object]:
    node = under(root, *path)
    return (
        [each.value for each in node.items if isinstance(each, Scalar)] if isinstance(node, Listing) else []
    )


def switched(text: str, *, on: bool) -> str:
    """Return a file's text with the watchlist paused, or on again.

    Raises:
        ConfigError: the file cannot be read.
    """
    return change(text, ("enabled",), on)


def short_form(name: str, lines: Sequence[str], *, to: str) -> str:
    """Return the file of a new watchlist, in the short form."""
    row = ", ".join(written(line, flow=True) for line in lines)
    head = f"{SCHEMA}\nname: {written(name)}\n"
    if len(row) <= LONGEST_ROW - len("match: []"):
        match = f"match: [{row}]\n"
    else:
        match = "".join(["match:\n", *(f"  - {written(line)}\n" for line in lines)])
    return f"{head}{match}deliver: {written(to)}\n"


def id_for(name: str) -> str:
    """Return the id that a name becomes: "Cárcel del condado" is carcel-del-condado."""
    plain_letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain_letters)[:LONGEST_ID].strip("-")


# ── Writing ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Writes watchlists' files, for one person, at one time."""

    folder: Path
    environment: Mapping[str, str]
    store: Store
    now: datetime
    who: str
    # The folder as it was read before.
    memory: Memory = field(default_factory=Memory)

    def write(self, shelved: Shelved, text: str, *, how: str) -> tuple[Problem, ...]:
        """Judge a file's new text, keep it with who and when, write it; return the warnings it brings.

        Raises:
            NotChangedError: it would break the file or the watchlist's own examples, or somebody changed the
                file meanwhile.
            StorageError: it could not be kept.
        """
        warnings = self.judge(shelved, text)
        path = self.folder / shelved.path
        if (path.read_bytes() if path.exists() else b"") != shelved.text.encode():
            what = f"{shelved.path} was changed by somebody else meanwhile"
            raise NotChangedError(what)
        file = read_text(shelved.path, text)
        id_ = read_watchlist(file, desk=(), digest_at="").watchlist.id
        if shelved.text and id_ != shelved.id:
            what = f'the id "{shelved.id}" cannot be changed: what was sent and kept goes by it'
            raise NotChangedError(what)
        if shelved.text:
            # What was changed in a text editor meanwhile: so that it can be brought back too.
            self.store.keep_text(id_, shelved.text, now=self.now, who="files")
        self.store.keep_text(id_, text, now=self.now, who=self.who, how=how)
        path.parent.mkdir(parents=True, exist_ok=True)
        save(path, text)
        return warnings

    def judge(self, shelved: Shelved, text: str) -> tuple[Problem, ...]:
        """Raise what a text would break that is not broken now; return the warnings that are new.

        Raises:
            NotChangedError: with the problems.
        """
        there = read(self.folder, self.environment, memory=self.memory).problems
        before = {_core(problem) for problem in there}
        instead = {shelved.path: text}
        after = read(self.folder, self.environment, instead=instead, memory=self.memory).problems
        brought = [problem for problem in after if _core(problem) not in before]
        new = [problem for problem in brought if problem.severity == "error"]
        if not isinstance(read_text(shelved.path, text).root, Table):
            new = new or [Problem(path=shelved.path, what="nothing is written here")]
        if new:
            what = f"{shelved.path} was not changed"
            raise NotChangedError(what, new)
        return tuple(problem for problem in brought if problem.path == shelved.path)


def _core(problem: Problem) -> tuple[str, str, str]:
    """Return what of a problem stays when lines are put in above it, or words beside it."""
    numbers = re.compile(r"\(line \d+\)|:\d+(?::\d+)?|the \d+ lines")
    return problem.path, numbers.sub("", problem.what), problem.text[problem.column - 1 : problem.end - 1]
