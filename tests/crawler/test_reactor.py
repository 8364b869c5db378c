"""The program is one coroutine on one loop, which Scrapy shares."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from crawler.reactor import open_loop, run

ENDLESS = """
import asyncio
import signal
from crawler.reactor import run

# Whoever starts the tests in the background of a shell has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)

async def main() -> int:
    try:
        print("working", flush=True)
        await asyncio.Event().wait()
    finally:
        print("tidied up", flush=True)
    return 0

raise SystemExit(run(main))
"""


def test_the_programs_exit_code_comes_back_and_it_may_run_again() -> None:
    async def main() -> int:
        return 7

    assert [run(main), run(main)] == [7, 7]


def test_what_the_program_raises_comes_out() -> None:
    async def main() -> int:
        raise LookupError("no such desk")

    with pytest.raises(LookupError):
        run(main)


def test_tasks_left_behind_are_ended() -> None:
    ended: list[bool] = []

    async def forgotten() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    kept: list[asyncio.Task[None]] = []

    async def main() -> int:
        kept.append(asyncio.create_task(forgotten()))
        await asyncio.sleep(0)
        return 0

    assert run(main) == 0
    assert ended == [True]


def test_the_reactor_stands_on_the_loop() -> None:
    loop = open_loop()
    from twisted.internet import reactor

    assert reactor._asyncioEventloop is loop


def test_ctrl_c_ends_the_program_tidily() -> None:
    with subprocess.Popen([sys.executable, "-c", ENDLESS], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        os.kill(process.pid, signal.SIGINT)
        assert process.stdout.readline() == "tidied up\n"
        assert process.wait(timeout=20) == 130
