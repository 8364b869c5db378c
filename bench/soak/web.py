"""A web of feeds on loopback of which some misbehave: `python -m bench.soak.web FEEDS HOSTS`.

Prints the ports it listens on as JSON. What a feed does is decided by its number, so that it does it every
time: three in four behave and bring something new at one request in ten.
"""

from __future__ import annotations

import asyncio
import json
import sys

from bench.speed.polling_web import FEW_ENTRIES, NEW_AT_ONCE, Feed

HANG = 0.5  # seconds
XML = b"Content-Type: application/rss+xml\r\n"


class Web:
    """All feeds, and how often they were asked."""

    def __init__(self, feeds: int) -> None:
        """Print every feed."""
        self.feeds = [Feed(number, entries=FEW_ENTRIES) for number in range(feeds)]
        self._asked = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests on one connection until the client leaves or is left."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                number = head.split(b" ", 2)[1].rpartition(b"/")[2]
                answer = await self._answer(int(number), head) if number.isdigit() else NOTHING
                writer.write(answer)
                await writer.drain()
                if not answer.startswith(b"HTTP/1.1 304") and b"Content-Length" not in answer:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, number: int, head: bytes) -> bytes:
        self._asked += 1
        feed = self.feeds[number]
        kind = number % 40
        if kind == 0:  # drops the connection
            return b""
        if kind == 1:  # hangs, and drops it then
            await asyncio.sleep(HANG)
            return b""
        if kind in BAD:
            return BAD[kind]
        if kind == 9:  # noqa: PLR2004 - cut off inside the body
            return b"HTTP/1.1 200 OK\r\n%sX-Length: 0\r\n\r\n" % XML + feed.body[: len(feed.body) // 2]
        if self._asked % 10 == 0:
            feed.newest += NEW_AT_ONCE
            feed.print_anew()
        validators = b"ETag: %s\r\n" % feed.etag
        if feed.etag in head:
            return b"HTTP/1.1 304 Not Modified\r\n%s\r\n" % validators
        return _whole(b"200 OK", validators + XML, feed.body)


def _whole(status: bytes, headers: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, headers, len(body), body)


#: By the rest of a feed's number divided by forty.
BAD = {
    2: _whole(b"500 Oh", b"", b"trouble"),
    3: _whole(b"404 No", b"", b"no"),
    4: _whole(b"200 OK", b"Content-Type: text/html\r\n", b"<!doctype html><title>Sign in</title>" * 20),
    5: _whole(b"200 OK", XML, b"<rss><channel>" + b"<item><title>x" * 500),
    6: _whole(b"302 Go", b"Location: http://10.0.0.1/\r\n", b""),
    7: _whole(b"301 Go", b"Location: /feed/7\r\n", b""),
    8: _whole(b"429 Later", b"Retry-After: 30\r\n", b""),
}


#: What stands anywhere else: at robots.txt, on front pages.
NOTHING = _whole(b"404 No", b"", b"no")


async def main(feeds: int, hosts: int) -> None:
    """Serve until standard input ends."""
    web = Web(feeds)
    servers = [await asyncio.start_server(web.serve, "127.0.0.1", 0) for _ in range(hosts)]
    sys.stdout.write(json.dumps([server.sockets[0].getsockname()[1] for server in servers]) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
