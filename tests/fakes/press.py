"""What is an outlet, and what did it print?

The nouns of the invented news web. They are the fakes' own: nothing here is a noun of the product.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

#: rss-full: RSS 2.0 with the whole text in content:encoded. atom-base: Atom with xml:base and relative links.
FeedKind = Literal["rss2", "rss-full", "rss091", "rss092", "rdf", "atom", "atom-base", "json"]

Damage = Literal[
    "bare-ampersand",  # & stands alone where &amp; should
    "undeclared-entity",  # &nbsp; and &rsquo; in XML that declares neither
    "says-utf8-is-1252",  # the declaration says UTF-8, the bytes are Windows-1252
    "says-utf8-is-latin1",  # the declaration says UTF-8, the bytes are ISO-8859-1
    "blank-lines-first",  # blank lines before the XML declaration
    "truncated",  # cut off inside the oldest item
    "odd-dates",  # "March 18, 2026 03:04 PM", without a time zone
    "no-dates",
    "no-guid",
    "shared-guid",  # every item carries the same guid
]

Validators = Literal["both", "etag", "modified", "none"]
Markup = Literal["article", "divs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A publisher: who it is, and what its feed looks like on a bad day."""

    id: str
    name: str
    feed: FeedKind
    feed_path: str = "/feed.xml"
    damage: tuple[Damage, ...] = ()
    # Which conditional headers its server sends, and understands.
    validators: Validators = "both"
    gzip: bool = True
    # What the newsroom files it under: "ellery", "alder", "government", "agency", "es".
    group: str = "ellery"
    # What it is: news, release, agenda. The words of a sources file.
    kind: str = "news"
    language: str = "en"
    # The time zone of dates that do not say theirs, and of the times on its pages.
    timezone: str = "America/Denver"
    # Items a feed carries at most, newest first.
    feed_length: int = 15
    # Where its articles live; strftime directives are filled in with local time.
    article_path: str = "/%Y/%m/%d/{slug}"
    # What its feed appends to links, for example "?utm_source=rss"; canonical addresses never have it.
    link_tail: str = ""
    # Paths its robots.txt forbids.
    disallow: tuple[str, ...] = ("/search", "/account")
    # How its pages are built: with the elements made for it, or all in div.
    markup: Markup = "article"
    # Words that stand at the end of every article of this outlet, inside the article.
    signature: str = ""
    # Words that stand around every article: navigation, newsletter box, cookie note, footer.
    navigation: tuple[str, ...] = ("Home", "Local", "Politics", "Weather", "Sports", "Contact")
    newsletter: str = ""
    footer: str = ""

    def local(self, moment: datetime) -> datetime:
        """Return the moment as the outlet's clocks show it."""
        return moment.astimezone(ZoneInfo(self.timezone))

    def path_of(self, article: PrintedArticle) -> str:
        """Return the path an article of this outlet lives at."""
        return self.local(article.at).strftime(self.article_path).format(slug=article.slug)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """At a moment, an article's words changed, and the outlet said so."""

    at: datetime
    # (before, after) pairs; each "before" must stand in the text.
    changes: tuple[tuple[str, str], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedArticle:
    """One article as an outlet published it, with the corrections that followed."""

    outlet: str
    slug: str
    at: datetime
    title: str
    paragraphs: tuple[str, ...]
    byline: str = ""
    credit: str = ""
    section: str = "Local"
    language: str = "en"
    # What the feed says in place of the first paragraph.
    summary: str = ""
    corrections: tuple[Correction, ...] = ()
    # For tests only, never served: which story it tells ("S1"), and what an editor would say of it.
    story: str = ""
    verdict: str = "off the beat"
    # Filled in by as_of: when this version appeared, and the notes under it.
    updated: datetime | None = None
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The paragraphs, a blank line between them."""
        return "\n\n".join(self.paragraphs)

    @property
    def changed_at(self) -> datetime:
        """When the version at hand appeared."""
        return self.updated or self.at

    def as_of(self, now: datetime) -> PrintedArticle | None:
        """Return the version a reader would see at ``now``, or None if it is not out yet."""
        if now < self.at:
            return None
        version = self
        for correction in sorted(self.corrections, key=lambda c: c.at):
            if correction.at <= now:
                version = _corrected(version, correction)
        return version


def _corrected(article: PrintedArticle, correction: Correction) -> PrintedArticle:
    title, paragraphs = article.title, article.paragraphs
    for before, after in correction.changes:
        if before not in title and not any(before in paragraph for paragraph in paragraphs):
            msg = f"{article.outlet}/{article.slug}: nothing to correct, it never said {before!r}"
            raise ValueError(msg)
        title = title.replace(before, after)
        paragraphs = tuple(paragraph.replace(before, after) for paragraph in paragraphs)
    notes = (*article.notes, correction.note) if correction.note else article.notes
    return replace(
        article, title=title, paragraphs=paragraphs, updated=correction.at.astimezone(UTC), notes=notes
    )
