"""Which tables say what was joined and parted after it was filed? Part of `storage/schema.py`."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, PrimaryKeyConstraint, Table

from storage.columns import Moment, Number, Words
from storage.naming import metadata

# A story that became part of another. Its places stay, so that what was sent of it can be read as it was.
merged_stories = Table(
    "merged_stories",
    metadata,
    Column("story_id", Number, ForeignKey("stories.id"), nullable=False),
    Column("into_id", Number, ForeignKey("stories.id"), nullable=False, index=True),
    # The revision of the other story at which it came; nothing that waited before it grows past it.
    Column("revision", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    # Empty when no person did it.
    Column("who", Words, nullable=False),
    Column("reason", Words, nullable=False),
    PrimaryKeyConstraint("story_id"),
)

# A message whose story goes on in another message of the same destination.
moved_threads = Table(
    "moved_threads",
    metadata,
    Column("thread_id", Number, ForeignKey("threads.id"), nullable=False),
    Column("into_id", Number, ForeignKey("threads.id"), nullable=False, index=True),
    PrimaryKeyConstraint("thread_id"),
)

# What people decided, only ever added to: "same", "apart", or "released", which lifts an earlier decision.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Number, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Words, nullable=False),
    Column("verdict", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("releases", Number, ForeignKey("decisions.id"), index=True),
)

# The articles on either side of a decision.
decided_articles = Table(
    "decided_articles",
    metadata,
    Column("decision_id", Number, ForeignKey("decisions.id"), nullable=False),
    Column("article_id", Number, ForeignKey("articles.id"), nullable=False, index=True),
    Column("side", Integer, nullable=False),
    PrimaryKeyConstraint("decision_id", "article_id"),
)
