"""What is the value of ${NAME}?

The environment is asked first, then the file .env beside nightdesk.yaml; in both, NAME_FILE may name a file
that holds the value (a container's secret). A value never leaves here except inside a `Secret`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.explain import Problem
from config.settings import Secret
from news.errors import ConfigError

ENV_FILE = ".env"
LARGEST_SECRET = 64_000  # bytes; no more of a file is read, whatever was named by mistake
REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
LINE = re.compile(r"(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where names are looked up."""

    # The newsroom's folder; a relative NAME_FILE in .env starts here.
    folder: Path
    variables: Mapping[str, str]
    # What .env says.
    written: Mapping[str, str]

    def find(self, name: str) -> Secret | None:
        """Return the value of a name, or None while nobody set it.

        Raises:
            ConfigError: NAME_FILE names a file that cannot be read.
        """
        for values, base in ((self.variables, Path()), (self.written, self.folder)):
            if values.get(name):
                return Secret(values[name])
            if path := values.get(f"{name}_FILE"):
                return _in_file(f"{name}_FILE", base / path)
        return None


def read_environment(folder: Path, variables: Mapping[str, str]) -> tuple[Environment, list[Problem]]:
    """Return where names are looked up, and what is wrong in .env."""
    path = folder / ENV_FILE
    problems: list[Problem] = []
    written: dict[str, str] = {}
    try:
        text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    except (OSError, UnicodeDecodeError):
        problems.append(
            Problem(path=ENV_FILE, what="this file cannot be read", write="it again as plain text in UTF-8")
        )
        text = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if found := LINE.fullmatch(line.strip()):
            written[found[1]] = _unquoted(found[2])
        else:
            problems.append(
                Problem(
                    path=ENV_FILE,
                    line=number,
                    column=1,
                    end=2,
                    what="this line has no name",
                    write="NAME=value",
                )
            )
    return Environment(folder=folder, variables=variables, written=written), problems


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return re.sub(r"(^|\s)#.*", "", value).strip()


def _in_file(name: str, path: Path) -> Secret | None:
    try:
        with path.open("rb") as file:
            value = file.read(LARGEST_SECRET).decode("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        what = f"the file that {name} names cannot be read"
        raise ConfigError(what) from error
    return Secret(value) if value else None
