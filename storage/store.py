"""The store, made of its parts: one class that keeps every promise of `storage/contract.py`."""

from __future__ import annotations

from storage.articles import Articles
from storage.clippings import Clippings
from storage.sources import Sources
from storage.stories import Stories


class DatabaseStore(Sources, Clippings, Articles, Stories):
    """A store in SQLite or PostgreSQL."""
