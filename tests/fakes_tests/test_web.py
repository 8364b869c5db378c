"""Does the fake web behave like the web?"""

from __future__ import annotations

import gzip
import http.client
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.faults import (
    bomb,
    drip,
    drop,
    hang,
    html_instead,
    huge,
    not_really_gzip,
    redirect,
    redirect_loop,
    says_charset,
    status,
    too_many,
    truncated,
)
from tests.fakes.press import Correction
from tests.fakes.web import NewsWeb, OutletSite
from tests.fakes_tests.asking import NOON, an_article, an_outlet, ask

HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def site(clock: FakeClock) -> Iterator[OutletSite]:
    correction = Correction(at=NOON + HOUR, changes=(("ten", "twelve"),), note="Corrected: twelve minutes.")
    later = an_article(slug="bridge", title="Bridge closes", at=NOON + 2 * HOUR)
    articles = [an_article(corrections=(correction,)), later]
    with OutletSite(an_outlet(), articles, clock=clock) as running:
        yield running


def test_an_article_appears_when_its_time_has_come(site: OutletSite, clock: FakeClock) -> None:
    assert "Bridge closes" not in ask(site.feed_url).text
    assert ask(site.article_url("bridge")).status == 404
    clock.advance(2 * HOUR)
    assert "Bridge closes" in ask(site.feed_url).text
    assert "<h1" in ask(site.article_url("bridge")).text


def test_a_correction_changes_the_page_and_the_entry(site: OutletSite, clock: FakeClock) -> None:
    before, feed_before = ask(site.article_url("ferry-timetable")).text, ask(site.feed_url).text
    clock.advance(HOUR)
    after, feed_after = ask(site.article_url("ferry-timetable")).text, ask(site.feed_url).text
    assert "ten minutes" in before
    assert "Corrected" not in before
    assert "twelve minutes earlier" in after
    assert "Corrected: twelve minutes." in after
    assert "<atom:updated>2026-03-18T13:00:00-06:00</atom:updated>" in feed_after
    assert "<atom:updated>" not in feed_before


def test_an_unchanged_feed_costs_no_body(site: OutletSite, clock: FakeClock) -> None:
    first = ask(site.feed_url)
    for condition in (
        {"If-None-Match": first.headers["etag"]},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        again = ask(site.feed_url, headers=condition)
        assert (again.status, again.body) == (304, b"")
    clock.advance(2 * HOUR)
    assert ask(site.feed_url, headers={"If-None-Match": first.headers["etag"]}).status == 200
    assert ask(site.feed_url, headers={"If-Modified-Since": first.headers["last-modified"]}).status == 200


def test_the_tag_decides_when_both_conditions_are_sent(site: OutletSite) -> None:
    first = ask(site.feed_url)
    both = {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]}
    assert ask(site.feed_url, headers=both).status == 200


def test_an_outlet_may_know_no_conditions(clock: FakeClock) -> None:
    with OutletSite(an_outlet(validators="none"), [an_article()], clock=clock) as site:
        assert not {"etag", "last-modified"} & set(ask(site.feed_url).headers)


def test_a_reader_that_takes_gzip_gets_it(site: OutletSite) -> None:
    packed = ask(site.feed_url, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == ask(site.feed_url).body


def test_a_page_carries_what_real_pages_carry(site: OutletSite) -> None:
    page = ask(site.article_url("ferry-timetable")).text
    facts = json.loads(page.split('ld+json">')[1].split("</script>")[0])
    assert facts["@type"] == "NewsArticle"
    assert facts["datePublished"] == "2026-03-18T12:00-06:00"
    assert f'<link rel="canonical" href="{site.article_url("ferry-timetable")}">' in page
    for piece in ("og:title", "article:published_time", "cookie-note", "<nav", "site-footer", "related"):
        assert piece in page


def test_robots_sitemap_and_front_page_are_there(site: OutletSite) -> None:
    assert "Disallow: /search" in ask(f"{site.url}/robots.txt").text
    assert site.article_url("ferry-timetable") in ask(f"{site.url}/news-sitemap.xml").text
    assert 'rel="alternate"' in ask(f"{site.url}/").text


def test_every_request_is_written_down(site: OutletSite) -> None:
    ask(site.feed_url + "?page=2", headers={"User-Agent": "Nightdesk (desk@newsroom.test)"})
    (request,) = site.asked("/feed.xml")
    assert (request.method, request.query, request.at) == ("GET", {"page": "2"}, NOON)
    assert request.headers["user-agent"] == "Nightdesk (desk@newsroom.test)"


def test_scripted_faults_happen_once_each_and_then_all_is_well(site: OutletSite) -> None:
    site.script("/feed.xml", [status(503), too_many("soon"), redirect("http://10.0.0.1/feed")])
    answers = [ask(site.feed_url) for _ in range(4)]
    assert [answer.status for answer in answers] == [503, 429, 302, 200]
    assert answers[1].headers["retry-after"] == "soon"
    assert answers[2].headers["location"] == "http://10.0.0.1/feed"


def test_a_lasting_fault_lasts_until_healed(site: OutletSite) -> None:
    site.always("*", status(403))
    assert [ask(site.feed_url).status, ask(site.url + "/").status] == [403, 403]
    site.heal()
    assert ask(site.feed_url).status == 200


def test_a_dropped_connection_has_no_answer(site: OutletSite) -> None:
    site.script("/feed.xml", [drop()])
    with pytest.raises(http.client.RemoteDisconnected):
        ask(site.feed_url)


def test_a_hang_lasts_longer_than_patience_and_ends_when_the_server_closes(clock: FakeClock) -> None:
    site = OutletSite(an_outlet(), [], clock=clock)
    site.always("/feed.xml", hang())
    with pytest.raises(TimeoutError):
        ask(site.feed_url, patience=0.2)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, site.feed_url, patience=20)
        while len(site.requests) < 2:
            assert not waiting.done()
        site.close()
        with pytest.raises(OSError, match="closed connection"):
            waiting.result(3)


