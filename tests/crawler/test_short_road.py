"""What stands in a request for a feed is what a browser would send for its address, in one line each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.short_road import _one_line, _place, _Question


@pytest.mark.parametrize(
    ("address", "host", "port", "first_lines"),
    [
        ("https://ledger.test/feed?page=2", b"ledger.test", 443, "/feed?page=2 ledger.test"),
        ("http://ledger.test:80", b"ledger.test", 80, "/ ledger.test"),
        ("http://ledger.test:8080/x#latest", b"ledger.test", 8080, "/x ledger.test:8080"),
        ("HTTP://Ledger.Test/A b", b"ledger.test", 80, "/A%20b ledger.test"),
        ("http://[::1]:8080/x", b"::1", 8080, "/x [::1]:8080"),
        ("https://münchen.test/ä", b"xn--mnchen-3ya.test", 443, "/%C3%A4 xn--mnchen-3ya.test"),
        ("https://a.test/x?y=[1]|2", b"a.test", 443, "/x?y=%5B1%5D%7C2 a.test"),
    ],
)
def test_an_address_is_asked_for_where_it_is_and_as_it_is_called(
    address: str, host: bytes, port: int, first_lines: str
) -> None:
    place = _place(address)
    path, name = first_lines.split()
    assert (place.host, place.port) == (host, port)
    assert _Question(place, "")._bytes == f"GET {path} HTTP/1.1\r\nHost: {name}\r\n\r\n".encode()


@given(some.text())
def test_whatever_a_publisher_calls_a_validator_it_stays_one_header(value: str) -> None:
    sent = _Question(_place("https://ledger.test/"), f"If-None-Match: {_one_line(value)}\r\n")._bytes
    assert sent.count(b"\n") == 4
    assert sent.endswith(b"\r\n\r\n")
