"""Where `stem` was; see `inflection`."""

from __future__ import annotations

from news.matching.inflection import stem

__all__ = ["stem"]
