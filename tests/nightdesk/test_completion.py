"""Tab fills in commands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.nightdesk.desk import Desk

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_told_how_to_ask(desk: Desk, shell: str) -> None:
    ran = desk("completion", shell)
    assert ran.code == 0
    assert f"_NIGHTDESK_COMPLETE={shell}_complete" in ran.out
    assert f"nightdesk completion {shell} >" in ran.err


def test_what_the_shell_asks_is_answered() -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "nightdesk"],
        env={
            "PYTHONPATH": str(ROOT),
            "_NIGHTDESK_COMPLETE": "bash_complete",
            "COMP_WORDS": "nightdesk stor",
            "COMP_CWORD": "1",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert asked.stdout == "plain,stories\n"


def test_no_shell_is_asked_for_by_name(desk: Desk) -> None:
    ran = desk("completion")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: name your shell: bash, zsh or fish")


def test_a_shell_that_is_not_there_is_typed_wrong(desk: Desk) -> None:
    ran = desk("completion", "tcsh")
    assert ran.code == 2
    assert "'bash', 'zsh', 'fish'" in ran.err
