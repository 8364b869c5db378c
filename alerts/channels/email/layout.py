"""How does a message look as a page in a mail program?

Jinja writes the page with everything from outside escaped, css-inline moves the styles onto the elements
(mail programs strip style sheets), and two media queries stay behind for telephones and dark rooms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from alerts.day import Chart, DigestMessage
from alerts.message import Bullets, Outgoing, Paragraph, Part, Span
from news.urls import is_web_address

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
#: Pixels of the chart's tallest bar.
TALLEST_BAR = 45
#: Bytes; Gmail cuts off what is longer.
LONGEST_PAGE = 102_000
#: Lines of plain text shown instead of a page that grew too long.
MOST_LINES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around every message."""

    language: str
    footer: tuple[str, ...]
    # A mailto: address, or "".
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One day of the chart."""

    # "We"
    day: str
    stories: int
    # Pixels.
    height: int


def page(message: Outgoing, frame: Frame) -> str:
    """Return the HTML part of a mail, styles inlined; its plain text in a frame if it grew too long."""
    if isinstance(message, DigestMessage):
        written = _render("digest.html", frame, _digest_values(message))
    else:
        written = _render("message.html", frame, _message_values(message, message.parts))
    if len(written.encode()) <= LONGEST_PAGE:
        return written
    lines = tuple((Span(text=line),) for line in message.text.splitlines()[:MOST_LINES] if line)
    return _render("message.html", frame, _message_values(message, (Paragraph(lines=lines),)))


def _render(template: str, frame: Frame, values: Mapping[str, object]) -> str:
    import css_inline

    written = _environment().get_template(template).render(frame=frame, **values)
    return css_inline.inline(written, load_remote_stylesheets=False)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["web_address"] = is_web_address
    environment.tests["paragraph"] = lambda part: isinstance(part, Paragraph)
    environment.tests["bullets"] = lambda part: isinstance(part, Bullets)
    return environment


def _digest_values(day: DigestMessage) -> dict[str, object]:
    bars = _bars(day.chart)
    return {
        "title": day.subject,
        "preview": f"{day.counts} {day.covers}",
        "day": day,
        "bars": bars,
        "chart_words": ", ".join(f"{bar.day} {bar.stories}" for bar in bars),
    }


def _bars(chart: Chart | None) -> list[Bar]:
    if chart is None:
        return []
    tallest = max(stories for _, stories in chart.days) or 1
    return [
        Bar(day=f"{day:%a}"[:2], stories=stories, height=max(1, round(TALLEST_BAR * stories / tallest)))
        for day, stories in chart.days
    ]


def _message_values(message: Outgoing, parts: tuple[Part, ...]) -> dict[str, object]:
    return {"title": message.subject, "preview": message.text[:200], "parts": parts}
