"""One invented day on the beat: Wednesday 18 March 2026 in Port Ellery, as fourteen outlets told it.

    day = the_day()
    with NewsWeb(day.outlets, day.articles, clock=clock) as web: ...

The stories, by the label in ``article.story`` (labels and verdicts are for tests, and are never served):

    S1  a federal letter to 23 places, told by two stations that share three sentences of agency copy and
        nothing else, with a correction at 14:05
    S2  another one of the beat: a council committee is to be briefed on detainers; not urgent
    S3  an argument in court, word for word in five outlets; a sixth takes eight sentences of it
    S4  a jail agreement that mentions the beat once, deep down
    S5  another one of the beat that cannot wait: a judge halts a sanctuary ordinance
    S6  a council session whose report ends in S1's background: another story, the beat is passing
    B1  from the day before, on the beat: what a first visit finds and must not send
    N1… near misses: sanctuaries for elephants, birds and concerts, thin ice near the jail

The texts are plain files in ``texts/``: a head of ``Name: value`` lines, a blank line, paragraphs.
``&nbsp;`` in a text is a non-breaking space.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.fakes.day_outlets import LEDGER, OUTLETS
from tests.fakes.press import Correction, Outlet, PrintedArticle

TEXTS = Path(__file__).parent / "texts"
TIMEZONE = "America/Denver"
TYPOGRAPHIC = {LEDGER.id}  # outlets that set curly quotation marks, whoever wrote the text
HEAD_LINE = re.compile(r"([A-Z][a-z]+): (.+)")

#: When to look again, and what there is to see by then.
MOMENTS = (
    ("2026-03-18 07:00", "The first visit: what is already there is not news"),
    ("2026-03-18 09:00", "An ordinary morning"),
    ("2026-03-18 10:35", "A council committee posts an agenda"),
    ("2026-03-18 12:02", "Channel 4 tells of a letter to sanctuary cities"),
    ("2026-03-18 13:16", "Ellery 31 has the letter"),
    ("2026-03-18 13:32", "Follow-ups have been gathered for fifteen minutes"),
    ("2026-03-18 14:09", "Channel 4 has corrected a number"),
    ("2026-03-18 14:24", "The agency reports from court"),
    ("2026-03-18 14:50", "Four outlets have run the agency's text"),
    ("2026-03-18 15:39", "A judge halts an ordinance"),
    ("2026-03-18 16:44", "A sheriff ends an agreement"),
    ("2026-03-18 18:24", "A report ends in the background of another"),
    ("2026-03-18 21:30", "The evening"),
    ("2026-03-19 06:30", "The morning email"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time worth polling at, and why."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The outlets, what they printed, and when to look."""

    timezone: str
    outlets: tuple[Outlet, ...]
    # In the order they were published, the day before included.
    articles: tuple[PrintedArticle, ...]
    # The first is the first visit, the last the next morning's email.
    moments: tuple[Moment, ...]

    @property
    def starts(self) -> datetime:
        """When the first visit happens."""
        return self.moments[0].at

    @property
    def ends(self) -> datetime:
        """When the next morning's email is due."""
        return self.moments[-1].at

    def told(self, story: str) -> tuple[PrintedArticle, ...]:
        """Return the articles that tell a story, by its label, in order."""
        return tuple(article for article in self.articles if article.story == story)

    def outlet(self, name: str) -> Outlet:
        """Return an outlet by its id."""
        return next(outlet for outlet in self.outlets if outlet.id == name)


@cache
def the_day() -> Day:
    """Return the day."""
    articles = [
        _read_article(path, outlet)
        for outlet in OUTLETS
        for path in sorted((TEXTS / outlet.id).glob("*.txt"))
    ]
    return Day(
        timezone=TIMEZONE,
        outlets=OUTLETS,
        articles=tuple(sorted(articles, key=lambda article: (article.at, article.outlet))),
        moments=tuple(Moment(at=_local(at), what=what) for at, what in MOMENTS),
    )


def _read_article(path: Path, outlet: Outlet) -> PrintedArticle:
    head, paragraphs = _split(path)
    if "Copy" in head:
        _, paragraphs = _split(TEXTS / "wire" / f"{head['Copy']}.txt")
    article = PrintedArticle(
        outlet=outlet.id,
        slug=path.stem,
        at=_local(head["At"]),
        title=head["Title"],
        paragraphs=paragraphs,
        byline=head.get("Byline", ""),
        credit=head.get("Credit", ""),
        section=head["Section"],
        language=head.get("Language", outlet.language),
        corrections=_corrections(head),
        story=head.get("Story", ""),
        verdict=head.get("Verdict", "off the beat"),
    )
    return _typeset(article) if outlet.id in TYPOGRAPHIC else article


def _split(path: Path) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return a file's head and its paragraphs; a file without a head is paragraphs only."""
    text = path.read_text(encoding="utf-8").replace("&nbsp;", "\u00a0").strip()
    blocks = tuple(text.split("\n\n"))
    lines = [HEAD_LINE.fullmatch(line) for line in blocks[0].split("\n")]
    head = {line[1]: line[2] for line in lines if line}
    return (head, blocks[1:]) if len(head) == len(lines) else ({}, blocks)


def _corrections(head: Mapping[str, str]) -> tuple[Correction, ...]:
    if "Corrected" not in head:
        return ()
    at, before, after, note = (part.strip() for part in head["Corrected"].split("|"))
    return (Correction(at=_local(at), changes=((before, after),), note=note),)


def _typeset(article: PrintedArticle) -> PrintedArticle:
    return replace(
        article, title=_curly(article.title), paragraphs=tuple(_curly(text) for text in article.paragraphs)
    )


def _curly(text: str) -> str:
    text = re.sub(r'(^|[\s(])"', "\\1\u201c", text).replace('"', "\u201d")
    return re.sub(r"(^|[\s(])'", "\\1\u2018", text).replace("'", "\u2019")


def _local(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(TIMEZONE)).astimezone(UTC)
