"""Do pyproject.toml, the locks, the code and the container agree on what Nightdesk is made of?"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("news", "config", "storage", "crawler", "alerts", "nightdesk")
OURS = {*ROOMS, "tests", "bench"}


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def plain(requirement: str) -> str:
    """Return a requirement's name as everybody spells it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", requirement)[0]).lower()


def declared() -> set[str]:
    extras = project()["project"]["optional-dependencies"].values()
    return {plain(r) for names in (project()["project"]["dependencies"], *extras) for r in names}


def locked(lock: str) -> dict[str, set[str]]:
    """Return each package's pinned versions; there are two where Pythons differ."""
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE):
        pins.setdefault(plain(name), set()).add(version)
    return pins


def scrapys_own() -> set[str]:
    """Return what Scrapy stands on (Twisted, …): the crawler plugs into it, in Scrapy's versions."""
    return {plain(requirement) for requirement in requires("scrapy") or ()}


def imported(folders: tuple[str, ...]) -> dict[str, str]:
    """Return the top-level modules that folders import from outside, each with a file that does."""
    found: dict[str, str] = {}
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names = [node.module]
            found |= {name.split(".")[0]: str(path.relative_to(ROOT)) for name in names}
    return {name: path for name, path in found.items() if name not in sys.stdlib_module_names | OURS}


def undeclared(folders: tuple[str, ...], allowed: set[str]) -> list[str]:
    makers = packages_distributions()
    return [
        f"{path} imports {module}"
        for module, path in imported(folders).items()
        if not {plain(maker) for maker in makers.get(module, [module])} & allowed
    ]


def test_the_rooms_import_only_what_pyproject_names() -> None:
    assert undeclared(ROOMS, declared() | scrapys_own()) == []


def test_tests_and_benches_import_only_what_pyproject_names() -> None:
    dev = {plain(r) for r in project()["dependency-groups"]["dev"]}
    assert undeclared(("tests", "bench"), declared() | scrapys_own() | dev) == []


#: The extra `browser`: 50 MB that few newsrooms need. `./do install browser` takes it from the other lock.
LEFT_OUT = {"playwright"}


def test_what_runs_is_pinned_alike_in_both_locks() -> None:
    runs, works = locked("requirements.txt"), locked("requirements-dev.txt")
    assert declared() - LEFT_OUT <= runs.keys()
    assert works.keys() >= LEFT_OUT
    assert {name: works.get(name) for name in runs} == runs


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_a_hash_and_no_address(lock: str) -> None:
    entries = re.split(r"^(?=[\w.-]+==)", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert len(entries) > 50
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"(?:https?|file)://|--(?:extra-)?index|--find-links", "".join(entries)) == []


def test_the_container_holds_every_room() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)
    names = {name for line in copied for name in line.split()}
    let_in = re.findall(r"^!(\S+)$", (ROOT / "deploy/Dockerfile.dockerignore").read_text(), re.MULTILINE)
    assert set(ROOMS) <= names
    assert names == set(let_in)
    assert [name for name in names if not (ROOT / name).exists()] == []
