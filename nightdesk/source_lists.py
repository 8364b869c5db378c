"""How do lists of feeds that other programs keep become sources, and sources such lists?

A line that cannot be taken over is told with its number and costs no other line. What we write ourselves
carries all that reading a source needs, so that it comes back whole.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from config.reading import read_text
from config.source_file import read_sources
from news.errors import ReadingError
from news.nouns import Source
from news.text import clean_line
from news.urls import is_web_address
from nightdesk.source_shelf import PACE, Shelf, key_of, line_of, name_of, slug, wrong_in

LARGEST_FILE = 10 * 1024 * 1024  # bytes
OURS = "urn:nightdesk:source"  # the namespace of what other readers do not know
COLUMNS = (
    "id", "name", "url", "as", "kind", "group", "priority", "language", "full_text", "excerpt", "backup",
    "every", "enabled", "list", "watch", "json", "spider", "browser", "evidence", "note",
)  # fmt: skip
#: What columns and attributes are called elsewhere.
ALSO = {
    "title": "name", "feed": "url", "xmlurl": "url", "feed url": "url", "address": "url",
    "category": "group", "folder": "group", "lang": "language",
}  # fmt: skip
DELIMITERS = (",", ";", "\t")
#: Before a cell that a spreadsheet would take for a formula, or for one that has the mark.
MARK = "'"
NEEDS_MARK = frozenset("=+-@'")
AS_JSON = frozenset({"backup", "enabled", "list", "watch", "json", "browser"})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: what it says of a source, by our names."""

    line: int
    said: Mapping[str, str]


@dataclass(slots=True)
class Taken:
    """What became of a list."""

    sources: list[Source] = field(default_factory=list)
    # Lines "12: ...": what is there already, and what cannot be taken over.
    known: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def told(self) -> list[str]:
        """What is told of single lines, in the list's order."""
        return sorted([*self.known, *self.wrong], key=lambda each: int(each.partition(":")[0]))


def rows_of(body: bytes, name: str, *, now: datetime) -> list[Row]:
    """Return the lines of a list.

    Raises:
        ReadingError: it is neither OPML nor CSV.
    """
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<" or name.lower().endswith((".opml", ".xml")):
        return asyncio.run(_outlines(body, now))
    return list(_lines(body))


async def _outlines(body: bytes, now: datetime) -> list[Row]:
    """Let the fenced child read OPML: it comes from anywhere."""
    from crawler.reading.children import Reader

    reader = Reader()
    try:
        found = await reader.read("outlines", body, url="", content_type="text/xml", now=now)
    finally:
        await reader.close()
    return [_row(each) for each in found]


def _row(outline: Mapping[str, Any]) -> Row:
    said = {"name": outline["name"], "url": outline["url"], "group": outline["folder"]}
    return Row(outline["line"], said | outline["more"])


def _lines(body: bytes) -> Iterator[Row]:
    text = body.decode("utf-8-sig", "replace")
    header = text.lstrip().partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=header.count))
    names = {each: _column(each) for each in reader.fieldnames or ()}
    if "url" not in names.values():
        raise ReadingError('is neither OPML nor a CSV with a column "url"')
    try:
        for row in reader:
            said = {names[name]: (value or "").strip() for name, value in row.items() if name in names}
            yield Row(reader.line_num, {name: _bare(value) for name, value in said.items() if value})
    except csv.Error as error:
        what = f"cannot be read from line {reader.line_num} on: {error}"
        raise ReadingError(what) from error


