"""Who may come in to the console, and what was chosen there."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, DateTime, PrimaryKeyConstraint, Text

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = DateTime(timezone=True).with_variant(Text(), "sqlite")


def upgrade() -> None:
    """Make the console's tables."""
    op.create_table(
        "console_keys",
        Column("hash", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("reader_id", Text, nullable=False),
        Column("what", Text, nullable=False),
        Column("made_at", MOMENT, nullable=False),
        Column("expires_at", MOMENT, nullable=False),
        Column("used_at", MOMENT),
        PrimaryKeyConstraint("hash", name="console_keys_key"),
    )
    op.create_index("console_keys_reader_id", "console_keys", ["reader_id"])
    op.create_table(
        "console_passwords",
        Column("reader_id", Text, nullable=False),
        Column("hash", Text, nullable=False),
        Column("set_at", MOMENT, nullable=False),
        PrimaryKeyConstraint("reader_id", name="console_passwords_key"),
    )
    op.create_table(
        "console_choices",
        Column("name", Text, nullable=False),
        Column("value", Text, nullable=False),
        Column("chosen_at", MOMENT, nullable=False),
        PrimaryKeyConstraint("name", name="console_choices_key"),
    )
