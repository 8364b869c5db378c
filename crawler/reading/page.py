"""What is on an article's page?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article's page as it was read. Nothing in it is to be trusted."""

    title: str = ""
    # Plain text; paragraphs are separated by one newline.
    text: str = ""
    authors: tuple[str, ...] = ()
    # The byline's or credit line's words, for naming an agency.
    credit: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    # What the page says its own address is; absolute.
    canonical: str | None = None
    language: str | None = None
    # The outlet's name, as the page says it.
    outlet: str = ""
    # False when the page says that its text is for subscribers only.
    free: bool = True
    # What stands before its words: "paywall", "consent", "script", or "" (crawler/reading/walls.py).
    wall: str = ""

    @property
    def open_text(self) -> str:
        """The text, if it is the article's and for everybody: a wall is not gone round."""
        return self.text if self.free and not self.wall else ""
