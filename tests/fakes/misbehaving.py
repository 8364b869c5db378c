"""What does a news web do that does not behave, and what is it called?

A `Misdeed` is one server's way of going wrong and the class it must be given; class "" means that it must be
read all the same, with so many entries. `misdeeds` gives all of them::

    with misbehaving(misdeeds(), clock=clock) as web:
        web["a bomb in gzip"]          # http://127.0.0.1:41007/feed.xml
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.fakes.clock import Clock
from tests.fakes.serving import Answer, Listener, Received

XML = (("Content-Type", "application/rss+xml"),)
MEBIBYTE = 1024 * 1024
FEED = "/feed.xml"
#: Addresses that nobody outside may be led to, in many spellings.
PRIVATE = (
    "http://10.0.0.1/feed",
    "http://192.168.1.1:8080/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[64:ff9b::a00:1]/",
    "http://[fd00::1]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://0/",
    "http://localhost/",
    "http://intranet.test/",
    "http://half-inside.test/",
)
#: Addresses that are none of the web.
STRANGE = (
    "file:///etc/passwd",
    "ftp://ledger.test/feed",
    "gopher://ledger.test/1",
    "data:application/rss+xml,<rss/>",
    "javascript:alert(1)",
    "http://user:secret@ledger.test/feed",
    "http://127.0.0.1:80\\@ledger.test/",
    "https:///feed",
    "http://[::1",
    f"http://ledger.test/{'a' * 5_000}",
)
#: What the names above lead to; any other name is unknown.
NAMES = {
    "intranet.test": ("10.1.2.3",),
    "half-inside.test": ("10.1.2.3", "fd00::5"),
    "localhost": ("127.0.0.1", "::1"),
    "2130706433": ("127.0.0.1",),
    "0x7f.1": ("127.0.0.1",),
    "0177.0.0.1": ("127.0.0.1",),
    "127.1": ("127.0.0.1",),
    "0": ("0.0.0.0",),  # noqa: S104 - what a name leads to, not what is listened on
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Misdeed:
    """One way to go wrong."""

    name: str
    answer: Callable[[Received], Answer]
    # The class of trouble it must be given; "" when it must be read all the same.
    trouble: str = ""
    entries: int = 0


def item(number: int, title: str = "Mayor skips meeting", more: str = "") -> str:
    """Return an entry of a feed."""
    return f"<item><title>{title}</title><link>https://ledger.test/{number}</link>{more}</item>"


def feed(*items: str, head: str = "") -> bytes:
    """Return a feed."""
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def misdeeds() -> tuple[Misdeed, ...]:
    """Return every way to go wrong."""
    return (*_answers(), *_redirects(), *_bodies(), *_packings(), *_entries())


def _always(answer: Answer) -> Callable[[Received], Answer]:
    return lambda _: answer


def _sends(name: str, body: bytes, trouble: str = "", entries: int = 0, *, kind: str = "") -> Misdeed:
    headers = (("Content-Type", kind),) if kind else XML
    return Misdeed(
        name=name, answer=_always(Answer(headers=headers, body=body)), trouble=trouble, entries=entries
    )


def _answers() -> Iterator[Misdeed]:
    """Yield servers that answer wrongly, or not at all."""
    statuses = {
        401: "blocked", 402: "paywall", 403: "blocked", 404: "not found", 410: "gone", 418: "malformed",
        451: "blocked", 500: "trouble", 503: "trouble", 304: "malformed",
    }  # fmt: skip
    for code, trouble in statuses.items():
        yield Misdeed(name=f"status {code}", answer=_always(Answer(status=code)), trouble=trouble)
    for said in ("120", "Thu, 19 Mar 2026 18:00:00 GMT", "soon", "-5", "9" * 40):
        headers = (("Retry-After", said),)
        storm = Answer(status=429, headers=headers)
        yield Misdeed(name=f"429, come back {said[:20]}", answer=_always(storm), trouble="busy")
    yield Misdeed(name="a hang", answer=_always(Answer(manner="hang", seconds=30)), trouble="slow")
    drip = Answer(manner="drip", seconds=0.2, headers=XML, body=feed(item(1)))
    yield Misdeed(name="a drip", answer=_always(drip), trouble="slow")
    yield Misdeed(name="a drop", answer=_always(Answer(manner="drop")), trouble="unreachable")


def _redirects() -> Iterator[Misdeed]:
    """Yield servers that lead somewhere else."""

    def leads(to: str) -> Callable[[Received], Answer]:
        return _always(Answer(status=302, headers=(("Location", to),)))

    yield Misdeed(name="a circle", answer=leads(FEED), trouble="loop")
    yield Misdeed(name="a redirect to nowhere", answer=_always(Answer(status=302)), trouble="malformed")
    for to in PRIVATE:
        yield Misdeed(name=f"leads to {to}", answer=leads(to), trouble="address refused")
    for to in STRANGE:
        yield Misdeed(name=f"leads to {to[:30]}", answer=leads(to), trouble="malformed")


def _bodies() -> Iterator[Misdeed]:
    """Yield servers that send something else than a feed."""
    page = b"<!doctype html><html><head><title>Sign in</title></head><body><p>Please sign in</body></html>"
    yield _sends("HTML for XML", page, "malformed")
    yield _sends("HTML as HTML", page, "malformed", kind="text/html")
    yield _sends("nothing", b"", "malformed")
    yield _sends("blanks", b"\r\n \t" * 100_000, "malformed")
    yield _sends("noise", bytes(range(256)) * 300, "malformed")
    yield _sends("nested answers for programs", b'{"items":' + b"[" * 100_000, "malformed")
    yield _sends("a number for a feed", b'{"version":1,"items":7}', "malformed")
    yield _sends("a feed without entries", feed(), "empty")
    old = "<pubDate>Mon, 02 Mar 2020 10:00:00 GMT</pubDate>"
    yield _sends("a feed that was given up", feed(item(1, more=old)), "stale", 1)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10))
    yield _sends("a billion laughs", f"<!DOCTYPE rss [{laughs}]>".encode() + feed(item(1, "&l9;")), "", 1)
    secret = b'<!DOCTYPE rss [<!ENTITY s SYSTEM "file:///etc/passwd">]>'
    yield _sends("an entity of our own disk", secret + feed(item(1, "&s;")), "", 1)
    yield _sends("a nest", b"<rss>" * 3_000, "malformed")


def _packings() -> Iterator[Misdeed]:
    """Yield bodies that swell, or are packed otherwise than they say."""
    nothing = bytes(24 * MEBIBYTE)
    bare = zlib.compressobj(1, zlib.DEFLATED, -15)
    bombs = {
        "gzip": gzip.compress(nothing, 1, mtime=0),
        "x-gzip": gzip.compress(nothing, 1, mtime=0),
        "deflate": zlib.compress(nothing, 1),
        "Deflate": bare.compress(nothing) + bare.flush(),
    }
    for said, body in bombs.items():
        packed = Answer(headers=(*XML, ("Content-Encoding", said)), body=body)
        yield Misdeed(name=f"a bomb in {said}", answer=_always(packed), trouble="too big")
    small = feed(item(1))
    for said, body, trouble in (
        ("gzip", small, ""),
        ("gzip, gzip", gzip.compress(gzip.compress(nothing, 1), mtime=0), "malformed"),
        ("br", small, ""),
        ("zstd", b"\x28\xb5\x2f\xfd" + bytes(400), "malformed"),
        ("nonsense", small, ""),
    ):
        packed = Answer(headers=(*XML, ("Content-Encoding", said)), body=body)
        entries = 0 if trouble else 1
        yield Misdeed(name=f"said to be {said}", answer=_always(packed), trouble=trouble, entries=entries)
    whole = Answer(headers=XML, body=small + b" " * (6 * MEBIBYTE))
    yield Misdeed(name="six megabytes", answer=_always(whole), trouble="too big")


def _entries() -> Iterator[Misdeed]:
    """Yield feeds that are odd inside; all of them must be read."""
    words = "Señor alcalde falta a la cita"
    for said, really in (
        ("utf-8", "cp1252"),
        ("utf-16", "utf-8"),
        ("us-ascii", "utf-8"),
        ("x-none", "utf-8"),
    ):
        text = f'<?xml version="1.0" encoding="{said}"?><rss><channel>{item(1, words)}</channel></rss>'
        yield _sends(f"said to be {said}, is {really}", text.encode(really), "", 1)
    yield _sends("cut off", feed(item(1), item(2))[:-40], "", 1)
    yield _sends("a bare ampersand", feed(item(1, "Tom & Jerry <b>& Co")), "", 1)
    yield _sends("impossible characters", feed(item(1, "a&#xD800;b\x00c&#x110000;")), "", 1)
    wide = " ".join(f'a{n}="x"' for n in range(20_000))
    yield _sends("many attributes", feed(item(1, more=f"<x {wide}/>")), "", 1)
    yield _sends("one huge attribute", feed(item(1, more=f'<x y="{"z" * MEBIBYTE}"/>')), "", 1)
    same = "<guid isPermaLink='false'>1</guid>"
    yield _sends("one guid for all", feed(*(item(n, more=same) for n in range(5))), "", 5)
    dates = (
        "0001-01-01",
        "9999-12-31T23:59:59Z",
        "10000-01-01",
        "-5",
        "1773856800",
        "Wed, 99 Foo 2026",
        "24:61",
    )
    dated = (item(n, more=f"<pubDate>{date}</pubDate>") for n, date in enumerate(dates))
    yield _sends("dates from year 1 to 10000", feed(*dated), "", len(dates))
    forged = (
        "&lt;!channel&gt; \x1b[31m\u202e@everyone&#10;&#13;Subject: x <![CDATA[<script>alert(1)</script>]]>"
    )
    yield _sends("hostile words", feed(item(1, forged)), "", 1)
    links = ("javascript:alert(1)", "file:///etc/passwd", "", "http://", "//ledger.test/ok")
    linked = "".join(f"<item><title>t</title><link>{link}</link></item>" for link in links)
    yield _sends("links that lead nowhere", feed(linked), "", 1)


@contextmanager
def misbehaving(deeds: Sequence[Misdeed], *, clock: Clock) -> Iterator[dict[str, str]]:
    """Serve each misdeed from a server of its own; give the addresses by their names."""
    with ExitStack() as stack:
        yield {
            deed.name: stack.enter_context(Listener(deed.answer, clock=clock)).url + FEED for deed in deeds
        }
