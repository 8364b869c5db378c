"""The first tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
MOMENT = DateTime(timezone=True).with_variant(Text(), "sqlite")

SEARCH_IN_SQLITE = "CREATE VIRTUAL TABLE search USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')"
SEARCH_IN_POSTGRESQL = """
    CREATE TABLE search (
        article_id BIGINT NOT NULL CONSTRAINT search_key PRIMARY KEY REFERENCES articles (id),
        words TSVECTOR NOT NULL
    )
"""


def has(kind: type[TypeEngine[Any]] | TypeEngine[Any], *names: str) -> list[Column[Any]]:
    """Return columns that every row fills."""
    return [Column(name, kind, nullable=False) for name in names]


def may_lack(kind: type[TypeEngine[Any]] | TypeEngine[Any], *names: str) -> list[Column[Any]]:
    """Return columns that a row may leave empty."""
    return [Column(name, kind) for name in names]


def upgrade() -> None:
    """Make every table."""
    _what_came_in()
    _stories_and_articles()
    _places_and_clippings()
    _watching()
    _digests()
    _threads()
    _outbox()
    _house()
    _search()


def _what_came_in() -> None:
    op.create_table(
        "sources",
        *has(Text, "id", "name", "url", "host"),
        *has(Boolean, "declared", "enabled"),
        *may_lack(Text, "etag", "last_modified", "body_hash", "moved_to"),
        *may_lack(MOMENT, "next_due", "lease_until", "last_checked", "last_ok", "last_new", "baseline_at"),
        *has(Integer, "failures"),
        *has(Text, "health", "reason"),
        *may_lack(MOMENT, "health_since"),
        PrimaryKeyConstraint("id", name="sources_key"),
    )
    _index("sources_next_due", "sources", "next_due")


def _stories_and_articles() -> None:
    op.create_table(
        "stories",
        *has(NUMBER, "id"),
        *has(Text, "title"),
        *has(Integer, "revision", "watched_revision"),
        *has(MOMENT, "created", "updated"),
        PrimaryKeyConstraint("id", name="stories_key"),
    )
    _index("stories_unwatched", "stories", "updated", where="watched_revision < revision")
    _index("stories_updated", "stories", "updated")
    op.create_table(
        "articles",
        *has(NUMBER, "id", "story_id"),
        *has(Integer, "version"),
        *has(MOMENT, "first_seen"),
        *has(Boolean, "backlog"),
        PrimaryKeyConstraint("id", name="articles_key"),
        ForeignKeyConstraint(["story_id"], ["stories.id"], name="articles_story_id_is_a_stories"),
    )
    _index("articles_first_seen", "articles", "first_seen")
    _index("articles_story_id", "articles", "story_id")
    op.create_table(
        "article_addresses",
        *has(Text, "address_key", "address"),
        *has(NUMBER, "article_id"),
        PrimaryKeyConstraint("address_key", name="article_addresses_key"),
        ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="article_addresses_article_id_is_a_articles"
        ),
    )
    _index("article_addresses_article_id", "article_addresses", "article_id")
    op.create_table(
        "article_versions",
        *has(NUMBER, "article_id"),
        *has(Integer, "version"),
        *has(Text, "content_hash"),
        *has(MOMENT, "seen_at"),
        *has(Text, "address", "source_id", "outlet", "title", "text", "authors", "credit"),
        *may_lack(MOMENT, "published"),
        *has(Text, "language", "kind", "source_group"),
        *has(Boolean, "complete"),
        *has(Text, "excerpt"),
        *has(Boolean, "pruned"),
        PrimaryKeyConstraint("article_id", "version", name="article_versions_key"),
        UniqueConstraint("article_id", "content_hash", name="article_versions_article_id_content_hash_once"),
        ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="article_versions_article_id_is_a_articles"
        ),
    )


def _places_and_clippings() -> None:
    op.create_table(
        "story_articles",
        *has(NUMBER, "id", "story_id", "article_id"),
        *has(Integer, "version", "revision"),
        *has(MOMENT, "filed_at"),
        *has(Text, "reason", "shared", "whats_new"),
        *has(Integer, "sentences"),
        PrimaryKeyConstraint("id", name="story_articles_key"),
        UniqueConstraint("story_id", "revision", name="story_articles_story_id_revision_once"),
        ForeignKeyConstraint(["story_id"], ["stories.id"], name="story_articles_story_id_is_a_stories"),
        ForeignKeyConstraint(["article_id"], ["articles.id"], name="story_articles_article_id_is_a_articles"),
    )
    _index("story_articles_article_id", "story_articles", "article_id")
    _index("story_articles_filed_at", "story_articles", "filed_at")
    op.create_table(
        "corrections",
        *has(NUMBER, "id", "story_article_id"),
        *has(Text, "before", "after", "label"),
        PrimaryKeyConstraint("id", name="corrections_key"),
        ForeignKeyConstraint(
            ["story_article_id"],
            ["story_articles.id"],
            name="corrections_story_article_id_is_a_story_articles",
        ),
    )
    _index("corrections_story_article_id", "corrections", "story_article_id")
    op.create_table(
        "clippings",
        *has(NUMBER, "id"),
        *has(Text, "source_id", "address", "address_key", "fingerprint", "title", "summary", "content"),
        *may_lack(Text, "guid"),
        *has(Text, "authors"),
        *may_lack(MOMENT, "published", "updated"),
        *may_lack(Text, "language", "outlet"),
        *has(MOMENT, "seen_at"),
        *has(Boolean, "backlog"),
        *has(Integer, "attempts"),
        *may_lack(MOMENT, "not_before", "settled_at"),
        *may_lack(NUMBER, "article_id"),
        *has(Text, "why"),
        PrimaryKeyConstraint("id", name="clippings_key"),
        UniqueConstraint("source_id", "fingerprint", name="clippings_source_id_fingerprint_once"),
        ForeignKeyConstraint(["source_id"], ["sources.id"], name="clippings_source_id_is_a_sources"),
        ForeignKeyConstraint(["article_id"], ["articles.id"], name="clippings_article_id_is_a_articles"),
    )
    _index("clippings_address_key", "clippings", "address_key")
    _index("clippings_article_id", "clippings", "article_id")
    _index("clippings_waiting", "clippings", "id", where="settled_at IS NULL")


def _watching() -> None:
    op.create_table(
        "watchlist_versions",
        *has(Text, "watchlist_id", "version"),
        *has(MOMENT, "kept_at"),
        *has(Text, "who"),
        *has(Boolean, "current"),
        *has(Text, "definition"),
        PrimaryKeyConstraint("watchlist_id", "version", name="watchlist_versions_key"),
    )
    op.create_table(
        "story_matches",
        *has(NUMBER, "story_id"),
        *has(Text, "watchlist_id", "watchlist_version", "grade"),
        *has(Integer, "priority", "revision"),
        *has(MOMENT, "first_matched", "changed"),
        *has(Boolean, "backlog"),
        PrimaryKeyConstraint("story_id", "watchlist_id", name="story_matches_key"),
        ForeignKeyConstraint(["story_id"], ["stories.id"], name="story_matches_story_id_is_a_stories"),
    )
    _index("story_matches_changed", "story_matches", "changed")
    _index("story_matches_first_matched", "story_matches", "first_matched")
    op.create_table(
        "matches",
        *has(NUMBER, "id", "story_id"),
        *has(Text, "watchlist_id", "watchlist_version"),
        *has(NUMBER, "article_id"),
        *has(Integer, "article_version"),
        *has(Text, "grade", "grade_reason"),
        *has(Integer, "priority"),
        *has(Text, "priority_reason", "evidence"),
        PrimaryKeyConstraint("id", name="matches_key"),
        ForeignKeyConstraint(
            ["story_id", "watchlist_id"],
            ["story_matches.story_id", "story_matches.watchlist_id"],
            name="matches_story_id_is_a_story_matches",
        ),
        ForeignKeyConstraint(["article_id"], ["articles.id"], name="matches_article_id_is_a_articles"),
    )
    _index("matches_article_id", "matches", "article_id")
    _index("matches_of_a_story", "matches", "story_id", "watchlist_id")


def _digests() -> None:
    op.create_table(
        "digest_declarations",
        *has(Text, "name", "destination"),
        *has(Boolean, "declared"),
        *has(MOMENT, "declared_at"),
        PrimaryKeyConstraint("name", name="digest_declarations_key"),
    )
    op.create_table(
        "digests",
        *has(NUMBER, "id"),
        *has(Text, "name", "destination", "local_date"),
        *has(MOMENT, "due_at", "covers_from", "covers_to"),
        *has(Text, "watchlist_ids"),
        *has(MOMENT, "created"),
        PrimaryKeyConstraint("id", name="digests_key"),
        UniqueConstraint("name", "local_date", name="digests_name_local_date_once"),
    )
    _index("digests_covers_to", "digests", "covers_to")
    op.create_table(
        "digest_items",
        *has(NUMBER, "digest_id"),
        *has(Integer, "position"),
        *has(Text, "name", "local_date", "destination"),
        *has(NUMBER, "story_id"),
        *has(Integer, "from_revision", "revision"),
        PrimaryKeyConstraint("digest_id", "position", name="digest_items_key"),
        UniqueConstraint(
            "name",
            "local_date",
            "destination",
            "story_id",
            name="digest_items_name_local_date_destination_story_id_once",
        ),
        ForeignKeyConstraint(["digest_id"], ["digests.id"], name="digest_items_digest_id_is_a_digests"),
        ForeignKeyConstraint(["story_id"], ["stories.id"], name="digest_items_story_id_is_a_stories"),
    )
    _index("digest_items_story_id", "digest_items", "story_id")


def _threads() -> None:
    op.create_table(
        "threads",
        *has(NUMBER, "id", "story_id"),
        *has(Text, "destination"),
        *may_lack(Text, "root_ts", "root_place"),
        *may_lack(MOMENT, "root_sent_at"),
        *has(Integer, "priority"),
        *has(Text, "grade"),
        *has(Integer, "wanted_revision", "shown_revision"),
        *has(Boolean, "edits_closed"),
        *may_lack(MOMENT, "last_broadcast"),
        PrimaryKeyConstraint("id", name="threads_key"),
        UniqueConstraint("story_id", "destination", name="threads_story_id_destination_once"),
        ForeignKeyConstraint(["story_id"], ["stories.id"], name="threads_story_id_is_a_stories"),
    )
    _index("threads_to_edit", "threads", "id", where="wanted_revision > shown_revision")
    op.create_table(
        "thread_watchlists",
        *has(NUMBER, "thread_id"),
        *has(Text, "watchlist_id"),
        *has(Integer, "position"),
        PrimaryKeyConstraint("thread_id", "watchlist_id", name="thread_watchlists_key"),
        ForeignKeyConstraint(["thread_id"], ["threads.id"], name="thread_watchlists_thread_id_is_a_threads"),
    )


def _outbox() -> None:
    op.create_table(
        "alerts",
        *has(NUMBER, "id"),
        *has(Text, "key", "kind", "destination", "state"),
        *may_lack(NUMBER, "thread_id", "story_id", "digest_id"),
        *has(Integer, "from_revision", "revision", "priority"),
        *has(Boolean, "broadcast"),
        *has(MOMENT, "due_at", "created"),
        *has(Integer, "attempts"),
        *may_lack(MOMENT, "lease_until"),
        *has(Text, "last_error", "facts"),
        *may_lack(NUMBER, "shown_in"),
        PrimaryKeyConstraint("id", name="alerts_key"),
        UniqueConstraint("thread_id", "kind", "revision", name="alerts_thread_id_kind_revision_once"),
        UniqueConstraint("key", name="alerts_key_once"),
        ForeignKeyConstraint(["thread_id"], ["threads.id"], name="alerts_thread_id_is_a_threads"),
        ForeignKeyConstraint(["story_id"], ["stories.id"], name="alerts_story_id_is_a_stories"),
        ForeignKeyConstraint(["digest_id"], ["digests.id"], name="alerts_digest_id_is_a_digests"),
        ForeignKeyConstraint(["shown_in"], ["alerts.id"], name="alerts_shown_in_is_a_alerts"),
    )
    _index("alerts_of_groups", "alerts", "destination", where="kind = 'group'")
    _index("alerts_story_id", "alerts", "story_id")
    _index("alerts_unsent", "alerts", "due_at", where="state IN ('pending', 'sending', 'unknown')")
    op.create_table(
        "deliveries",
        *has(NUMBER, "id", "alert_id"),
        *has(Text, "key", "kind", "destination"),
        *may_lack(NUMBER, "story_id", "digest_id"),
        *has(Text, "outcome"),
        *may_lack(Text, "ts"),
        *has(Text, "place", "refused"),
        *has(MOMENT, "at"),
        *has(Text, "headline", "error"),
        PrimaryKeyConstraint("id", name="deliveries_key"),
        ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="deliveries_alert_id_is_a_alerts"),
        ForeignKeyConstraint(["story_id"], ["stories.id"], name="deliveries_story_id_is_a_stories"),
        ForeignKeyConstraint(["digest_id"], ["digests.id"], name="deliveries_digest_id_is_a_digests"),
    )
    _index("deliveries_alert_id", "deliveries", "alert_id")
    _index("deliveries_at", "deliveries", "at")
    _index("deliveries_story_id", "deliveries", "story_id")
    _index("deliveries_to_a_destination", "deliveries", "destination", "at")


def _house() -> None:
    op.create_table(
        "audit",
        *has(NUMBER, "id"),
        *has(MOMENT, "at"),
        *has(Text, "what", "who", "facts"),
        PrimaryKeyConstraint("id", name="audit_key"),
    )
    _index("audit_at", "audit", "at")
    op.create_table(
        "meta",
        *has(Text, "name", "value"),
        PrimaryKeyConstraint("name", name="meta_key"),
    )


def _index(name: str, table: str, *columns: str, where: str | None = None) -> None:
    some = None if where is None else text(where)
    op.create_index(name, table, list(columns), sqlite_where=some, postgresql_where=some)


def _search() -> None:
    """The archive's words; the one table that differs."""
    if op.get_context().dialect.name == "sqlite":
        op.execute(SEARCH_IN_SQLITE)
    else:
        op.execute(SEARCH_IN_POSTGRESQL)
        op.execute("CREATE INDEX search_words ON search USING gin (words)")
