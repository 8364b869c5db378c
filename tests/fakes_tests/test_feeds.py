"""Can every kind of feed be read, and is each damage the damage it says?"""

from __future__ import annotations

import calendar
import io
import json
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest

from tests.fakes.feeds import print_feed
from tests.fakes.press import Damage, FeedKind
from tests.fakes_tests.asking import NOON, an_article, an_outlet

SITE = "http://127.0.0.1:9"
XML_KINDS: tuple[FeedKind, ...] = ("rss2", "rss-full", "rss091", "rss092", "rdf", "atom", "atom-base")
TITLE = "Clams & caf\u00e9s: the harbor\u2019s menu"


def printed(feed: FeedKind, *damage: Damage, **changes: Any) -> bytes:  # noqa: ANN401 - an outlet's fields
    article = an_article(title=TITLE)
    older = an_article(slug="older", at=NOON.replace(hour=9), title="Older & wiser")
    outlet = an_outlet(feed=feed, damage=damage, **changes)
    return print_feed(outlet, [article, older], SITE).body


def read(body: bytes) -> Any:  # noqa: ANN401 - feedparser ships no types
    return feedparser.parse(io.BytesIO(body))


@pytest.mark.parametrize("kind", XML_KINDS)
def test_every_kind_is_well_formed_and_says_the_same(kind: FeedKind) -> None:
    body = printed(kind)
    ET.fromstring(body)  # noqa: S314 - our own bytes
    first, second = read(body).entries
    assert (first.title, second.title) == (TITLE, "Older & wiser")
    assert first.link == f"{SITE}/2026/03/18/ferry-timetable"
    assert "ten minutes earlier" in first.summary


@pytest.mark.parametrize("kind", ["rss2", "rss-full", "rss092", "rdf", "atom", "atom-base"])
def test_dated_kinds_tell_the_minute(kind: FeedKind) -> None:
    entry = read(printed(kind)).entries[0]
    told = entry.get("published_parsed") or entry.updated_parsed
    assert datetime.fromtimestamp(calendar.timegm(told), UTC) == NOON


def test_a_json_feed_is_one() -> None:
    feed = json.loads(printed("json"))
    assert feed["version"].startswith("https://jsonfeed.org/version/1")
    assert feed["items"][0]["url"] == f"{SITE}/2026/03/18/ferry-timetable"
    assert feed["items"][0]["date_published"] == "2026-03-18T12:00:00-06:00"


def test_full_text_travels_in_the_feed() -> None:
    entry = read(printed("rss-full")).entries[0]
    assert "The last boat stays." in entry.content[0].value


def test_relative_links_need_their_base() -> None:
    body = printed("atom-base", article_path="/agendas/%Y/%m/%d/{slug}")
    assert b'href="2026/03/18/ferry-timetable"' in body
    assert read(body).entries[0].link == f"{SITE}/agendas/2026/03/18/ferry-timetable"


@pytest.mark.parametrize("damage", ["bare-ampersand", "undeclared-entity", "blank-lines-first", "truncated"])
def test_these_damages_stop_a_strict_reader(damage: Damage) -> None:
    with pytest.raises(ET.ParseError):
        ET.fromstring(printed("rss2", damage))  # noqa: S314 - our own bytes


def test_a_truncated_feed_loses_no_more_than_its_oldest_item() -> None:
    body = printed("rss2", "truncated")
    assert b"ferry-timetable</guid>\n</item>" in body
    assert b"older</guid>" not in body


@pytest.mark.parametrize("damage", ["says-utf8-is-1252", "says-utf8-is-latin1"])
def test_these_damages_lie_about_the_letters(damage: Damage) -> None:
    body = printed("rss2", damage)
    assert body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    with pytest.raises(UnicodeDecodeError):
        body.decode()
    assert "caf\u00e9s" in body.decode("cp1252")


def test_the_remaining_damages_are_what_they_say() -> None:
    assert b"<pubDate>March 18, 2026 12:00 PM</pubDate>" in printed("rss2", "odd-dates")
    assert b"pubDate" not in printed("rss2", "no-dates")
    assert b"<guid" not in printed("rss2", "no-guid")
    assert printed("rss2", "shared-guid").count(b">latest-news</guid>") == 2


def test_the_same_articles_give_the_same_bytes() -> None:
    assert printed("rss2") == printed("rss2")


def test_an_empty_outlet_has_an_empty_feed() -> None:
    for kind in XML_KINDS:
        assert read(print_feed(an_outlet(feed=kind), [], SITE).body).entries == []


def test_tracking_tails_are_on_feed_links_only() -> None:
    entry = read(printed("rdf", link_tail="?utm_source=rss&utm_medium=feed")).entries[0]
    assert entry.link == f"{SITE}/2026/03/18/ferry-timetable?utm_source=rss&utm_medium=feed"
