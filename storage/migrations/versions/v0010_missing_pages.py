"""Which pages of told articles were not found, and since when."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = DateTime(timezone=True).with_variant(Text(), "sqlite")
NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of pages that were not found."""
    op.create_table(
        "missing_pages",
        Column("article_id", NUMBER, autoincrement=False, nullable=False),
        Column("since", MOMENT, nullable=False),
        PrimaryKeyConstraint("article_id", name="missing_pages_key"),
        ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name="missing_pages_article_id_is_a_articles",
            ondelete="CASCADE",
        ),
    )
