"""The program as a process: started, seen, refused a second time, stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from tests.nightdesk.conftest import Town
from tests.nightdesk.desk import CHANNEL, Desk

pytestmark = pytest.mark.whole

ROOT = Path(__file__).resolve().parents[2]
FIRST_STORY = "Mayor skips capital meeting after warning to sanctuary cities"
#: Seconds that anything awaited may take, and between two looks.
PATIENCE, LOOK = 30.0, 0.05


def typed(desk: Desk, *words: str) -> list[str]:
    return [sys.executable, "-m", "nightdesk", *words, "--config", str(desk.folder)]


def environment(desk: Desk) -> dict[str, str]:
    return {**os.environ, **desk.environment, "HOME": str(desk.folder)}


def once(desk: Desk, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        typed(desk, *words),
        env=environment(desk),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def running(desk: Desk, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """Give the service, once it says that it has started."""
    log = desk.folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            typed(desk, "run", *options), env=environment(desk), cwd=ROOT, stdout=file, stderr=file
        )
    try:
        wait_for(lambda: b"service started" in log.read_bytes() or process.poll() is not None)
        assert process.poll() is None, log.read_text(encoding="utf-8")
        yield process
    finally:
        process.kill()
        process.wait(timeout=10)


def wait_for(happened: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE
    while not happened():
        assert monotonic() < until
        Event().wait(LOOK)


def test_a_running_nightdesk_is_seen_refuses_a_second_and_ends_when_told(town: Town) -> None:
    with running(town.desk) as process:
        assert "Running for " in town.desk("status").out
        second = once(town.desk, "run")
        assert second.returncode == 1
        assert "error: Nightdesk is running on this database already" in second.stderr
        assert second.stderr.splitlines()[-1].startswith("Next: nightdesk status")
        assert "Traceback" not in second.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert "Not running." in town.desk("status").out


def test_since_tells_what_was_there_before_the_first_check_and_ctrl_c_ends_it_politely(town: Town) -> None:
    town.desk.at("2026-03-18 12:02")
    main = json.loads((town.desk.folder / "nightdesk.yaml").read_text(encoding="utf-8"))
    town.desk.write("nightdesk.yaml", {**main, "quiet_hours": "off"})
    with running(town.desk, "--since", "20000d") as process:
        wait_for(lambda: bool(town.slack.messages(CHANNEL)) or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
    assert [message.text.split(".")[0] for message in town.slack.messages(CHANNEL)] == [FIRST_STORY]


def test_a_reader_that_goes_away_early_gets_no_traceback(town: Town) -> None:
    town.desk.files("Sanctuary cities", text="A sanctuary city.")
    town.desk.watches()
    reading, writing = os.pipe()
    os.close(reading)
    listing = subprocess.run(
        typed(town.desk, "stories", "list", "--since", "1000d"),
        env=environment(town.desk),
        cwd=ROOT,
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert b"Traceback" not in listing.stderr
    assert b"nobody foresaw" not in listing.stderr


def test_everyday_commands_import_nothing_heavy_before_they_need_it() -> None:
    commands = ("run", "status", "stories", "sent", "rehearse", "explain", "preview", "digest", "completion")
    heavy = ("scrapy", "twisted", "sqlalchemy", "trafilatura", "pydantic", "slack_sdk", "jinja2", "numpy")
    code = (
        "import importlib, sys\n"
        f"for name in {commands!r}: importlib.import_module('nightdesk.cli.' + name)\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert told.stdout.strip() == "[]"
