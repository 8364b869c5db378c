"""What is a piece of an account? A label in the left column and the lines beside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A label in the left column and the lines beside it."""

    label: str
    lines: tuple[str, ...]
