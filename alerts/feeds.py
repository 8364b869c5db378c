"""What does a watchlist's own feed say?

Headlines and links, for a reader program: a feed out never carries the publishers' text. Pure; whoever writes
or serves it keeps its address secret, since the token in it is all that protects it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from alerts.shares import same_text_outlets
from alerts.words import headline_of, opaque, outlet_of, told_at
from news.nouns import Story
from news.text import clean_line
from news.urls import is_web_address


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """A story, by its headline."""

    id: str
    headline: str
    url: str
    outlet: str
    published: datetime
    updated: datetime
    # Outlets with the same text, this one included.
    outlets: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A watchlist's newest stories, the newest first."""

    id: str
    title: str
    updated: datetime
    entries: tuple[FeedEntry, ...]


def feed_of(
    watchlist_id: str, name: str, stories: Sequence[Story], *, installation: str, now: datetime
) -> Feed:
    """Return a watchlist's feed; the ids say nothing of the newsroom."""
    entries = [_entry(story, installation) for story in stories if story.articles]
    entries.sort(key=lambda entry: entry.updated, reverse=True)
    return Feed(
        id=f"urn:nightdesk:{opaque('fd', 0, f'{installation}:{watchlist_id}')}",
        title=clean_line(name),
        updated=entries[0].updated if entries else now,
        entries=tuple(entries),
    )


def _entry(story: Story, installation: str) -> FeedEntry:
    article = story.articles[0].article
    return FeedEntry(
        id=f"urn:nightdesk:{opaque('st', story.id, installation)}",
        headline=clean_line(headline_of(article)),
        url=article.address if is_web_address(article.address) else "",
        outlet=clean_line(outlet_of(article)),
        published=told_at(article),
        updated=story.updated,
        outlets=same_text_outlets(story),
    )


def atom(feed: Feed) -> str:
    """Return the feed as Atom (RFC 4287)."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{escape(feed.id)}</id><title>{escape(feed.title)}</title>",
        f"<updated>{_stamp(feed.updated)}</updated>",
        "<author><name>Nightdesk</name></author><generator>Nightdesk</generator>",
    ]
    for entry in feed.entries:
        lines += [
            f"<entry><id>{escape(entry.id)}</id><title>{escape(entry.headline)}</title>",
            *([f'<link rel="alternate" href={quoteattr(entry.url)}/>'] if entry.url else []),
            f"<published>{_stamp(entry.published)}</published><updated>{_stamp(entry.updated)}</updated>",
            f"<author><name>{escape(_outlets(entry))}</name></author></entry>",
        ]
    return "\n".join([*lines, "</feed>", ""])


def json_feed(feed: Feed) -> str:
    """Return the feed as JSON Feed 1.1; its text is the headline again."""
    items = [
        {
            "id": entry.id,
            "url": entry.url,
            "title": entry.headline,
            "content_text": entry.headline,
            "date_published": _stamp(entry.published),
            "date_modified": _stamp(entry.updated),
            "authors": [{"name": _outlets(entry)}],
        }
        for entry in feed.entries
    ]
    whole = {"version": "https://jsonfeed.org/version/1.1", "title": feed.title, "items": items}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _outlets(entry: FeedEntry) -> str:
    return f"{entry.outlet} and {entry.outlets - 1} more" if entry.outlets > 1 else entry.outlet


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
