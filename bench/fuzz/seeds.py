"""What honest bytes is the damage done to? A few of each kind that parsers are made for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_ITEM = (
    "<item><title>Mayor skips &amp; council votes</title><link>https://ledger.test/2026/1</link>"
    "<guid isPermaLink='false'>1</guid><pubDate>Wed, 18 Mar 2026 10:05:00 -0600</pubDate>"
    "<description><![CDATA[<p>Nobody at the council would say.</p>]]></description></item>"
)
RSS = (
    "<?xml version='1.0' encoding='utf-8'?><rss version='2.0' "
    "xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>Ledger</title>"
    "<link>https://ledger.test/</link><ttl>30</ttl><skipHours><hour>3</hour></skipHours>"
    f"<skipDays><day>Sunday</day></skipDays>{_ITEM * 3}</channel></rss>"
)
ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://ledger.test/'><title>Ledger</title>"
    "<entry><title type='html'>Señor &lt;b&gt;alcalde&lt;/b&gt;</title><link href='/2026/2'/><id>urn:1</id>"
    "<updated>2026-03-18T10:05:00Z</updated><author><name>City desk</name></author>"
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Words.</p></div></content></entry></feed>"
)
RDF = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
    "xmlns:dc='http://purl.org/dc/elements/1.1/'><item rdf:about='https://ledger.test/3'>"
    "<title>Ferry</title><dc:date>2026-03-18</dc:date></item></rdf:RDF>"
)
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"id": "1", "url": "https://ledger.test/4", "title": "Boat", "date_published": "2026-03-18"}
        ],
    }
)
SITEMAP = (
    "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
    "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>https://ledger.test/5</loc>"
    "<news:news><news:publication_date>2026-03-18T10:05:00Z</news:publication_date>"
    "<news:title>Harbor</news:title></news:news></url></urlset>"
)
INDEX = (
    "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap>"
    "<loc>https://ledger.test/news.xml.gz</loc><lastmod>2026-03-18</lastmod></sitemap></sitemapindex>"
)
PAGE = (
    "<!doctype html><html lang='en'><head><title>Mayor | Ledger</title>"
    "<link rel='canonical' href='https://ledger.test/6'>"
    "<link rel='alternate' type='application/rss+xml' href='/f'>"
    "<meta property='article:published_time' content='2026-03-18T10:05:00Z'>"
    '<script type=\'application/ld+json\'>{"@type":"NewsArticle","headline":"Mayor"}</script></head>'
    "<body><nav><a href='/'>Home</a></nav><main><article><h1>Mayor skips meeting</h1>"
    + "<p>The mayor of Port Ellery stayed at home while other mayors met in the capital on Wednesday.</p>" * 6
    + "</article><ul class='news'>"
    + "".join(
        f"<li><a href='/2026/{n}/story-{n}'>Council votes on ferry number {n}</a></li>" for n in range(6)
    )
    + "</ul></main></body></html>"
)
ANSWER = json.dumps(
    {
        "data": {
            "items": [{"id": 7, "name": "Meeting", "when": "2026-03-18", "body": "Council"}],
            "next": "/p2",
        }
    }
)
ITEMS = "\n".join(
    json.dumps({"address": f"https://ledger.test/{n}", "title": "Mayor", "published": "2026-03-18T10:05:00Z"})
    for n in range(3)
)
OUTLINES = (
    "<opml version='2.0'><body><outline text='Denver'><outline type='rss' text='Ledger' "
    "xmlUrl='https://ledger.test/f' htmlUrl='https://ledger.test/'/></outline></body></opml>"
)

#: By the name of a job of `crawler.reading.jobs`: what it is given.
SEEDS: Mapping[str, tuple[str, ...]] = {
    "feed": (RSS, ATOM, RDF, JSON_FEED),
    "page": (PAGE,),
    "sitemap": (SITEMAP, INDEX),
    "list": (PAGE,),
    "watch": (PAGE,),
    "answer": (ANSWER,),
    "items": (ITEMS,),
    "sight": (PAGE, RSS, SITEMAP),
    "outlines": (OUTLINES,),
}
#: What a declaration says beside the bytes, where a job needs it.
MORE: Mapping[str, Mapping[str, Any]] = {
    "list": {"links": "", "addresses": ""},
    "watch": {"part": "", "without": [], "memory": None},
    "answer": {
        "items": "data.items",
        "title": "name",
        "link": "https://council.test/meeting/{id}",
        "published": "when",
        "text": "{body} on {when}",
        "next": "data.next",
        "pages": 3,
    },
}
#: Words that have hurt parsers before; put in anywhere.
SPICES: tuple[bytes, ...] = (
    b"&#xD800;", b"&#x110000;", b"&#99999999999;", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80",
    b'<!DOCTYPE rss [<!ENTITY a "&a;">]>&a;', b"]]>", b"<![CDATA[", b"<?xml version='9'?>", b"<!--", b"&",
    b"<", b"</rss>", b"http://[::1", b"http://", b"//", b"javascript:alert(1)", b"9999999999",
    b"0000-00-00T99:99:99", b"10000-01-01", b"\xe2\x80\xa8", b"\xc2\x85", b"\x1b[31m", b"{", b"}", b"[" * 200,
    b'"', b"\\ud800", b"NaN", b"1e999", b"-1", b"null", b" " * 300, b"<div>" * 200, b"encoding='utf-7'",
    b"charset=hz", b"iso-2022-jp",
)  # fmt: skip
