"""Paste an address: what is there is found, shown, and written into the newsroom's files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from config.load import load
from news.nouns import Source
from news.source_rules import JsonRule, ListRule
from tests.fakes.clock import FakeClock
from tests.fakes.day import the_day
from tests.fakes.faults import status
from tests.fakes.web import NewsWeb, OutletSite
from tests.nightdesk.desk import SOURCES, Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasting:
    """A newsroom, and an outlet that it does not read yet."""

    desk: Desk
    site: OutletSite

    @property
    def last(self) -> Source:
        """The source that was written last."""
        return load(self.desk.folder, self.desk.environment).sources[-1]


@pytest.fixture
def pasting(new_desk: Callable[..., Desk]) -> Iterator[Pasting]:
    day = the_day()
    clock = FakeClock(day.ends)
    articles = [each for each in day.articles if each.outlet == "coast"]
    with NewsWeb([day.outlet("coast")], articles, clock=clock) as web:
        desk = new_desk(sources=SOURCES[:2], clock=clock, fetch={"allow_addresses": list(web.addresses)})
        yield Pasting(desk=desk, site=web.outlet("coast"))


def test_a_pasted_front_page_is_read_by_its_feed_and_the_file_keeps_its_comments(pasting: Pasting) -> None:
    file = pasting.desk.folder / "sources" / "local.yaml"
    lines = ["# Ours.", "sources:", "  - {id: a, name: A, url: 'https://a.test/'}  # the first", "# The end."]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ran = pasting.desk("sources", "add", pasting.site.url, "--yes", "--group", "radio")
    assert ran.code == 0, ran.err
    assert [" ".join(line.split()[:-1]) for line in ran.lines[:4]] == [
        "* 1 feed 5 articles",
        "2 news sitemap 5 articles",
        "3 list on the page 5 articles",
        "4 additions to the page -",
    ]
    assert "Coast Public Radio, by its feed; the newest:" in ran.out
    source = pasting.last
    assert (source.id, source.reads, source.url) == ("coast-public-radio", "feed", pasting.site.feed_url)
    assert (source.group, source.language) == ("radio", "en")
    kept = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in kept if line in lines] == lines
    again = pasting.desk("sources", "add", pasting.site.feed_url)
    assert again.code == 1
    assert "is there already, as coast-public-radio (Coast Public Radio)" in again.err


def test_a_site_without_feed_or_sitemap_is_read_by_the_list_on_its_page(pasting: Pasting) -> None:
    site = pasting.site
    for path in (site.outlet.feed_path, "/news-sitemap.xml", "/robots.txt"):
        site.always(path, status(404))
    ran = pasting.desk("sources", "add", site.url, "--yes", "--name", "Coast", "--file", "radio")
    assert ran.code == 0, ran.err
    assert "1 list on the page" in ran.flat
    assert pasting.last.reads == "page-list"
    assert pasting.last.rule == ListRule(links="ul.headlines li.teaser h2 a")
    text = (pasting.desk.folder / "sources" / "radio.yaml").read_text(encoding="utf-8")
    assert "as: page-list, list: {links: ul.headlines li.teaser h2 a}" in text


def test_an_answer_for_programs_is_declared_with_its_fields(pasting: Pasting) -> None:
    release = {"Headline": "Jail opens", "href": "/r/1", "date": "2026-03-18", "body": "x"}
    body = json.dumps({"data": {"releases": [release]}}).encode()
    address = pasting.site.place("/api/releases", body, "application/json")
    assert pasting.desk("sources", "add", address, "--yes", "--name", "County").code == 0
    rule = JsonRule(items="data.releases", title="Headline", link="href", published="date", text="body")
    assert (pasting.last.reads, pasting.last.rule) == ("json", rule)


def test_a_host_alone_is_tried_by_https_and_where_nobody_speaks_it_by_http(pasting: Pasting) -> None:
    ran = pasting.desk("sources", "add", pasting.site.address, "--yes", "--dry-run")
    assert ran.code == 0, ran.err
    assert f"* 1 feed 5 articles {pasting.site.feed_url}" in ran.flat


def test_a_page_made_by_javascript_wants_a_browser_unless_a_feed_says_the_same(
    pasting: Pasting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # no browser is there
    page = f"{pasting.site.url}/empty"
    assert "1 news sitemap 5 articles" in pasting.desk("sources", "add", page, "--yes", "--dry-run").flat
    pasting.site.always("/news-sitemap.xml", status(404))
    ran = pasting.desk("sources", "add", page, "--yes")
    assert ran.code == 1
    assert f"{page} is made by JavaScript and needs" in ran.err


def test_another_way_can_be_picked_and_a_dry_run_writes_nothing(pasting: Pasting) -> None:
    before = (pasting.desk.folder / "sources" / "local.yaml").read_bytes()
    (_, record, *_) = pasting.desk(
        "sources", "add", pasting.site.url, "--dry-run", "--pick", "2", "--json"
    ).records
    assert (record["as"], record["picked"], record["name"]) == ("news-sitemap", True, "Coast Public Radio")
    assert len(record["newest"]) == 5
    assert (pasting.desk.folder / "sources" / "local.yaml").read_bytes() == before
    assert pasting.desk("sources", "add", pasting.site.url, "--pick", "9").code == 2


def test_nobody_is_asked_where_nobody_is_and_a_refusal_is_told_with_what_can_be_done(
    pasting: Pasting,
) -> None:
    ran = pasting.desk("sources", "add", pasting.site.url)
    assert ran.code == 1
    assert ran.last.startswith("Next: nightdesk sources add http")
    assert "--yes" in ran.last
    pasting.site.always("/", status(403))
    refused = pasting.desk("sources", "add", pasting.site.url, "--yes")
    assert refused.code == 1
    assert "refuses automated readers. Ask the outlet for permission" in " ".join(refused.err.split())
