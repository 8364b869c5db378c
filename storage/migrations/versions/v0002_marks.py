"""What people said of stories: this one concerns the watchlist, that one does not."""

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
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
MOMENT = DateTime(timezone=True).with_variant(Text(), "sqlite")


def upgrade() -> None:
    """Make the table of marks."""
    op.create_table(
        "marks",
        Column("id", NUMBER, nullable=False),
        Column("at", MOMENT, nullable=False),
        Column("who", Text, nullable=False),
        Column("story_id", NUMBER, nullable=False),
        Column("article_id", NUMBER, nullable=False),
        Column("watchlist_id", Text, nullable=False),
        Column("watchlist_version", Text, nullable=False),
        Column("relevant", Boolean, nullable=False),
        PrimaryKeyConstraint("id", name="marks_key"),
        ForeignKeyConstraint(["story_id"], ["stories.id"], name="marks_story_id_is_a_stories"),
        ForeignKeyConstraint(["article_id"], ["articles.id"], name="marks_article_id_is_a_articles"),
    )
    op.create_index("marks_article_id", "marks", ["article_id"])
    op.create_index("marks_story_id", "marks", ["story_id"])
    op.create_index("marks_watchlist_id", "marks", ["watchlist_id"])
