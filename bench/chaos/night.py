"""One night in which everything goes wrong: stories come, and what tells them is killed again and again.

The night's clock runs as every clock does while somebody sends. It is moved on only when nothing is being
handed over: over the minutes in which nothing is due, and over those in which whoever sends is dead.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event, Timer
from time import monotonic

from alerts.ledger import LEASE
from bench.chaos.counting import Result, count
from bench.chaos.newsroom import Newsroom
from bench.chaos.teller import CHANNEL
from bench.chaos.troubles import Troubles
from news.errors import StorageError
from news.telling import Alert, AlertState
from storage.contract import Store
from storage.open import open_store
from tests.fakes.clock import FileClock
from tests.fakes.slack import AcceptedCall, FakeSlack
from tests.fakes.smtp import FakeSmtp
from tests.nouns import NOON, a_source

STORIES, KILLS = 150, 60
ON_ITS_WAY = (AlertState.PENDING, AlertState.SENDING, AlertState.UNKNOWN)
LOOK = 0.05  # seconds between two looks
SETTLING = 600.0  # seconds for everything to be told in the end
AIMING = 60.0  # seconds in which the instant of a kill must come
GIVING = 3.0  # seconds between two stories that are filed so that it comes
ONE_OF_TWO = 0.6  # how often only the one that sends is killed while another waits
WRITES = ("chat.postMessage", "chat.update")
IN_FLIGHT = 20.0  # seconds after which nothing can be on its way any more
#: The instants at which the sender dies, in turn: one in three at random, the others at the worst.
INSTANTS = (
    "at random",
    "Slack has the message",
    "a request is on its way",
    "at random",
    "Slack has the reply",
    "the answer is on its way",
    "at random",
    "Slack has the edit",
    "the mail server has the mail",
    "Slack has the message",
)


class Night:
    """A newsroom, its Slack and its mailbox, and the sender that is killed."""

    def __init__(self, folder: Path, database: str, seed: int) -> None:
        """Start the servers and make the database."""
        self.clock = FileClock(folder / "clock", NOON)
        self.clock.run_from(NOON)
        self.slack = FakeSlack(clock=self.clock, channels=[CHANNEL])
        self.mail = FakeSmtp(clock=self.clock)
        self.database = database
        self.store: Store = open_store(database, now=NOON)
        self.store.declare_sources([a_source()], now=NOON)
        self.kills: Counter[str] = Counter()
        self.died = 0
        self._chance = Random(seed)  # noqa: S311 - trouble, the same every time
        self.newsroom = Newsroom(self.store, self.clock, self._chance)
        self.troubles = Troubles(self.slack, self.mail, database, self._chance)
        self._holder = folder / "holder"
        self._tellers: list[subprocess.Popen[bytes]] = []
        # Claims made before this were made by somebody who is dead.
        self._reborn = NOON

    def play(self, stories: int, kills: int) -> Result:
        """Let the stories come while the sender is killed, then let everything heal and settle."""
        self._start()
        for number in range(stories):
            self.newsroom.file()
            self._trouble()
            self._pass(self._chance.randint(1, 25))
            while sum(self.kills.values()) < kills * (number + 1) // stories:
                self._kill(INSTANTS[sum(self.kills.values()) % len(INSTANTS)])
        self.troubles.count_mail()
        self.slack.heal()
        self._settle()
        return count(self)

    # ── What goes wrong ───────────────────────────────────────────────────────────────────────────────────

    def _trouble(self) -> None:
        """Let something else go wrong, or not."""
        troubles: Mapping[str, tuple[int, Callable[[], None]]] = {
            "Slack": (40, self.troubles.answer_badly),
            "mail": (12, self.troubles.mail_badly),
            "429 storm": (3, self.troubles.storm),
            "locked database": (5, self.troubles.lock),
            "full disk": (4, self._fill_disk),
            "second instance": (9, self._start_second),
            "frozen": (4, self._freeze),
            "": (23, lambda: None),
        }
        ((_, trouble),) = self._chance.choices(
            list(troubles.values()), weights=[weight for weight, _ in troubles.values()]
        )
        with suppress(*_AWAY):  # the server is being started anew
            trouble()

    def _fill_disk(self) -> None:
        self.newsroom.grow()
        self.troubles.fill_disk([teller.pid for teller in self._tellers])

    def _start_second(self) -> None:
        if len(self._tellers) == 1:
            self._start()
            self.troubles.met["second instance"] += 1

    def _freeze(self) -> None:
        """Stop everybody for two minutes, as a laptop's lid does, wherever they are."""
        self.newsroom.grow()
        Event().wait(self._chance.random() * 0.3)
        self._signal(signal.SIGSTOP)
        self.clock.advance(timedelta(minutes=2))
        Event().wait(0.1)
        self._signal(signal.SIGCONT)
        self.troubles.met["frozen for two minutes"] += 1

    # ── Who sends ─────────────────────────────────────────────────────────────────────────────────────────

    def _start(self) -> None:
        smtp_url = self.mail.url.replace("smtp://", "smtp+plain://")
        said = [self.database, str(self.clock.path), str(self._holder)]
        said += [self.slack.api_url, self.slack.token, smtp_url]
        command = [sys.executable, "-m", "bench.chaos.teller", *said]
        self._tellers.append(subprocess.Popen(command))  # noqa: S603 - ours

    def _signal(self, number: int) -> None:
        for teller in self._tellers:
            teller.send_signal(number)

    def _kill(self, instant: str) -> None:
        """Kill whoever sends at such an instant; now and then only the one that holds the lock."""
        died, one_of_two = Event(), len(self._tellers) > 1 and self._chance.random() < ONE_OF_TWO
        doomed = tuple(self._tellers)

        def now() -> None:
            holder = self._holder_pid()
            for teller in doomed:
                if not one_of_two or teller.pid == holder:
                    teller.kill()
                    died.set()

        until = monotonic() + AIMING
        while not died.is_set() and monotonic() < until:
            self._aim(instant, now)
            self._give_work(instant)
            self._wait_until(died.is_set, patience=GIVING)
            self._look_for_dead(died)
        self.slack.on_accept = self.slack.on_arrival = self.mail.on_accept = None
        if not died.is_set():
            self._signal(signal.SIGKILL)
            instant = f"too late for: {instant}"
        self.kills[f"{instant}, one of two" if one_of_two else instant] += 1
        self._bury()

    def _look_for_dead(self, killed: Event) -> None:
        """Count who died without being killed, and start another: nothing of what goes wrong may do that."""
        dead = [teller for teller in self._tellers if teller.poll() is not None]
        if dead and not killed.is_set():
            self.died += len(dead)
            self._bury()

    def _holder_pid(self) -> int:
        with suppress(OSError, ValueError):
            return int(self._holder.read_text(encoding="ascii"))
        return 0

    def _bury(self) -> None:
        """Let a time pass in which nobody lives, and start somebody; one who waited takes over at once."""
        for teller in self._tellers:
            with suppress(subprocess.TimeoutExpired):
                teller.wait(timeout=0.2)
        for teller in [each for each in self._tellers if each.poll() is not None]:
            self._tellers.remove(teller)
        self._reborn = self.clock()
        if not self._tellers:
            self.clock.advance(timedelta(seconds=self._chance.choice((1, 20, 61, 130))))
            self._reborn = self.clock()
            self._start()

    def _aim(self, instant: str, now: Callable[[], None]) -> None:
        """Let `now` be called at that instant."""
        match instant:
            case "at random":
                Timer(self._chance.random() * 2.5, now).start()
            case "a request is on its way":
                self.slack.on_arrival = lambda method: now() if method in WRITES else None
            case "the answer is on its way":
                self.slack.on_accept = lambda _: Timer(self._chance.random() * 0.01, now).start()
            case "the mail server has the mail":
                self.mail.on_accept = lambda _: now()
            case _:
                self.slack.on_accept = lambda call: now() if _has(call) == instant else None

    def _give_work(self, instant: str) -> None:
        """Let there be something to tell that leads to that instant."""
        if instant in {"Slack has the edit", "Slack has the reply"}:
            self.newsroom.grow()
        else:
            self.newsroom.file()

    # ── Time ──────────────────────────────────────────────────────────────────────────────────────────────

    def _pass(self, seconds: float) -> None:
        """Let time pass, once nothing is being handed over."""
        until = monotonic() + IN_FLIGHT
        while self._in_flight() and monotonic() < until:
            Event().wait(LOOK)
        self.clock.advance(timedelta(seconds=seconds))

    def _in_flight(self) -> list[Alert]:
        """Return what somebody who lives has claimed and not recorded."""
        claimed = self.newsroom.ask(lambda store: store.alerts(states=[AlertState.SENDING], limit=1000))
        return [each for each in claimed if each.lease_until and each.lease_until >= self._reborn + LEASE]

    def _settle(self) -> None:
        self._wait_until(self._is_settled, patience=SETTLING)

    def _is_settled(self) -> bool:
        """Whether everything was watched and told, and every message shows what it should."""
        return self.newsroom.ask(
            lambda store: (
                not (
                    store.unwatched_stories(limit=1)
                    or store.alerts(states=ON_ITS_WAY, limit=1)
                    or store.threads_to_edit(limit=1)
                )
            )
        )

    def _wait_until(self, happened: Callable[[], bool], *, patience: float) -> None:
        """Wait, and pass over the time in which nothing is due."""
        until = monotonic() + patience
        while not happened() and monotonic() < until:
            Event().wait(LOOK)
            due = self._next_due()
            if due is not None and not happened():
                self.clock.advance(max(due - self.clock(), timedelta()))

    def _next_due(self) -> datetime | None:
        """Return what to move the clock on to; None while there is something to do, or being done."""
        if self._in_flight() or self._has_to_do():
            return None
        due = self.newsroom.ask(lambda store: store.next_due_alert())
        return due if due is not None and due > self.clock() else None

    def _has_to_do(self) -> bool:
        return self.newsroom.ask(
            lambda store: bool(store.unwatched_stories(limit=1) or store.threads_to_edit(limit=1))
        )

    def close(self) -> None:
        """End everything."""
        for teller in self._tellers:
            teller.kill()
            teller.wait()
        self.store.close()
        self.slack.close()
        self.mail.close()


def _has(call: AcceptedCall) -> str:
    """Return what Slack has now."""
    if call.method == "chat.update":
        return "Slack has the edit"
    return "Slack has the reply" if call.thread_ts is not None else "Slack has the message"


def _away() -> tuple[type[Exception], ...]:
    """Return what a server that is being started anew is told by."""
    try:
        from psycopg import OperationalError
    except ModuleNotFoundError:
        return (StorageError,)
    return (StorageError, OperationalError)


_AWAY = _away()
