"""Which tables say what articles are compared by, which pages were missing, what sources taught and said?"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table

from storage.columns import Moment, Number, Words
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

# Pages of told articles that were not found, until they are there again or count as withdrawn.
missing_pages = Table(
    "missing_pages",
    metadata,
    Column("article_id", Number, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("since", Moment, nullable=False),
)

# What was learnt of a source, and the class of what is wrong with it; written only when it changes.
source_lessons = Table(
    "source_lessons",
    metadata,
    Column("source_id", Words, ForeignKey("sources.id"), primary_key=True),
    Column("trouble", Words, nullable=False),
    Column("lessons", Words, nullable=False),
)

# What a source answered lately, as `news.answers` writes it.
source_answers = Table(
    "source_answers",
    metadata,
    Column("source_id", Words, ForeignKey("sources.id"), primary_key=True),
    Column("lines", Words, nullable=False),
)
