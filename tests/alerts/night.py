"""A night at the desk: stories are filed, watched and told, on a real database, to a fake Slack."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import TypeVar

from alerts.channels.contract import Tools
from alerts.channels.registry import open_channels
from alerts.dispatch import Dispatcher, DispatchReport
from alerts.ledger import SoleSender
from alerts.schedule import open_due_digests
from alerts.watching import watch
from config.settings import ChannelSettings, HealthSettings, Secret, Settings, SlackSettings
from news.nouns import Correction, DeliverRule, Hop, Priority, no_hop
from storage.contract import Filed, Store
from storage.open import open_store
from storage.sole import hold
from storage.threads import StoreThreads
from tests.fakes.clock import FakeClock
from tests.fakes.slack import FakeSlack
from tests.nouns import (
    DESK,
    FieldValue,
    a_filing,
    a_placement,
    a_sentence,
    a_watchlist,
    an_article,
)

NAME = "#immigration-desk"
HEALTH = "#nightdesk-health"
CHANNELS = (NAME, HEALTH)

T = TypeVar("T")


class Killed(BaseException):
    """The process was killed here. No `except Exception` may catch it."""


def settings_for(slack: FakeSlack, **fields: FieldValue) -> Settings:
    """Return a newsroom that tells its desk every story on sanctuary cities at once, by bot token."""
    channels = ChannelSettings(slack=SlackSettings(token=Secret(slack.token), api_url=slack.api_url))
    settings = Settings(
        timezone="America/Denver",
        channels=channels,
        watchlists=(a_watchlist("sanctuary cities", deliver=(DeliverRule(to=DESK),)),),
        health=HealthSettings(to=f"slack:{HEALTH}"),
    )
    return replace(settings, **fields)


@dataclass(slots=True)
class Night:
    """A newsroom's database and settings, and what reaches its Slack."""

    database: str
    clock: FakeClock
    slack: FakeSlack
    settings: Settings
    store: Store
    threads: StoreThreads
    out: io.StringIO = field(default_factory=io.StringIO)
    # Passed by everything that watches and drains, unless told otherwise.
    hop: Hop = no_hop
    # None: the real lock is held while the outbox is drained.
    sole: SoleSender | None = None

    def ask(self, question: Callable[[Store], T]) -> T:
        """Return what the store answers, or do what is asked."""
        return question(self.store)

    # ── What comes in ─────────────────────────────────────────────────────────────────────────────────

    def file(self, title: str, **fields: FieldValue) -> Filed:
        """File an article as a story of its own."""
        return self.ask(lambda store: store.file(self._filing(title, None, fields)))

    def grow(self, story_id: int, title: str, *, details: bool = True, **fields: FieldValue) -> Filed:
        """File another outlet's article in a story, with a detail of its own or as a copy."""
        return self.ask(lambda store: store.file(self._filing(title, story_id, fields, details=details)))

    def correct(self, filed: Filed, title: str, before: str, after: str) -> Filed:
        """File a new version of an article in which some words were changed."""
        text = f"The letter on sanctuary cities went to {after}, officials said."
        article = an_article(title, id=filed.article_id, text=text, first_seen=self.clock())
        filing = a_filing(
            0,
            article,
            placement=a_placement(filed.story_id),
            new_version=True,
            corrections=(Correction(before=before, after=after, label="more exact"),),
            now=self.clock(),
        )
        return self.ask(lambda store: store.file(filing))

    def _filing(
        self, title: str, story_id: int | None, fields: dict[str, FieldValue], *, details: bool = False
    ) -> FieldValue:
        now = self.clock()
        outlet = "Channel 4 Ellery" if story_id is None else "Ellery 31"
        text = str(fields.get("text", f"{title}: sanctuary cities were warned, officials said on Wednesday."))
        said = {"outlet": outlet, "text": text, "first_seen": now, "published": now}
        new = (a_sentence(f"{title} has a new detail."),) if details else ()
        placement = a_placement(story_id, whats_new=new)
        embargo = fields.get("embargo")
        about = {name: value for name, value in fields.items() if name != "embargo"}
        article = an_article(title, **(said | about))
        return a_filing(0, article, placement=placement, embargo=embargo, now=now)

    # ── What goes out ─────────────────────────────────────────────────────────────────────────────────

    def watch(self) -> int:
        """Hold what is new against the watchlists; return how many alerts that made."""

        async def work(threads: StoreThreads) -> int:
            return (await watch(self.settings, threads, clock=self.clock, hop=self.hop)).alerts

        return self._run(work)

    def drain(self) -> DispatchReport:
        """Send what is due, as after a new start: only the database remembers anything."""

        async def work(threads: StoreThreads) -> DispatchReport:
            channels = open_channels(self.settings, Tools(clock=self.clock, sleep=self._sleep, out=self.out))
            try:
                with nullcontext(self.sole) if self.sole else hold(self.database, who="a test") as sole:
                    dispatcher = Dispatcher(
                        self.settings,
                        threads,
                        channels,
                        sole,
                        clock=self.clock,
                        random=Random(1),  # noqa: S311 - jitter
                        hop=self.hop,
                    )
                    return await dispatcher.drain()
            finally:
                await channels.close()

        return self._run(work)

    def open_digests(self) -> int:
        """Open the digests whose hour has come."""

        async def work(threads: StoreThreads) -> int:
            return await open_due_digests(self.settings, threads, clock=self.clock)

        return self._run(work)

    def later(self, **time: float) -> Night:
        """Let time pass."""
        self.clock.advance(timedelta(**time))
        return self

    async def _sleep(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    def _run(self, work: Callable[[StoreThreads], Coroutine[None, None, T]]) -> T:
        return asyncio.run(work(self.threads))

    # ── What stands in the channel ────────────────────────────────────────────────────────────────────

    def headlines(self, name: str = NAME) -> list[str]:
        """Return the first sentence of each message in the channel."""
        return [first_sentence(thread.root.text) for thread in self.slack.threads(name)]

    def replies(self, name: str = NAME) -> list[list[str]]:
        """Return the first sentence of each reply, thread by thread."""
        return [[first_sentence(r.text) for r in thread.replies] for thread in self.slack.threads(name)]

    def states(self) -> dict[str, int]:
        """Return how many alerts there are in each state."""
        counted: dict[str, int] = {}
        for alert in self.ask(lambda store: store.alerts(limit=500)):
            counted[alert.state.value] = counted.get(alert.state.value, 0) + 1
        return counted


def opened(database: str, clock: FakeClock) -> Store:
    """Return a store on the database, as one more process would open it."""
    return open_store(database, now=clock(), installation="port-ellery")


def first_sentence(text: str) -> str:
    """Return what a message begins with."""
    return text.partition(". ")[0]


def urgent(settings: Settings) -> Settings:
    """Return the newsroom with a watchlist for which everything is urgent."""
    (watchlist,) = settings.watchlists
    rules = replace(watchlist.priority, default=Priority.URGENT)
    return replace(settings, watchlists=(replace(watchlist, priority=rules),))
