"""The other side, in a process of its own: `python -m bench.telling.servers mail` or `slack CHANNELS`.

Prints how it is reached as one line of JSON, then answers each line on stdin with what it has received.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.fakes.clock import real_time
from tests.fakes.slack import FakeSlack
from tests.fakes.smtp import FakeSmtp


def main(arguments: list[str]) -> int:
    """Serve until stdin ends."""
    if arguments[0] == "mail":
        mail = FakeSmtp(clock=real_time)
        _say({"url": mail.url})
        for _ in sys.stdin:
            _say({"mails": [list(each.recipients) for each in mail.messages]})
        mail.close()
        return 0
    names = [f"#desk-{number}" for number in range(int(arguments[1]))]
    slack = FakeSlack(clock=real_time, channels=names, paced=True)
    _say({"url": slack.api_url, "token": slack.token})
    for _ in sys.stdin:
        told = [(call.channel_name, call.at.timestamp(), call.text) for call in slack.accepted]
        refused = len(slack.calls("chat.postMessage")) - len(told)
        _say({"accepted": told, "refused": refused})
    slack.close()
    return 0


def _say(facts: dict[str, Any]) -> None:
    print(json.dumps(facts), flush=True)


class Server:
    """A server that was started, and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Read how it is reached."""
        self._process = process
        self.reached: dict[str, Any] = self._line()

    def received(self) -> dict[str, Any]:
        """Return what it has received so far."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        self._process.stdin.write("?\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told


@contextmanager
def serving(*what: str) -> Iterator[Server]:
    """Give a server in another process."""
    command = [sys.executable, "-m", "bench.telling.servers", *what]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        yield Server(process)
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        process.stdin.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
