"""A newsroom, a news web, a Slack and a mail server around it, and the real program as a process inside."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from threading import Event
from time import monotonic

import psycopg

from config.install import Answers, install_starter
from news.telling import AlertState
from storage.contract import Store
from storage.open import open_store
from tests.fakes.clock import FileClock
from tests.fakes.day import the_day
from tests.fakes.slack import FakeSlack
from tests.fakes.smtp import FakeSmtp
from tests.fakes.web import NewsWeb
from tests.whole.nursery import CHECKOUT, Born, bear
from tests.whole.starter import FREEZE

CHANNEL = "#immigration-desk"
HEALTH = "#nightdesk-health"
MAILBOX = "metro-desk@newsroom.test"
#: Seconds that anything awaited may take before a test gives up.
PATIENCE = 30.0
#: Seconds between two looks at something that happens in another process.
LOOK = 0.05


class House:
    """Everything around one newsroom; the program in it can be started, killed and started again."""

    def __init__(
        self, folder: Path, database: str, outlets: Iterable[str], *, readers: Sequence[object] = ()
    ) -> None:
        """Print the day's papers of these outlets; nothing of the program runs yet.

        With `readers`, Slack lets the program listen to what they click.
        """
        day = the_day()
        chosen = [outlet for outlet in day.outlets if outlet.id in set(outlets)]
        ids = {outlet.id for outlet in chosen}
        self.folder = folder
        self.database = database
        self.clock = FileClock(folder / "clock", day.starts)
        self.web = NewsWeb(chosen, [each for each in day.articles if each.outlet in ids], clock=self.clock)
        self.slack = FakeSlack(clock=self.clock, channels=[CHANNEL, HEALTH])
        self.mail = FakeSmtp(clock=self.clock)
        self.newsroom = folder / "newsroom"
        self._readers = list(readers)
        self._armed = folder / "armed"
        self._process: Born | None = None
        self._frozen: list[Born] = []
        self._log = folder / "log"
        self._log.touch()
        self._write_newsroom(chosen)

    def _write_newsroom(self, outlets: Iterable[object]) -> None:
        install_starter(self.newsroom, Answers(timezone="America/Denver"))
        for shipped in (self.newsroom / "sources").glob("*.yaml"):
            shipped.unlink()
        sites = [self.web.outlet(outlet.id) for outlet in the_day().outlets if outlet in set(outlets)]
        write_yaml(
            self.newsroom / "nightdesk.yaml",
            {
                "version": 1,
                "console": "off",
                "newsroom": {"name": "Metro Desk", "timezone": "America/Denver", "language": "en"},
                "database": "${DATABASE_URL}",
                "desk": {"at_once": f"slack:{CHANNEL}", "digest": f"email:{MAILBOX}", "digest_at": "06:30"},
                "readers": self._readers,
                "health": {"to": f"slack:{HEALTH}" if self._readers else ""},
                "channels": {
                    "slack": {"token": "${SLACK_BOT_TOKEN}", "api_url": self.slack.api_url}
                    | ({"app_token": "${SLACK_APP_TOKEN}"} if self._readers else {}),
                    "email": {"smtp": "${SMTP_URL}", "from": "Nightdesk <nightdesk@newsroom.test>"},
                },
                "fetch": {"allow_addresses": [site.address for site in sites]},
            },
        )
        sources = [
            {"id": site.outlet.id, "name": site.outlet.name, "url": site.feed_url, "group": "local"}
            for site in sites
        ]
        write_yaml(self.newsroom / "sources" / "local.yaml", {"sources": sources})

    @property
    def environment(self) -> dict[str, str]:
        """The environment the program is started in."""
        app_token = {"SLACK_APP_TOKEN": self.slack.people.app_token} if self._readers else {}
        return app_token | {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.folder),
            "PYTHONPATH": str(CHECKOUT),
            "SLACK_BOT_TOKEN": self.slack.token,
            "SMTP_URL": self.mail.url.replace("smtp://", "smtp+plain://"),
            "DATABASE_URL": self.database,
        }

    def start(self) -> None:
        """Start the program and return when it has opened its rooms."""
        at = self._log.stat().st_size
        words = (str(self.newsroom), str(self.clock.path), str(self._armed))
        self._process = bear(words, environment=self.environment, folder=self.folder, log=self._log)
        self.wait_for(lambda: "service started" in self.log(at) or not self.is_running, "the start")

    @property
    def is_running(self) -> bool:
        """Whether the program is still there."""
        return self._process is not None and self._process.poll() is None

    def log(self, start: int = 0) -> str:
        """Return what the program said from byte `start` on."""
        return self._log.read_bytes()[start:].decode(errors="replace")

    def stop(self) -> int:
        """Ask the program to end, and return its exit code; it has ten seconds."""
        assert self._process is not None
        self._process.signal(signal.SIGTERM)
        return self._process.wait(timeout=10)

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process is not None and self._process.poll() is None:
            self._process.signal(signal.SIGKILL)
            self._process.wait(timeout=10)

    def arm(self, hop: str) -> None:
        """Let the program kill itself when it next comes past this hop."""
        self._armed.write_text(hop, encoding="utf-8")

    def freeze(self, hop: str) -> None:
        """Let the program stop when it next comes past this hop."""
        self._armed.write_text(f"{FREEZE} {hop}", encoding="utf-8")

    def wait_for_frost(self) -> Born:
        """Return the program once it has stopped at its hop; a start is another one's from now on."""
        frozen = self._process
        assert frozen is not None
        self.wait_for(lambda: not self._armed.exists(), "the frost")
        self._frozen.append(frozen)
        return frozen

    def lose_hold(self) -> None:
        """Take the hold on the database from whoever has it, as a cut connection or a tidy person does."""
        if self.database.startswith("sqlite"):
            Path(f"{self.database.removeprefix('sqlite:///')}.lock").unlink()
            return
        with psycopg.connect(self.database.replace("+psycopg", ""), autocommit=True) as door:
            door.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE locktype = 'advisory' AND objid = 2 AND pid <> pg_backend_pid()"
            )

    def wait_for_death(self) -> None:
        """Return when the program has killed itself; disarm."""
        self.wait_for(lambda: not self.is_running, f"death at {self._armed.read_text(encoding='utf-8')!r}")
        self._armed.unlink()

    def wait_for(self, happened: Callable[[], bool], what: str) -> None:
        """Look again and again until it happened.

        Raises:
            AssertionError: it did not, in `PATIENCE` seconds.
        """
        until = monotonic() + PATIENCE
        while not happened():
            assert monotonic() < until, f"waited in vain for {what}\n{self.log()[-4000:]}"
            Event().wait(LOOK)

    def wait_while_time_passes(self, happened: Callable[[], bool], what: str) -> None:
        """Wait as `wait_for` does, a minute of the program's time going by between two looks."""

        def happened_by_now() -> bool:
            self.clock.set(self.clock() + timedelta(minutes=1))
            return happened()

        self.wait_for(happened_by_now, what)

    def set_clock(self, local: str) -> None:
        """Let it be this time, such as "2026-03-18 12:02", in the newsroom's zone, unless it is later."""
        self.clock.set(max(self.clock(), datetime.fromisoformat(f"{local}-06:00").astimezone(UTC)))

    @cached_property
    def store(self) -> Store:
        """The database, looked into beside the program."""
        return open_store(self.database, now=self.clock())

    def wait_until_read(self) -> None:
        """Return when every source was read once and all of it was filed and watched."""
        self.wait_for(self.is_read, "the first read of every source")

    def is_read(self) -> bool:
        """Whether every source was read, no check is due, and all that came is filed and watched."""
        now = self.clock()
        states = self.store.fetch_states()
        return (
            bool(states)
            and all(state.baseline_at and state.next_due and state.next_due > now for state in states)
            and not self.store.unfiled_clippings(limit=1, now=now + timedelta(days=1))
            and not self.store.unwatched_stories(limit=1)
        )

    def due(self) -> int:
        """Return how many alerts could go out by now and did not."""
        waiting = self.store.alerts(states=(AlertState.PENDING, AlertState.SENDING))
        return sum(alert.due_at <= self.clock() for alert in waiting)

    def unsent(self) -> int:
        """Return how many alerts did not go out."""
        waiting = [state for state in AlertState if state not in {AlertState.SENT, AlertState.MERGED}]
        return len(self.store.alerts(states=waiting))

    def roots(self) -> list[str]:
        """Return the headline of every message in the channel."""
        return [thread.root.text.split(".")[0] for thread in self.slack.threads(CHANNEL)]

    def keys(self) -> list[str]:
        """Return the key of every message that Slack holds, replies included."""
        threads = self.slack.threads(CHANNEL)
        messages = [message for thread in threads for message in (thread.root, *thread.replies)]
        return [str((message.metadata or {})["event_payload"]["dedupe_key"]) for message in messages]

    def close(self) -> None:
        """End everything."""
        for frozen in self._frozen:
            frozen.signal(signal.SIGKILL)
        self.kill()
        self.store.close()
        self.web.close()
        self.slack.close()
        self.mail.close()


def write_yaml(path: Path, content: object) -> None:
    """Write a file of the newsroom; JSON is YAML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
