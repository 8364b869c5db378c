"""What sources answered lately, and who tried to sign in."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = DateTime(timezone=True).with_variant(Text(), "sqlite")
NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "source_answers",
        Column("source_id", Text(), nullable=False),
        Column("lines", Text(), nullable=False),
        PrimaryKeyConstraint("source_id", name="source_answers_key"),
        ForeignKeyConstraint(["source_id"], ["sources.id"], name="source_answers_source_id_is_a_sources"),
    )
    op.create_table(
        "console_tries",
        Column("id", NUMBER, nullable=False),
        Column("door", Text(), nullable=False),
        Column("at", MOMENT, nullable=False),
        PrimaryKeyConstraint("id", name="console_tries_key"),
    )
    op.create_index("console_tries_door", "console_tries", ["door"])
