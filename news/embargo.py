"""Does an item say that it must not be published yet, and until when?

Agencies, courts and councils send what they have ahead: "EMBARGOED UNTIL 6 a.m. ET Thursday" at the head of a
release. Only such a notice counts, in the headline or on one of the first lines: an arms embargo, or a report
about one that was broken, is news. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from news.nouns import Article
from news.stated_times import begins_with_time, stated_time
from news.text import clean_line, fold

FIRST_LINES = 6  # of a text; a notice stands above the news
FIRST_BREAKS = 20  # between lines, empty ones included, that are looked at for them
LONGEST_NOTICE = 200  # characters of a line that are read, and shown
#: A time further off is a slip of the pen, or no time: a person decides.
FARTHEST = timedelta(days=120)

CAPITALS = "EMBARGO"

_DECORATION = r"[\s*\-_=#|>\[\](){}/!.:·•]*"
_WHAT = (
    r"(?:(?:this|the) (?:following )?(?:press |news |media )?"
    r"(?:release|report|story|article|statement|information|material|document|content|text|item|paper)s? "
    r"(?:is|are) )?"
)
#: These say it by themselves, whatever follows.
_PLAIN = re.compile(
    rf"{_DECORATION}{_WHAT}(?:strictly |press |news |media )?"
    r"(?:embargoed (?:until|till|for (?:release|publication|broadcast))\b"
    r"|not for (?:publication|release|broadcast|distribution)(?:,? (?:publication|release|broadcast|or|and))*"
    r" (?:before|until|till|prior to)\b"
    r"|(?:do not (?:publish|release|broadcast)|(?:must )?not (?:to )?be (?:published|released|broadcast))"
    r" (?:before|until|till|prior to)\b"
    r"|nicht vor\b.{0,40}\bveroffentlichen\b|no publicar (?:antes|hasta)\b"
    r"|(?:informacion |nota |comunicado )?embargad[oa]s? (?:hasta|ate)\b"
    r"|ne pas (?:publier|diffuser) avant\b)"
)
#: These in capitals, or with a time behind them: "Embargoed: how Cuba got by" is a headline.
_BARE = re.compile(
    rf"{_DECORATION}{_WHAT}(?:strictly |strict |press |news |media )?"
    r"(?:(?:under (?:strict )?)?embargo(?:ed)?(?=\s*(?:\Z|[\])(:!*|-]|until\b|till\b))"
    r"|(?:bajo|sous|sotto|sob|onder) embargo\b)"
)
#: These with a time right behind them: a German "Sperrfrist" is also what the unemployed know too well.
_WITH_A_TIME = re.compile(
    rf"{_DECORATION}{_WHAT}(?:strict |press |news |media )?"
    r"(?:embargo(?:ed|s)?(?: (?:date|time|notice|lifts|lifted|ends|expires|to be lifted|for|hasta|jusqu|ate"
    r"|tot))*"
    r"|sperrfrist(?: (?:bis|endet|ende))*|hold for (?:release|publication)"
    r"|for release (?:after|not before|no earlier than))(?!\w)"
)
#: A headline may carry the notice behind it: "Budget report (embargoed until Thursday)".
_AT_THE_END = re.compile(
    r"[\[(]\s*(?:strictly )?(?=(?:embargoed|under embargo|embargado hasta|sous embargo)\b[^\])]*[\])]?\s*\Z)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Embargo:
    """An item is not to be published yet."""

    # The line that says so, as it stands there.
    words: str
    # Until then; None when no time can be read: a person decides.
    until: datetime | None


def embargo_of(article: Article, *, now: datetime, zone: str, feed: str = "") -> Embargo | None:
    """Return the embargo that an article is under at this moment, or None; one that is over is none.

    Times are read on `zone`'s clock where they name none. `feed` is what its feed said of it, line by line,
    the headline first.
    """
    wrote = min(article.published or article.first_seen, now)
    found = (
        _said_in(line, near=wrote, zone=zone, is_title=is_title)
        for title, text in (feed.partition("\n")[::2], (article.title, article.text))
        for is_title, line in _first_lines(title, text)
    )
    embargo = next((each for each in found if each is not None), None)
    if embargo is None or embargo.until is None:
        return embargo
    if embargo.until - now > FARTHEST:
        return Embargo(words=embargo.words, until=None)
    return embargo if embargo.until > now else None


def _first_lines(title: str, text: str) -> Iterator[tuple[bool, str]]:
    yield True, title
    lines = (line for line in text.split("\n", FIRST_BREAKS) if line.strip())
    for line in islice(lines, FIRST_LINES):
        yield False, line


def _said_in(line: str, *, near: datetime, zone: str, is_title: bool) -> Embargo | None:
    said = clean_line(line[:LONGEST_NOTICE])
    folded = fold(said)
    plain = _PLAIN.match(folded) or (_AT_THE_END.search(folded) if is_title else None)
    bare = None if plain else _BARE.match(folded)
    found = plain or bare or _WITH_A_TIME.match(folded)
    if found is None:
        return None
    rest = folded[found.end() :]
    until = stated_time(rest, near=near, zone=zone)
    if plain or (bare and CAPITALS in said) or (until and begins_with_time(rest)):
        return Embargo(words=said, until=until)
    return None
