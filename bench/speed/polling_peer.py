"""What does the plain way cost? `python -m bench.speed.polling_peer`, for comparison.

A loop as most programs have it: urllib with ETags in threads, feedparser in the same process, one row an
entry in SQLite. Reads the plan as JSON from standard input and writes the figures as JSON.
"""

from __future__ import annotations

import io
import json
import resource
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import feedparser

AT_ONCE = 32
LIMIT = 5  # seconds for an answer


class Peer:
    """The loop, and what it remembers."""

    def __init__(self, database: Path) -> None:
        """Open the database."""
        self._validators: dict[str, tuple[str, str]] = {}
        self._database = sqlite3.connect(database)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute(
            "CREATE TABLE entry (address TEXT PRIMARY KEY, title TEXT, summary TEXT, content TEXT, date TEXT)"
        )

    def poll(self, urls: list[str]) -> None:
        """Ask every feed once and keep what is new."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for body in threads.map(self._fetch, urls):
                if body is not None:
                    self._keep(feedparser.parse(io.BytesIO(body)).entries)

    def _fetch(self, url: str) -> bytes | None:
        request = urllib.request.Request(url)  # noqa: S310 - our own addresses on loopback
        etag, modified = self._validators.get(url, ("", ""))
        if etag:
            request.add_header("If-None-Match", etag)
            request.add_header("If-Modified-Since", modified)
        try:
            with urllib.request.urlopen(request, timeout=LIMIT) as response:  # noqa: S310 - as above
                self._validators[url] = (response.headers["ETag"], response.headers["Last-Modified"])
                body: bytes = response.read()
                return body
        except urllib.error.HTTPError as answer:
            with answer:
                return None
        except OSError:
            return None

    def _keep(self, entries: list[Any]) -> None:
        rows = [
            (
                entry.link,
                entry.title,
                entry.summary,
                entry.content[0].value if "content" in entry else "",
                entry.get("published"),
            )
            for entry in entries
        ]
        with self._database:
            self._database.executemany("INSERT OR IGNORE INTO entry VALUES (?, ?, ?, ?, ?)", rows)


def measured(peer: Peer, urls: list[str]) -> dict[str, float]:
    """Return wall and processor seconds of one round."""
    start, spent = time.perf_counter(), time.process_time()
    peer.poll(urls)
    return {"wall": time.perf_counter() - start, "cpu": time.process_time() - spent}


def main() -> None:
    """Run the plan."""
    plan = json.load(sys.stdin)
    peer = Peer(Path(plan["database"]))
    rounds = []
    for percent in plan["rounds"]:
        control = f"{plan['control']}/advance/{percent}"
        with urllib.request.urlopen(control, timeout=20) as answer:  # noqa: S310 - as above
            answer.read()
        rounds.append(measured(peer, plan["urls"]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    late = measured(peer, [*plan["urls"], *plan["slow"], *plan["hanging"]])
    sys.stdout.write(json.dumps({"rounds": rounds, "main": peak, "tree": peak, "late": late}))


if __name__ == "__main__":
    main()
