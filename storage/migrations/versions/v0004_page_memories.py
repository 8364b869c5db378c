"""What a watched page said, and what was learnt of its noise."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKeyConstraint, PrimaryKeyConstraint, Text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of memories."""
    op.create_table(
        "page_memories",
        Column("source_id", Text, nullable=False),
        Column("memory", Text, nullable=False),
        PrimaryKeyConstraint("source_id", name="page_memories_key"),
        ForeignKeyConstraint(["source_id"], ["sources.id"], name="page_memories_source_id_is_a_sources"),
    )
