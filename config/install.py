"""How does a newsroom get its folder?

What ships in `config/starter` is copied once and filled in with the newsroom's answers. Afterwards the
folder is the newsroom's own: a file that is there is never written over.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from config import shape
from config.edit import change
from config.environment import ENV_FILE, Environment
from config.main_file import NAME, read_main
from config.reading import read_text
from news.errors import ConfigError

STARTER = Path(__file__).parent / "starter"
BEAT = ("sources/sanctuary-beat.yaml", "watchlists/sanctuary-cities.yaml")
SCHEMAS = tuple(f".schema/{kind}.schema.json" for kind in ("nightdesk", "sources", "watchlist"))
SECRETS = """\
# nightdesk.yaml names secrets, this file holds them. Keep it to yourself.

# Slack: the bot's token, which begins with xoxb-
SLACK_BOT_TOKEN=

# Email: smtp://user:password@host:587
# In the password write %23 for #, %2F for /, %3A for : and %40 for @
SMTP_URL=
"""
KEPT_OUT_OF_GIT = f"{ENV_FILE}\ndata/\n"  # for a newsroom that keeps its folder in git


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What `init` asks."""

    newsroom: str = "Newsroom"
    timezone: str = "UTC"
    # Begin with the beat's sources and watchlist, or with none.
    with_beat: bool = True
    # "#immigration-desk"; "" while it is not known.
    slack: str = ""
    # "metro-desk@newsroom.test"; "" while it is not known.
    email: str = ""


def install_starter(folder: Path, answers: Answers) -> tuple[str, ...]:
    """Make a newsroom's folder, or complete one that was cut short; return the files that were written.

    Raises:
        ConfigError: there is a newsroom already, an answer cannot be used, or nothing can be written there.
    """
    if (folder / NAME).exists():
        what = f"there is a newsroom in {folder} already; nothing was written"
        raise ConfigError(what)
    main = filled_in(answers)
    shipped = (*SCHEMAS, *BEAT) if answers.with_beat else SCHEMAS
    files = {name: (STARTER / name).read_text(encoding="utf-8") for name in shipped}
    files |= {
        ".gitignore": KEPT_OUT_OF_GIT,
        ENV_FILE: SECRETS,
        NAME: main,
    }  # the main file last: it ends the work
    try:
        for name in BEAT:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        return tuple(name for name, text in files.items() if _write_new(folder / name, text))
    except OSError as error:
        what = f"nothing can be written in {folder}: {(error.strerror or 'unknown').lower()}"
        raise ConfigError(what) from error


def filled_in(answers: Answers) -> str:
    """Return nightdesk.yaml with the newsroom's answers in it.

    Raises:
        ConfigError: an answer cannot be used.
    """
    text = (STARTER / NAME).read_text(encoding="utf-8")
    text = change(text, ("newsroom", "name"), answers.newsroom)
    text = change(text, ("newsroom", "timezone"), answers.timezone)
    if answers.slack:
        text = change(text, ("desk", "at_once"), f"slack:{answers.slack}")
    if answers.email:
        text = change(text, ("desk", "digest"), f"email:{answers.email}")
        text = change(text, ("fetch", "user_agent"), f"Nightdesk ({answers.email})")
    file = read_text(NAME, text)
    nowhere = Environment(folder=Path(), variables={}, written={})
    for problem in (*shape.check(file, "nightdesk"), *read_main(file, nowhere).problems):
        if problem.severity == "error":
            what = f"{problem.what}; write {problem.write}"
            raise ConfigError(what)
    return text


def write_schemas(folder: Path) -> tuple[str, ...]:
    """Write the pages that text editors complete by, over older ones; return their names."""
    (folder / SCHEMAS[0]).parent.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        (folder / name).write_bytes((STARTER / name).read_bytes())
    return SCHEMAS


def _write_new(path: Path, text: str) -> bool:
    """Write a file that is not there yet, readable by its owner alone when it holds secrets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = 0o600 if path.name == ENV_FILE else 0o644
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return True
