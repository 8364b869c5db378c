"""How does a message look as a page in a mail program?

Jinja writes the page with everything from outside escaped and cleaned, css-inline moves the styles onto the
elements (some mail programs strip style sheets), and two media queries stay behind for telephones and dark
rooms. Without any style it still reads from top to bottom; there are no pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from alerts.channels.email.fitting import ever_shorter
from alerts.day import Chart, DigestMessage
from alerts.message import Bullets, Outgoing, Paragraph
from alerts.words import cut
from news.text import clean_line
from news.urls import is_web_address

if TYPE_CHECKING:
    from css_inline import CSSInliner
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
TALLEST_BAR = 45  # pixels
LONGEST_PAGE = 100_000  # bytes; Gmail cuts off what is longer than 102 kB
LONGEST_TITLE = 200  # characters of a page's title
LONGEST_PREVIEW = 200  # characters that a list of mails may show
LONGEST_WHY = 1_000  # bytes that a reader's own words take
#: Where those stand in the page of a day.
WHY, STOP = "why-you-get-this", "how-to-stop-it"
NO_FACTS: Mapping[str, str | int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around every message."""

    language: str
    # Why the reader gets this, and from whom: sentences.
    why: str
    closing: str
    # Who is written to, and with which subject, to stop it; no subject: it cannot be stopped this way.
    stop_at: str = ""
    stop: str = ""

    @property
    def unsubscribe(self) -> str:
        """The mailto: address that stops it, or ""."""
        return f"mailto:{self.stop_at}?subject={quote(self.stop)}" if self.stop else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One day of the chart."""

    # "We"
    day: str
    stories: int
    # Pixels.
    height: int


def page(message: Outgoing, frame: Frame) -> str:
    """Return the HTML part of a mail, styles inlined; a day too long for one is told in fewer words."""
    if not isinstance(message, DigestMessage):
        values = {
            "title": message.subject,
            "preview": cut(message.text, LONGEST_PREVIEW),
            "parts": message.parts,
        }
        return _render("message.html", frame, values)
    marked = replace(frame, why=WHY, stop=STOP if frame.stop else "")
    return _signed(_page_of(replace(message, token="", facts=NO_FACTS), marked), frame)


@lru_cache(maxsize=4)  # at 6:30 the same day goes to many readers
def _page_of(message: DigestMessage, frame: Frame) -> str:
    """Return the page with marks where a reader's own words stand."""
    written = ""
    for day in ever_shorter(message):
        written = _render("digest.html", frame, _digest_values(day))
        if len(written.encode()) <= LONGEST_PAGE - LONGEST_WHY:
            break
    return written


def _signed(written: str, frame: Frame) -> str:
    """Put a reader's own words in; what stands above them may hold the marks too, so the last ones count."""
    before, _, rest = written.rpartition(WHY)
    middle, _, after = rest.partition(STOP)
    return f"{before}{escape(clean_line(frame.why))}{middle}{quote(frame.stop)}{after}"


def _render(template: str, frame: Frame, values: Mapping[str, object]) -> str:
    written = _environment().get_template(template).render(frame=frame, **values)
    return _inliner().inline(written)


@cache
def _inliner() -> CSSInliner:
    from css_inline import CSSInliner

    return CSSInliner(load_remote_stylesheets=False)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    environment.tests["web_address"] = is_web_address
    environment.tests["paragraph"] = lambda part: isinstance(part, Paragraph)
    environment.tests["bullets"] = lambda part: isinstance(part, Bullets)
    return environment


def _harmless(value: object) -> object:
    """Return words without anything invisible that would break or turn what stands around them."""
    if type(value) is not str:  # a macro's own markup is a subclass, and clean already
        return value
    before, after = (" " if edge.isspace() else "" for edge in (value[:1], value[-1:]))
    return f"{before}{clean_line(value)}{after}"


def _digest_values(day: DigestMessage) -> dict[str, object]:
    total, _, rest = day.counts.partition(": ")
    return {
        "title": cut(day.subject, LONGEST_TITLE),
        "preview": day.preview,
        "day": day,
        "total": f"{total}:" if rest else total,
        "rest": rest,
        "bars": _bars(day.chart),
    }


def _bars(chart: Chart | None) -> list[Bar]:
    if chart is None:
        return []
    tallest = max(stories for _, stories in chart.days) or 1
    return [
        Bar(day=f"{day:%a}"[:2], stories=stories, height=max(1, round(TALLEST_BAR * stories / tallest)))
        for day, stories in chart.days
    ]
