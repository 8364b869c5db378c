"""Does ./do make its environment, once, and does the program then find its own rooms?

A checkout in miniature: the real script, two small locks, a program that says where its rooms come from, and
a stand-in for uv that writes down what it is asked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

DO = Path(__file__).resolve().parents[2] / "do"

UV = """#!/bin/bash
echo "$1 ${@: -1}" >>"$UV_LOG"
if [[ "$1" == venv ]]; then
    mkdir -p "${@: -1}/bin"
    printf '#!/bin/sh\\nexec "%s" "$@"\\n' "$REAL_PYTHON" >"${@: -1}/bin/python"
    chmod +x "${@: -1}/bin/python"
fi
[[ ! -e "$UV_LOG.offline" || "$1" == venv ]]
"""

PROGRAM = """
import os, sys, config
print(os.getcwd(), os.path.dirname(config.__file__), *sys.argv[1:], sep="|")
"""


@dataclass(frozen=True, slots=True)
class Checkout:
    folder: Path

    @property
    def uv_log(self) -> Path:
        return self.folder.parent / "uv.log"

    def do(self, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder.parent / 'bin'}:{os.environ['PATH']}"
        env = {
            "PATH": path,
            "UV_LOG": str(self.uv_log),
            "REAL_PYTHON": sys.executable,
            "HOME": "/nonexistent",
        }
        command = [str(self.folder / "do"), *words]
        return subprocess.run(
            command, cwd=cwd or self.folder, env=env, capture_output=True, text=True, check=False
        )

    def installations(self) -> list[str]:
        """Return what was installed since the last look: the locks' names, and "venv" for a fresh start."""
        lines = self.uv_log.read_text().splitlines() if self.uv_log.exists() else []
        self.uv_log.unlink(missing_ok=True)
        return ["venv" if line.startswith("venv") else Path(line.split(maxsplit=1)[1]).name for line in lines]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    folder = tmp_path / "my own nightdesk"
    for name, text in {
        "my own nightdesk/requirements.txt": "scrapy==1 \\\n",
        "my own nightdesk/requirements-dev.txt": "scrapy==1 \\\npytest==1 \\\n",
        "my own nightdesk/nightdesk/__main__.py": PROGRAM,
        "my own nightdesk/config/__init__.py": "",
        "bin/uv": UV,
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / "bin/uv").chmod(0o755)
    shutil.copy(DO, folder / "do")
    return Checkout(folder)


def test_a_fresh_checkout_installs_once(checkout: Checkout) -> None:
    assert checkout.do("install").returncode == 0
    assert checkout.installations() == ["venv", "requirements-dev.txt"]
    assert checkout.do("install").returncode == 0
    assert checkout.installations() == []


def test_running_needs_less_than_working_on_it(checkout: Checkout) -> None:
    checkout.do("nightdesk", "check")
    assert checkout.installations() == ["venv", "requirements.txt"]
    checkout.do("install")
    assert checkout.installations() == ["requirements-dev.txt"]
    checkout.do("nightdesk", "check")
    assert checkout.installations() == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_changed_lock_is_installed_over_the_old_one(checkout: Checkout, lock: str) -> None:
    checkout.do("install")
    checkout.installations()
    (checkout.folder / lock).write_text("scrapy==2 \\\n")
    checkout.do("install")
    assert checkout.installations() == ["requirements-dev.txt"]


def test_an_installation_that_was_cut_short_starts_afresh(checkout: Checkout) -> None:
    offline = checkout.uv_log.with_suffix(".log.offline")
    offline.touch()
    assert checkout.do("install").returncode != 0
    checkout.installations()
    offline.unlink()
    assert checkout.do("install").returncode == 0
    assert checkout.installations() == ["venv", "requirements-dev.txt"]


def test_the_rooms_come_from_the_checkout_wherever_the_user_stands(
    checkout: Checkout, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "config").mkdir(parents=True)
    (elsewhere / "config/__init__.py").write_text("raise SystemExit('a foreign config')")
    done = checkout.do("nightdesk", "judge", "feed", "my feed.xml", cwd=elsewhere)
    rooms = checkout.folder / "config"
    assert done.stdout == f"{elsewhere}|{rooms}|judge|feed|my feed.xml\n", done.stderr


def test_standard_output_is_the_programs_alone(checkout: Checkout) -> None:
    assert len(checkout.do("nightdesk").stdout.splitlines()) == 1
    assert checkout.do("install").stdout == ""


def test_a_link_to_do_works_like_do(checkout: Checkout, tmp_path: Path) -> None:
    link = tmp_path / "nightdesk"
    link.symlink_to(checkout.folder / "do")
    done = subprocess.run([str(link), "help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "nightdesk" in done.stderr


def test_a_word_that_do_does_not_know_is_typed_wrong(checkout: Checkout) -> None:
    done = checkout.do("tset")
    assert done.returncode == 2
    assert '"tset"' in done.stderr
