"""A web of feeds on loopback, for measuring: `python -m bench.speed.polling_web FEEDS HOSTS`.

Prints the ports it listens on as JSON, and those of the slow and the hanging hosts. `GET /advance/PERCENT`
gives so many of the feeds three new entries each; every feed answers a conditional request. A feed has 40
entries with whole articles, 160 KB in all; `/small/N` has ten entries without articles, 6 KB.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

ENTRIES = 40
FEW_ENTRIES = 10
NEW_AT_ONCE = 3
SLOW_HOSTS, SLOW_SECONDS = 20, 3.0
HANGING_HOSTS = 10
WORDS = (
    "the council voted on Tuesday to give the harbor back its old name and to ask the ferry for a later boat"
)
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


class Feed:
    """One feed and the version it is at."""

    def __init__(self, number: int, *, entries: int = ENTRIES) -> None:
        """Print the first version."""
        self.number = number
        self.entries = entries
        self.newest = entries
        self.etag = b""
        self.body = b""
        self.print_anew()

    def print_anew(self) -> None:
        """Write the feed's bytes for the version it is at."""
        self.etag = b'"%d-%d"' % (self.number, self.newest)
        items = "".join(self._item(entry) for entry in range(self.newest, self.newest - self.entries, -1))
        self.body = (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<channel><title>Outlet {self.number}</title><link>https://outlet{self.number}.test/</link>"
            f"<description>Latest</description><language>en-US</language>{items}</channel></rss>"
        ).encode()

    def _item(self, entry: int) -> str:
        address = f"https://outlet{self.number}.test/2026/03/18/{entry}/council-gives-harbor-its-name"
        whole = f"<content:encoded><![CDATA[<p>{(WORDS + '. ') * 30}</p>]]></content:encoded>"
        return (
            f"<item><title>Council gives harbor its old name, part {entry} &amp; counting</title>"
            f"<link>{address}</link>"
            f'<guid isPermaLink="false">outlet{self.number}-{entry}</guid><dc:creator>City desk</dc:creator>'
            f"<pubDate>Wed, 18 Mar 2026 {entry % 24:02d}:16:00 GMT</pubDate>"
            f"<description>&lt;p&gt;{WORDS} {entry}. {WORDS}. {WORDS}.&lt;/p&gt;</description>"
            f"{whole if self.entries == ENTRIES else ''}</item>"
        )


class Web:
    """All feeds, and how many of them have moved on."""

    def __init__(self, feeds: int) -> None:
        """Print every feed."""
        self.feeds = [Feed(number) for number in range(feeds)]
        self._small: dict[int, Feed] = {}
        self._turn = 0

    def advance(self, percent: int) -> int:
        """Give this share of the feeds new entries, other ones each time; return how many."""
        self._turn += 1
        chosen = [
            feed
            for feed in (*self.feeds, *self._small.values())
            if (feed.number + self._turn * 7) % 100 < percent
        ]
        for feed in chosen:
            feed.newest += NEW_AT_ONCE
            feed.print_anew()
        return len(chosen)

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, after: float = 0.0
    ) -> None:
        """Answer requests on one connection until the client leaves, each after some seconds."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(after)
                writer.write(self._answer(head))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, head: bytes) -> bytes:
        _, kind, number = head.split(b" ", 2)[1].split(b"/")
        if kind == b"advance":
            return _response(b"200 OK", b"", b"%d" % self.advance(int(number)))
        feed = self._feed(kind, int(number))
        validators = b"ETag: %s\r\nLast-Modified: Wed, 18 Mar 2026 12:00:00 GMT\r\n" % feed.etag
        if feed.etag in head:
            return _response(b"304 Not Modified", validators, None)
        return _response(b"200 OK", validators + b"Content-Type: application/rss+xml\r\n", feed.body)

    def _feed(self, kind: bytes, number: int) -> Feed:
        if kind == b"feed":
            return self.feeds[number]
        if number not in self._small:
            self._small[number] = Feed(number, entries=FEW_ENTRIES)
        return self._small[number]


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take a request and say nothing until the client leaves."""
    with suppress(ConnectionError):
        await reader.read()
    writer.close()


def _response(status: bytes, headers: bytes, body: bytes | None) -> bytes:
    length = b"" if body is None else b"Content-Length: %d\r\n" % len(body)
    return b"HTTP/1.1 %s\r\n%s%s\r\n%s" % (status, headers, length, body or b"")


async def _open(serve: Serve, hosts: int) -> list[int]:
    servers = [await asyncio.start_server(serve, "127.0.0.1", 0) for _ in range(hosts)]
    return [server.sockets[0].getsockname()[1] for server in servers]


async def main(feeds: int, hosts: int) -> None:
    """Serve until standard input ends."""
    web = Web(feeds)
    ports = {
        "hosts": await _open(web.serve, hosts),
        "slow": await _open(partial(web.serve, after=SLOW_SECONDS), SLOW_HOSTS),
        "hanging": await _open(hang, HANGING_HOSTS),
    }
    sys.stdout.write(json.dumps(ports) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
