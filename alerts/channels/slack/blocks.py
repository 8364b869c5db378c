"""How does a message look in Slack?

What comes from outside goes into `rich_text` elements, which Slack shows as they are: nothing in a headline
can become a mention, a link or bold. Small print has no such element; there `&`, `<` and `>` are escaped, and
words that hold a formatting sign of Slack's go in as plain text. Slack's limits are kept here, so that it
never has to refuse.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from alerts.channels.slack.buttons import actions
from alerts.message import Bullets, Line, Message, Note, Outgoing, Paragraph, Part, Span

MOST_BLOCKS = 50
MOST_CHARACTERS = 3_000  # in one text
MOST_IN_ALL = 12_000  # characters of blocks, as JSON: Slack says msg_blocks_too_long somewhere above
MOST_TEXT = 40_000  # characters of top-level text; Slack cuts what is longer
LONGEST_LINK = 3_000  # characters of an address
LARGEST_ACTIONS = 4_500  # characters of a row of buttons, as JSON, with the longest link
ACCOUNT = re.compile(r"[UW][A-Z0-9]{7,}")  # how Slack's own ids of people look

#: What `mrkdwn` would read as formatting or an emoji.
FORMATTING = re.compile(r"[*_~`]|:[\w'+-]+:")
CUT = "Cut here: Slack takes no more in one message."

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """What a message may carry beside its words."""

    # Somebody answers what is clicked.
    buttons: bool = False
    # A person's place ("slack:D04NIGHTED") → the account that is mentioned.
    accounts: Mapping[str, str] = field(default_factory=dict)

    def account(self, span: Span) -> str:
        """Return the account of the person whom a span names, or ""."""
        place = span.person.partition(":")[2]
        return self.accounts.get(span.person, place if ACCOUNT.fullmatch(place) else "")


#: Words alone.
PLAIN = Dress()


def body_of(message: Outgoing, key: str, dress: Dress = PLAIN) -> Json:
    """Return what every way into Slack is told: text, blocks, metadata, no unfurling."""
    desk = message.desk if isinstance(message, Message) and dress.buttons else None
    blocks = lay_out(message.parts, dress, free=1 if desk else 0)
    return {
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": metadata_of(message, key),
        "text": _calling(message, dress),
        "blocks": [*blocks, actions(desk, key)] if desk else blocks,
    }


def _calling(message: Outgoing, dress: Dress) -> str:
    """Return the text; whom it calls is mentioned."""
    text = plain_text(message.text)
    calls = message.calls if isinstance(message, Message) else None
    account = dress.account(calls) if calls else ""
    if calls is None or not account:
        return text
    before, found, after = text.rpartition(plain_text(f"For {calls.text}"))
    return f"{before}For <@{account}>{after}" if found else text


def metadata_of(message: Outgoing, key: str) -> Json:
    """Return what the message is found again by: its key, kind and opaque facts."""
    return {
        "event_type": "nightdesk_message",
        "event_payload": {"dedupe_key": key, "kind": message.kind, **message.facts},
    }


def plain_text(text: str) -> str:
    """Return text for Slack's top-level `text`, in which nothing is a mention or a link of ours."""
    return _cut(_escape(text), MOST_TEXT)


def lay_out(parts: Sequence[Part], dress: Dress = PLAIN, *, free: int = 0) -> list[Json]:
    """Return the blocks of a document, within Slack's limits; so many blocks are left free."""
    blocks: list[Json] = []
    room = MOST_IN_ALL - len(json.dumps(_small_print(CUT))) - free * LARGEST_ACTIONS
    for block in (block for part in parts for block in _blocks(part, dress)):
        room -= len(json.dumps(block, ensure_ascii=False)) + 2
        if room < 0 or len(blocks) == MOST_BLOCKS - 1 - free:
            return [*blocks, _small_print(CUT)]
        blocks.append(block)
    return blocks


def _blocks(part: Part, dress: Dress) -> Iterator[Json]:
    match part:
        case Paragraph(lines=lines, quote=quote):
            elements = _sections([lines], dress)
            if quote:
                elements.append({"type": "rich_text_quote", "elements": [_text(quote)]})
            if elements:
                yield {"type": "rich_text", "elements": elements}
        case Bullets(points=points):
            if listed := _sections(points, dress):
                yield {
                    "type": "rich_text",
                    "elements": [{"type": "rich_text_list", "style": "bullet", "elements": listed}],
                }
        case Note(line=line):
            if any(span.text for span in line):
                yield {"type": "context", "elements": [_context(line, dress)]}


def _sections(paragraphs: Iterable[Sequence[Line]], dress: Dress) -> list[Json]:
    """Return a section for each that says something; Slack refuses empty ones."""
    return [
        {"type": "rich_text_section", "elements": elements}
        for lines in paragraphs
        if (elements := _elements(lines, dress))
    ]


def _elements(lines: Sequence[Line], dress: Dress) -> list[Json]:
    elements: list[Json] = []
    for line in lines:
        spans = [span for span in line if span.text]
        if elements and spans and not _is_link(spans[0].url):
            spans[0] = replace(spans[0], text="\n" + spans[0].text)
        elif elements and spans:
            elements.append(_text("\n"))
        elements += [_element(span, dress) for span in spans]
    return elements


def _element(span: Span, dress: Dress) -> Json:
    account = dress.account(span)
    if account:
        return {"type": "user", "user_id": account}
    shown = {name: True for name, is_so in (("bold", span.bold), ("strike", span.struck)) if is_so}
    style: Json = {"style": shown} if shown else {}
    if _is_link(span.url):
        return {"type": "link", "url": span.url, "text": _cut(span.text, MOST_CHARACTERS), **style}
    return {**_text(span.text), **style}


def _text(text: str) -> Json:
    return {"type": "text", "text": _cut(text, MOST_CHARACTERS)}


def _context(line: Line, dress: Dress) -> Json:
    if any(FORMATTING.search(span.text) for span in line if not dress.account(span)):
        words = "".join(span.text for span in line)
        return {"type": "plain_text", "text": _cut(words, MOST_CHARACTERS), "emoji": False}
    written = "".join(_mrkdwn(span, dress) for span in line)
    if len(written) > MOST_CHARACTERS:  # a cut might fall inside a link
        written = _cut(_escape("".join(span.text for span in line)), MOST_CHARACTERS)
    return {"type": "mrkdwn", "text": written, "verbatim": True}


def _mrkdwn(span: Span, dress: Dress) -> str:
    account = dress.account(span)
    if account:
        return f"<@{account}>"
    words = _escape(span.text)
    if _is_link(span.url):
        address = _escape(re.sub(r"[|<>\s]", lambda sign: f"%{ord(sign[0]):02X}", span.url))
        words = f"<{address}|{words}>"
    words = f"~{words}~" if span.struck else words
    return f"*{words}*" if span.bold else words


def _small_print(words: str) -> Json:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": words, "verbatim": True}]}


def _is_link(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= LONGEST_LINK


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
