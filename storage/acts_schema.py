"""Which tables say what people decided about what is told? Part of `storage/schema.py`."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, PrimaryKeyConstraint, Table

from storage.columns import Moment, Number, Words
from storage.naming import index_where, metadata

# Claims, mutes, votes, notes, holds: only ever added to. A later act may lift an earlier one.
acts = Table(
    "acts",
    metadata,
    Column("id", Number, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    # The reader's id in `readers:`.
    Column("who", Words, nullable=False),
    # Where it was said: "slack", "console", "command line".
    Column("via", Words, nullable=False),
    Column("kind", Words, nullable=False, index=True),
    Column("story_id", Number, ForeignKey("stories.id"), index=True),
    # Empty where it is about none.
    Column("watchlist_id", Words, nullable=False),
    Column("source_id", Words, nullable=False),
    Column("destination", Words, nullable=False),
    # When it ends by itself; none is never.
    Column("until", Moment),
    Column("note", Words, nullable=False),
    Column("lifts", Number, ForeignKey("acts.id"), index=True),
)

# Who is on a story now: a row for each, so that of two at once one wins.
claims = Table(
    "claims",
    metadata,
    Column("story_id", Number, ForeignKey("stories.id"), nullable=False),
    Column("act_id", Number, ForeignKey("acts.id"), nullable=False),
    Column("who", Words, nullable=False),
    Column("since", Moment, nullable=False),
    PrimaryKeyConstraint("story_id"),
)

# How often what people decided changed what a message should show, and how much of that it shows.
faces = Table(
    "faces",
    metadata,
    Column("thread_id", Number, ForeignKey("threads.id"), nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    # Whether it may show buttons, which must go when nobody answers them any more.
    Column("buttons", Boolean, nullable=False),
    PrimaryKeyConstraint("thread_id"),
    index_where("wanted > shown", "faces_to_edit", "thread_id"),
)
