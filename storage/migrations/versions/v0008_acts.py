"""What people decide about what is told: claims, mutes, votes, notes, holds; and what messages show of it."""

from __future__ import annotations

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
    text,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
MOMENT = DateTime(timezone=True).with_variant(Text(), "sqlite")


def upgrade() -> None:
    """Make the tables of acts, claims and faces."""
    _acts()
    _claims()
    _faces()


def _acts() -> None:
    op.create_table(
        "acts",
        Column("id", NUMBER, nullable=False),
        Column("at", MOMENT, nullable=False),
        Column("who", Text, nullable=False),
        Column("via", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("story_id", NUMBER),
        Column("watchlist_id", Text, nullable=False),
        Column("source_id", Text, nullable=False),
        Column("destination", Text, nullable=False),
        Column("until", MOMENT),
        Column("note", Text, nullable=False),
        Column("lifts", NUMBER),
        PrimaryKeyConstraint("id", name="acts_key"),
        ForeignKeyConstraint(["story_id"], ["stories.id"], name="acts_story_id_is_a_stories"),
        ForeignKeyConstraint(["lifts"], ["acts.id"], name="acts_lifts_is_a_acts"),
    )
    for column in ("at", "kind", "story_id", "lifts"):
        op.create_index(f"acts_{column}", "acts", [column])


def _claims() -> None:
    op.create_table(
        "claims",
        Column("story_id", NUMBER, autoincrement=False, nullable=False),
        Column("act_id", NUMBER, nullable=False),
        Column("who", Text, nullable=False),
        Column("since", MOMENT, nullable=False),
        PrimaryKeyConstraint("story_id", name="claims_key"),
        ForeignKeyConstraint(["story_id"], ["stories.id"], name="claims_story_id_is_a_stories"),
        ForeignKeyConstraint(["act_id"], ["acts.id"], name="claims_act_id_is_a_acts"),
    )


def _faces() -> None:
    op.create_table(
        "faces",
        Column("thread_id", NUMBER, autoincrement=False, nullable=False),
        Column("wanted", Integer, nullable=False),
        Column("shown", Integer, nullable=False),
        Column("buttons", Boolean, nullable=False),
        PrimaryKeyConstraint("thread_id", name="faces_key"),
        ForeignKeyConstraint(["thread_id"], ["threads.id"], name="faces_thread_id_is_a_threads"),
    )
    waiting = text("wanted > shown")
    op.create_index("faces_to_edit", "faces", ["thread_id"], sqlite_where=waiting, postgresql_where=waiting)
