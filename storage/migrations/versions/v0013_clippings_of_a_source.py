"""What one poll brought lies together in the indexes of clippings, and only filed ones name their article."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change two indexes for narrower ones."""
    op.drop_index("clippings_address_key", "clippings")
    op.create_index("clippings_source_id_address_key", "clippings", ["source_id", "address_key"])
    op.drop_index("clippings_article_id", "clippings")
    filed = text("article_id IS NOT NULL")
    op.create_index(
        "clippings_article_id", "clippings", ["article_id"], sqlite_where=filed, postgresql_where=filed
    )
