"""How does Nightdesk say that it is blind somewhere?

A health alert carries its words as facts (`health_facts`), because who notices knows best what to say.
"""

from __future__ import annotations

from collections.abc import Mapping

from alerts.message import Message, Note, Paragraph, Part, Span
from alerts.words import prose
from news.telling import Alert


def health_facts(
    title: str, *lines: str, note: str = "", ids: Mapping[str, str] | None = None
) -> dict[str, object]:
    """Return the facts of a health alert: a title, sentences, small print, and opaque ids for machines."""
    return {"title": title, "lines": list(lines), "note": note, "ids": dict(ids or {})}


def compose_health(alert: Alert) -> Message:
    """Put a health alert in words."""
    title, lines, note = (alert.facts.get(name) for name in ("title", "lines", "note"))
    told = [str(line) for line in lines] if isinstance(lines, list | tuple) else []
    ids = alert.facts.get("ids")
    below = tuple((Span(text=line),) for line in told)
    parts: list[Part] = [Paragraph(lines=((Span(text=str(title), bold=True),), *below))]
    if note:
        parts.append(Note(line=(Span(text=str(note)),)))
    return Message(
        kind="health",
        headline=str(title),
        text=prose([str(title), *told, *str(note or "").split(" · ")]),
        parts=tuple(parts),
        facts={
            "revision": 1,
            **({str(k): str(v) for k, v in ids.items()} if isinstance(ids, Mapping) else {}),
        },
    )
