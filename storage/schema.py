"""Which tables are there? Declared once; SQLite and PostgreSQL get the same ones.

The archive's search table is the one that differs: `storage/sqlite.py` and `storage/postgresql.py` make it.
A change here is a new file in `storage/migrations/versions` and a new entry in `VERSIONS`.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from storage import acts_schema, console_schema, gathered_schema, remembered_schema  # noqa: F401 - tables too
from storage.columns import Json, Moment, Number, Words
from storage.naming import index_where, metadata

#: Every migration, oldest first. A database that names another one was written by a newer Nightdesk.
VERSIONS = tuple(f"{number:04}" for number in range(1, 14))


# ── What came in ──────────────────────────────────────────────────────────────────────────────────

sources = Table(
    "sources",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("host", Words, nullable=False),
    Column("declared", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("body_hash", Words),
    Column("moved_to", Words),
    Column("next_due", Moment, index=True),
    Column("lease_until", Moment),
    Column("last_checked", Moment),
    Column("last_ok", Moment),
    Column("last_new", Moment),
    Column("baseline_at", Moment),
    Column("failures", Integer, nullable=False),
    Column("health", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("health_since", Moment),
)

page_memories = Table(
    "page_memories",
    metadata,
    Column("source_id", Words, ForeignKey("sources.id"), primary_key=True),
    Column("memory", Words, nullable=False),
)

clippings = Table(
    "clippings",
    metadata,
    Column("id", Number, primary_key=True),
    Column("source_id", Words, ForeignKey("sources.id"), nullable=False),
    Column("address", Words, nullable=False),
    # An address can be longer than an index takes (2,704 bytes in PostgreSQL); its hash never is.
    Column("address_key", Words, nullable=False),
    Column("fingerprint", Words, nullable=False),  # over address and content: what makes it a known one
    Column("title", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("content", Words, nullable=False),
    Column("guid", Words),
    Column("authors", Json, nullable=False),
    Column("published", Moment),
    Column("updated", Moment),
    Column("language", Words),
    Column("outlet", Words),
    Column("seen_at", Moment, nullable=False),
    Column("backlog", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Moment),
    Column("settled_at", Moment),  # filed or dropped; until then it waits
    Column("article_id", Number, ForeignKey("articles.id")),
    Column("why", Words, nullable=False),
    UniqueConstraint("source_id", "fingerprint"),
    Index(None, "source_id", "address_key"),  # what one poll brings lies together; hashes alone lie anywhere
    index_where("article_id IS NOT NULL", "clippings_article_id", "article_id"),
    index_where("settled_at IS NULL", "clippings_waiting", "id"),
)

# ── Articles and stories ──────────────────────────────────────────────────────────────────────────

stories = Table(
    "stories",
    metadata,
    Column("id", Number, primary_key=True),
    Column("title", Words, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("watched_revision", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False, index=True),
    index_where("watched_revision < revision", "stories_unwatched", "updated"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Number, primary_key=True),
    Column("story_id", Number, ForeignKey("stories.id"), nullable=False, index=True),
    # The newest one.
    Column("version", Integer, nullable=False),
    Column("first_seen", Moment, nullable=False, index=True),
    Column("backlog", Boolean, nullable=False),
)

article_addresses = Table(
    "article_addresses",
    metadata,
    Column("address_key", Words, primary_key=True),
    Column("address", Words, nullable=False),
    Column("article_id", Number, ForeignKey("articles.id"), nullable=False, index=True),
)

article_versions = Table(
    "article_versions",
    metadata,
    Column("article_id", Number, ForeignKey("articles.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("content_hash", Words, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("address", Words, nullable=False),
    Column("source_id", Words, nullable=False),
    Column("outlet", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("authors", Json, nullable=False),
    Column("credit", Words, nullable=False),
    Column("published", Moment),
    Column("language", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("source_group", Words, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("excerpt", Words, nullable=False),
    # The text was removed by pruning; title, address and hash stay.
    Column("pruned", Boolean, nullable=False),
    PrimaryKeyConstraint("article_id", "version"),
    UniqueConstraint("article_id", "content_hash"),
)

story_articles = Table(
    "story_articles",
    metadata,
    Column("id", Number, primary_key=True),
    Column("story_id", Number, ForeignKey("stories.id"), nullable=False),
    Column("article_id", Number, ForeignKey("articles.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("filed_at", Moment, nullable=False, index=True),
    Column("reason", Words, nullable=False),
    Column("shared", Json, nullable=False),
    Column("whats_new", Json, nullable=False),
    Column("sentences", Integer, nullable=False),
    UniqueConstraint("story_id", "revision"),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", Number, primary_key=True),
    Column("story_article_id", Number, ForeignKey("story_articles.id"), nullable=False, index=True),
    Column("before", Words, nullable=False),
    Column("after", Words, nullable=False),
    Column("label", Words, nullable=False),
)

# ── Watching ──────────────────────────────────────────────────────────────────────────────────────

watchlist_versions = Table(
    "watchlist_versions",
    metadata,
    Column("watchlist_id", Words, nullable=False),
    Column("version", Words, nullable=False),
    Column("kept_at", Moment, nullable=False),
    Column("who", Words, nullable=False),
    # In force; none is when the watchlist was taken away.
    Column("current", Boolean, nullable=False),
    Column("definition", Json, nullable=False),
    PrimaryKeyConstraint("watchlist_id", "version"),
)

story_matches = Table(
    "story_matches",
    metadata,
    Column("story_id", Number, ForeignKey("stories.id"), nullable=False),
    Column("watchlist_id", Words, nullable=False),
    Column("watchlist_version", Words, nullable=False),
    Column("grade", Words, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("first_matched", Moment, nullable=False, index=True),
    # When a new revision was last judged to match.
    Column("changed", Moment, nullable=False, index=True),
    Column("backlog", Boolean, nullable=False),
    PrimaryKeyConstraint("story_id", "watchlist_id"),
)

matches = Table(
    "matches",
    metadata,
    Column("id", Number, primary_key=True),
    Column("story_id", Number, nullable=False),
    Column("watchlist_id", Words, nullable=False),
    Column("watchlist_version", Words, nullable=False),
    Column("article_id", Number, ForeignKey("articles.id"), nullable=False, index=True),
    Column("article_version", Integer, nullable=False),
    Column("grade", Words, nullable=False),
    Column("grade_reason", Words, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("priority_reason", Words, nullable=False),
    Column("evidence", Json, nullable=False),
    ForeignKeyConstraint(
        ["story_id", "watchlist_id"], ["story_matches.story_id", "story_matches.watchlist_id"]
    ),
    Index("matches_of_a_story", "story_id", "watchlist_id"),
)

# What a line under "never" kept out of a watchlist that would have had it.
kept_out = Table(
    "kept_out",
    metadata,
    Column("story_id", Number, ForeignKey("stories.id"), nullable=False),
    Column("watchlist_id", Words, nullable=False),
    Column("article_id", Number, ForeignKey("articles.id"), nullable=False, index=True),
    Column("clause", Words, nullable=False),
    Column("words", Words, nullable=False),
    # Never before the story changed.
    Column("at", Moment, nullable=False, index=True),
    PrimaryKeyConstraint("story_id", "watchlist_id"),
)

# What people said of stories, only ever added to: a later mark stands over an earlier one.
marks = Table(
    "marks",
    metadata,
    Column("id", Number, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Words, nullable=False),
    Column("story_id", Number, ForeignKey("stories.id"), nullable=False, index=True),
    # The article that was meant.
    Column("article_id", Number, ForeignKey("articles.id"), nullable=False, index=True),
    Column("watchlist_id", Words, nullable=False, index=True),
    # The one in force at the time.
    Column("watchlist_version", Words, nullable=False),
    Column("relevant", Boolean, nullable=False),
)

# ── News out ──────────────────────────────────────────────────────────────────────────────────────

threads = Table(
    "threads",
    metadata,
    Column("id", Number, primary_key=True),
    Column("story_id", Number, ForeignKey("stories.id"), nullable=False),
    Column("destination", Words, nullable=False),
    Column("root_ts", Words),
    Column("root_place", Words),
    Column("root_sent_at", Moment),
    Column("priority", Integer, nullable=False),
    Column("grade", Words, nullable=False),
    Column("wanted_revision", Integer, nullable=False),
    Column("shown_revision", Integer, nullable=False),
    Column("edits_closed", Boolean, nullable=False),
    Column("last_broadcast", Moment),
    UniqueConstraint("story_id", "destination"),
    index_where("wanted_revision > shown_revision", "threads_to_edit", "id"),
)

thread_watchlists = Table(
    "thread_watchlists",
    metadata,
    Column("thread_id", Number, ForeignKey("threads.id"), nullable=False),
    Column("watchlist_id", Words, nullable=False),
    # The order in which they matched.
    Column("position", Integer, nullable=False),
    PrimaryKeyConstraint("thread_id", "watchlist_id"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", Words, nullable=False, unique=True),
    Column("kind", Words, nullable=False),
    Column("destination", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("thread_id", Number, ForeignKey("threads.id")),
    Column("story_id", Number, ForeignKey("stories.id"), index=True),
    Column("digest_id", Number, ForeignKey("digests.id")),
    Column("from_revision", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("broadcast", Boolean, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("created", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("last_error", Words, nullable=False),
    Column("facts", Json, nullable=False),
    # The alert that says it too, when it is GROUPED or MERGED.
    Column("shown_in", Number, ForeignKey("alerts.id")),
    UniqueConstraint("thread_id", "kind", "revision"),
    index_where("state IN ('pending', 'sending', 'unknown')", "alerts_unsent", "due_at"),
    index_where("kind = 'group'", "alerts_of_groups", "destination"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Number, primary_key=True),
    Column("alert_id", Number, ForeignKey("alerts.id"), nullable=False, index=True),
    Column("key", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("destination", Words, nullable=False),
    Column("story_id", Number, ForeignKey("stories.id"), index=True),
    Column("digest_id", Number, ForeignKey("digests.id")),
    Column("outcome", Words, nullable=False),
    Column("ts", Words),
    Column("place", Words, nullable=False),
    Column("refused", Json, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("headline", Words, nullable=False),
    Column("error", Words, nullable=False),
    Index("deliveries_to_a_destination", "destination", "at"),
)

# ── Digests ───────────────────────────────────────────────────────────────────────────────────────

digest_declarations = Table(
    "digest_declarations",
    metadata,
    Column("name", Words, primary_key=True),
    Column("destination", Words, nullable=False),
    Column("declared", Boolean, nullable=False),
    # When it was first declared, or declared again after a time without.
    Column("declared_at", Moment, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("id", Number, primary_key=True),
    Column("name", Words, nullable=False),
    Column("destination", Words, nullable=False),
    Column("local_date", Words, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("covers_from", Moment, nullable=False),
    Column("covers_to", Moment, nullable=False, index=True),
    Column("watchlist_ids", Json, nullable=False),
    Column("created", Moment, nullable=False),
    UniqueConstraint("name", "local_date"),
)

digest_items = Table(
    "digest_items",
    metadata,
    Column("digest_id", Number, ForeignKey("digests.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Words, nullable=False),
    Column("local_date", Words, nullable=False),
    Column("destination", Words, nullable=False),
    Column("story_id", Number, ForeignKey("stories.id"), nullable=False, index=True),
    # Tells what came after `from_revision` up to `revision`.
    Column("from_revision", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    PrimaryKeyConstraint("digest_id", "position"),
    UniqueConstraint("name", "local_date", "destination", "story_id"),
)

# ── The house itself ──────────────────────────────────────────────────────────────────────────────

# Only ever added to; pruning takes away what is older than the newsroom keeps.
audit = Table(
    "audit",
    metadata,
    Column("id", Number, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("what", Words, nullable=False),
    Column("who", Words, nullable=False),
    Column("facts", Json, nullable=False),
)

meta = Table(
    "meta",
    metadata,
    Column("name", Words, primary_key=True),
    Column("value", Words, nullable=False),
)
