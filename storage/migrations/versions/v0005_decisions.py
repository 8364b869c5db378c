"""What was joined and parted after it was filed, and what people decided about it."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
)

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
MOMENT = DateTime(timezone=True).with_variant(Text(), "sqlite")


def upgrade() -> None:
    """Make the tables of merged stories, moved threads and decisions."""
    _merged()
    _decided()


def _merged() -> None:
    op.create_table(
        "merged_stories",
        Column("story_id", NUMBER, autoincrement=False, nullable=False),
        Column("into_id", NUMBER, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("at", MOMENT, nullable=False),
        Column("who", Text, nullable=False),
        Column("reason", Text, nullable=False),
        PrimaryKeyConstraint("story_id", name="merged_stories_key"),
        ForeignKeyConstraint(["story_id"], ["stories.id"], name="merged_stories_story_id_is_a_stories"),
        ForeignKeyConstraint(["into_id"], ["stories.id"], name="merged_stories_into_id_is_a_stories"),
    )
    op.create_index("merged_stories_into_id", "merged_stories", ["into_id"])
    op.create_table(
        "moved_threads",
        Column("thread_id", NUMBER, autoincrement=False, nullable=False),
        Column("into_id", NUMBER, nullable=False),
        PrimaryKeyConstraint("thread_id", name="moved_threads_key"),
        ForeignKeyConstraint(["thread_id"], ["threads.id"], name="moved_threads_thread_id_is_a_threads"),
        ForeignKeyConstraint(["into_id"], ["threads.id"], name="moved_threads_into_id_is_a_threads"),
    )
    op.create_index("moved_threads_into_id", "moved_threads", ["into_id"])


def _decided() -> None:
    op.create_table(
        "decisions",
        Column("id", NUMBER, nullable=False),
        Column("at", MOMENT, nullable=False),
        Column("who", Text, nullable=False),
        Column("verdict", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("releases", NUMBER),
        PrimaryKeyConstraint("id", name="decisions_key"),
        ForeignKeyConstraint(["releases"], ["decisions.id"], name="decisions_releases_is_a_decisions"),
    )
    op.create_index("decisions_releases", "decisions", ["releases"])
    op.create_table(
        "decided_articles",
        Column("decision_id", NUMBER, nullable=False),
        Column("article_id", NUMBER, nullable=False),
        Column("side", Integer, nullable=False),
        PrimaryKeyConstraint("decision_id", "article_id", name="decided_articles_key"),
        ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name="decided_articles_decision_id_is_a_decisions"
        ),
        ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="decided_articles_article_id_is_a_articles"
        ),
    )
    op.create_index("decided_articles_article_id", "decided_articles", ["article_id"])
