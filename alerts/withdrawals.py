"""What does a reader see of an article that its outlet withdrew?

Its headline struck through, who withdrew it and when, and none of its sentences: nobody stands for them any
more. What other outlets say of the story stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from alerts.corrections import byline
from alerts.developments import is_withdrawn
from alerts.message import Line, Message, Paragraph, Span
from alerts.words import Telling, quote_of
from news.nouns import StoryArticle


def standing_quote(each: StoryArticle) -> str:
    """Return the sentences an editor should read; none of an article that was withdrawn."""
    return "" if is_withdrawn(each) else quote_of(each.article)


def withdrawal(each: StoryArticle, telling: Telling) -> Iterator[Paragraph]:
    """Yield "Withdrawn by Channel 4 Ellery, 2:05 pm"; nothing for an article that stands."""
    if is_withdrawn(each):
        yield Paragraph(lines=((Span(text=byline(each, telling), bold=True),),))


# ── A story that goes on elsewhere ──────────────────────────────────────────────────────────────────────


def goes_on(message: Message, kept: Telling, link: str) -> Message:
    """Return a story's message with the line that says in which other message the story goes on."""
    when = f" of {kept.root_time}" if kept.root_time else ""
    opening = f"The same story goes on in the message{when}"
    headline = kept.story.title
    line: Line = (Span(text=f"{opening}: "), Span(text=headline, url=link, bold=True))
    return Message(
        kind=message.kind,
        headline=message.headline,
        url=message.url,
        text=f"{message.headline}. {opening}: {headline}{f' {link}' if link else ''}",
        parts=(Paragraph(lines=(line,)), *message.parts),
        watchlists=message.watchlists,
        priority=message.priority,
        facts=message.facts,
    )
