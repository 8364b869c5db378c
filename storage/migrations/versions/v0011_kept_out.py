"""What a line under "never" kept out of a watchlist."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = DateTime(timezone=True).with_variant(Text(), "sqlite")
NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of what was kept out."""
    op.create_table(
        "kept_out",
        Column("story_id", NUMBER, autoincrement=False, nullable=False),
        Column("watchlist_id", Text(), nullable=False),
        Column("article_id", NUMBER, autoincrement=False, nullable=False),
        Column("clause", Text(), nullable=False),
        Column("words", Text(), nullable=False),
        Column("at", MOMENT, nullable=False),
        PrimaryKeyConstraint("story_id", "watchlist_id", name="kept_out_key"),
        ForeignKeyConstraint(["story_id"], ["stories.id"], name="kept_out_story_id_is_a_stories"),
        ForeignKeyConstraint(["article_id"], ["articles.id"], name="kept_out_article_id_is_a_articles"),
    )
    op.create_index("kept_out_article_id", "kept_out", ["article_id"])
    op.create_index("kept_out_at", "kept_out", ["at"])
