"""No bad source keeps a good one waiting, and what was left to itself is stored when it comes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from crawler.places import Budget, Places
from crawler.polling import PollReport, let_go, poll_due
from crawler.reading.children import Reader
from news.nouns import Health
from tests.crawler.desk import MINUTE, START, Desk, a_desk, an_outlet, printed
from tests.crawler.running import on_the_loop
from tests.fakes.faults import Fault, bomb, drip, hang
from tests.fakes.serving import Answer

SPINNING = b"<rss>" * 300_000  # the loose reader needs minutes for it
GOOD = [f"good{number}" for number in range(40)]
HANGING = [f"hanging{number}" for number in range(5)]
SLOW = [f"slow{number}" for number in range(6)]
spins = Fault(name="spins", bend=lambda _, __: Answer(body=SPINNING))


async def go_round(desk: Desk) -> PollReport:
    """Ask as the service does: who takes long is not waited for."""
    return await poll_due(
        desk.settings,
        desk.store,
        desk.engine,
        desk.reader,
        clock=desk.clock,
        random=Random(1),  # noqa: S311 - jitter
        leave_slow=True,
    )


@pytest.mark.slow
def test_slow_and_hanging_sources_and_a_bomb_keep_no_good_one_waiting(tmp_path: Path) -> None:
    names = [*HANGING, *SLOW, "bomb", "spinning", *GOOD]

    async def main() -> None:
        outlets = [an_outlet(name, gzip=False) for name in names]
        articles = [printed(outlet=name) for name in names]
        # A limit of half a minute: whoever waited for one that hangs would wait for so long.
        async with a_desk(tmp_path, outlets, articles, seconds=30.0) as desk:
            desk.reader = Reader(2, processor_seconds=1)
            for name, fault in [
                *((name, hang()) for name in HANGING),
                *((name, drip(8, 0.03)) for name in SLOW),
                ("bomb", bomb(64)),
                ("spinning", spins),
            ]:
                desk.web.outlet(name).always("/feed.xml", fault)
            started = asyncio.get_running_loop().time()
            first = await go_round(desk)
            assert asyncio.get_running_loop().time() - started < 20
            assert first.new >= len(GOOD)
            states = await desk.store.read(lambda store: store.fetch_states())
            found = {state.source_id: state for state in states}
            assert {found[name].health for name in GOOD} == {Health.OK}
            assert found["bomb"].trouble == "too big"
            assert {found[name].health for name in HANGING} == {Health.NEW}
            # While they hang, the others are asked again when their time comes.
            desk.clock.advance(11 * MINUTE - 2 * MINUTE)
            desk.web.outlet("good1").publish(printed("Later story", "good1"))
            desk.clock.advance(2 * MINUTE)
            later = await go_round(desk)
            assert later.new >= 1
            assert later.checked >= len(GOOD)
            await let_go(desk.store)

    on_the_loop(main())


def test_who_takes_long_gives_its_place_back_but_only_so_many_do() -> None:
    async def main() -> None:
        places = Places(2, prompt=0.0, most_slow=3)
        done = asyncio.Event()
        inside = 0

        async def work() -> None:
            nonlocal inside
            async with places.take():
                inside += 1
                await done.wait()

        workers = [asyncio.create_task(work()) for _ in range(9)]
        for _ in range(50):
            await asyncio.sleep(0)
        assert (inside, places.slow) == (5, 3)
        done.set()
        await asyncio.gather(*workers)
        assert (inside, places.slow) == (9, 0)

    on_the_loop(main())


def test_a_host_of_many_sources_is_asked_for_so_many_a_minute() -> None:
    budget = Budget(a_minute=6)
    now = START
    assert [budget.spend("many.test", now=now) for _ in range(8)] == [
        *[timedelta()] * 6,
        *[timedelta(seconds=10)] * 2,
    ]
    assert budget.spend("other.test", now=now) == timedelta()
    later = now + timedelta(seconds=10)
    assert [budget.spend("many.test", now=later) for _ in range(2)] == [timedelta(), timedelta(seconds=10)]
    assert [budget.spend("many.test", now=now + MINUTE) for _ in range(5)] == [timedelta()] * 5


def test_a_source_that_is_put_off_for_its_hosts_sake_is_asked_soon_and_nothing_of_it_is_lost(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        async with a_desk(tmp_path, [an_outlet()], [printed()]) as desk:
            (one,) = desk.settings.sources
            two = replace(one, id="second")
            fetch = replace(desk.settings.fetch, host_budget=1)
            desk.settings = replace(desk.settings, sources=(one, two), fetch=fetch)
            await desk.store.write(lambda store: store.declare_sources((one, two), now=START))
            first = await desk.poll()
            assert (first.checked, first.new) == (1, 1)
            before = await desk.state("second")
            assert before.health is Health.NEW
            assert before.next_due is not None
            assert START < before.next_due < START + 3 * MINUTE
            assert (await desk.poll(after=3 * MINUTE)).new == 1

    on_the_loop(main())
