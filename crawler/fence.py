r"""Which addresses may Nightdesk connect to?

A source is an address that somebody typed, or that a page redirected to; it must never reach what is only
reachable from inside the newsroom's network. The judgement is made on the address a socket is about to be
opened to, after the name was resolved, because text can lie (`http://127.0.0.1:80\@news.test/`) and a name
can be pointed elsewhere between two look-ups. Twisted connects to exactly the addresses that its name
resolver hands out, literal ones included, so the fence stands there.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any, Protocol, Self

from twisted.internet import address as places
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer

if TYPE_CHECKING:
    from twisted.internet.interfaces import IAddress

NAMES_KEPT = 2_000  # look-ups and refusals remembered at most
NAME_LIFE = 120.0  # seconds; a publisher that moves house is followed within two minutes
LOOK_UPS_AT_ONCE = 16  # threads waiting for the name server

# Addresses that carry an IPv4 address inside: what is inside must be public too.
NAT64 = IPv6Network("64:ff9b::/96")
IPV4_COMPATIBLE = IPv6Network("::/96")

# Never public, though some Pythons call them global.
NOT_PUBLIC_4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
NOT_PUBLIC_6 = (
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("2001::/23"),
    IPv6Network("3fff::/20"),
    IPv6Network("5f00::/16"),
    IPv6Network("fec0::/10"),
)

#: What a name look-up answers: getaddrinfo's own rows.
Rows = Sequence[tuple[int, int, int, str, tuple[Any, ...]]]
LookUp = Callable[[str, int], Rows]


def is_public(address: str) -> bool:
    """Return whether this literal address, and every address wrapped in it, is on the public internet."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return _is_public_4(parsed)
    inside = _wrapped_in(parsed)
    if inside is not None:
        return _is_public_4(inside)
    return (
        parsed.is_global
        and parsed.scope_id is None
        and not (parsed.is_multicast or any(parsed in block for block in NOT_PUBLIC_6))
    )


def _is_public_4(address: IPv4Address) -> bool:
    return (
        address.is_global and not address.is_multicast and not any(address in block for block in NOT_PUBLIC_4)
    )


def _wrapped_in(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in NAT64 or address in IPV4_COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


class Fence:
    """Which socket addresses may be connected to: public ones, and exact pairs the newsroom allowed."""

    def __init__(self, allow: Collection[str] = ()) -> None:
        """Allow these "address:port" pairs ("127.0.0.1:8080", "[::1]:8080") beside all public addresses."""
        self._allowed = frozenset(_pair(text) for text in allow)
        self._refused: OrderedDict[tuple[str, int], str] = OrderedDict()

    def lets_through(self, address: str, port: int) -> bool:
        """Return whether a socket may be opened to this literal address and port."""
        return (address, port) in self._allowed or is_public(address)

    def refuse(self, host: str, port: int, address: str) -> None:
        """Remember that this host was refused, and for which address."""
        self._refused[host.lower(), port] = address
        while len(self._refused) > NAMES_KEPT:
            self._refused.popitem(last=False)

    def find_refusal(self, host: str, port: int) -> str | None:
        """Return the address for which this host was refused a moment ago, or None; asking forgets it."""
        return self._refused.pop((host.lower(), port), None)


def _pair(text: str) -> tuple[str, int]:
    address, _, port = text.rpartition(":")
    return str(ip_address(address.strip("[]"))), int(port)


def look_up(host: str, port: int) -> Rows:
    """Ask the operating system for a host's addresses. Blocks."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class Receiver(Protocol):
    """What Twisted hands in to be told of addresses (its own interface cannot be typed)."""

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802, D102
        ...

    def addressResolved(self, address: object) -> None:  # noqa: N802, D102
        ...

    def resolutionComplete(self) -> None:  # noqa: N802, D102
        ...


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Do nothing: who cancels does not listen any more, and the look-up ends by itself."""


@implementer(IHostnameResolver)
class FencedResolver:
    """Resolves names, and hands out only addresses that the fence lets through.

    Each look-up has a daemon thread of its own, so that a name server that does not answer never holds up the
    end of the program (Twisted's pool and asyncio's executor are both waited for).
    """

    def __init__(self, fence: Fence, look_up: LookUp = look_up) -> None:
        """Filter what `look_up` answers through `fence`."""
        self._fence = fence
        self._look_up = look_up
        self._known: OrderedDict[tuple[str, int], tuple[float, Rows]] = OrderedDict()
        self._turns = asyncio.Semaphore(LOOK_UPS_AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: object) -> Self:  # noqa: ANN401, ARG003 - Scrapy's interface
        """Build what `python -m scrapy crawl` installs."""
        return cls(Fence(crawler.settings.getlist("FENCE_ALLOW_ADDRESSES")))

    def install_on_reactor(self) -> None:
        """Let every name look-up of the reactor pass through here."""
        from twisted.internet import reactor

        reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        resolutionReceiver: Receiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: ARG002, N803
        transportSemantics: str = "TCP",  # noqa: ARG002, N803
    ) -> IHostResolution:
        """Resolve a name for Twisted; an address that is refused is as good as unknown to it."""
        resolution = _Resolution(hostName)
        task = asyncio.get_running_loop().create_task(
            self._resolve(resolutionReceiver, resolution, portNumber)
        )
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return resolution  # type: ignore[return-value]  # an interface of Twisted's

    async def _resolve(self, receiver: Receiver, resolution: _Resolution, port: int) -> None:
        receiver.resolutionBegan(resolution)
        refused = ""
        passed = 0
        for family, _, _, _, place in await self._find(resolution.name, port):
            if family not in {socket.AF_INET, socket.AF_INET6}:
                continue
            if not self._fence.lets_through(place[0], port):
                refused = place[0]
                continue
            passed += 1
            kind = places.IPv4Address if family == socket.AF_INET else places.IPv6Address
            receiver.addressResolved(kind("TCP", place[0], port))
        if refused and not passed:
            self._fence.refuse(resolution.name, port, refused)
        receiver.resolutionComplete()

    async def _find(self, host: str, port: int) -> Rows:
        now = asyncio.get_running_loop().time()
        literal = _literal(host, port)
        if literal:
            return literal
        known = self._known.get((host, port))
        if known and now - known[0] < NAME_LIFE:
            return known[1]
        async with self._turns:
            rows = await _in_thread(self._look_up, host, port)
        if rows:
            self._known[host, port] = (now, rows)
            while len(self._known) > NAMES_KEPT:
                self._known.popitem(last=False)
        return rows


def _literal(host: str, port: int) -> Rows:
    """Return the one row of a host that is an address already; none for a name."""
    try:
        address = ip_address(host)
    except ValueError:
        return ()
    if isinstance(address, IPv4Address):
        return ((socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, port)),)
    return ((socket.AF_INET6, socket.SOCK_STREAM, 0, "", (host, port, 0, 0)),)


async def _in_thread(look_up: LookUp, host: str, port: int) -> Rows:
    """Return the rows, or none when the name is unknown."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Rows] = loop.create_future()

    def settle(rows: Rows) -> None:
        if not answer.done():
            answer.set_result(rows)

    def work() -> None:
        rows: Rows = ()
        try:
            with suppress(OSError, UnicodeError):
                rows = look_up(host, port)
        finally:
            with suppress(RuntimeError):  # the loop was closed while the name server thought about it
                loop.call_soon_threadsafe(settle, rows)

    threading.Thread(target=work, daemon=True, name=f"look up {host}").start()
    return await answer
