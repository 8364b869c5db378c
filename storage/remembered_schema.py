"""Which tables say what articles are found and compared by? Part of `storage/schema.py`."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table

from storage.columns import Number
from storage.naming import metadata

# What an article is found by: all that is read when the service starts.
sameness_traces = Table(
    "sameness_traces",
    metadata,
    Column("article_id", Number, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("format", Integer, nullable=False),
    Column("trace", LargeBinary, nullable=False),
)

# What it is compared by: read for the few articles that are near another one.
sameness_prints = Table(
    "sameness_prints",
    metadata,
    Column("article_id", Number, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("print", LargeBinary, nullable=False),
)
