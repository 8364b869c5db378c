"""What goes wrong during the night, and how often did it really?

A fault counts when a call has met it, not when it was laid out.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from threading import Event

from tests.fakes import slack_faults, smtp
from tests.fakes.faults import Fault
from tests.fakes.serving import Answer, Received
from tests.fakes.slack import FakeSlack
from tests.fakes.smtp import FakeSmtp, MailFault

METHODS = ("chat.postMessage", "chat.update", "conversations.history", "conversations.replies")
#: What a call to Slack may meet: by the name in the report, how likely, what it is.
FAULTS: tuple[tuple[str, int, Callable[[], Fault]], ...] = (
    ("reset after acceptance", 8, slack_faults.accept_then_drop),
    ("reset before acceptance", 6, slack_faults.drop_before),
    ("truncated answer", 8, slack_faults.cut_answer),
    ("5xx after acceptance", 6, lambda: slack_faults.http(500, accepted=True)),
    ("5xx", 6, lambda: slack_faults.http(502)),
    ("internal_error after acceptance", 6, lambda: slack_faults.error("internal_error", accepted=True)),
    ("fatal_error", 4, lambda: slack_faults.error("fatal_error")),
    ("captive portal", 4, slack_faults.captive_portal),
    ("429, Retry-After: soon", 3, lambda: slack_faults.rate_limited("soon")),
    ("429", 3, lambda: slack_faults.rate_limited(20)),
    ("time-out after acceptance", 2, lambda: slack_faults.hang_accepted(TIME_OUT)),
    ("time-out", 1, lambda: slack_faults.hang_before(TIME_OUT)),
)
TIME_OUT = 11.0  # seconds; a sender waits ten for Slack
STORM = 12  # answers of 429 in a row
MAIL_FAULTS: tuple[tuple[str, Callable[[], MailFault]], ...] = (
    ("mail: reset after acceptance", smtp.accept_then_drop),
    ("mail: reset before acceptance", smtp.drop_before),
    ("mail: 451", lambda: smtp.reply("451 4.3.0 Try again later")),
    ("mail: 421", lambda: smtp.reply("421 4.3.2 Closing")),
)
LOCKED = 0.7  # seconds; more than whoever sends is patient
FULL = 0.8  # seconds


@dataclass(slots=True)
class Troubles:
    """Lays out what goes wrong."""

    slack: FakeSlack
    mail: FakeSmtp
    database: str
    chance: Random
    # What was really met.
    met: Counter[str] = field(default_factory=Counter)
    _mail: list[str] = field(default_factory=list)

    def answer_badly(self) -> None:
        """Let one of the next calls to Slack go wrong."""
        ((name, _, make),) = self.chance.choices(FAULTS, weights=[weight for _, weight, _ in FAULTS])
        self.slack.script(self.chance.choice(METHODS), [self._counted(name, make())])

    def storm(self) -> None:
        """Let Slack refuse many messages in a row."""
        self.slack.script(
            "chat.postMessage",
            [self._counted("429 of a storm", slack_faults.rate_limited(5)) for _ in range(STORM)],
        )

    def mail_badly(self) -> None:
        """Let one of the next mails go wrong."""
        name, make = self.chance.choice(MAIL_FAULTS)
        self.mail.script([make()])
        self._mail.append(name)

    def count_mail(self) -> None:
        """Count which of the faults that were laid out for mail were met; they come in turn."""
        self.met.update(self._mail[: len(self._mail) - self.mail.faults_left])
        del self._mail[: len(self._mail) - self.mail.faults_left]

    def _counted(self, name: str, fault: Fault) -> Fault:
        def bend(request: Received, answer: Answer) -> Answer:
            self.met[name] += 1
            return fault.bend(request, answer)

        return replace(fault, bend=bend)

    def lock(self) -> None:
        """Keep the database locked for everybody else, longer than they wait."""
        with self._locked():
            Event().wait(LOCKED)
        self.met["locked database"] += 1

    def fill_disk(self, senders: list[int]) -> None:
        """Let no file of the database grow for a while; a server of its own meets it, else the senders do."""
        writers = senders if self.database.startswith("sqlite") else self._servers()
        for pid in writers:
            _let_grow(pid, "4096")
        Event().wait(FULL)
        for pid in writers:
            _let_grow(pid, "unlimited")
        self.met["full disk"] += 1

    def _servers(self) -> list[int]:
        """Return the server's processes that write for the senders; the server starts anew when they fail."""
        import psycopg

        ours = "SELECT pid FROM pg_stat_activity WHERE application_name = 'nightdesk'"
        with psycopg.connect(self._address) as door:
            return [int(row[0]) for row in door.execute(ours)]

    @property
    def _address(self) -> str:
        return self.database.replace("postgresql+psycopg://", "postgresql://")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if self.database.startswith("sqlite"):
            import sqlite3

            connection = sqlite3.connect(
                self.database.removeprefix("sqlite:///"), isolation_level=None, timeout=30
            )
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
            connection.close()
        else:
            import psycopg

            with psycopg.connect(self._address) as held:
                held.execute("LOCK TABLE alerts IN EXCLUSIVE MODE")
                yield
                held.rollback()


def _let_grow(pid: int, most: str) -> None:
    """Limit how long a file of a process may become, in the name of whoever runs it."""
    with suppress(FileNotFoundError):  # it is gone meanwhile
        owner = Path(f"/proc/{pid}").stat()
        command = ["prlimit", "--pid", str(pid), f"--fsize={most}:"]
        them = (owner.st_uid, owner.st_gid) if owner.st_uid != os.geteuid() else (None, None)
        done = subprocess.run(  # noqa: S603 - ours
            command, user=them[0], group=them[1], capture_output=True, text=True, check=False
        )
        if done.returncode and Path(f"/proc/{pid}").exists():
            raise RuntimeError(done.stderr)
