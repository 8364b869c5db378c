"""What does a person see of the fake Slack? A page to look at, and to click on.

    GET  /page          the channels; beside them what one person alone was told, and the open form
    POST /page/click    a button, or a choice of the menu
    POST /page/command  /nightdesk and some words
    POST /page/form     the form, sent

No script: every button is a form of its own, and every answer is the page again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from alerts.channels.slack.preview import preview_page
from tests.fakes.serving import Answer, Received
from tests.fakes.slack_checks import Json

if TYPE_CHECKING:
    from tests.fakes.slack import FakeSlack
    from tests.fakes.slack_people import View

PAGE = "/page"
HTML = (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"))
WHISPERS = 4  # the newest ones that are shown


class SlackPage:
    """The page of one person."""

    def __init__(self, slack: FakeSlack, *, person: str, channel: str, zone: str) -> None:
        """Show the workspace to this person, who types in this channel."""
        self._slack = slack
        self._person = person
        self._channel = channel
        self._zone = zone

    def answer(self, request: Received) -> Answer:
        """Do what was clicked, and show the page."""
        fields = parse_qsl(request.body.decode(), keep_blank_values=True)
        match request.method, request.path.removeprefix(PAGE):
            case "POST", "/click":
                self._click(dict(fields))
            case "POST", "/command":
                words = dict(fields).get("words", "")
                self._slack.people.command(words, user=self._person, channel=self._channel)
            case "POST", "/form":
                self._send(fields)
            case "GET", "" | "/":
                return Answer(headers=HTML, body=self._html().encode())
            case _:
                return Answer(status=404, headers=HTML, body=b"<p>There is no such page.")
        return Answer(status=303, headers=(("Location", PAGE),))

    def _click(self, fields: Mapping[str, str]) -> None:
        people = self._slack.people
        if fields.get("whisper"):
            people.click_whisper(people.whispers(self._person)[-1], fields.get("action", ""))
            return
        messages = [each for name in self._slack.channels for each in self._slack.messages(name)]
        message = next((each for each in messages if each.ts == fields.get("ts")), None)
        action, _, choose = fields.get("action", "").partition(" ")
        if message is not None:
            people.click(message, action, user=self._person, choose=choose)

    def _send(self, fields: list[tuple[str, str]]) -> None:
        view = self._slack.people.form(self._person)
        if view is None:
            return
        typed: dict[str, str] = {}
        for name, value in fields:
            typed[name] = f"{typed[name]}\n{value}" if name in typed else value
        if typed.pop("close", ""):
            self._slack.people.close(view)
        else:
            self._slack.people.send(view, typed)

    def _html(self) -> str:
        calls = [
            {
                "method": call.method,
                "channel": call.channel,
                "channel_name": call.channel_name,
                "ts": call.ts,
                "thread_ts": call.thread_ts,
                "reply_broadcast": call.reply_broadcast,
                "text": call.text,
                "blocks": call.blocks,
            }
            for call in self._slack.accepted
        ]
        page = preview_page(calls, zone=self._zone, press=f"{PAGE}/click")
        beside = "".join((*self._typing(), *self._whispered(), *self._form()))
        return page.replace("<main>", f'<aside aria-label="For you alone">{beside}</aside>\n<main>', 1)

    def _typing(self) -> Iterator[str]:
        yield f'<form method="post" action="{PAGE}/command"><label>/nightdesk '
        yield '<input name="words" placeholder="help"></label> <button>Send</button></form>'

    def _whispered(self) -> Iterator[str]:
        told = self._slack.people.whispers(self._person)
        for number, whisper in enumerate(told[-WHISPERS:], start=max(0, len(told) - WHISPERS)):
            words = escape(whisper.text).replace("\n", "<br>")
            yield f"<p><small>Only visible to you</small><br>{words}</p>"
            buttons = [e for b in whisper.blocks if b["type"] == "actions" for e in b["elements"]]
            if buttons and number == len(told) - 1:
                yield _button(f"{PAGE}/click", str(buttons[0]["text"]["text"]), whisper="1", action="undo")

    def _form(self) -> Iterator[str]:
        view = self._slack.people.form(self._person)
        if view is None:
            return
        yield f'<form method="post" action="{PAGE}/form"><h2>{escape(_text(view.json["title"]))}</h2>'
        for block in view.json["blocks"]:
            yield from _block(block, view)
        if view.json.get("submit"):
            yield f"<button>{escape(_text(view.json['submit']))}</button> "
        yield f'<button name="close" value="1">{escape(_text(view.json["close"]))}</button></form>'


def _block(block: Json, view: View) -> Iterator[str]:
    if block["type"] != "input":
        yield f"<p>{escape(_text(block.get('text', {})))}</p>"
        return
    element, name = block["element"], escape(block["block_id"])
    wrong = view.errors.get(block["block_id"], "")
    yield f"<p><label>{escape(_text(block['label']))}<br>{_field(element, name)}</label>"
    yield f"<br><strong>{escape(wrong)}</strong>" if wrong else ""
    yield f"<br><small>{escape(_text(block['hint']))}</small></p>" if block.get("hint") else "</p>"


def _field(element: Json, name: str) -> str:
    if element["type"] == "plain_text_input":
        words = escape(str(element.get("initial_value") or ""))
        if element.get("multiline"):
            return f'<textarea name="{name}" rows="4">{words}</textarea>'
        return f'<input name="{name}" value="{words}">'
    options = [(escape(str(each["value"])), escape(_text(each["text"]))) for each in element["options"]]
    if element["type"] == "checkboxes":
        boxes = (f'<label><input type="checkbox" name="{name}" value="{v}"> {t}</label>' for v, t in options)
        return "<br>".join(boxes)
    rows = "".join(f'<option value="{value}">{text}</option>' for value, text in options)
    return f'<select name="{name}">{rows}</select>'


def _button(to: str, words: str, **fields: str) -> str:
    hidden = "".join(f'<input type="hidden" name="{n}" value="{escape(v)}">' for n, v in fields.items())
    return f'<form method="post" action="{to}">{hidden}<button>{escape(words)}</button></form>'


def _text(each: object) -> str:
    return str(each.get("text", "")) if isinstance(each, dict) else ""
