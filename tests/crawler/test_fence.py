"""Nightdesk connects to public addresses and to allowed ones, whatever tricks an address plays."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.engine import Ask, Kind
from crawler.fence import Fence, FencedResolver, is_public
from news.errors import AddressRefusedError, SourceError
from tests.crawler.running import an_engine, on_the_loop
from tests.fakes.clock import real_time
from tests.fakes.faults import redirect
from tests.fakes.serving import Answer, Listener, Received

PRIVATE = (
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "10.0.0.1",
    "2001:0:a00:1::1",
    "3fff::1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
)
PUBLIC = ("1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34", "64:ff9b::5db8:d822")


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_private_in_every_dress(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@given(some.ip_addresses(v=4))
def test_an_ipv4_address_wrapped_in_ipv6_is_judged_by_what_is_inside(inside: IPv4Address) -> None:
    number = int(inside)
    wrapped = (f"::ffff:{inside}", f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}")
    assert {is_public(address) for address in wrapped} == {is_public(str(inside))}


@given(some.ip_addresses().map(str), some.integers(1, 65535))
def test_an_allowed_pair_is_that_address_and_that_port(address: str, port: int) -> None:
    fence = Fence([f"[{address}]:{port}" if ":" in address else f"{address}:{port}"])
    assert fence.lets_through(address, port)
    assert fence.lets_through(address, port % 65535 + 1) == is_public(address)


def rows(*addresses: str) -> list[tuple[int, int, int, str, tuple[Any, ...]]]:
    """Return what a name look-up answers."""
    return [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 0, 0, 0))
        if ":" in address
        else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))
        for address in addresses
    ]


def refused(url: str, *addresses: str, kind: Kind = "feed") -> SourceError:
    """Return how fetching fails when the host's name stands for these addresses."""

    async def work() -> SourceError:
        async with an_engine(look_up=lambda _, __: rows(*addresses)) as engine:
            with pytest.raises(SourceError) as caught:
                await engine.fetch(Ask(url=url, kind=kind))
        return caught.value

    return on_the_loop(work())


@pytest.mark.parametrize("kind", ["feed", "page"])
def test_a_name_that_stands_for_a_private_address_is_refused_with_the_address(kind: Kind) -> None:
    problem = refused("http://harborpost.test/feed", "10.1.2.3", "192.168.0.9", kind=kind)
    assert isinstance(problem, AddressRefusedError)
    assert "192.168.0.9" in str(problem)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/feed",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
    ],
)
def test_a_literal_private_address_is_refused(url: str) -> None:
    def as_the_system_reads_it(host: str, port: int) -> Sequence[Any]:
        return socket.getaddrinfo(
            socket.inet_ntoa(socket.inet_aton(host)) if ":" not in host else host,
            port,
            type=socket.SOCK_STREAM,
            flags=socket.AI_NUMERICHOST,
        )

    async def work() -> None:
        async with an_engine(look_up=as_the_system_reads_it) as engine:
            with pytest.raises(AddressRefusedError):
                await engine.fetch(Ask(url=url))

    on_the_loop(work())


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://news.test/feed",
        "data:text/plain,hello",
        "s3://bucket/key",
        "http://127.0.0.1:80\\@news.test/",
        "http://news.test@127.0.0.1/",
        "https://desk:secret@news.test/",
        "http:///feed",
        "http://news.test:99999/",
        "//news.test/feed",
        "",
        "http://[::1/",
    ],
)
def test_what_is_no_web_address_is_not_asked(url: str) -> None:
    problem = refused(url, "93.184.216.34")
    assert problem.reason == "malformed"


def test_a_redirect_to_a_private_address_is_refused_too() -> None:
    asked: list[Received] = []

    def respond(request: Received) -> Answer:
        asked.append(request)
        return redirect("http://10.0.0.1/secret", 301).bend(request, Answer())

    async def work(address: str) -> None:
        def by_name(host: str, _: int) -> Sequence[Any]:
            return rows("127.0.0.1" if host == "news.test" else host)

        async with an_engine(address, look_up=by_name) as engine:
            with pytest.raises(AddressRefusedError):
                await engine.fetch(Ask(url=f"http://news.test:{address.rpartition(':')[2]}/feed"))

    with Listener(respond, clock=real_time) as server:
        on_the_loop(work(f"127.0.0.1:{server.port}"))
    assert [request.path for request in asked] == ["/feed"]


class Handed:
    """What a resolver hands out for one look-up."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.complete = asyncio.Event()

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802 - Twisted's interface
        """Begin."""

    def addressResolved(self, address: Any) -> None:  # noqa: N802, ANN401 - Twisted's interface
        self.hosts.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's interface
        self.complete.set()


def handed_out(resolver: FencedResolver, host: str) -> list[str]:
    """Return the addresses that may be connected to."""

    async def work() -> list[str]:
        handed = Handed()
        resolver.resolveHostName(handed, host, 80)
        await handed.complete.wait()
        return handed.hosts

    return on_the_loop(work())


def test_a_name_that_moves_house_between_two_looks_never_leads_inside() -> None:
    answers = [rows("10.0.0.1", "93.184.216.34"), rows("10.0.0.1")]
    resolver = FencedResolver(Fence(), lambda _, __: answers.pop(0))
    assert handed_out(resolver, "rebinding.test") == ["93.184.216.34"]
    assert handed_out(resolver, "rebinding.test") == ["93.184.216.34"]  # remembered, not asked again
    assert handed_out(resolver, "other.test") == []


def test_a_name_nobody_knows_is_unknown_not_refused() -> None:
    def unknown(host: str, port: int) -> Sequence[Any]:
        raise socket.gaierror(f"{host}:{port}")  # noqa: EM102 - as the system does

    fence = Fence()
    assert handed_out(FencedResolver(fence, unknown), "nowhere.test") == []
    assert fence.find_refusal("nowhere.test", 80) is None
