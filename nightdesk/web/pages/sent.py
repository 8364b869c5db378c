"""What was sent, what waits, what was refused, and how did each message look?"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from alerts.message import Bullets, Note, Paragraph, Part
from config.settings import Reader, Role, Settings
from news.wording import counted
from nightdesk.handovers import message_name, place_of
from nightdesk.private import people_places
from nightdesk.sent_list import (
    SHOWS,
    STUCK,
    Post,
    PostPage,
    Wish,
    as_it_looked,
    ask,
    find_alert,
    post,
    post_facts,
)
from nightdesk.trying_channels import places_of
from nightdesk.web.page import (
    Page,
    as_json,
    console_of,
    form_of,
    is_part,
    now_of,
    person,
    render,
    see_other,
)
from nightdesk.web.pages.stories import seen_settings
from nightdesk.web.tables import as_table

PAGE = 50  # messages of each kind
MOST_IN_A_TABLE = 1000
HEAD = ("at", "what", "to", "headline", "how it went", "message")


async def sent(request: Request) -> Response:
    """Show what waits, what is stuck, and what went out."""
    settings, wish = seen_settings(request), ask(request.query_params)
    found = await _asked(request, wish, limit=PAGE)
    one = next((page for kind, page in _kinds(found) if kind == wish.show), None)
    if one is not None and wish.before is not None and is_part(request):
        return render(request, "sent_more.html", page=one, kind=wish.show, link_to=partial(_link, wish))
    return render(
        request,
        "sent.html",
        post=found,
        wish=wish,
        shows=SHOWS,
        places=_places(settings, person(request)),
        stuck_places=sorted({each.destination for each in found.stuck.lines}),
        link_to=partial(_link, wish),
        may_retry=person(request).role >= Role.EDITOR,
    )


async def sent_facts(request: Request) -> Response:
    """Answer a program with the same."""
    found = await _asked(request, ask(request.query_params), limit=PAGE)
    facts = {kind: [post_facts(each) for each in page.lines] for kind, page in _kinds(found)}
    return as_json({**facts, "before": {kind: page.after for kind, page in _kinds(found) if page.after}})


async def sent_table(request: Request) -> Response:
    """Answer with what went out as a table."""
    wish = replace(ask(request.query_params), show="sent")
    found = await _asked(request, wish, limit=MOST_IN_A_TABLE)
    rows = (
        (each.at.isoformat(), each.what, place_of(each.destination), each.headline, each.why, each.alert_id)
        for each in found.sent.lines
    )
    return as_table("sent-messages", HEAD, rows)


async def _asked(request: Request, wish: Wish, *, limit: int) -> Post:
    settings = seen_settings(request)
    return await console_of(request).store.read(lambda store: post(store, settings, wish, limit=limit))


def _kinds(found: Post) -> tuple[tuple[str, PostPage], ...]:
    return ("waiting", found.waiting), ("stuck", found.stuck), ("sent", found.sent)


def _places(settings: Settings, reader: Reader) -> dict[str, str]:
    """Return where messages go, in words: the newsroom places that the reader may know, and their own."""
    hidden = people_places(settings)
    known = {place.destination: place_of(place.destination) for place in places_of(settings)}
    own = {reader.slack: "You alone, in Slack", reader.email: "You alone, by mail"}
    return {place: words for place, words in {**known, **own}.items() if place and place not in hidden}


def _link(wish: Wish, **changed: str) -> str:
    asked = {"show": wish.show, "to": wish.to, **changed}
    found = urlencode({name: value for name, value in asked.items() if value})
    return f"/sent?{found}" if found else "/sent"


async def message(request: Request) -> Response:
    """Show one message as it looked, or would look."""
    console, settings = console_of(request), seen_settings(request)
    alert_id = request.path_params["id"]
    alert = await console.store.read(lambda store: find_alert(store, settings, alert_id))
    if alert is None:
        raise HTTPException(404)
    outgoing = await as_it_looked(console.store, settings, alert, clock=console.clock)
    return render(
        request,
        "message.html",
        alert=alert,
        outgoing=outgoing,
        parts_of=[(kind_of(part), part) for part in outgoing.parts] if outgoing else [],
        what=message_name(alert.kind, alert.destination),
    )


def kind_of(part: Part) -> str:
    """Return what a template calls a part of a message."""
    return {Paragraph: "paragraph", Bullets: "bullets", Note: "note"}[type(part)]


async def retry(request: Request) -> Response:
    """Send again what is stuck for a place."""
    console, now, who = console_of(request), now_of(request), person(request).id
    to = (await form_of(request)).text("to")
    settings = seen_settings(request)
    waits = Wish(show="stuck", to=to)
    found = await console.store.read(lambda store: post(store, settings, waits, limit=1))
    if not to or not found.stuck.lines:
        return see_other(request, "/sent", say="Nothing waits there to be sent again.")
    states = [state.value for state in STUCK]
    released = await console.store.write(
        lambda store: store.release_alerts(states=states, destination=to, now=now)
    )
    facts = {"to": to, "messages": released}
    await console.store.write(lambda store: store.audit("sent again", who=who, facts=facts, now=now))
    console.nudge("tell")
    return see_other(
        request, "/sent", say=f"{counted(released, 'message')} for {place_of(to)} on the way again."
    )


ROUTES = (
    Page(path="/sent", answer=sent),
    Page(path="/sent/{id:int}", answer=message),
    Page(path="/sent/retry", answer=retry, methods=("POST",), role=Role.EDITOR),
    Page(path="/api/sent", answer=sent_facts, says="Messages that wait, are stuck, or went out."),
    Page(path="/api/sent.csv", answer=sent_table, says="Messages that went out, as a table."),
)
