"""Is anything lost or doubled when everything goes wrong? `./do bench chaos [STORIES [KILLS]]`.

150 stories with follow-ups and corrections are told in Slack and by mail while the sender is killed 60 times,
at random and inside Slack after it has the message and before it answers, with lost, cut and late answers,
storms of 429, a locked database, a full disk and a second instance in between. On SQLite, and on PostgreSQL
where it is installed. Fails when a Slack message is lost or doubled, a mail is lost, or comes under two ids.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from bench.chaos.night import KILLS, STORIES, Night, Result
from tests import postgresql


def main(arguments: list[str]) -> int:
    """Print a line for each database; return 1 when something was lost or doubled."""
    stories = int(arguments[0]) if arguments else STORIES
    kills = int(arguments[1]) if len(arguments) > 1 else KILLS
    fine = True
    for kind in ("SQLite", "PostgreSQL"):
        with _database(kind) as (folder, address):
            if not address:
                print(f"{kind:<11} not measured: it is not installed")
                continue
            began, night = monotonic(), Night(folder, address, seed=18)
            try:
                result = night.play(stories, kills)
            finally:
                night.close()
            _tell(kind, result, monotonic() - began)
            fine = fine and result.is_fine
    return 0 if fine else 1


def _tell(kind: str, result: Result, seconds: float) -> None:
    kills = ", ".join(f"{number} {how}" for how, number in result.kills.most_common())
    faults = ", ".join(f"{number} {what}" for what, number in result.faults.most_common())
    told = f"{result.stories} stories, {result.messages} Slack messages, {result.mails} mails"
    print(
        f"{kind:<11} {told}, {seconds:.0f} s{f', {result.waiting} still waiting' if result.waiting else ''}"
    )
    print(f"            killed: {kills}; went wrong: {faults}")
    print(
        f"            Slack: {result.lost} lost, {result.doubled} doubled; mail: {result.mails_lost} lost, "
        f"{result.mails_again} again under the same id, {result.mails_doubled} under another",
        flush=True,
    )


@contextmanager
def _database(kind: str) -> Iterator[tuple[Path, str]]:
    """Give a folder and the address of an empty database; "" where there is none of the kind."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if kind == "SQLite":
            yield folder, f"sqlite:///{folder / 'nightdesk.db'}"
            return
        programs = postgresql.find_programs()
        if programs is None:
            yield folder, ""
            return
        with postgresql.open_server(programs) as server:
            server.say("CREATE DATABASE chaos")
            yield folder, server.url("chaos")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