def _bare(cell: str) -> str:
    """Return a cell without the mark that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:1] == MARK and cell[1:2] in NEEDS_MARK else cell


def _column(name: str) -> str:
    plain = name.strip().lower()
    return ALSO.get(plain, plain)


def taken_over(rows: Sequence[Row], shelf: Shelf, *, group: str = "") -> Taken:
    """Return what can be taken over of a list, what is there already, and what is wrong."""
    taken = Taken()
    addresses: dict[str, str] = {}
    ids: set[str] = set()
    for row in rows:
        address = row.said.get("url", "")
        known = shelf.known_at(address) if address else None
        if not is_web_address(address):
            what = f'"{address}" is not a web address' if address else "has no address of a feed (xmlUrl)"
            taken.wrong.append(f"{row.line}: {_called(row)}{what}")
        elif known is not None:
            taken.known.append(f"{row.line}: {address} is there already, as {known.id}")
        elif key_of(address) in addresses:
            taken.known.append(
                f"{row.line}: {address} stands twice in this file, as {addresses[key_of(address)]} too"
            )
        else:
            source = _source(row, shelf, ids, group)
            if isinstance(source, str):
                taken.wrong.append(f"{row.line}: {_called(row)}{source}")
                continue
            ids.add(source.id)
            addresses[key_of(address)] = source.id
            taken.sources.append(source)
    return taken


def _called(row: Row) -> str:
    name = row.said.get("name", "")
    return f"{name}: " if name else ""


def _source(row: Row, shelf: Shelf, ids: set[str], group: str) -> Source | str:
    """Return the source that a line declares, or what is wrong with it."""
    address = row.said["url"]
    name = row.said.get("name") or name_of("", address)
    wanted = row.said.get("id", "")
    id_ = shelf.free_id(wanted or name, taken=ids)
    line: dict[str, Any] = {"id": id_, "name": clean_line(name), "url": address}
    for column in COLUMNS[3:]:
        value = row.said.get(column, "")
        if value:
            line[column] = _read(value) if column in AS_JSON else clean_line(value)
    line["group"] = slug(row.said.get("group", "")) or group
    text = json.dumps(
        {"sources": [{key: value for key, value in line.items() if value != ""}]}, ensure_ascii=False
    )
    for problem in wrong_in("line", text):
        return problem.rpartition(" (line")[0]
    return read_sources(read_text("line", text), PACE)[0].source


def _read(value: str) -> object:
    """Return what a cell of JSON says; words are a list of addresses with spaces between."""
    try:
        return json.loads(value)
    except ValueError:
        return value.split()


# ── Out ───────────────────────────────────────────────────────────────────────────────────────────────────


def as_csv(sources: Sequence[Source], newsroom: str) -> str:  # noqa: ARG001 - as its neighbor
    """Return sources as CSV; what is more than a word is JSON."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for source in sources:
        writer.writerow({name: _cell(value) for name, value in line_of(source).items()})
    return out.getvalue()


def _cell(value: object) -> str:
    """Return a cell; one that a spreadsheet would take for a formula begins with a quotation mark."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{MARK}{text}" if text[:1] in NEEDS_MARK else text


def as_opml(sources: Sequence[Source], newsroom: str) -> str:
    """Return sources as OPML, by group; what other readers do not know stands in a namespace of ours."""
    groups = dict.fromkeys(source.group for source in sources)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:nd="{OURS}">',
        f"  <head><title>{escape(newsroom)}</title></head>",
        "  <body>",
    ]
    for group in groups:
        inside = [source for source in sources if source.group == group]
        lines += [f"    <outline text={quoteattr(group)}>"] if group else []
        lines += [f"    {'  ' if group else ''}{_outline(source)}" for source in inside]
        lines += ["    </outline>"] if group else []
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _outline(source: Source) -> str:
    kind = "rss" if source.reads in {"feed", "google-news"} else "link"
    attributes = {"type": kind, "text": source.name, "title": source.name, "xmlUrl": source.url}
    more = {name: value for name, value in line_of(source).items() if name not in {"name", "url", "group"}}
    ours = {
        f"nd:{name}": value if isinstance(value, str) else json.dumps(value) for name, value in more.items()
    }
    return (
        "<outline "
        + " ".join(f"{name}={quoteattr(value)}" for name, value in (attributes | ours).items())
        + "/>"
    )
