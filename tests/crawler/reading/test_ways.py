"""Sitemaps, lists, answers and spiders' items are read as they were meant, whatever is wrong in them."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.answers import read_answer_bytes
from crawler.reading.guessing import guess
from crawler.reading.items import read_items_bytes
from crawler.reading.lists import read_list_bytes
from crawler.reading.sitemaps import LARGEST, read_sitemap_bytes
from crawler.reading.trees import tree_of
from news.errors import ReadingError
from news.source_rules import JsonRule, ListRule

NOW = datetime(2026, 3, 18, 18, 0, tzinfo=UTC)
SITE = "https://harborpost.test"
NEWS = 'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:i="http://x.test/sitemap-image/1.1"'


def an_entry(path: str, *, days: float = 0, title: str = "A headline") -> str:
    at = (NOW - timedelta(days=days)).isoformat()
    return (
        f"<url><loc>{SITE}{path}</loc><n:news><n:publication><n:name>Post</n:name><n:language>en</n:language>"
        f"</n:publication><n:publication_date>{at}</n:publication_date><n:title>{title}</n:title></n:news>"
        f"<i:image><i:loc>{SITE}/picture.jpg</i:loc><i:title>A picture</i:title></i:image></url>"
    )


def a_sitemap(*entries: str) -> bytes:
    return f"<?xml version='1.0'?>\n<urlset {NEWS}>{''.join(entries)}</urlset>".encode()


def test_a_sitemap_gives_recent_news_only_newest_first_whatever_its_prefix() -> None:
    body = a_sitemap(
        an_entry("/old", days=9), an_entry("/a", days=1), an_entry("/b", title="Fees &amp; fares")
    )
    found = read_sitemap_bytes(body, now=NOW).clippings
    assert [(clip.address, clip.title, clip.language) for clip in found] == [
        (f"{SITE}/b", "Fees & fares", "en"),
        (f"{SITE}/a", "A headline", "en"),
    ]
    assert found[0].published == NOW


def test_a_sitemap_that_was_cut_off_gives_what_came() -> None:
    body = a_sitemap(*(an_entry(f"/{number}") for number in range(4)))
    assert len(read_sitemap_bytes(body[: len(body) * 3 // 4], now=NOW).clippings) in {2, 3}


def test_an_index_names_its_news_first_then_what_changed_last() -> None:
    maps = [("posts-1.xml", 2), ("posts-2.xml", 0), ("pages.xml", 400), ("news.xml", 1)]
    dated = [(name, f"{NOW - timedelta(days=days):%Y-%m-%d}") for name, days in maps]
    rows = "".join(
        f"<sitemap><loc>{SITE}/{name}</loc><lastmod>{day}</lastmod></sitemap>" for name, day in dated
    )
    found = read_sitemap_bytes(f"<sitemapindex>{rows}</sitemapindex>".encode(), now=NOW).maps
    assert found == (f"{SITE}/news.xml", f"{SITE}/posts-2.xml", f"{SITE}/posts-1.xml")


def test_a_packed_sitemap_larger_than_we_take_in_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ReadingError, match="larger than we take in"):
        read_sitemap_bytes(gzip.compress(b"<urlset>" + b" " * LARGEST), now=NOW)


@pytest.mark.parametrize(
    "body", [b"", b"<html><p>Not here</p></html>", b"\x1f\x8bnonsense", b"{}", b"<rss/>"]
)
def test_what_is_no_sitemap_is_called_so(body: bytes) -> None:
    with pytest.raises(ReadingError, match="not a sitemap"):
        read_sitemap_bytes(body, now=NOW)


@given(st.binary(max_size=300), st.integers(0, 600))
def test_a_damaged_sitemap_is_read_or_refused_and_never_more(damage: bytes, at: int) -> None:
    whole = a_sitemap(an_entry("/a"), an_entry("/b"))
    try:
        found = read_sitemap_bytes(whole[:at] + damage + whole[at:], now=NOW)
    except ReadingError:
        return
    assert len(found.clippings) <= 10


FRONT = """
<nav><ul><li><a href="/about-the-harbor-post">About the Harbor Post and you</a></li>
<li><a href="/c">Contact the desk of ours now</a></li>
<li><a href="/d">Work for us at the harbor</a></li></ul></nav>
<main><section class="river">
<div class="card card-1"><a href="/2026/03/18/levy"><img alt=""></a>
<h3><a href="/2026/03/18/levy">Council votes on the harbor levy</a></h3>
<p>The vote, five to two, ends a fight of years.</p></div>
<div class="card card-2"><h3><a href="/2026/03/17/ferry">Ferry fares to rise in May</a></h3></div>
<div class="card card-3"><h3><a href="/2026/03/16/cranes">Cranes return to the bird sanctuary</a></h3></div>
</section>
<div class="promo"><a href="https://shop.test/mug">Buy the mug of the Harbor Post today</a></div></main>
<footer><a href="/terms">Terms of use and of your privacy</a></footer>
"""


def test_the_list_on_a_page_is_guessed_and_said_as_a_selector_that_finds_it_again() -> None:
    guessed = guess(tree_of(FRONT.encode(), ""), SITE + "/")
    assert guessed is not None
    assert guessed.selector == "section.river div.card h3 a"
    rules = (ListRule(), ListRule(links=guessed.selector), ListRule(addresses="/20*"))
    for rule in rules:
        found = read_list_bytes(FRONT.encode(), rule, url=SITE + "/", now=NOW)
        assert [clip.title for clip in found] == [
            "Council votes on the harbor levy",
            "Ferry fares to rise in May",
            "Cranes return to the bird sanctuary",
        ]
        assert found[0].published == datetime(2026, 3, 18, tzinfo=UTC)
        assert found[0].summary == "The vote, five to two, ends a fight of years."


def test_a_link_that_says_only_read_more_has_the_heading_beside_it() -> None:
    rows = "".join(
        f"<article><h2>Headline number {n} of today</h2><span class=date>March {n}, 2026</span>"
        f"<a href=/n/{n}>Read more</a></article>"
        for n in (1, 2, 3)
    )
    found = read_list_bytes(rows.encode(), ListRule(links="article a"), url=SITE, now=NOW)
    assert [clip.title for clip in found] == [f"Headline number {n} of today" for n in (1, 2, 3)]
    assert [clip.published.day for clip in found if clip.published] == [1, 2, 3]


@pytest.mark.parametrize(
    ("rule", "said"),
    [(ListRule(links=".nowhere a"), "where its declaration says"), (ListRule(), "no list of articles")],
)
def test_a_page_without_its_list_is_no_empty_list(rule: ListRule, said: str) -> None:
    with pytest.raises(ReadingError, match=said):
        read_list_bytes(b"<p>We will be back soon.</p>", rule, url=SITE, now=NOW)


def test_an_answer_without_list_or_address_says_which_line_of_the_declaration_is_wrong() -> None:
    rule = JsonRule(items="data", title="t", link="u")
    with pytest.raises(ReadingError, match="without a list under"):
        read_answer_bytes(b'{"data": {}}', rule, now=NOW)
    with pytest.raises(ReadingError, match="entries without an address"):
        read_answer_bytes(b'{"data": [{"t": "x"}]}', rule, now=NOW)
    with pytest.raises(ReadingError, match="not JSON"):
        read_answer_bytes(b"<html>", rule, now=NOW)
    assert read_answer_bytes(b'{"data": []}', rule, now=NOW) == ((), "")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["data", "t", "u", "0"]), inner, max_size=3)
        ),
        max_leaves=20,
    )
)
def test_any_answer_is_read_or_refused(answer: object) -> None:
    rule = JsonRule(items="data", title="{t} {0}", link="u", published="t.u", next="data.0")
    try:
        found, following = read_answer_bytes(json.dumps(answer).encode(), rule, url=SITE, now=NOW)
    except ReadingError:
        return
    assert all(clip.address.startswith("http") for clip in found)
    assert following == "" or following.startswith("http")


def test_a_spiders_items_are_read_among_whatever_it_prints() -> None:
    lines = [
        "Debug: hello",
        json.dumps(
            {"item": {"url": "/a", "title": "A", "published": "2026-03-18 12:00:00", "author": "Staff"}}
        ),
        '{"item": broken',
        json.dumps({"trouble": {"what": "refuses automated readers", "reason": "blocked", "gone": True}}),
    ]
    found = read_items_bytes("\n".join(lines).encode(), url=SITE, now=NOW)
    (clipping,) = found.clippings
    assert (clipping.address, clipping.title, clipping.authors) == (f"{SITE}/a", "A", ("Staff",))
    assert found.trouble == {"what": "refuses automated readers", "reason": "blocked", "gone": True}
    with pytest.raises(ReadingError, match="no address"):
        read_items_bytes(b'{"item": {"title": "A"}}', url=SITE, now=NOW)
