"""Where news comes from: how each source is, and whether it can be read just now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.fakes.faults import html_instead, redirect, status
from tests.nightdesk.conftest import Town
from tests.nightdesk.desk import SOURCES, Desk


def test_before_the_first_run_every_source_is_new(desk: Desk) -> None:
    ran = desk("sources", "list")
    assert ran.code == 0
    assert ran.lines[0].split() == ["state", "source", "last", "new", "asked", "why"]
    assert [line.split()[0] for line in ran.lines[1:]] == ["new", "new", "new"]
    assert "3 sources: 3 new" in ran.err
    assert not (desk.folder / "data").exists()


def test_after_a_round_the_list_says_what_came_when_and_what_is_wrong(town: Town) -> None:
    town.web.outlet("ellery31").always(town.web.outlet("ellery31").outlet.feed_path, status(403))
    town.desk("run", "--once")
    ran = town.desk("sources", "list")
    assert ran.lines[1].startswith("stopped  Ellery 31")
    assert "since 7:00 am: refuses automated readers" in ran.flat
    assert ran.lines[3].startswith("working  Channel 4 Ellery  7:00 am")
    assert "2 sources: 1 stopped, 1 working" in ran.err


def test_the_list_for_machines_has_one_object_a_source(town: Town) -> None:
    town.desk("run", "--once")
    records = {record["id"]: record for record in town.desk("sources", "list", "--json").records}
    assert records["channel4"]["state"] == "working"
    assert records["channel4"]["url"] == town.web.outlet("channel4").feed_url
    assert records["channel4"]["last_checked"]


def test_one_group_and_only_the_quiet_ones_can_be_listed(new_desk: Callable[..., Desk]) -> None:
    grouped = [{**source, "group": "radio" if source["id"] == "coast" else "tv"} for source in SOURCES]
    desk = new_desk(sources=grouped)
    assert [line.split()[1] for line in desk("sources", "list", "--group", "radio").lines[1:]] == ["Coast"]
    assert desk("sources", "list", "--quiet").lines == []


def test_a_source_that_is_off_is_listed_last_and_not_checked(new_desk: Callable[..., Desk]) -> None:
    off = {**SOURCES[0], "enabled": False}
    desk = new_desk(sources=[off, SOURCES[1]])
    assert [line.split()[0] for line in desk("sources", "list").lines[1:]] == ["new", "off"]


def test_checking_fetches_each_source_once_and_stores_nothing(town: Town) -> None:
    ran = town.desk("sources", "check")
    assert ran.code == 0
    assert [line.split("  ")[0] for line in ran.lines] == ["working", "working"]
    assert "articles; the newest" in ran.flat
    assert "2 of 2 sources can be read. Nothing was stored." in ran.err
    assert all(len(site.requests) == 1 for site in town.web.sites.values())
    assert not (town.desk.folder / "data").exists()


def test_what_cannot_be_read_stands_on_top_with_the_reason(town: Town) -> None:
    site = town.web.outlet("ellery31")
    site.always(site.outlet.feed_path, status(403))
    ran = town.desk("sources", "check")
    assert ran.code == 1
    assert ran.lines[0] == "stopped  Ellery 31         refuses automated readers"
    assert ran.lines[1].startswith("working  Channel 4 Ellery  ")
    assert "1 of 2 sources can be read" in ran.err


def test_a_page_where_the_feed_should_be_is_no_feed(town: Town) -> None:
    site = town.web.outlet("channel4")
    site.always(site.outlet.feed_path, html_instead())
    ran = town.desk("sources", "check", "channel4")
    assert ran.lines == ["failing  Channel 4 Ellery  sends something that is not a feed"]


def test_a_newer_address_is_told(town: Town) -> None:
    site = town.web.outlet("channel4")
    moved = site.place("/latest.xml", b"<rss><channel></channel></rss>", "application/rss+xml")
    site.always(site.outlet.feed_path, redirect("/latest.xml", 301))
    ran = town.desk("sources", "check", "channel4")
    assert ran.code == 0
    assert f"newer address: {moved}" in ran.flat


def test_one_source_can_be_checked_by_its_id_or_its_name(town: Town) -> None:
    for name in ("channel4", "Channel 4 Ellery", "CHANNEL4"):
        town.web.outlet("ellery31").forget_requests()
        (record,) = town.desk("sources", "check", name, "--json").records
        assert (record["id"], record["state"]) == ("channel4", "working")
        assert record["articles"] > 0
        assert town.web.outlet("ellery31").requests == ()


def test_a_source_that_is_not_there_gets_a_suggestion(desk: Desk) -> None:
    ran = desk("sources", "check", "chanel4")
    assert ran.code == 2
    assert 'there is no source "chanel4"; did you mean channel4?' in ran.err


def test_a_newsroom_without_sources_is_told_so(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(sources=[{**SOURCES[0], "enabled": False}])
    assert desk("sources", "check").code == 0
    assert "no source is on" in desk("sources", "check").err


@pytest.mark.parametrize("hours", [1, 30])
def test_the_last_new_article_is_dated_as_short_as_it_can_be(town: Town, hours: int) -> None:
    town.desk("run", "--once")
    town.desk.clock.advance(timedelta(hours=hours))
    line = town.desk("sources", "list").lines[1]
    assert ("Wednesday" in line) is (hours == 30)


def test_fix_writes_down_where_a_source_moved_and_where_a_lost_feed_was_found(town: Town) -> None:
    for name, fault in (("channel4", redirect("/latest.xml", 301)), ("ellery31", status(404))):
        site = town.web.outlet(name)
        body = b"<rss><channel><item><title>A</title><link>/a</link></item></channel></rss>"
        site.place("/latest.xml", body, "application/rss+xml")
        site.always(site.outlet.feed_path, fault)
        front = '<link rel="alternate" type="application/rss+xml" href="/latest.xml">'
        site.place("/", front.encode())
    ran = town.desk("sources", "check")
    assert ran.code == 1
    assert "is not at this address any more; its feed was found at" in ran.flat
    assert "nightdesk sources check --fix" in ran.err
    assert town.desk("sources", "check", "--fix").code == 1
    urls = {record["id"]: record["url"] for record in town.desk("sources", "list", "--json").records}
    assert urls == {name: town.web.outlet(name).url + "/latest.xml" for name in urls}
    assert town.desk("sources", "check").code == 0
