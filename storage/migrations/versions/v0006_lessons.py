"""What was learnt of a source, and the class of what is wrong with it."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKeyConstraint, PrimaryKeyConstraint, Text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of lessons."""
    op.create_table(
        "source_lessons",
        Column("source_id", Text, nullable=False),
        Column("trouble", Text, nullable=False),
        Column("lessons", Text, nullable=False),
        PrimaryKeyConstraint("source_id", name="source_lessons_key"),
        ForeignKeyConstraint(["source_id"], ["sources.id"], name="source_lessons_source_id_is_a_sources"),
    )
