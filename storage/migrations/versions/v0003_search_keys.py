"""The archive is searched by the words that the matcher sees."""

from __future__ import annotations

from collections.abc import Iterator

from alembic import op
from sqlalchemy import Connection, text

from storage.finding import search_words

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AT_ONCE = 500  # articles; their texts are in memory together
_PAGE = text(
    "SELECT a.id, v.title, v.text FROM articles AS a"
    " JOIN article_versions AS v ON v.article_id = a.id AND v.version = a.version"
    " WHERE a.id > :after ORDER BY a.id LIMIT :most"
)
_FORGET = text("DELETE FROM search")
_IN_SQLITE = text("INSERT INTO search (rowid, words) VALUES (:article_id, :words)")
_IN_POSTGRESQL = text(
    "INSERT INTO search (article_id, words) VALUES (:article_id, to_tsvector('simple', :words))"
)


def upgrade() -> None:
    """File every article again, under the newest version's words."""
    connection = op.get_bind()
    connection.execute(_FORGET)
    file_again = _IN_SQLITE if connection.dialect.name == "sqlite" else _IN_POSTGRESQL
    for page in _pages(connection):
        connection.execute(file_again, page)


def _pages(connection: Connection) -> Iterator[list[dict[str, object]]]:
    after = 0
    while rows := connection.execute(_PAGE, {"after": after, "most": AT_ONCE}).all():
        yield [{"article_id": row.id, "words": search_words(row.title, row.text)} for row in rows]
        after = rows[-1].id
