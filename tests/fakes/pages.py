"""What does a page of an outlet look like?

Real-looking on purpose: the story stands between a cookie note, navigation, a newsletter box, links to the
day's other headlines and a footer, so that whoever reads the page has to find it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from html import escape

from tests.fakes.press import Outlet, PrintedArticle

RELATED = 4  # headlines of other stories on each page
COOKIE_NOTE = "We use cookies to remember your settings and to count visits. Accept all or manage choices."


def print_article(
    outlet: Outlet, article: PrintedArticle, others: Sequence[PrintedArticle], site: str
) -> bytes:
    """Return the page of one article; ``others`` are what else is out, newest first."""
    main, story = ("main", "article") if outlet.markup == "article" else ("div", "div")
    page = (
        f'<!DOCTYPE html>\n<html lang="{article.language}">\n<head>\n{_head(outlet, article, site)}</head>\n'
        f'<body>\n{_top(outlet)}<{main} class="content" id="content">\n'
        f'<{story} class="story">\n{_story(outlet, article)}</{story}>\n'
        f"{_related(outlet, article, others)}</{main}>\n{_bottom(outlet)}</body>\n</html>\n"
    )
    return page.encode()


def print_front_page(outlet: Outlet, articles: Sequence[PrintedArticle], site: str) -> bytes:
    """Return the list of what is out, newest first, with the feed announced in the head."""
    headlines = "\n".join(
        f'<li class="teaser"><h2><a href="{outlet.path_of(article)}">{escape(article.title)}</a></h2>'
        f'<time datetime="{_minute(outlet, article.at)}">{_clock_time(outlet, article.at)}</time></li>'
        for article in articles
    )
    kind = "application/feed+json" if outlet.feed == "json" else "application/rss+xml"
    if outlet.feed.startswith("atom"):
        kind = "application/atom+xml"
    page = (
        f'<!DOCTYPE html>\n<html lang="{outlet.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(outlet.name)}</title>\n"
        f'<link rel="alternate" type="{kind}" title="{escape(outlet.name)}" href="{outlet.feed_path}">\n'
        f'<link rel="canonical" href="{site}/">\n</head>\n<body>\n{_top(outlet)}'
        f'<main><h1>Latest</h1>\n<ul class="headlines">\n{headlines}\n</ul></main>\n'
        f"{_bottom(outlet)}</body>\n</html>\n"
    )
    return page.encode()


def print_sitemap(outlet: Outlet, articles: Sequence[PrintedArticle], site: str) -> bytes:
    """Return a news sitemap of what is out, newest first."""
    rows = "\n".join(
        f"<url><loc>{site}{outlet.path_of(article)}</loc><news:news>"
        f"<news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>{article.language}</news:language></news:publication>"
        f"<news:publication_date>{_minute(outlet, article.at)}</news:publication_date>"
        f"<news:title>{escape(article.title, quote=False)}</news:title></news:news></url>"
        for article in articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{rows}\n</urlset>\n'
    ).encode()


def print_answer(articles: Sequence[PrintedArticle], outlet: Outlet) -> bytes:
    """Return what the outlet answers to programs: what is out, newest first, without its texts."""
    rows = [
        {"headline": article.title, "path": outlet.path_of(article), "posted": _minute(outlet, article.at)}
        for article in articles
    ]
    return json.dumps({"data": {"articles": rows}}, ensure_ascii=False).encode()


def print_robots(outlet: Outlet, site: str) -> bytes:
    """Return the outlet's robots.txt."""
    rules = "".join(f"Disallow: {path}\n" for path in outlet.disallow)
    return f"User-agent: *\n{rules}\nSitemap: {site}/news-sitemap.xml\n".encode()


def print_not_found(outlet: Outlet) -> bytes:
    """Return the page for an address that is not, or not yet, there."""
    return (
        f'<!DOCTYPE html>\n<html lang="{outlet.language}"><head><title>Not found</title></head>'
        f"<body>{_top(outlet)}<h1>Not found</h1><p>There is no page here.</p>{_bottom(outlet)}"
        "</body>\n</html>\n"
    ).encode()


