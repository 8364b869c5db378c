"""Newsrooms' folders for tests: say only what the test is about."""

from __future__ import annotations

from pathlib import Path

from config.explain import Problem
from config.load import Loaded, read

MAIN = """\
version: 1
newsroom: {name: Metro Desk, timezone: America/Denver}
desk: {at_once: "slack:#immigration-desk", digest: "email:metro-desk@newsroom.test"}
channels:
  slack: {token: "${SLACK_BOT_TOKEN}"}
  email: {smtp: "${SMTP_URL}"}
"""
SOURCES = """\
sources:
  - {id: ch4, name: Channel 4 Ellery, url: "https://channel4ellery.test/feed", group: ellery, priority: high}
  - {id: ledger, name: Port Ellery Ledger, url: "https://ledger.test/rss", group: ellery}
"""
WATCHLIST = """\
name: Sanctuary cities
match: [sanctuary city]
deliver: desk
"""
SECRETS = {"SLACK_BOT_TOKEN": "xoxb-token-of-the-test", "SMTP_URL": "smtp://desk:pass@mail.test:587"}


def a_folder(path: Path, **files: str) -> Path:
    """Write a sound folder; `main`, `sources`, `watchlist` replace a file, `env` adds one."""
    texts = {
        "nightdesk.yaml": files.get("main", MAIN),
        "sources/ellery.yaml": files.get("sources", SOURCES),
        "watchlists/sanctuary-cities.yaml": files.get("watchlist", WATCHLIST),
    }
    texts |= {".env": files["env"]} if "env" in files else {}
    for name, text in texts.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(text.encode())
    return path


def told(path: Path, environment: dict[str, str] | None = None, **files: str) -> list[str]:
    """Return every problem of a folder: file:line «the words above the caret» what | what to write."""
    return lines_of(read(a_folder(path, **files), SECRETS if environment is None else environment))


def lines_of(loaded: Loaded) -> list[str]:
    """Return the problems in one line each."""
    return [line_of(problem) for problem in loaded.problems]


def line_of(problem: Problem) -> str:
    """Return a problem in one line."""
    marked = problem.text[problem.column - 1 : problem.end - 1]
    place = f"{problem.path}:{problem.line} «{marked}»" if problem.line else problem.path
    return f"{place} {problem.what} | {problem.write}"
