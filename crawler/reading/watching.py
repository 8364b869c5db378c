"""What was added to a watched page since it was last read?

    lines now ── known? ──no──► a clock, a counter? ──no──► put in the place of a line like it? ──no──► told
                                                                   │yes: waits for the next reading
                                                                   └─ still there: told; gone: noise, learnt

A line is known for good once it was seen, so that what rotates is told once at most; where lines were seen to
come back while others left, the place is a carousel, and what is put there in exchange for something else is
not told any more. What is simply added is always told.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from html import escape
from urllib.parse import quote

from crawler.reading.entries import Entry, Feed, clipping_of
from crawler.reading.page_facts import read_facts
from crawler.reading.trees import tree_of
from crawler.reading.watched_lines import HASH, Line, is_furniture, lines_of
from news.nouns import Clipping
from news.source_rules import WatchRule

VERSION = 1
MOST_KNOWN = 10_000  # lines remembered of a page; the oldest are let go
MOST_LEARNT = 500  # shapes and places
TAUGHT = 2  # times that something must have been seen to be noise
LONGEST_BEGIN = 100  # characters of an addition that stand in its title
FIRST_WORDS = 8  # of an addition, that its address leads to


@dataclass(frozen=True, slots=True)
class Watched:
    """What a reading brought, and what is to be remembered of the page."""

    clippings: tuple[Clipping, ...]
    memory: str
    # False while a line waits for the next reading: the page is read then whether it changed or not.
    settled: bool


@dataclass(slots=True)
class _Memory:
    """What is remembered. All but the waiting lines are hashes: the page's words are not kept here."""

    known: dict[str, None] = field(default_factory=dict)
    # Of the last reading: line → place.
    last: dict[str, str] = field(default_factory=dict)
    # The shapes of the last reading's lines, with their places.
    shapes: list[str] = field(default_factory=list)
    # How often a line of this shape was gone at the next reading.
    flickers: Counter[str] = field(default_factory=Counter)
    # How often a line came back to this place while another left.
    returns: Counter[str] = field(default_factory=Counter)
    # Lines that wait for the next reading.
    waiting: dict[str, str] = field(default_factory=dict)


def read_watched_bytes(
    body: bytes, rule: WatchRule, memory: str | None, *, url: str, content_type: str = "", now: datetime
) -> Watched:
    """Return what was added to a page; nothing when it is seen for the first time.

    Raises:
        ReadingError: these bytes are no page, or it has no part such as the rule says.
    """
    tree = tree_of(body, content_type)
    facts = read_facts(tree, url=url, now=now)
    lines = [line for line in lines_of(tree, rule) if not is_furniture(line.text)]
    before = _remembered(memory)
    told = _compare(before, lines) if before else []
    after = _after(before or _Memory(), lines)
    clippings = [_addition(told, facts.title, facts.language, url, now)] if told else []
    return Watched(tuple(clip for clip in clippings if clip), _kept(after), settled=not after.waiting)


def _compare(memory: _Memory, lines: Sequence[Line]) -> list[str]:
    """Return the lines to be told, in the page's order, and learn what is noise."""
    here = {line.key: line for line in lines}
    gone = {key: place for key, place in memory.last.items() if key not in here}
    back = [line for line in lines if line.key in memory.known and line.key not in memory.last]
    emptied = Counter(gone.values())
    memory.returns.update({line.place for line in back if emptied[line.place]})
    told = [key for key in memory.waiting if key in here]
    memory.flickers.update(memory.waiting[key] for key in memory.waiting if key not in here)
    memory.waiting = {}
    replaced = Counter(memory.shapes)
    replaced.subtract(line.shape for line in lines if line.key in memory.known)
    for line in here.values():
        if line.key in memory.known or memory.flickers[line.shape] >= TAUGHT:
            continue
        if replaced[line.shape] > 0 and emptied[line.place]:
            replaced[line.shape] -= 1
            memory.waiting[line.key] = line.shape
        elif memory.returns[line.place] >= TAUGHT and emptied[line.place]:
            emptied[line.place] -= 1
        else:
            told.append(line.key)
    return [here[key].text for key in here if key in set(told)]


def _after(memory: _Memory, lines: Sequence[Line]) -> _Memory:
    """Return the memory with this reading in it."""
    known = memory.known | dict.fromkeys(line.key for line in lines)
    memory.known = dict.fromkeys(list(known)[-MOST_KNOWN:])
    memory.last = {line.key: line.place for line in lines}
    memory.shapes = [line.shape for line in {line.key: line for line in lines}.values()]
    memory.flickers = Counter(dict(memory.flickers.most_common(MOST_LEARNT)))
    memory.returns = Counter(dict(memory.returns.most_common(MOST_LEARNT)))
    return memory


def _addition(added: Sequence[str], title: str, language: str, url: str, now: datetime) -> Clipping | None:
    """Return the addition as an entry: the page's headline, what was added, an address that leads there."""
    first = " ".join(added[0].split()[:FIRST_WORDS])
    digest = sha256("\n".join(added).encode("utf-8", "replace")).hexdigest()[:8]
    page = url.partition("#")[0]
    entry = Entry(
        link=f"{page}#{digest}:~:text={quote(first, safe='')}",
        guid=digest,
        title=_titled(title, added[0]),
        content="".join(f"<p>{escape(line, quote=False)}</p>" for line in added),
        language=language or None,
    )
    return clipping_of(entry, Feed(source_id="", base=url, now=now))


def _titled(title: str, line: str) -> str:
    """Return the page's title with the beginning of what was added: the title alone names all additions."""
    begin = line if len(line) <= LONGEST_BEGIN else line[:LONGEST_BEGIN].rpartition(" ")[0] + "…"
    return f"{title}: {begin}" if title and title not in begin else begin


# ── Between two readings ──────────────────────────────────────────────────────────────────────────────────


def _remembered(memory: str | None) -> _Memory | None:
    """Return what was kept; None before the first reading, and for what another version kept."""
    if not memory:
        return None
    kept = json.loads(memory)
    if kept.get("version") != VERSION:
        return None
    return _Memory(
        known=dict.fromkeys(_apart(kept["known"])),
        last=dict(kept["last"]),
        shapes=list(kept["shapes"]),
        flickers=Counter(kept["flickers"]),
        returns=Counter(kept["returns"]),
        waiting=dict(kept["waiting"]),
    )


def _kept(memory: _Memory) -> str:
    kept = {
        "version": VERSION,
        "known": "".join(memory.known),
        "last": memory.last,
        "shapes": memory.shapes,
        "flickers": memory.flickers,
        "returns": memory.returns,
        "waiting": memory.waiting,
    }
    return json.dumps(kept, separators=(",", ":"))


def _apart(hashes: str) -> Iterable[str]:
    return (hashes[at : at + HASH] for at in range(0, len(hashes), HASH))
