"""Which feeds does an OPML file list?

Every outline that is no folder comes back, also one without an address: what cannot be taken over is told
with its line, never passed over.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from crawler.reading.entries import plain_line
from crawler.reading.mending import decode, mended
from news.errors import ReadingError

MOST = 20_000  # outlines


def read_outlines_bytes(body: bytes) -> list[dict[str, Any]]:
    """Return the outlines in order, each with its line in the file and the folders around it.

    Raises:
        ReadingError: these bytes are no OPML.
    """
    text = mended(decode(body, content_type="text/xml"))
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise ReadingError("is not an OPML file") from problem
    if str(getattr(root, "tag", "")).lower() != "opml":
        raise ReadingError("is not an OPML file")
    outlines = (each for each in root.iter("outline") if not len(each) or each.get("xmlUrl"))
    return [_facts(each) for _, each in zip(range(MOST), outlines, strict=False)]


def _facts(outline: Any) -> dict[str, Any]:  # noqa: ANN401 - lxml's element
    folders = [_named(above) for above in outline.iterancestors("outline")]
    said = {str(name).lower(): value for name, value in outline.attrib.items()}
    return {
        "line": outline.sourceline,
        "name": _named(outline),
        "url": (said.get("xmlurl") or "").strip(),
        "home": (said.get("htmlurl") or said.get("url") or "").strip(),
        "folder": next((name for name in folders if name), said.get("category", "").strip("/ ")),
        "more": {
            str(name).removeprefix(f"{{{OURS}}}"): value
            for name, value in outline.attrib.items()
            if str(name).startswith(f"{{{OURS}}}")
        },
    }


#: Under this name a file that we wrote says what other readers do not know.
OURS = "urn:nightdesk:source"


def _named(outline: Any) -> str:  # noqa: ANN401 - lxml's element
    return plain_line(outline.get("title") or outline.get("text") or "")
