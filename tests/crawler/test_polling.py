"""Every due source is asked, what it brings is kept, and what goes wrong is said and asked again later."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest

from crawler.polling import Tools, poll_one
from crawler.reading.children import Reader
from news.errors import StorageError
from news.nouns import Health, no_hop
from tests.crawler.desk import MINUTE, START, Desk, a_desk, an_outlet, printed
from tests.crawler.running import on_the_loop
from tests.fakes.faults import (
    Fault,
    bomb,
    drop,
    hang,
    html_instead,
    redirect,
    redirect_loop,
    status,
    too_many,
    truncated,
)
from tests.fakes.misbehaving import feed, item
from tests.fakes.press import Outlet, PrintedArticle

Outcome = TypeVar("Outcome")
TEN = 11 * MINUTE  # the default interval and the most it is spread


def at_a_desk(
    folder: Path,
    work: Callable[[Desk], Awaitable[Outcome]],
    *articles: PrintedArticle,
    outlets: tuple[Outlet, ...] = (an_outlet(),),
    **choices: Any,  # noqa: ANN401 - a desk's own
) -> Outcome:
    """Return what some work at an open desk returns."""

    async def main() -> Outcome:
        async with a_desk(folder, outlets, articles, **choices) as desk:
            return await work(desk)

    return on_the_loop(main())


def test_a_new_source_gives_its_backlog_and_then_nothing_new(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        first = await desk.poll()
        assert (first.checked, first.new, first.unchanged, first.failed) == (1, 2, 0, ())
        assert (await desk.poll()).checked == 0  # not due yet
        again = await desk.poll(after=TEN)
        assert (again.checked, again.new, again.unchanged) == (1, 0, 1)
        state = await desk.state()
        assert state.health is Health.OK
        assert state.baseline_at == START
        assert state.last_new == START
        assert state.last_checked == START + TEN

    at_a_desk(tmp_path, work, printed("One story"), printed("Another story"))


def test_what_comes_out_later_is_news(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        desk.site.publish(printed("Later story", at=START + 5 * MINUTE))
        assert (await desk.poll(after=TEN)).new == 1
        stored = await desk.store.read(lambda store: store.unfiled_clippings(limit=9, now=desk.clock()))
        assert [(one.clipping.title, one.backlog) for one in stored] == [
            ("Early story", True),
            ("Later story", False),
        ]

    at_a_desk(tmp_path, work, printed("Early story"))


def test_an_unchanged_feed_costs_its_publisher_a_304_and_us_no_reading(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        desk.hops.clear()
        await desk.poll(after=TEN)
        assert desk.hops == ["fetched", "clippings stored"]
        second = desk.site.asked("/feed.xml")[1]
        assert {"if-none-match", "if-modified-since"} <= second.headers.keys()

    at_a_desk(tmp_path, work, printed())


def test_the_same_bytes_again_are_not_read_again(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        desk.hops.clear()
        assert (await desk.poll(after=TEN)).unchanged == 1
        assert "read" not in desk.hops

    at_a_desk(tmp_path, work, printed(), outlets=(an_outlet(validators="none"),))


def test_the_hops_of_a_poll_come_in_order(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        assert desk.hops == ["fetched", "read", "clippings stored"]

    at_a_desk(tmp_path, work, printed())


@pytest.mark.parametrize(
    ("fault", "health", "reason"),
    [
        (status(503), Health.FAILING, "has trouble of its own"),
        (status(404), Health.FAILING, "is not at this address any more"),
        (status(410), Health.STOPPED, "is gone for good"),
        (status(401), Health.STOPPED, "asks for a login"),
        (status(402), Health.STOPPED, "asks for payment"),
        (status(403), Health.STOPPED, "refuses automated readers"),
        (status(451), Health.STOPPED, "may not be read from here, for legal reasons"),
        (hang(), Health.FAILING, "took longer than 1 seconds to answer"),
        (drop(), Health.FAILING, "breaks off the connection"),
        (bomb(64), Health.FAILING, "sends more than we take in"),
        (redirect_loop(), Health.FAILING, "sends us from one address to the next without end"),
        (redirect("http://10.0.0.1/feed"), Health.FAILING, "is at 10.0.0.1, which is not a public address"),
        (html_instead(), Health.FAILING, "sends something that is not a feed"),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_a_source_that_cannot_be_read_is_never_zero_new(
    tmp_path: Path, fault: Fault, health: Health, reason: str
) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        before = await desk.state()
        desk.site.always("/feed.xml", fault)
        report = await desk.poll(after=TEN)
        assert len(report.failed) == 1
        assert report.failed[0].startswith(f"Channel4 ({reason}")
        state = await desk.state()
        assert (state.health, state.failures) == (health, 1)
        assert state.reason.startswith(reason)
        assert state.health_since == desk.clock()
        # What was known stays known: the next good answer is compared with it.
        assert (state.etag, state.body_hash, state.last_ok) == (before.etag, before.body_hash, before.last_ok)

    # A bomb among the answers to conditional requests would be a 304, which has no body.
    outlet = an_outlet(validators="none" if "bomb" in fault.name else "both")
    at_a_desk(tmp_path, work, printed(), outlets=(outlet,), seconds=1.0)


def test_waits_grow_with_each_failure_and_end_with_the_first_success(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.site.always("/feed.xml", status(500))
        waits = []
        for _ in range(4):
            await desk.poll()
            state = await desk.state()
            assert state.next_due is not None
            waits.append(state.next_due - desk.clock())
            desk.clock.set(state.next_due)
        assert waits == sorted(waits)
        assert waits[-1] > 6 * waits[0]
        desk.site.heal()
        await desk.poll()
        state = await desk.state()
        assert (state.health, state.failures, state.reason) == (Health.OK, 0, "")

    at_a_desk(tmp_path, work, printed())


def test_a_publisher_that_asks_for_patience_gets_it(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.site.always("/feed.xml", too_many("7200"))
        await desk.poll()
        state = await desk.state()
        assert state.next_due is not None
        assert state.next_due - desk.clock() >= timedelta(hours=2)

    at_a_desk(tmp_path, work, printed())


def test_one_bad_source_never_stops_the_others(tmp_path: Path) -> None:
    names = [f"outlet{number}" for number in range(6)]

    async def work(desk: Desk) -> None:
        for name, fault in zip(names, (status(500), hang(), drop(), html_instead(), bomb(64)), strict=False):
            desk.web.outlet(name).always("/feed.xml", fault)
        report = await desk.poll()
        assert (report.checked, len(report.failed), report.new) == (6, 5, 1)

    articles = [printed(outlet=name) for name in names]
    at_a_desk(tmp_path, work, *articles, outlets=tuple(map(an_outlet, names)), seconds=1.0)


def test_a_mistake_of_ours_in_one_poll_costs_that_poll_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Clumsy(Reader):
        """A reader that falls over one source."""

        async def read_whole_feed(self, body: bytes, **about: Any) -> Any:  # noqa: ANN401
            if about["source"].id == "channel4":
                raise ZeroDivisionError
            return await super().read_whole_feed(body, **about)

    async def work(desk: Desk) -> None:
        desk.reader = Clumsy()
        report = await desk.poll()
        assert (report.checked, report.new) == (2, 1)
        assert report.failed == (
            "Channel4 (could not be checked because of a mistake in Nightdesk (ZeroDivisionError))",
        )

    outlets = (an_outlet(), an_outlet("ledger"))
    at_a_desk(tmp_path, work, printed(), printed(outlet="ledger"), outlets=outlets)
    assert "ZeroDivisionError" in caplog.text


def test_a_permanent_move_is_followed_from_then_on(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        body = b"<rss><channel><item><title>a</title><link>https://a.test/1</link></item></channel></rss>"
        moved = desk.site.place("/new.xml", body, "application/rss+xml")
        desk.site.script("/feed.xml", 3 * [redirect("/new.xml", 301)])
        for seen in range(3):
            # Once can be a mistake, or a sign-in page at the hotel: it takes three.
            assert (await desk.state()).moved_to is None
            await desk.poll(after=seen * TEN)
        state = await desk.state()
        assert (state.moved_to, state.trouble, state.reason) == (moved, "moved", f"has moved to {moved}")
        desk.site.forget_requests()
        await desk.poll(after=TEN)
        assert [request.path for request in desk.site.requests] == ["/new.xml"]
        # The new place is gone too: back to where the newsroom said.
        desk.site.always("/new.xml", status(410))
        report = await desk.poll(after=TEN)
        assert report.failed == ()
        assert (await desk.state()).moved_to is None

    at_a_desk(tmp_path, work, printed())


def test_a_move_to_a_sign_in_page_teaches_nothing(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.site.place("/sign-in", b"<html><body>Sign in</body></html>")
        desk.site.always("/feed.xml", redirect("/sign-in", 301))
        assert len((await desk.poll()).failed) == 1
        assert (await desk.state()).moved_to is None

    at_a_desk(tmp_path, work, printed())


@pytest.mark.parametrize(
    ("code", "helps"), [(410, True), (404, True), (403, False), (401, False), (429, False)]
)
def test_a_backup_address_helps_when_the_first_is_gone_and_never_round_a_refusal(
    tmp_path: Path, code: int, helps: bool
) -> None:
    async def work(desk: Desk) -> None:
        backup = desk.site.place("/backup.xml", b"<rss><channel></channel></rss>", "application/rss+xml")
        sources = tuple(replace(source, backup=(backup,)) for source in desk.settings.sources)
        desk.settings = replace(desk.settings, sources=sources)
        desk.site.always("/feed.xml", status(code))
        report = await desk.poll()
        assert bool(desk.site.asked("/backup.xml")) is helps
        assert (report.failed == ()) is helps
        # Validators of the backup are never sent to the first address.
        state = await desk.state()
        assert (state.etag, state.last_modified) == (None, None)

    at_a_desk(tmp_path, work, printed())


def test_a_feed_that_was_cut_off_is_read_as_far_as_it_came_and_read_again_whole(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.site.script("/feed.xml", [truncated()])
        first = await desk.poll()
        assert 0 < first.new < 12
        state = await desk.state()
        assert (state.etag, state.last_modified, state.body_hash) == (None, None, None)
        assert first.new + (await desk.poll(after=TEN)).new == 12

    articles = [printed(f"Story number {number}") for number in range(12)]
    at_a_desk(tmp_path, work, *articles, outlets=(an_outlet(gzip=False),))


def test_validators_are_never_kept_without_the_entries_they_cover(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        chance = Random(1)  # noqa: S311 - jitter
        tools = Tools(engine=desk.engine, reader=desk.reader, clock=desk.clock, random=chance)
        polled = await poll_one(desk.settings.sources[0], await desk.state(), tools)
        assert polled.outcome.state.etag
        assert polled.outcome.clippings
        assert (await desk.state()).etag is None  # nothing is stored but by the outcome, whole
        await desk.store.write(lambda store: store.record_fetch(polled.outcome))
        assert (await desk.state()).etag == polled.outcome.state.etag
        assert await desk.waiting() == ["Mayor skips meeting"]

    at_a_desk(tmp_path, work, printed())


def test_a_page_that_only_names_feeds_says_so_and_is_not_asked(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        report = await desk.poll()
        assert "only names feeds; nightdesk sources add" in report.failed[0]
        assert desk.site.requests == ()

    at_a_desk(tmp_path, work, printed(), reads="discover")


def test_an_entry_listed_twice_counts_once(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        item = "<item><title>{}</title><link>https://a.test/1</link></item>"
        body = f"<rss><channel>{item.format('New words')}{item.format('Old words')}</channel></rss>"
        desk.site.place("/feed.xml", body.encode(), "application/rss+xml")
        assert (await desk.poll()).new == 1
        assert await desk.waiting() == ["New words"]

    at_a_desk(tmp_path, work)


def test_an_entry_whose_guid_changes_at_every_look_is_one_article(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        new, filed = 0, 0
        for guid in ("1", "2", "https://ledger.test/3"):
            more = f"<guid isPermaLink='false'>{guid}</guid>"
            desk.site.place("/feed.xml", feed(item(1, more=more), item(2, "Ferry fares", more=more)))
            new += (await desk.poll(after=TEN)).new
            filed += (await desk.file()).filed
        assert (new, filed) == (2, 2)

    at_a_desk(tmp_path, work, full_text="never")


def test_many_sources_at_once_are_each_asked_once(tmp_path: Path) -> None:
    names = [f"outlet{number}" for number in range(25)]

    async def work(desk: Desk) -> None:
        report = await desk.poll()
        assert (report.checked, report.new) == (25, 25)
        assert all(len(desk.web.outlet(name).requests) == 1 for name in names)

    articles = [printed(outlet=name) for name in names]
    at_a_desk(tmp_path, work, *articles, outlets=tuple(map(an_outlet, names)))


def test_polling_that_is_cut_off_loses_nothing(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.site.script("/feed.xml", [hang()])
        polling = asyncio.ensure_future(desk.poll())
        while not desk.site.requests:  # noqa: ASYNC110 - the site is in another thread
            await asyncio.sleep(0)
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        assert (await desk.state()).last_checked is None
        # The lease of the poll that was cut off runs out, and the source is asked again.
        assert (await desk.poll(after=TEN)).new == 1

    at_a_desk(tmp_path, work, printed())


def test_a_database_that_refuses_is_told_once_and_nothing_is_lost(tmp_path: Path) -> None:
    names = [f"outlet{number}" for number in range(5)]

    async def work(desk: Desk) -> None:
        other = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)

        def lock(hop: str) -> None:
            if hop == "fetched" and not other.in_transaction:
                other.execute("BEGIN IMMEDIATE")

        desk.hop = lock
        with closing(other):
            with pytest.raises(StorageError):
                await desk.poll()
            other.execute("ROLLBACK")
        desk.hop = no_hop
        await desk.poll(after=TEN)
        assert len(await desk.waiting()) == 5

    articles = [printed(outlet=name) for name in names]
    outlets = tuple(map(an_outlet, names))
    at_a_desk(tmp_path, work, *articles, outlets=outlets, patience=timedelta(seconds=0.2))
