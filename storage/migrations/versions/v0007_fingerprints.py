"""What articles are found and compared by is kept, so that no text is read again when the service starts."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Integer, LargeBinary, PrimaryKeyConstraint

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make the two tables; the first start fills them from the texts of the last days."""
    for name, columns in (
        (
            "sameness_traces",
            (Column("format", Integer, nullable=False), Column("trace", LargeBinary, nullable=False)),
        ),
        ("sameness_prints", (Column("print", LargeBinary, nullable=False),)),
    ):
        op.create_table(
            name,
            Column("article_id", NUMBER, autoincrement=False, nullable=False),
            *columns,
            PrimaryKeyConstraint("article_id", name=f"{name}_key"),
            ForeignKeyConstraint(
                ["article_id"],
                ["articles.id"],
                name=f"{name}_article_id_is_a_articles",
                ondelete="CASCADE",
            ),
        )