def _head(outlet: Outlet, article: PrintedArticle, site: str) -> str:
    url = site + outlet.path_of(article)
    summary = escape(article.summary or article.paragraphs[0])
    title = escape(article.title)
    published, modified = _minute(outlet, article.at), _minute(outlet, article.changed_at)
    return (
        f'<meta charset="utf-8">\n<title>{title} | {escape(outlet.name)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="description" content="{summary}">\n<link rel="canonical" href="{url}">\n'
        f'<meta property="og:type" content="article">\n<meta property="og:title" content="{title}">\n'
        f'<meta property="og:url" content="{url}">\n<meta property="og:description" content="{summary}">\n'
        f'<meta property="og:site_name" content="{escape(outlet.name)}">\n'
        f'<meta property="article:published_time" content="{published}">\n'
        f'<meta property="article:modified_time" content="{modified}">\n'
        f'<meta property="article:section" content="{escape(article.section)}">\n'
        f'<script type="application/ld+json">{_json_ld(outlet, article, url)}</script>\n'
        f"<style>body{{font:18px/1.5 serif}} .story{{max-width:40rem}}</style>\n"
    )


def _json_ld(outlet: Outlet, article: PrintedArticle, url: str) -> str:
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": _minute(outlet, article.at),
        "dateModified": _minute(outlet, article.changed_at),
        "articleSection": article.section,
        "inLanguage": article.language,
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "author": {"@type": "Organization", "name": article.byline or outlet.name},
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
    }
    return json.dumps(facts, ensure_ascii=False).replace("</", "<\\/")


def _top(outlet: Outlet) -> str:
    links = "".join(f'<li><a href="/{name.lower()}">{escape(name)}</a></li>' for name in outlet.navigation)
    return (
        f'<div class="cookie-note" role="dialog"><p>{COOKIE_NOTE}</p><button>Accept all</button></div>\n'
        f'<header class="masthead"><a class="logo" href="/">{escape(outlet.name)}</a>\n'
        f'<nav aria-label="Sections"><ul>{links}</ul></nav></header>\n'
    )


def _bottom(outlet: Outlet) -> str:
    return (
        f'<footer class="site-footer"><p>{escape(outlet.footer)}</p>\n'
        '<ul><li><a href="/about">About us</a></li><li><a href="/privacy">Privacy</a></li>'
        '<li><a href="/terms">Terms of use</a></li></ul></footer>\n'
    )


def _story(outlet: Outlet, article: PrintedArticle) -> str:
    paragraphs = [f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in article.paragraphs]
    if outlet.newsletter and len(paragraphs) > 2:
        paragraphs.insert(2, f'<aside class="newsletter"><p>{escape(outlet.newsletter)}</p></aside>')
    notes = "".join(
        f'<p class="correction"><em>{escape(note, quote=False)}</em></p>\n' for note in article.notes
    )
    credit = f'<p class="credit">Credit: {escape(article.credit)}</p>\n' if article.credit else ""
    byline = f'<span class="byline">{escape(article.byline)}</span> ' if article.byline else ""
    signature = f"<p>{escape(outlet.signature, quote=False)}</p>\n" if outlet.signature else ""
    return (
        f'<p class="kicker">{escape(article.section)}</p>\n'
        f'<h1 class="headline">{escape(article.title)}</h1>\n'
        f'<div class="meta">{byline}<time datetime="{_minute(outlet, article.at)}">'
        f"{_clock_time(outlet, article.at)}</time></div>\n"
        f'<div class="body">\n{chr(10).join(paragraphs)}\n{notes}{signature}</div>\n{credit}'
    )


def _related(outlet: Outlet, article: PrintedArticle, others: Sequence[PrintedArticle]) -> str:
    links = "".join(
        f'<li><a href="{outlet.path_of(other)}">{escape(other.title)}</a></li>'
        for other in [other for other in others if other.slug != article.slug][:RELATED]
    )
    return f'<aside class="related"><h2>More from {escape(outlet.name)}</h2><ul>{links}</ul></aside>\n'


def _minute(outlet: Outlet, moment: datetime) -> str:
    return outlet.local(moment).isoformat(timespec="minutes")


def _clock_time(outlet: Outlet, moment: datetime) -> str:
    local = outlet.local(moment)
    return f"{local:%B} {local.day}, {local.year}, {local.hour % 12 or 12}:{local:%M} {local:%p}"
