"""How else does an outlet lay out what it printed?

An index of sitemaps with a packed one, a table of notices as only a spider reads it, and a front page that is
empty until its program has run.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from html import escape

from tests.fakes.pages import print_sitemap
from tests.fakes.press import Outlet, PrintedArticle

#: Fills the front page with what the outlet answers to programs.
PROGRAM = b"""
fetch("/api/articles").then(answer => answer.json()).then(found => {
  const list = document.getElementById("root");
  for (const one of found.data.articles) {
    const link = document.createElement("a");
    link.href = one.path;
    link.textContent = one.headline;
    const line = document.createElement("h2");
    line.append(link);
    list.append(line);
  }
});
"""


def print_sitemap_index(site: str) -> bytes:
    """Return an index that names the packed sitemap of the news, and one that nobody needs."""
    maps = f"<sitemap><loc>{site}/map-2019.xml</loc><lastmod>2019-01-02</lastmod></sitemap>"
    maps += f"<sitemap><loc>{site}/map-news.xml.gz</loc></sitemap>"
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'.encode()


def print_packed_sitemap(outlet: Outlet, articles: Sequence[PrintedArticle], site: str) -> bytes:
    """Return the news sitemap as a packed file."""
    return gzip.compress(print_sitemap(outlet, articles, site), mtime=0)


def print_notices(outlet: Outlet, articles: Sequence[PrintedArticle]) -> bytes:
    """Return the table that `crawler/spiders/harbor_notices.py` reads."""
    rows = "".join(
        f'<tr><td class="day">{outlet.local(article.at):%B %d, %Y}</td>'
        f'<td><a href="/notices/{article.slug}">{escape(article.title)}</a></td></tr>'
        for article in articles
    )
    return f'<!DOCTYPE html><title>Notices</title><table class="notices">{rows}</table>'.encode()


def print_notice(article: PrintedArticle) -> bytes:
    """Return the page of one notice."""
    words = "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in article.paragraphs)
    title = escape(article.title)
    page = f'<!DOCTYPE html><title>{title}</title><h1>{title}</h1><div class="notice">{words}</div>'
    return page.encode()


def print_empty_page(outlet: Outlet) -> bytes:
    """Return a front page that says nothing until its program has run; it is always the same."""
    return (
        f"<!DOCTYPE html><title>{escape(outlet.name)}</title>"
        '<div id="root" class="headlines"></div><script src="/program.js"></script>'
    ).encode()
