"""What does a page say? For tests: its words in order, and whatever an XPath finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from lxml import html

from alerts.message import Outgoing
from tests.alerts.channels.email.posting import DESK, body, written


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a mail program parses it."""

    source: str

    def find(self, path: str) -> list[str]:
        """Return attributes as they are, elements as the words in them."""
        found = cast("list[str | html.HtmlElement]", html.fromstring(self.source).xpath(path))
        return [each if isinstance(each, str) else _words(each) for each in found]

    @property
    def words(self) -> str:
        """What a mail program without styles, or a screen reader, would say."""
        return self.find("//body")[0]


def page_of(message: Outgoing, *, to: str = DESK) -> Page:
    """Return the page of a mail."""
    return Page(body(written(message, to=to), "html"))


def _words(element: html.HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())
