"""What tree do a page's bytes make, and what stands in a part of it?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree, html

from crawler.reading.entries import plain_line
from crawler.reading.mending import decode
from news.errors import ReadingError

if TYPE_CHECKING:
    from collections.abc import Iterator

Element = Any  # lxml's elements

_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE
)


def tree_of(body: bytes, content_type: str) -> html.HtmlElement:
    """Return a page as a tree.

    Raises:
        ReadingError: these bytes are no page.
    """
    text = decode(body, content_type=_with_charset(body, content_type)).replace("\x00", "")
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as problem:
        raise ReadingError("sends something that is not a page") from problem


def _with_charset(body: bytes, content_type: str) -> str:
    if "charset" in content_type.lower():
        return content_type
    declared = _META_CHARSET.search(body[:4096])
    return f"text/html; charset={declared[1].decode('ascii')}" if declared else content_type


def selected(tree: Element, selector: str) -> list[Element]:
    """Return the elements that a CSS selector means, in the page's order.

    Raises:
        ReadingError: it is no selector; `check` says so before anything is read.
    """
    from cssselect import HTMLTranslator, SelectorError

    try:
        found = tree.xpath(HTMLTranslator().css_to_xpath(selector))
    except (SelectorError, etree.XPathError) as problem:
        what = f'cannot be read: "{selector}" is no CSS selector'
        raise ReadingError(what) from problem
    return list(found)


def line_of(element: Element) -> str:
    """Return the words in an element as one clean line; what stands in blocks is set apart."""
    return plain_line(" ".join(_words(element)))


def _words(element: Element) -> Iterator[str]:
    for text in element.itertext():
        parent = text.getparent() if hasattr(text, "getparent") else None
        if parent is None or parent.tag not in {"script", "style", "noscript", "template"}:
            yield text
