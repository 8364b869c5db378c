"""Which addresses are one page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from news.urls import canonical, host, is_web_address

STORY = "https://ledger.test/2026/03/18/council-votes-on-detainers"

#: Addresses that are nearly right.
addresses = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP", "ftp", ""]),
    st.sampled_from(
        [
            "ledger.test",
            "WWW.ledger.test:80",
            "a:b@m.ledger.test",
            "127.0.0.1:8080",
            "[::1]:443",
            "xn--a",
            ".",
            "é.test",
        ]
    )
    | st.text(alphabet="aA.:@[]%-\\é", max_size=12),
    st.text(alphabet="/.ab%2;=é ,amp", max_size=20),
    st.sampled_from(
        ["", "?id=7&utm_source=x", "?", "?&&=", "?p=%ff&p=%2", "?ref=1&ud=123456;x", "?url=http://a.test"]
    ),
    st.sampled_from(["", "#top", "#"]),
)


@pytest.mark.parametrize(
    "other",
    [
        f"{STORY}?utm_source=feed&utm_medium=rss",
        f"{STORY}?fbclid=abc#comments",
        f"{STORY}/",
        f"  {STORY}\n",
        "http://ledger.test/2026/03/18/council-votes-on-detainers",
        "HTTPS://Ledger.TEST:443/2026/03/18//council-votes-on-detainers",
        "http://ledger.test:80/2026/03/18/council-votes-on-detainers",
        "https://reader:secret@ledger.test./2026/03/18/council-votes-on-detainers",
        f"{STORY};jsessionid=1A2B",
        f"{STORY}/amp/",
        "https://www.google.com/url?rct=j&sa=t&url=https://ledger.test/2026/03/18/council-votes-on-detainers&ct=ga",
        STORY.replace("://", "://ledger-test.cdn.ampproject.org/c/s/"),
    ],
)
def test_every_way_to_link_a_story_is_one_address(other: str) -> None:
    assert canonical(other) == STORY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://ledger.test/story?id=7", "https://ledger.test/story?id=8"),
        ("https://ledger.test/view.php?ud=20260318001", "https://ledger.test/view.php?ud=20260318002"),
        ("https://ledger.test/?nid=235&sid=34545083", "https://ledger.test/?nid=235&sid=34545084"),
        ("https://ledger.test/Story", "https://ledger.test/story"),
        ("https://ledger.test:8443/a", "https://ledger.test/a"),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a"),
    ],
)
def test_two_stories_never_share_an_address(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_an_address_on_this_machine_stays_plain_http() -> None:
    assert canonical("http://127.0.0.1:8001/feed?id=3&x=1") == "http://127.0.0.1:8001/feed?id=3"
    assert canonical("http://localhost/feed") == "http://localhost/feed"


def test_a_page_is_believed_about_its_own_address() -> None:
    mobile = "http://m.ledger.test/a/123456?out=app"
    assert (
        canonical(mobile, declared="https://www.ledger.test/council-votes")
        == "https://www.ledger.test/council-votes"
    )
    assert canonical(STORY, declared="/council-votes") == "https://ledger.test/council-votes"


@pytest.mark.parametrize(
    "declared",
    [
        "https://other.test/story",
        "https://ledger.test/",
        "https://ledger.test:8443/x",
        "javascript:1",
        "http://[",
        "",
    ],
)
def test_a_page_is_not_believed_about_other_hosts_or_the_front_page(declared: str) -> None:
    assert canonical(STORY, declared=declared) == STORY


@given(addresses | st.text(max_size=60))
@example("http://[")
@example("http://a\ud800.test/\ud800")
@example("https://www.google.com/url?url=https://www.google.com/url?url=https://a.test/%2520")
def test_a_canonical_address_stays_as_it_is(url: str) -> None:
    address = canonical(url)
    assert canonical(address) == address
    if is_web_address(url.strip()):
        assert is_web_address(address)
        assert "#" not in address
        assert "@" not in address.split("/")[2]
    else:
        assert address == url.strip()


@given(addresses, addresses)
def test_no_declared_address_is_too_broken(url: str, declared: str) -> None:
    address = canonical(url, declared=declared)
    assert canonical(address) == address


BROKEN = [
    "",
    "ledger.test/a",
    "ftp://ledger.test/a",
    "mailto:desk@ledger.test",
    "http://",
    "http:///a",
    "http://a b.test/",
    "http://127.0.0.1:80\\@ledger.test/",
    "http://ledger.test:door/",
    "http://ledger.test$:80/",
    "http://-a.test/",
]


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_web_address(text: str) -> None:
    assert not is_web_address(text)
    assert canonical(text) == text


def test_the_host_is_in_lower_case_and_without_its_port() -> None:
    assert host("https://Desk:x@News.Ledger.TEST:8443/a") == "news.ledger.test"
    assert host("not an address") == ""


def test_importing_addresses_does_not_load_courlan() -> None:
    code = (
        "import news.urls as u, sys; u.is_web_address('https://a.test'); sys.exit('courlan' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=root).returncode == 0
