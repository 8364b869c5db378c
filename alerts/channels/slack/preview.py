"""What would readers see in Slack? The calls Slack accepted, as one page that needs nothing from elsewhere.

The page shows each channel as it stands after the last call: messages as edited, follow-ups under them. It is
made of what was sent, not of what was meant, so a wrong block shows as wrong here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape, unescape

from alerts.channels.slack.blocks import Json, body_of
from alerts.message import Outgoing
from news.wording import clock_time, counted

Call = Mapping[str, object]

MENU = "…"
#: The three things that our small print writes in Slack's own markup.
MARKUP = re.compile(
    r"<(?P<url>https?://[^|>]+)\|(?P<label>[^>]*)>|\*(?P<bold>[^*]+)\*|<@(?P<person>[UW][A-Z0-9]+)>"
)

STYLE = """
:root { color-scheme: light dark; --page: #fff; --ink: #1d1c1d; --quiet: #5e5d60; --line: #dcdcde;
  --bar: #8a8a8e; --link: #0b5aa2; --mark: #26324a }
@media (prefers-color-scheme: dark) {
  :root { --page: #191c20; --ink: #d6d7d9; --quiet: #a9abb0; --line: #383b41; --bar: #7f838a;
    --link: #78b7ec; --mark: #3a4a6b }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); overflow-wrap: anywhere;
  font: 15px/1.47 Lato, "Helvetica Neue", Arial, sans-serif }
main { max-width: 45rem }
h1 { margin: 0; padding: .75rem 1.25rem; font-size: 1.06rem; border-bottom: 1px solid var(--line) }
h1:not(:first-child) { margin-top: 1.5rem; border-top: 1px solid var(--line) }
article { display: grid; grid-template-columns: 2.25rem 1fr; gap: 0 .6rem; padding: .6rem 1.25rem .4rem }
article article { padding-right: 0; padding-left: .9rem }
.face { width: 2.25rem; height: 2.25rem; border-radius: .5rem; background: var(--mark); color: #fff;
  font-weight: 900; display: grid; place-items: center }
.who small, .edited, .also { color: var(--quiet); font-size: .83rem }
.who .app { font-size: .67rem; background: var(--line); border-radius: 2px; padding: 1px 3px }
.said > * { margin: .15rem 0 .4rem }
blockquote { margin: .25rem 0; padding-left: .8rem; border-left: .25rem solid var(--bar) }
ul { margin: .15rem 0; padding-left: 1.4rem }
li { margin: .2rem 0 }
.small { color: var(--quiet); font-size: .87rem; line-height: 1.4 }
a { color: var(--link); text-decoration: none }
a:hover, a:focus { text-decoration: underline }
.buttons { display: flex; flex-wrap: wrap; gap: .4rem }
.button, .buttons button { border: 1px solid var(--bar); border-radius: .25rem; padding: .15rem .6rem;
  background: none; color: var(--ink); font: inherit }
.person { color: var(--link) }
aside textarea, aside input:not([type]) { width: 100%; max-width: 40rem; font: inherit }
aside { padding: .75rem 1.25rem; border-bottom: 1px solid var(--line) }
.thread { grid-column: 2; border-left: 2px solid var(--line) }
.count { padding-left: .9rem; color: var(--quiet); font-size: .83rem }
.empty { padding: 1rem 1.25rem; color: var(--quiet) }
@media (max-width: 500px) {
  article, h1 { padding-left: .75rem; padding-right: .75rem }
  .thread { grid-column: 1 / -1 }
}
""".strip()


#: When the dark colors hold.
WHEN_DARK, ALWAYS = "@media (prefers-color-scheme: dark)", "@media all"


@dataclass(slots=True, kw_only=True)
class Shown:
    """A message as it stands now."""

    call: Call
    edited: bool = False
    replies: list[Shown] = field(default_factory=list)


def preview_page(
    calls: Sequence[Call],
    *,
    zone: str,
    title: str = "Nightdesk in Slack",
    dark: bool = False,
    press: str = "",
) -> str:
    """Return a page of what the accepted calls left in the channels, as bright as the reader likes it.

    With `dark` it is dark wherever it is looked at; with `press`, a button sends what it says there.

    A call is a line of `slack.jsonl`: method, channel, channel_name, ts, thread_ts, reply_broadcast, text,
    blocks.
    """
    channels = channels_of([{**call, "press": press} for call in calls] if press else calls)
    body = "".join(_channel(name, messages, zone) for name, messages in channels.items())
    style = STYLE.replace(WHEN_DARK, ALWAYS) if dark else STYLE
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}\n</style>\n"
        f"<main>\n{body or '<p class=empty>Nothing was sent.</p>'}\n</main>\n</html>\n"
    )


def call_of(message: Outgoing, *, key: str, channel: str, at: datetime) -> Json:
    """Return the call that would post a message, for a page of messages that were never sent."""
    called = {"method": "chat.postMessage", "channel": channel, "channel_name": channel.lstrip("#")}
    return called | {"ts": f"{at.timestamp():.6f}", "thread_ts": None} | body_of(message, key)


def channels_of(calls: Sequence[Call]) -> dict[str, list[Shown]]:
    """Return the channels as they stand after the last call, in the order in which they first spoke."""
    channels: dict[str, list[Shown]] = {}
    there: dict[tuple[str, str], Shown] = {}
    for call in calls:
        place, ts = str(call.get("channel")), str(call.get("ts"))
        known = there.get((place, ts))
        if call.get("method") == "chat.update" and known is not None:
            known.call, known.edited = {**known.call, **_said(call)}, True
            continue
        shown = there[place, ts] = Shown(call=call)
        root = there.get((place, str(call.get("thread_ts"))))
        name = str(call.get("channel_name") or place)
        (channels.setdefault(name, []) if root is None else root.replies).append(shown)
    return channels


def _said(call: Call) -> dict[str, object]:
    return {name: call[name] for name in ("text", "blocks") if name in call}


def _channel(name: str, messages: Sequence[Shown], zone: str) -> str:
    return f"<h1># {escape(name)}</h1>\n" + "".join(_message(shown, zone) for shown in messages)


def _message(shown: Shown, zone: str) -> str:
    sent = datetime.fromtimestamp(float(str(shown.call.get("ts") or 0)), UTC)
    also = '<div class="also">also sent to the channel</div>' if shown.call.get("reply_broadcast") else ""
    edited = '<span class="edited">(edited)</span>' if shown.edited else ""
    return (
        '<article><div class="face" aria-hidden="true">N</div><div>'
        '<div class="who"><b>Nightdesk</b> <small class="app">APP</small> '
        f"<small>{clock_time(sent, zone)}</small></div>{also}"
        f'<div class="said">{"".join(_blocks(shown.call))}{edited}</div></div>'
        f"{_thread(shown, zone)}</article>\n"
    )


def _thread(shown: Shown, zone: str) -> str:
    if not shown.replies:
        return ""
    count = f'<div class="count">{counted(len(shown.replies), "reply", plural="replies")}</div>'
    return f'<div class="thread">{count}{"".join(_message(reply, zone) for reply in shown.replies)}</div>'


def _blocks(call: Call) -> Iterator[str]:
    """Yield the blocks, or the text where there are none."""
    blocks = _listed(call.get("blocks"))
    if not blocks:
        yield f"<div>{_lines(unescape(str(call.get('text') or '')))}</div>"
    for block in blocks:
        if block.get("type") == "context":
            words = " ".join(_small(element) for element in _listed(block.get("elements")))
            yield f'<div class="small">{words}</div>'
        elif block.get("type") == "actions":
            yield f'<div class="buttons">{"".join(_buttons(block, call))}</div>'
        else:
            yield f"<div>{''.join(_rich(element) for element in _listed(block.get('elements')))}</div>"


def _buttons(block: Mapping[str, object], call: Call) -> Iterator[str]:
    """Yield the buttons, and what the menu offers; with somewhere to send it, each can be clicked."""
    press = str(call.get("press") or "")
    for element in _listed(block.get("elements")):
        name = str(element.get("action_id"))
        choices = _listed(element.get("options"))
        if element.get("url"):
            yield _link(str(element["url"]), f'<span class="button">{_words_on(element)}</span>')
        elif choices and press:
            rows = "".join(
                f'<option value="{escape(name)} {escape(str(each.get("value")))}">{_words_on(each)}</option>'
                for each in choices
            )
            yield _pressed(f'<select name="action" aria-label="More">{rows}</select><button>…</button>', call)
        elif press:
            yield _pressed(
                f'<button name="action" value="{escape(name)}">{_words_on(element)}</button>', call
            )
        else:
            yield f'<span class="button">{MENU if choices else _words_on(element)}</span>'


def _pressed(inside: str, call: Call) -> str:
    ts = escape(str(call.get("ts")))
    hidden = f'<input type="hidden" name="ts" value="{ts}">'
    return f'<form method="post" action="{escape(str(call.get("press")))}">{hidden}{inside}</form>'


def _words_on(element: Mapping[str, object]) -> str:
    text = element.get("text")
    return escape(str(text.get("text", ""))) if isinstance(text, Mapping) else ""


def _rich(element: Mapping[str, object]) -> str:
    inside = _listed(element.get("elements"))
    match element.get("type"):
        case "rich_text_section":
            return f"<div>{''.join(_leaf(leaf) for leaf in inside)}</div>"
        case "rich_text_quote":
            return f"<blockquote>{''.join(_leaf(leaf) for leaf in inside)}</blockquote>"
        case "rich_text_list":
            return f"<ul>{''.join(f'<li>{_rich(point)}</li>' for point in inside)}</ul>"
        case kind:
            return f"<pre>{escape(f'{kind} is not shown in this preview')}</pre>"


def _leaf(leaf: Mapping[str, object]) -> str:
    words = _lines(str(leaf.get("text") or leaf.get("url") or ""))
    if leaf.get("type") == "user":
        return f'<span class="person">@{escape(str(leaf.get("user_id")))}</span>'
    style = leaf.get("style")
    if leaf.get("type") == "link":
        words = _link(str(leaf.get("url")), words)
    shown = style if isinstance(style, Mapping) else {}
    words = f"<s>{words}</s>" if shown.get("strike") else words
    return f"<b>{words}</b>" if shown.get("bold") else words


def _small(element: Mapping[str, object]) -> str:
    text = str(element.get("text") or "")
    if element.get("type") != "mrkdwn":
        return _lines(text)
    shown, end = "", 0
    for sign in MARKUP.finditer(text):
        shown += _lines(unescape(text[end : sign.start()]))
        label = _lines(unescape(sign["label"] or sign["bold"] or ""))
        if sign["person"]:
            label = f'<span class="person">@{sign["person"]}</span>'
            shown, end = shown + label, sign.end()
            continue
        shown += _link(unescape(sign["url"]), label) if sign["url"] else f"<b>{label}</b>"
        end = sign.end()
    return shown + _lines(unescape(text[end:]))


def _link(url: str, words: str) -> str:
    if not url.startswith(("https://", "http://")):
        return words
    return f'<a href="{escape(url)}" rel="noreferrer">{words}</a>'


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _listed(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []
