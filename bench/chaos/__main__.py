"""Is anything lost or doubled when everything goes wrong? `./do bench chaos [STORIES [KILLS [DATABASE]]]`.

150 stories with follow-ups and corrections are told in Slack and by mail while the sender is killed 60 times,
at random and at the worst instants: a request is on its way, Slack or the mail server has it and has not
answered, the answer is on its way. In between answers are lost, cut, late and wrong, 429 comes in storms, the
database is locked, its disk full, everybody is frozen for two minutes, and a second instance takes over. On
SQLite, and on PostgreSQL where it is installed. Fails when a Slack message is lost, doubled or not brought up
to date, a mail is lost, or comes under two ids or more often than it was tried.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from bench.chaos.counting import Result
from bench.chaos.night import KILLS, STORIES, Night
from tests import postgresql


def main(arguments: list[str]) -> int:
    """Print a line for each database; return 1 when something was lost or doubled."""
    stories = int(arguments[0]) if arguments else STORIES
    kills = int(arguments[1]) if len(arguments) > 1 else KILLS
    fine = True
    for kind in arguments[2:] or ("SQLite", "PostgreSQL"):
        with _database(kind) as (folder, address):
            if not address:
                print(f"{kind}: not measured, it is not installed")
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
    told = f"{result.stories} stories, {result.follow_ups} follow-ups, {result.corrections} corrections"
    print(f"{kind}: {told}; {result.messages} Slack messages, {result.mails} mails, {seconds:.0f} s")
    for what, found in (("killed", result.kills), ("met", result.faults)):
        parts = ", ".join(f"{number} {name}" for name, number in sorted(found.items()))
        print(f"    {what} {sum(found.values())}: {parts}")
    stale = f"{len(result.stale)} not brought up to date"
    print(f"    Slack: {len(result.lost)} lost, {len(result.doubled)} doubled, {stale}")
    again = f"{result.mails_again} again under the same id"
    print(f"    mail: {result.mails_lost} lost, {again}, {len(result.mails_doubled)} doubled", flush=True)
    if result.waiting or result.died:
        died = f"{result.died} senders ended by themselves"
        print(f"    {result.waiting} still waiting when patience ended, {died}")
    for each in (*result.lost, *result.doubled, *result.stale, *result.mails_doubled):
        print(f"    WRONG: {each}", flush=True)


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
            # The server is brought down by its full disk: what it has confirmed must be there afterwards.
            server.say("ALTER DATABASE chaos SET synchronous_commit = on")
            yield folder, server.url("chaos")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