def test_a_truncated_answer_promises_more_than_it_sends(site: OutletSite) -> None:
    site.script("/feed.xml", [truncated(40)])
    with pytest.raises(http.client.IncompleteRead) as cut:
        ask(site.feed_url)
    assert len(cut.value.partial) == 40


def test_a_dripping_answer_arrives_whole(site: OutletSite) -> None:
    whole = ask(site.feed_url).body
    site.script("/feed.xml", [drip(portion=200, seconds=0.001)])
    assert ask(site.feed_url).body == whole


def test_a_small_bomb_unpacks_to_a_lot(site: OutletSite) -> None:
    site.script("/feed.xml", [bomb(4)])
    answer = ask(site.feed_url)
    assert len(answer.body) < 100_000
    assert len(gzip.decompress(answer.body)) == 4 * 1024 * 1024


def test_the_other_lies_a_server_tells(site: OutletSite) -> None:
    site.script("/feed.xml", [huge(1), html_instead(), not_really_gzip(), says_charset("utf-16")])
    site.script("/feed.xml", [redirect_loop()])
    large, html, plain, charset, loop = (
        ask(site.feed_url, headers={"Accept-Encoding": "gzip"}) for _ in range(5)
    )
    assert len(large.body) > 1024 * 1024
    assert html.headers["content-type"].startswith("text/html")
    assert plain.headers["content-encoding"] == "gzip"
    assert plain.body.startswith(b"<?xml")
    assert charset.headers["content-type"].endswith("charset=utf-16")
    assert loop.headers["location"] == "/feed.xml"


def test_anything_can_be_put_at_a_path(site: OutletSite) -> None:
    url = site.place("/odd.xml", b"<rss/>", "text/xml")
    assert (ask(url).body, ask(url).headers["content-type"]) == (b"<rss/>", "text/xml")
    assert ask(site.place("/gone", b"", status=410)).status == 410


def test_an_article_can_be_published_and_withdrawn_while_running(site: OutletSite) -> None:
    url = site.publish(an_article(slug="extra", title="Extra"))
    assert ask(url).status == 200
    site.withdraw("extra")
    assert ask(url).status == 404
    with pytest.raises(ValueError, match="is by 'other'"):
        site.publish(an_article(outlet="other"))


def test_a_head_request_gets_no_body(site: OutletSite) -> None:
    assert ask(site.feed_url, method="HEAD").body == b""


def test_every_outlet_has_a_host_of_its_own(clock: FakeClock) -> None:
    outlets = [an_outlet(), an_outlet(id="herald", name="Herald")]
    with NewsWeb(outlets, [an_article(), an_article(outlet="herald")], clock=clock) as web:
        assert len(set(web.addresses)) == 2
        assert web.publish(an_article(outlet="herald", slug="more")).startswith(web.outlet("herald").url)


def test_a_closed_web_leaves_no_one_listening(clock: FakeClock) -> None:
    web = NewsWeb([an_outlet()], [], clock=clock)
    host, _, port = web.addresses[0].partition(":")
    web.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=1)


def test_a_mistake_inside_the_fake_is_not_passed_over(clock: FakeClock) -> None:
    wrong = Correction(at=NOON, changes=(("never said", "anything"),))
    site = OutletSite(an_outlet(), [an_article(corrections=(wrong,))], clock=clock)
    with pytest.raises(OSError, match="closed connection"):
        ask(site.feed_url)
    with pytest.raises(ExceptionGroup, match="failed while answering"):
        site.close()
