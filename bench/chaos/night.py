"""One night in which everything goes wrong: stories come, and what tells them is killed again and again."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic

from bench.chaos.teller import CHANNEL
from news.nouns import Correction
from news.telling import AlertState
from storage.contract import Filed, Store
from storage.open import open_store
from tests.fakes import slack_faults, smtp
from tests.fakes.clock import FileClock
from tests.fakes.faults import Fault
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspace import SlackMessage
from tests.fakes.smtp import FakeSmtp
from tests.nouns import NOON, a_filing, a_placement, a_sentence, a_source, an_article

STORIES, KILLS = 150, 60
FOLLOWED, CORRECTED = 0.4, 0.15  # of the stories
START_UP = 8.0  # seconds in which a sender that was started does something
PATIENCE = 400.0  # seconds for everything to be told in the end
ON_ITS_WAY = (AlertState.PENDING, AlertState.SENDING, AlertState.UNKNOWN)
METHODS = ("chat.postMessage", "chat.update", "conversations.history", "conversations.replies")
FAULTS: tuple[Callable[[], Fault], ...] = (
    slack_faults.accept_then_drop,
    slack_faults.drop_before,
    slack_faults.cut_answer,
    lambda: slack_faults.hang_accepted(0.2),
    lambda: slack_faults.http(500, accepted=True),
    lambda: slack_faults.http(502),
    lambda: slack_faults.error("internal_error", accepted=True),
    lambda: slack_faults.error("fatal_error"),
    lambda: slack_faults.rate_limited("soon"),
    lambda: slack_faults.rate_limited(20),
)
STORM = 12  # answers of 429 in a row
BEFORE, AFTER = "roughly two dozen cities", "23 cities"


@dataclass(slots=True)
class Result:
    """What the night came to."""

    stories: int = 0
    messages: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    # Not told when patience ended, and still kept.
    waiting: int = 0
    lost: int = 0
    doubled: int = 0
    mails: int = 0
    mails_lost: int = 0
    # The same mail twice, with the same Message-ID; and with another one, which must not be.
    mails_again: int = 0
    mails_doubled: int = 0

    @property
    def is_fine(self) -> bool:
        """Whether nothing was lost and nothing doubled but mails that carry the same id."""
        return not (self.lost or self.doubled or self.mails_lost or self.mails_doubled)


class Night:
    """A newsroom, its Slack and its mailbox, and the sender that is killed."""

    def __init__(self, folder: Path, database: str, seed: int) -> None:
        """Start the servers and make the database."""
        self.clock = FileClock(folder / "clock", NOON)
        self.slack = FakeSlack(clock=self.clock, channels=[CHANNEL])
        self.mail = FakeSmtp(clock=self.clock)
        self.database = database
        self.store: Store = open_store(database, now=NOON)
        self.store.declare_sources([a_source()], now=NOON)
        self.result = Result()
        self._chance = Random(seed)  # noqa: S311 - trouble, the same every time
        self._filed: list[tuple[str, Filed]] = []
        self._tellers: list[subprocess.Popen[bytes]] = []

    # ── What comes in ─────────────────────────────────────────────────────────────────────────────────────

    def file(self, number: int) -> None:
        """File a story, and now and then what follows an earlier one."""
        title = f"Council number {number} answers the letter"
        text = f"Council {number} said that letters on sanctuary cities went to {BEFORE}."
        article = an_article(title, text=text, first_seen=self.clock(), published=self.clock())
        filed = self.store.file(a_filing(0, article, now=self.clock()))
        self._filed.append((title, filed))
        if self._chance.random() < FOLLOWED:
            self._grow(*self._chance.choice(self._filed), number)
        if self._chance.random() < CORRECTED:
            self._correct(title, filed, number)

    def _grow(self, title: str, filed: Filed, number: int) -> None:
        more = an_article(f"{title}: more {number}", source_id="channel4ellery", outlet="Ellery 31")
        new = (a_sentence(f"Detail {number} of {title} is new."),)
        placement = a_placement(filed.story_id, whats_new=new)
        self.store.file(a_filing(0, more, placement=placement, now=self.clock()))

    def _correct(self, title: str, filed: Filed, number: int) -> None:
        text = f"Council {number} said that letters on sanctuary cities went to {AFTER}."
        changed = an_article(title, id=filed.article_id, text=text, first_seen=self.clock())
        filing = a_filing(
            0,
            changed,
            placement=a_placement(filed.story_id),
            new_version=True,
            corrections=(Correction(before=BEFORE, after=AFTER, label="more exact"),),
            now=self.clock(),
        )
        self.store.file(filing)

    # ── What goes wrong ───────────────────────────────────────────────────────────────────────────────────

    def play(self, stories: int, kills: int) -> Result:
        """Let the stories come while the sender is killed, then let everything heal and settle."""
        every = max(1, stories // kills)
        self._start()
        for number in range(stories):
            self.file(number)
            self._pass(self._chance.randint(1, 25))
            self._trouble()
            if number % every == 0 and sum(self.result.kills.values()) < kills:
                self._kill()
            Event().wait(self._chance.random() * 0.08)
        while sum(self.result.kills.values()) < kills:
            self._kill()
            self._pass(30)
        self.slack.heal()
        self._settle()
        self._count(stories)
        return self.result

    def _pass(self, seconds: float) -> None:
        self.clock.set(self.clock() + timedelta(seconds=seconds))

    def _trouble(self) -> None:
        """Let something else go wrong, or not."""
        troubles: dict[str, Callable[[], None]] = {
            "Slack": self._slack_answers_badly,
            "mail": self._mail_answers_badly,
            "429 storm": self._storm,
            "locked database": self._lock_it,
            "full disk": self._fill_disk,
            "second instance": self._start,
        }
        (what,) = self._chance.choices([*troubles, ""], weights=(35, 10, 3, 5, 4, 5, 38))
        if what:
            troubles[what]()
            self.result.faults[what] += 1

    def _slack_answers_badly(self) -> None:
        self.slack.script(self._chance.choice(METHODS), [self._chance.choice(FAULTS)()])

    def _mail_answers_badly(self) -> None:
        fault = self._chance.choice((smtp.accept_then_drop, smtp.drop_before))
        self.mail.script([fault()])

    def _storm(self) -> None:
        self.slack.script("chat.postMessage", [slack_faults.rate_limited(5) for _ in range(STORM)])

    def _lock_it(self) -> None:
        with self._locked():
            Event().wait(0.3)

    def _fill_disk(self) -> None:
        """Let the sender find the disk full for a while."""
        self._kill_all()
        self._start(_no_room)
        Event().wait(1.0)
        self._kill_all()
        self._start()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep the database locked for everybody else."""
        if self.database.startswith("sqlite"):
            import sqlite3

            connection = sqlite3.connect(self.database.removeprefix("sqlite:///"), isolation_level=None)
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
            connection.close()
        else:
            import psycopg

            address = self.database.replace("postgresql+psycopg://", "postgresql://")
            with psycopg.connect(address) as held:
                held.execute("LOCK TABLE alerts IN EXCLUSIVE MODE")
                yield
                held.rollback()

    def _kill(self) -> None:
        """Kill whoever sends: at random, or while Slack has the message and has not answered yet."""
        died = Event()

        def now(_: object) -> None:
            self._kill_all()
            died.set()

        if self._chance.choice((True, False)):
            self.slack.on_accept = now
            self._settle_for(died.is_set, START_UP)
            self.slack.on_accept = None
        else:
            before = len(self.slack.requests)
            self._settle_for(lambda: len(self.slack.requests) > before or self._is_settled(), START_UP)
            Event().wait(self._chance.random() * 0.3)
        self.result.kills["inside Slack" if died.is_set() else "at random"] += 1
        self._kill_all()
        self._pass(self._chance.choice((1, 20, 61, 130)))
        self._start()

    def _kill_all(self) -> None:
        for teller in self._tellers:
            teller.send_signal(signal.SIGKILL)
        for teller in self._tellers:
            teller.wait()
        self._tellers.clear()

    def _start(self, limit: Callable[[], None] | None = None) -> None:
        smtp_url = self.mail.url.replace("smtp://", "smtp+plain://")
        said = [self.database, str(self.clock.path), self.slack.api_url, self.slack.token, smtp_url]
        command = [sys.executable, "-m", "bench.chaos.teller", *said]
        self._tellers.append(subprocess.Popen(command, preexec_fn=limit))  # noqa: S603, PLW1509 - ours, and alone

    # ── The end of the night ──────────────────────────────────────────────────────────────────────────────

    def _settle(self) -> None:
        self._settle_for(self._is_settled, PATIENCE)

    def _is_settled(self) -> bool:
        """Whether everything was watched and told."""
        return not (self.store.unwatched_stories(limit=1) or self.store.alerts(states=ON_ITS_WAY, limit=1))

    def _settle_for(self, happened: Callable[[], bool], patience: float) -> None:
        until = monotonic() + patience
        while not happened() and monotonic() < until:
            # Quicker, and a claim of a minute would be over before a busy machine has sent anything.
            self._pass(1)
            Event().wait(0.05)

    def _count(self, stories: int) -> None:
        """Hold what stands in Slack and in the mailbox against what was filed."""
        result = self.result
        threads = self.slack.threads(CHANNEL)
        roots = Counter(root.text.partition(". ")[0] for root in (thread.root for thread in threads))
        keys = Counter(_key(m) for thread in threads for m in (thread.root, *thread.replies))
        titles = {title for title, _ in self._filed}
        alerts = [each for each in self.store.alerts(limit=100_000) if each.destination.startswith("slack:")]
        owed = {each.key for each in alerts if each.state is not AlertState.MERGED}
        result.stories, result.messages = stories, sum(keys.values())
        result.waiting = len(self.store.alerts(states=ON_ITS_WAY, limit=100_000))
        result.lost = len(titles - set(roots)) + len(owed - set(keys))
        result.doubled = sum(n - 1 for n in roots.values()) + sum(n - 1 for n in keys.values())
        self._count_mails(titles)

    def _count_mails(self, titles: set[str]) -> None:
        ids: dict[str, Counter[str]] = {}
        for each in self.mail.messages:
            subject = " ".join(str(each.message["Subject"]).split()).partition(": ")[2]
            ids.setdefault(subject, Counter())[str(each.message["Message-ID"])] += 1
        result = self.result
        result.mails = sum(sum(found.values()) for found in ids.values())
        result.mails_lost = len(titles - set(ids))
        result.mails_again = sum(n - 1 for found in ids.values() for n in found.values())
        result.mails_doubled = sum(len(found) - 1 for found in ids.values())

    def close(self) -> None:
        """End everything."""
        self._kill_all()
        self.store.close()
        self.slack.close()
        self.mail.close()


def _key(message: SlackMessage) -> str:
    return str((message.metadata or {}).get("event_payload", {}).get("dedupe_key"))


def _no_room() -> None:
    """Let no file of this process grow: the disk is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
