"""What was sent, what waits, what was refused, and how did each message look?"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from alerts.message import Bullets, Note, Paragraph, Part
from config.settings import Role
from news.wording import counted
from nightdesk.handovers import message_name, place_of
from nightdesk.sent_list import STUCK, as_it_looked, find_alert, post, post_facts
from nightdesk.web.page import (
    Page,
    as_json,
    console_of,
    form_of,
    now_of,
    person,
    render,
    see_other,
)
from nightdesk.web.pages.stories import seen_settings
from nightdesk.web.tables import as_table

HEAD = ("at", "what", "to", "headline", "how it went", "message")


async def sent(request: Request) -> Response:
    """Show what waits, what is stuck, and what went out."""
    settings, now = seen_settings(request), now_of(request)
    found = await console_of(request).store.read(lambda store: post(store, settings, now=now))
    places = sorted({each.destination for each in found.stuck})
    return render(
        request, "sent.html", post=found, stuck_places=places, may_retry=person(request).role >= Role.EDITOR
    )


async def sent_facts(request: Request) -> Response:
    """Answer a program with the same."""
    settings, now = seen_settings(request), now_of(request)
    found = await console_of(request).store.read(lambda store: post(store, settings, now=now))
    lists = {"waiting": found.waiting, "stuck": found.stuck, "sent": found.sent}
    return as_json({name: [post_facts(each) for each in lines] for name, lines in lists.items()})


async def sent_table(request: Request) -> Response:
    """Answer with what went out as a table."""
    settings, now = seen_settings(request), now_of(request)
    found = await console_of(request).store.read(lambda store: post(store, settings, now=now))
    rows = (
        (each.at.isoformat(), each.what, place_of(each.destination), each.headline, each.why, each.alert_id)
        for each in found.sent
    )
    return as_table("sent-messages", HEAD, rows)


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
    found = await console.store.read(lambda store: post(store, settings, now=now))
    if to not in {each.destination for each in found.stuck}:
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
