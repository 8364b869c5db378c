"""How does a template become a page? What comes from outside is escaped; links go to http and https."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

    from config.settings import Settings

from jinja2 import pass_context

HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = HERE / "templates"
STAMP = 12  # letters of a file's hash in its address, so that a browser keeps it until it changes


@cache
def templates() -> Environment:
    """Return the templates, read once a process."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    from news.wording import counted, joined, span
    from nightdesk.handovers import place_of
    from nightdesk.source_fixes import answer_words

    environment.filters |= {
        "when": when,
        "clock": clock,
        "day": day,
        "hour": hour,
        "counted": counted,
        "joined": joined,
        "span": span,
        "link": link,
        "place": place_of,
        "marked": marked,
        "reader_name": reader_name,
        "answered": answer_words,
    }
    environment.globals["static"] = static_address
    return environment


@pass_context
def when(context: Context, moment: datetime | None, otherwise: str = "never") -> Markup | str:
    """Return a time as the reader's clock shows it: "1:29 pm", "yesterday 6:30 am"."""
    from news.wording import when as words

    if moment is None:
        return otherwise
    return _time(moment, words(moment, str(context["zone"]), now=_now(context)))


@pass_context
def clock(context: Context, moment: datetime) -> Markup:
    """Return the time of day alone."""
    from news.wording import clock_time

    return _time(moment, clock_time(moment, str(context["zone"])))


@pass_context
def day(context: Context, moment: datetime) -> Markup:
    """Return the day alone: "Wednesday, March 18"."""
    from news.wording import weekday_date

    return _time(moment, weekday_date(moment, str(context["zone"])))


def hour(written: str) -> str:
    """Return "10:00 pm" for the "22:00" of a file; "daily 06:30" is read for its last word."""
    from datetime import UTC, time

    from news.wording import clock_time

    at = time.fromisoformat(written.rpartition(" ")[2])
    return clock_time(datetime(2026, 1, 1, at.hour, at.minute, tzinfo=UTC), "UTC")


def _now(context: Context) -> datetime:
    return cast("datetime", context["now"])


def _time(moment: datetime, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(timespec="seconds"), words)


def link(address: str) -> str:
    """Return an address from outside if a browser may go there, else "" (no script, no file)."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return address.strip() if parts.scheme in {"http", "https"} and parts.netloc else ""


@pass_context
def reader_name(context: Context, reader_id: str) -> str:
    """Return what a person is called, or the id of one who is no longer there."""
    people = {each.id: each.name for each in cast("Settings", context["settings"]).readers}
    return people.get(reader_id) or reader_id


def marked(text: str, *words: str) -> Markup:
    """Return a text in which these words are marked wherever they stand by themselves."""
    wanted = "|".join(re.escape(each) for each in sorted(set(words) - {""}, key=len, reverse=True))
    if not wanted:
        return Markup.escape(text)
    pieces = re.split(rf"(?<!\w)({wanted})(?!\w)", text, flags=re.IGNORECASE)
    around = (Markup("<mark>{}</mark>") if place % 2 else Markup("{}") for place in range(len(pieces)))
    return Markup("").join(each.format(piece) for each, piece in zip(around, pieces, strict=True))


def static_address(name: str) -> str:
    """Return where a file of the console is; the address changes whenever the file does."""
    return f"/static/{static_files()[name][0]}/{name}"


@cache
def static_files() -> Mapping[str, tuple[str, bytes]]:
    """Return the console's own files: name → its stamp and what is in it."""
    found: dict[str, tuple[str, bytes]] = {}
    for path in sorted(STATIC.iterdir()):
        if path.suffix in TYPES:
            content = path.read_bytes()
            found[path.name] = (sha256(content).hexdigest()[:STAMP], content)
    return found


#: What is handed out, and what it is called.
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
