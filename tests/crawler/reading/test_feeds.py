"""Every kind of feed, whole or broken, is read as its publisher meant it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.reading import xml_feeds
from crawler.reading.entries import Feed
from crawler.reading.feed import FeedRead
from crawler.reading.feeds import read_feed, read_feed_bytes, read_news
from news.errors import ReadingError
from news.lessons import Wishes
from news.nouns import Clipping
from news.text import clean_line
from tests.fakes.day import the_day
from tests.fakes.feeds import print_feed

#: Elements of entries, and the names of their spaces.
FIELDS = (
    "title",
    "link",
    "guid",
    "description",
    "content:encoded",
    "dc:creator",
    "pubDate",
    "atom:link",
    "x:id",
)
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:x="https://x.test/"'
)
GOLDEN = Path(__file__).parent.parent / "golden"
NOW = datetime(2026, 3, 18, 19, 16, tzinfo=UTC)
MOMENTS = ("published", "updated")


def read(body: bytes | str, *, url: str = "", content_type: str = "") -> tuple[Clipping, ...]:
    """Return what a feed brings."""
    whole = body.encode() if isinstance(body, str) else body
    return read_feed_bytes(whole, url=url, content_type=content_type, now=NOW, source_id="x")


def meant(facts: dict[str, Any]) -> Clipping:
    """Return the clipping that a golden file tells of."""
    moments = {name: datetime.fromisoformat(facts[name]) for name in MOMENTS if name in facts}
    return Clipping(source_id="x", **facts | {"authors": tuple(facts.get("authors", ()))} | moments)


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.xml")))
def test_a_feed_says_what_stands_beside_it(name: str) -> None:
    found = read((GOLDEN / f"{name}.xml").read_bytes())
    expected = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert list(found) == [meant(facts) for facts in expected]


@pytest.mark.parametrize("outlet", the_day().outlets, ids=lambda outlet: outlet.id)
def test_an_outlets_feed_gives_its_headlines_whatever_its_damage(outlet: Any) -> None:  # noqa: ANN401
    articles = sorted(the_day().articles, key=lambda article: article.at, reverse=True)
    out = [article for article in articles if article.outlet == outlet.id][: outlet.feed_length]
    feed = print_feed(outlet, out, "https://outlet.test")
    found = read(feed.body, url="https://outlet.test" + outlet.feed_path, content_type=feed.content_type)
    kept = out[:-1] if "truncated" in outlet.damage else out
    assert [clipping.title for clipping in found] == [article.title for article in kept]
    paths = ["https://outlet.test" + outlet.path_of(article) + outlet.link_tail for article in kept]
    assert [clipping.address for clipping in found] == paths


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16", "utf-8"),
        ("cp1252", "iso-8859-1"),
        ("cp1252", "utf-8"),
        ("utf-8", "iso-8859-1"),
        ("koi8-r", "koi8-r"),
        ("shift_jis", "shift_jis"),
        ("iso-2022-jp", "iso-2022-jp"),
    ],
)
def test_letters_arrive_whatever_alphabet_was_said(encoding: str, declared: str) -> None:
    words = {"koi8-r": "Гавань открыта", "shift_jis": "港の新しい名", "iso-2022-jp": "港の新しい名"}
    title = words.get(encoding, "Caf\u00e9\u2019s harbor: \u201copen\u201d \u2014 at last")
    text = (
        f'<?xml version="1.0" encoding="{declared}"?><rss><channel><item><title>{title}</title>'
        "<link>https://a.test/1</link></item></channel></rss>"
    )
    assert [clipping.title for clipping in read(text.encode(encoding))] == [title]


def test_the_alphabet_may_be_said_by_the_server_alone() -> None:
    body = "<rss><channel><item><title>Гавань</title><link>https://a.test/1</link></item></channel></rss>"
    found = read(body.encode("koi8-r"), content_type="text/xml; charset=koi8-r")
    assert [clipping.title for clipping in found] == ["Гавань"]


def test_relative_addresses_stand_on_the_site_and_not_on_the_feeds_own_server() -> None:
    body = (
        "<rss><channel><link>https://outlet.test/</link>"
        "<item><title>a</title><link>/news/1</link></item></channel></rss>"
    )
    assert read(body, url="https://feeds.elsewhere.test/rss")[0].address == "https://outlet.test/news/1"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "mailto:a@b.test", "tel:1", "http://", "http://[::1", ""]
)
def test_what_is_no_web_address_brings_no_news(link: str) -> None:
    body = f"<rss><channel><item><title>a</title><link>{link}</link></item></channel></rss>"
    assert read(body, url="") == ()


def test_a_title_is_one_clean_line() -> None:
    body = (
        "<rss><channel><item><title>One&#x2028;two&#x85;&#x202e;three\n four &amp;lt;b&amp;gt;</title>"
        "<link>https://a.test/</link></item></channel></rss>"
    )
    title = read(body)[0].title
    assert title.isprintable()
    assert title.startswith("One two")


def test_a_feed_without_entries_is_a_feed_with_nothing_new() -> None:
    assert read("<rss version='2.0'><channel><title>Quiet</title></channel></rss>") == ()
    assert read('<feed xmlns="http://www.w3.org/2005/Atom"><title>Quiet</title></feed>') == ()
    assert read('{"version": "https://jsonfeed.org/version/1", "items": []}') == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   \n",
        b"hello",
        b"<html><body><h1>Sign in</h1></body></html>",
        b"{}",
        b'{"items": 3}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_feed_says_so(body: bytes) -> None:
    with pytest.raises(ReadingError):
        read(body)


@pytest.mark.parametrize("before", ["", "<?xml version='1.0'?>", "<!-- <rss> -->", "<?note <rss?> "])
def test_a_million_laughs_are_not_laughed(before: str) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    body = (
        f"{before}<!DOCTYPE rss [{entities}]><rss><channel><item><title>&a11;</title>"
        "<link>https://a.test/</link></item></channel></rss>"
    )
    assert len(read(body)[0].title) < 100


def test_nothing_outside_is_read_into_a_feed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", encoding="utf-8")
    body = (
        f'<!DOCTYPE rss [<!ENTITY s SYSTEM "{secret.as_uri()}">]><rss><channel><item><title>&s;</title>'
        "<link>https://a.test/</link></item></channel></rss>"
    )
    assert "secret" not in "".join(clipping.title for clipping in read(body)).replace("&s;", "")


def is_read_or_refused(body: bytes) -> bool:
    """Whether bytes bring clean clippings or a reading error; anything else raises here."""
    try:
        found = read(body, url="https://a.test/feed")
    except ReadingError:
        return True
    addresses = all(clipping.address.startswith(("http://", "https://")) for clipping in found)
    return addresses and all(clean_line(clipping.title) == clipping.title for clipping in found)


@given(some.binary(max_size=400))
def test_noise_never_raises_anything_but_a_reading_error(noise: bytes) -> None:
    assert is_read_or_refused(noise)
    assert is_read_or_refused(b"<rss><channel><item>" + noise)


@given(
    some.sampled_from(sorted(GOLDEN.glob("*.xml"))),
    some.lists(some.tuples(some.floats(0, 1), some.binary(max_size=6), some.integers(0, 40)), max_size=6),
)
def test_a_damaged_feed_never_raises_anything_but_a_reading_error(
    path: Path, damages: list[tuple[float, bytes, int]]
) -> None:
    body = path.read_bytes()
    for place, inserted, removed in damages:
        at = int(place * len(body))
        body = body[:at] + inserted + body[at + removed :]
    assert is_read_or_refused(body)


@given(some.sampled_from(sorted(GOLDEN.glob("*.xml"))), some.floats(0, 1))
def test_a_feed_that_is_cut_off_never_makes_up_an_address(path: Path, share: float) -> None:
    whole = path.read_bytes()
    known = {clipping.address for clipping in read(whole)}
    try:
        found = read(whole[: int(len(whole) * share)])
    except ReadingError:
        return
    assert {clipping.address for clipping in found} <= known


words = some.text("ab\u00e9\u6e2f &<>\r\n", max_size=8)
texts = words.map(lambda said: escape(said).replace("\r", "&#13;")) | words.map("<![CDATA[{}]]>".format)
fields = some.tuples(
    some.sampled_from(sorted(FIELDS)), some.sampled_from(("", 'type="xhtml"', 'rel="x"')), texts
)


@given(some.lists(some.lists(fields, max_size=5), max_size=3), some.sampled_from(("rss", "rdf", "feed")))
def test_both_strict_parsers_read_the_same_in_a_well_formed_feed(
    entries: list[list[tuple[str, str, str]]], kind: str
) -> None:
    inside = ("".join(f"<{name} {more}>{text}</{name}>" for name, more, text in entry) for entry in entries)
    items = "".join(f"<item>{each}</item><ENTRY>{each}</ENTRY>" for each in inside)
    body = f"<{kind} {SPACES}><channel><language> en</language>{items}</channel></{kind}>".encode()
    start = Feed(source_id="", base="https://ledger.test/", now=NOW)
    quick, thorough = xml_feeds._parse_quickly(body), xml_feeds._parse(body)
    assert xml_feeds.read_tree(quick, start) == xml_feeds.read_tree(thorough, start)
    assert len(xml_feeds.read_tree(quick, start)[1]) == 2 * len(entries)


def test_an_address_among_comments_is_read_and_so_is_markup_that_is_not_packed_up() -> None:
    item = "<rss><channel><item><link>{}</link><description>{}</description></item></channel></rss>"
    (story,) = read(item.format("<!-- one -->https://a.test/<!-- two -->1", "It voted"))
    assert (story.address, story.summary) == ("https://a.test/1", "It voted")
    (story,) = read(item.format("https://a.test/1", "The <b>council</b> voted"))
    assert (story.address, story.summary) == ("https://a.test/1", "The <b>council</b> voted")


def test_what_a_feed_asks_of_its_readers_is_read() -> None:
    head = (
        b"<ttl> 45 </ttl><skipHours><hour>24</hour><hour>3</hour><hour>x</hour></skipHours>"
        b"<skipDays><day>Saturday</day><day>Someday</day></skipDays>"
    )
    read = read_feed(
        b"<rss><channel>" + head + b"<item><link>https://a.test/1</link></item></channel></rss>", now=NOW
    )
    wishes = Wishes(good_for=timedelta(minutes=45), skip_hours=frozenset({0, 3}), skip_days=frozenset({5}))
    assert (read.wishes, len(read.clippings)) == (wishes, 1)


def news_of(*entries: tuple[str, str], known: str = "", stamp: str = "") -> FeedRead:
    """Return what is news in a feed of these addresses and texts."""
    items = "".join(
        f"<item><title>Council</title><link>https://ledger.test/{path}</link><description>{text}</description>"
        f"<atom:updated>{stamp}</atom:updated></item>"
        for path, text in entries
    )
    feed = f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{items}</channel></rss>'
    return read_news(feed.encode(), url="https://ledger.test/feed", content_type="", now=NOW, known=known)


stories = some.lists(some.tuples(some.sampled_from("abcdef"), some.sampled_from("123")), max_size=8)


@given(stories, stories)
def test_of_a_feed_that_was_read_before_only_new_and_changed_entries_are_told(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    first = news_of(*before)
    again = news_of(*after, known=first.marks)
    newest_before = dict(reversed(before))
    newest_after = dict(reversed(after))
    told = {(one.address[-1], one.summary) for one in again.clippings}
    assert told == newest_after.items() - newest_before.items()
    assert again.marks == news_of(*after).marks


def test_a_feed_that_stamps_all_entries_anew_has_nothing_new_to_tell() -> None:
    entries = [("a", "one"), ("b", "two"), ("c", "three")]
    first = news_of(*entries, stamp="2026-03-18T09:00:00Z")
    assert news_of(*entries, stamp="2026-03-18T10:00:00Z", known=first.marks).clippings == ()
