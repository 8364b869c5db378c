"""In what form do bytes go to the child that reads, and words come back?

A parcel is two lengths, a small JSON head and a body of bytes. What comes back is JSON too: unlike a pickle
it can carry nothing that acts in the parent, whatever hostile bytes did to the child. The long texts of an
answer's rows travel in the body, one after another: as JSON each of their letters is looked at four times.
"""

from __future__ import annotations

import json
import struct
from datetime import UTC, datetime
from typing import Any

from crawler.reading.feed import FeedRead
from crawler.reading.page import Page
from news.lessons import NO_WISHES, wishes_of
from news.nouns import Clipping

LENGTHS = struct.Struct(">II")
LONG = slice(2, 4)  # of a row: summary and content
LARGEST = 64 * 1024 * 1024  # bytes of an answer; the fences before it let 10 MiB in


def packed(head: dict[str, Any], body: bytes = b"") -> bytes:
    """Return a parcel."""
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return LENGTHS.pack(len(text), len(body)) + text + body


def lengths(start: bytes) -> tuple[int, int]:
    """Return how long head and body of the parcel that starts so are."""
    head, body = LENGTHS.unpack(start)
    return head, body


def packed_answer(answer: dict[str, Any]) -> bytes:
    """Return the parcel of an answer; its rows' summaries and contents become lengths, and the body."""
    found = answer.get("found")
    if not isinstance(found, dict) or "rows" not in found:
        return packed(answer)
    texts = [text for row in found["rows"] for text in row[LONG]]
    rows = [[*row[: LONG.start], *map(len, row[LONG]), *row[LONG.stop :]] for row in found["rows"]]
    body = "".join(texts).encode("utf-8", "replace")
    return packed(answer | {"found": found | {"rows": rows}}, body)


def unpacked_answer(whole: bytes) -> dict[str, Any]:
    """Return the answer in a parcel, with its rows' long texts in their places again.

    Raises:
        ValueError: it is not what `packed_answer` packs.
    """
    start = LENGTHS.size
    head, _ = lengths(whole[:start])
    answer: dict[str, Any] = json.loads(whole[start : start + head])
    found = answer.get("found")
    rows = found.get("rows", ()) if isinstance(found, dict) else ()
    text, at = str(memoryview(whole)[start + head :], "utf-8"), 0
    for row in rows:
        for place in range(LONG.start, LONG.stop):
            end = at + int(row[place])
            row[place] = text[at:end]
            at = end
    if at != len(text):
        raise ValueError(at)
    return answer


def row_of(clipping: Clipping) -> list[Any]:
    """Return a clipping as JSON knows it, without its source."""
    return [
        clipping.address,
        clipping.title,
        clipping.summary,
        clipping.content,
        clipping.guid,
        clipping.authors,
        _seconds(clipping.published),
        _seconds(clipping.updated),
        clipping.language,
        clipping.outlet,
    ]


def clipping_of(row: list[Any], source_id: str) -> Clipping:
    """Return the clipping that a row tells of.

    Raises:
        ValueError, TypeError: it is not of the shape of `row_of`.
    """
    address, title, summary, content, guid, authors, published, updated, language, outlet = row
    # Only texts can be joined; looking at each one's type takes four times as long.
    "".join((address, title, summary, content, guid or "", language or "", outlet or "", *authors))
    return Clipping(
        source_id=source_id,
        address=address,
        title=title,
        summary=summary,
        content=content,
        guid=guid,
        authors=tuple(authors),
        published=_moment(published),
        updated=_moment(updated),
        language=language,
        outlet=outlet,
    )


def feed_of(read: FeedRead) -> dict[str, Any]:
    """Return what a feed brought as JSON knows it."""
    facts: dict[str, Any] = {"rows": [row_of(clipping) for clipping in read.clippings], "marks": read.marks}
    return facts if read.wishes == NO_WISHES else facts | {"wishes": read.wishes.facts()}


def feed_read(facts: dict[str, Any], source_id: str) -> FeedRead:
    """Return what these facts tell of a feed.

    Raises:
        ValueError, TypeError: they are not of the shape of `feed_of`.
    """
    return FeedRead(
        clippings=tuple(clipping_of(row, source_id) for row in facts["rows"]),
        wishes=wishes_of(facts["wishes"]) if "wishes" in facts else NO_WISHES,
        marks="".join((facts["marks"],)),
    )


def facts_of(page: Page) -> dict[str, Any]:
    """Return a page as JSON knows it."""
    return {name: getattr(page, name) for name in Page.__dataclass_fields__} | {
        "published": _seconds(page.published),
        "updated": _seconds(page.updated),
    }


def page_of(facts: dict[str, Any]) -> Page:
    """Return the page that these facts tell of."""
    published, updated = _moment(facts["published"]), _moment(facts["updated"])
    return Page(
        **facts | {"authors": tuple(facts["authors"]), "published": published, "updated": updated},
    )


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
