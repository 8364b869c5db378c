"""How are people written into nightdesk.yaml, with its comments kept?

A change is judged as if it stood in the folder, and only then written, whole or not at all.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

from config.edit import change, save
from config.edit_items import put_item, take_item
from config.explain import Problem
from config.load import read
from config.main_file import NAME
from config.settings import Reader, Role
from news.errors import ConfigError

READERS = ("readers",)


def id_for(name: str, taken: set[str]) -> str:
    """Return an id made of a person's name: small letters, digits, hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "person"
    return next(each for n in range(1, 1000) if (each := stem if n == 1 else f"{stem}-{n}") not in taken)


def written(reader: Reader) -> dict[str, object]:
    """Return a person as the file says it; what is usual is left out."""
    said: dict[str, object] = {"id": reader.id}
    said |= {"name": reader.name} if reader.name else {}
    said |= {"slack": reader.slack.removeprefix("slack:")} if reader.slack else {}
    said |= {"email": reader.email.removeprefix("email:")} if reader.email else {}
    said |= {"timezone": reader.timezone} if reader.timezone else {}
    said["role"] = reader.role.name.lower()
    if reader.quiet is not None:
        own = [{"from": hours.start, "to": hours.end} for hours in reader.quiet]
        said["quiet_hours"] = own[0] if own else "off"
    return said


def put_person(folder: Path, environment: Mapping[str, str], reader: Reader) -> None:
    """Add a person, or change what the file says of this one.

    Raises:
        ConfigError: the file would be wrong then; nothing was changed.
    """
    edit(folder, environment, lambda text: put_item(text, READERS, written(reader)))


def take_person(folder: Path, environment: Mapping[str, str], reader_id: str) -> None:
    """Take a person out of the file; the last admin stays.

    Raises:
        ConfigError: there is no such person, or a watchlist sends there; nothing was changed.
    """
    edit(folder, environment, lambda text: take_item(text, READERS, reader_id))


def put_setting(folder: Path, environment: Mapping[str, str], *values: tuple[tuple[str, ...], str]) -> None:
    """Change single settings of nightdesk.yaml together.

    Raises:
        ConfigError: the file would be wrong then; nothing was changed.
    """

    def changed(text: str) -> str:
        for path, value in values:
            text = change(text, path, value)
        return text

    edit(folder, environment, changed)


def edit(folder: Path, environment: Mapping[str, str], changed: Callable[[str], str]) -> None:
    """Change nightdesk.yaml, unless an error would come in that is not there now.

    Raises:
        ConfigError: says why; nothing was changed.
    """
    path = folder / NAME
    before = path.read_text(encoding="utf-8")
    after = changed(before)
    new = _errors(folder, environment, after) - _errors(folder, environment, before)
    if new:
        raise ConfigError("; ".join(f"{what}: {write}" for what, write in sorted(new)))
    if after != before:
        save(path, after)


def _errors(folder: Path, environment: Mapping[str, str], text: str) -> set[tuple[str, str]]:
    """Return what would be wrong if nightdesk.yaml said this."""
    with tempfile.TemporaryDirectory(prefix="nightdesk-") as name:
        beside = Path(name)
        (beside / NAME).write_text(text, encoding="utf-8")
        for each in ("sources", "watchlists", ".env"):
            if (folder / each).exists():
                (beside / each).symlink_to((folder / each).absolute())
        problems: tuple[Problem, ...] = read(beside, environment).problems
    return {(problem.what, problem.write) for problem in problems if problem.severity == "error"}


def is_last_admin(readers: tuple[Reader, ...], reader_id: str) -> bool:
    """Whether nobody could change people and settings without this person."""
    return [each.id for each in readers if each.role is Role.ADMIN] == [reader_id]
