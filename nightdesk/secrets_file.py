"""How is a secret put where the newsroom keeps them? In `.env`, which its owner alone can read."""

from __future__ import annotations

import re
from pathlib import Path

from config.edit import save
from config.environment import ENV_FILE
from news.errors import ConfigError

OWNER_ONLY = 0o600
UNSEEN = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def keep_secret(folder: Path, name: str, value: str) -> None:
    """Write NAME=value into `.env`, in place of an earlier value; the rest of the file stays.

    Raises:
        ConfigError: the value cannot stand on one line, or nothing can be written there.
    """
    path, line = folder / ENV_FILE, f"{name}={_written(value)}"
    mine = re.compile(rf"(?:export[ \t]+)?{re.escape(name)}[ \t]*=")
    try:
        path.touch(mode=OWNER_ONLY)
        path.chmod(OWNER_ONLY)
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        at = [number for number, each in enumerate(lines) if mine.match(each.strip())]
        lines[at[0] if at else len(lines) : (at[0] + 1) if at else len(lines)] = [line]
        kept = [each for number, each in enumerate(lines) if number not in at[1:]]
        save(path, "\n".join(kept) + "\n")
    except OSError as error:
        what = f"{ENV_FILE} cannot be written: {(error.strerror or 'unknown').lower()}"
        raise ConfigError(what) from None


def _written(value: str) -> str:
    if not value or UNSEEN.search(value):
        raise ConfigError("this is not one line of letters that can be seen")
    if re.fullmatch(r"[^\s#'\"]+", value):
        return value
    quote = next((each for each in "'\"" if each not in value), None)
    if quote is None:
        raise ConfigError("both kinds of quotation marks in it cannot be kept")
    return f"{quote}{value}{quote}"
