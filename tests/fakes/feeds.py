"""What does an outlet's feed say at this moment, and how is it broken?

``print_feed`` writes every kind of feed there is as text; ``damaged`` breaks it the way the outlet's software
does. The same articles give the same bytes: nothing in a feed depends on when it was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from tests.fakes.press import FeedKind, Outlet, PrintedArticle

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  # when an outlet without articles last changed its feed
SHARED_GUID = "latest-news"

#: Entities that HTML knows and XML does not.
HTML_ENTITIES = {
    "\u2018": "&lsquo;",
    "\u2019": "&rsquo;",
    "\u201c": "&ldquo;",
    "\u201d": "&rdquo;",
    "\u2014": "&mdash;",
    "\u00a0": "&nbsp;",
}

CONTENT_TYPES: dict[FeedKind, str] = {
    "rss2": "application/rss+xml; charset=utf-8",
    "rss-full": "application/rss+xml",
    "rss091": "text/xml",
    "rss092": "text/xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml; charset=utf-8",
    "atom-base": "application/atom+xml",
    "json": "application/feed+json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFeed:
    """A feed as it leaves the outlet's server."""

    body: bytes
    content_type: str
    changed_at: datetime


def print_feed(outlet: Outlet, articles: Sequence[PrintedArticle], site: str) -> PrintedFeed:
    """Return the feed of what is out, newest first, with links below the address ``site``."""
    shown = articles[: outlet.feed_length]
    text = _WRITERS[outlet.feed](outlet, shown, site)
    content_type = CONTENT_TYPES[outlet.feed]
    if any(name.startswith("says-utf8") for name in outlet.damage):
        content_type = content_type.partition(";")[0]
    return PrintedFeed(body=damaged(text, outlet), content_type=content_type, changed_at=_changed_at(shown))


def damaged(text: str, outlet: Outlet) -> bytes:
    """Return the feed's bytes with the outlet's damage done to them."""
    damage = outlet.damage
    if "undeclared-entity" in damage:
        for character, entity in HTML_ENTITIES.items():
            text = text.replace(character, entity)
    if "bare-ampersand" in damage:
        text = text.replace("&amp;", "&")
    if "truncated" in damage:
        text = _cut_in_the_oldest_item(text)
    if "blank-lines-first" in damage:
        text = "\n\n\r\n  \n" + text
    if "says-utf8-is-1252" in damage:
        return text.encode("cp1252", errors="xmlcharrefreplace")
    if "says-utf8-is-latin1" in damage:
        return text.encode("latin-1", errors="xmlcharrefreplace")
    return text.encode()


def _cut_in_the_oldest_item(text: str) -> str:
    start = max(text.rfind("<item"), text.rfind("<entry"))
    return text if start < 0 else text[: start + (len(text) - start) * 2 // 5]


def _changed_at(articles: Sequence[PrintedArticle]) -> datetime:
    return max((article.changed_at for article in articles), default=LONG_AGO)


def _link(outlet: Outlet, article: PrintedArticle, site: str) -> str:
    return site + outlet.path_of(article) + outlet.link_tail


def _summary(article: PrintedArticle) -> str:
    return article.summary or article.paragraphs[0]


def _identity(outlet: Outlet, article: PrintedArticle) -> str:
    return SHARED_GUID if "shared-guid" in outlet.damage else f"{outlet.id}-{article.slug}"


def _rfc822(outlet: Outlet, moment: datetime) -> str:
    return format_datetime(outlet.local(moment))


def _item_date(outlet: Outlet, moment: datetime) -> str:
    if "no-dates" in outlet.damage:
        return ""
    if "odd-dates" in outlet.damage:
        return f"<pubDate>{outlet.local(moment).strftime('%B %d, %Y %I:%M %p')}</pubDate>"
    return f"<pubDate>{_rfc822(outlet, moment)}</pubDate>"


def _rss2_item(outlet: Outlet, article: PrintedArticle, site: str) -> str:
    lines = [
        f"<title>{escape(article.title)}</title>",
        f"<link>{escape(_link(outlet, article, site))}</link>",
        f"<description>{escape(_summary(article))}</description>",
        _item_date(outlet, article.at),
        f"<category>{escape(article.section)}</category>",
    ]
    if "no-guid" not in outlet.damage:
        lines.append(f'<guid isPermaLink="false">{escape(_identity(outlet, article))}</guid>')
    if article.byline:
        lines.append(f"<dc:creator>{escape(article.byline)}</dc:creator>")
    if article.updated:
        lines.append(f"<atom:updated>{outlet.local(article.updated).isoformat()}</atom:updated>")
    if outlet.feed == "rss-full":
        whole = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)
        lines.append(f"<content:encoded><![CDATA[{whole}]]></content:encoded>")
    return "<item>\n" + "\n".join(line for line in lines if line) + "\n</item>"


