"""Does a watchlist's feed carry headlines and links, and nothing else?"""

from __future__ import annotations

import io
import json
from dataclasses import replace

import feedparser
import pytest

from alerts.feeds import atom, feed_of, json_feed
from news.nouns import Story
from tests.alerts.evening import OPENING, a_copy, at, the_first_report, the_story


def stories() -> tuple[Story, Story]:
    copied = the_story(a_copy(2, "Outlet 2"))
    hostile = the_first_report(
        title='Mayor <b>"skips" & leaves</b>\x0b\u2028now', address="javascript:alert(1)"
    )
    first = replace(the_story().articles[0], article=hostile)
    return copied, replace(the_story(first=first), id=2, updated=at(11, 0))


def test_reader_programs_read_it_newest_first() -> None:
    feed = feed_of("jail", "County jail", stories(), installation="port-ellery", now=at(12, 0))
    read = feedparser.parse(io.BytesIO(atom(feed).encode()))
    assert not read.bozo
    assert read.feed.title == "County jail"
    newest, copied = read.entries
    assert newest.title.endswith("now")
    assert newest.link == newest.id, "what is no web address is not linked"
    assert copied.link.startswith("https://channel4ellery.test/")
    assert copied.author == "Channel 4 Ellery and 1 more"


@pytest.mark.parametrize("form", [atom, json_feed])
def test_not_a_sentence_of_an_article_is_in_it(form: object) -> None:
    feed = feed_of("jail", "County jail", stories(), installation="port-ellery", now=at(12, 0))
    written = form(feed)  # type: ignore[operator]  # one of the two
    assert OPENING[:40] not in written


def test_json_says_the_same_as_atom() -> None:
    feed = feed_of("jail", "County jail", stories(), installation="port-ellery", now=at(12, 0))
    told = json.loads(json_feed(feed))
    read = feedparser.parse(io.BytesIO(atom(feed).encode()))
    assert [item["id"] for item in told["items"]] == [entry.id for entry in read.entries]
    assert told["items"][1]["content_text"] == told["items"][1]["title"]


def test_ids_stay_and_say_nothing() -> None:
    one, again = (feed_of("jail", "x", stories(), installation="a", now=at(12, n)) for n in (0, 1))
    other = feed_of("jail", "x", stories(), installation="b", now=at(12, 0))
    assert [entry.id for entry in one.entries] == [entry.id for entry in again.entries]
    assert {entry.id for entry in one.entries}.isdisjoint(entry.id for entry in other.entries)
    assert "jail" not in one.id


def test_an_empty_watchlist_has_a_feed_too() -> None:
    feed = feed_of("jail", "County jail", (), installation="a", now=at(12, 0))
    assert not feedparser.parse(io.BytesIO(atom(feed).encode())).entries