def _rss2(outlet: Outlet, articles: Sequence[PrintedArticle], site: str) -> str:
    items = "\n".join(_rss2_item(outlet, article, site) for article in articles)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
        f"<title>{escape(outlet.name)}</title>\n<link>{site}/</link>\n"
        f"<description>{escape(outlet.name)}: the latest</description>\n"
        f"<language>{outlet.language}</language>\n"
        f"<lastBuildDate>{_rfc822(outlet, _changed_at(articles))}</lastBuildDate>\n"
        f'<atom:link href="{site}{outlet.feed_path}" rel="self" type="application/rss+xml"/>\n'
        f"{items}\n</channel>\n</rss>\n"
    )


def _old_rss(outlet: Outlet, articles: Sequence[PrintedArticle], site: str) -> str:
    version = {"rss091": "0.91", "rss092": "0.92"}[outlet.feed]
    dated = outlet.feed == "rss092"
    items = "\n".join(
        f"<item><title>{escape(article.title)}</title>"
        f"<link>{escape(_link(outlet, article, site))}</link>"
        f"<description>{escape(_summary(article))}</description>"
        f"{_item_date(outlet, article.at) if dated else ''}</item>"
        for article in articles
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="{version}">\n<channel>\n'
        f"<title>{escape(outlet.name)}</title>\n<link>{site}/</link>\n"
        f"<description>{escape(outlet.name)}</description>\n<language>{outlet.language}</language>\n"
        f"{items}\n</channel>\n</rss>\n"
    )


def _rdf(outlet: Outlet, articles: Sequence[PrintedArticle], site: str) -> str:
    links = [_link(outlet, article, site) for article in articles]
    contents = "".join(f"<rdf:li rdf:resource={quoteattr(link)}/>" for link in links)
    items = "\n".join(
        f"<item rdf:about={quoteattr(link)}>\n<title>{escape(article.title)}</title>\n"
        f"<link>{escape(link)}</link>\n<description>{escape(_summary(article))}</description>\n"
        f"<dc:date>{outlet.local(article.changed_at).isoformat()}</dc:date>\n"
        f"<dc:subject>{escape(article.section)}</dc:subject>\n</item>"
        for link, article in zip(links, articles, strict=True)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{site}/">\n<title>{escape(outlet.name)}</title>\n<link>{site}/</link>\n'
        f"<description>{escape(outlet.name)}</description>\n"
        f"<items><rdf:Seq>{contents}</rdf:Seq></items>\n</channel>\n{items}\n</rdf:RDF>\n"
    )


def _atom_entry(outlet: Outlet, article: PrintedArticle, href: str) -> str:
    body = escape("".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs[:2]))
    byline = f"<author><name>{escape(article.byline)}</name></author>\n" if article.byline else ""
    return (
        f"<entry>\n<title>{escape(article.title)}</title>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(href)}/>\n'
        f"<id>tag:{outlet.id}.test,2026:{escape(_identity(outlet, article))}</id>\n"
        f"<published>{outlet.local(article.at).isoformat()}</published>\n"
        f"<updated>{outlet.local(article.changed_at).isoformat()}</updated>\n{byline}"
        f'<category term={quoteattr(article.section)}/>\n<summary type="html">{body}</summary>\n</entry>'
    )


def _atom(outlet: Outlet, articles: Sequence[PrintedArticle], site: str) -> str:
    folder = "/" + outlet.article_path.partition("%")[0].strip("/")
    base = f"{site}{folder.rstrip('/')}/"
    relative = outlet.feed == "atom-base"

    def href(article: PrintedArticle) -> str:
        link = _link(outlet, article, site)
        return link.removeprefix(base) if relative else link

    entries = "\n".join(_atom_entry(outlet, article, href(article)) for article in articles)
    based = f" xml:base={quoteattr(base)}" if relative else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}"{based}>\n'
        f"<title>{escape(outlet.name)}</title>\n<id>tag:{outlet.id}.test,2026:feed</id>\n"
        f'<link rel="self" href="{site}{outlet.feed_path}"/>\n<link href="{site}/"/>\n'
        f"<updated>{outlet.local(_changed_at(articles)).isoformat()}</updated>\n"
        f"<author><name>{escape(outlet.name)}</name></author>\n{entries}\n</feed>\n"
    )


def _json_feed(outlet: Outlet, articles: Sequence[PrintedArticle], site: str) -> str:
    items = [
        {
            "id": _identity(outlet, article),
            "url": _link(outlet, article, site),
            "title": article.title,
            "summary": _summary(article),
            "content_text": article.text,
            "date_published": outlet.local(article.at).isoformat(),
            "date_modified": outlet.local(article.changed_at).isoformat(),
            "authors": [{"name": article.byline or outlet.name}],
            "tags": [article.section],
        }
        for article in articles
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"{site}/",
        "feed_url": f"{site}{outlet.feed_path}",
        "language": outlet.language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


Writer = Callable[[Outlet, Sequence[PrintedArticle], str], str]
_WRITERS: dict[FeedKind, Writer] = {
    "rss2": _rss2,
    "rss-full": _rss2,
    "rss091": _old_rss,
    "rss092": _old_rss,
    "rdf": _rdf,
    "atom": _atom,
    "atom-base": _atom,
    "json": _json_feed,
}
