"""Digests: when they come next, what was sent, and a pause."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from alerts.holidays import next_digest
from alerts.schedule import digest_plans
from config.settings import Role
from nightdesk.acts.quieting import loud, quiet
from nightdesk.digest_list import Digests, digests
from nightdesk.early_digest import past_digests, put_again
from nightdesk.handovers import place_of
from nightdesk.next_digest import next_words
from nightdesk.sent_list import MOST_DIGITS
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
    trouble,
    zone_of,
)
from nightdesk.web.pages.sent import kind_of
from nightdesk.web.pages.stories import seen_settings

#: For how many days a digest may be paused with one press.
PAUSES = (1, 3, 7, 14)


async def show(request: Request) -> Response:
    """Show the digests, or older ones."""
    found, to = await _found(request), _place(request)
    is_more = is_part(request) and _before(request) is not None
    return render(
        request,
        "digests_more.html" if is_more else "digests.html",
        digests=found,
        pauses=PAUSES,
        role=person(request).role,
        to=to,
        older=f"/digests?{urlencode({'to': to, 'before': found.after} if to else {'before': found.after})}",
    )


def _place(request: Request) -> str:
    return request.query_params.get("to", "")


def _before(request: Request) -> int | None:
    given = request.query_params.get("before", "")
    return int(given) if given.isdecimal() and len(given) <= MOST_DIGITS else None


async def preview(request: Request) -> Response:
    """Show what the next digest of a place would say by now."""
    settings, now, to = seen_settings(request), now_of(request), _place(request)
    if not _is_seen(request, to):
        return trouble(request, 404, "There is no such digest.")
    plan = next(each for each in digest_plans(settings) if each.destination == to)
    words = await console_of(request).store.read(lambda store: next_words(store, settings, plan, now=now))
    return render(
        request,
        "digest_next.html",
        outgoing=words,
        parts_of=[(kind_of(part), part) for part in words.parts],
        to=to,
        at=next_digest(plan.schedule, to, settings, after=now),
    )


async def facts(request: Request) -> Response:
    """Answer a program with the same."""
    found = await _found(request)
    coming = [
        {
            "to": each.destination,
            "schedule": each.schedule,
            "next": each.next_at.isoformat(),
            "watchlists": list(each.watchlists),
            "stories": each.stories,
            "paused_until": each.paused.until.isoformat() if each.paused and each.paused.until else None,
        }
        for each in found.coming
    ]
    past = [
        {
            "message": each.alert_id,
            "to": each.destination,
            "due": each.due_at.isoformat(),
            "stories": each.stories,
            "sent": each.sent_at.isoformat() if each.sent_at else None,
            "why": each.why,
        }
        for each in found.past
    ]
    return as_json({"coming": coming, "past": past, "before": found.after})


async def _found(request: Request) -> Digests:
    settings, now = seen_settings(request), now_of(request)
    to, before = _place(request), _before(request)
    return await console_of(request).store.read(
        lambda store: digests(store, settings, now=now, to=to, before=before)
    )


async def pause(request: Request) -> Response:
    """Let a place hear nothing but what is urgent, and no digest, until a morning."""
    form, now, who = await form_of(request), now_of(request), person(request)
    to, days = form.text("to"), form.text("days")
    if not _is_seen(request, to) or days not in {str(each) for each in PAUSES}:
        return trouble(request, 422, "There is no such digest.")
    here = now.astimezone(ZoneInfo(zone_of(request)))
    until = datetime.combine(here.date() + timedelta(days=int(days)), time(), here.tzinfo)
    await console_of(request).store.write(
        lambda store: quiet(store, to, who, via="console", now=now, until=until)
    )
    said = f"No digest for {place_of(to)} before then. The next one tells everything in between."
    return see_other(request, "/digests", say=said)


async def resume(request: Request) -> Response:
    """End a pause."""
    to, now, who = (await form_of(request)).text("to"), now_of(request), person(request)
    if not _is_seen(request, to):
        return trouble(request, 422, "There is no such digest.")
    await console_of(request).store.write(lambda store: loud(store, to, who, via="console", now=now))
    return see_other(request, "/digests", say=f"The digest for {place_of(to)} comes again.")


async def again(request: Request) -> Response:
    """Send a digest once more, with the same stories."""
    console, settings, now, who = (
        console_of(request),
        seen_settings(request),
        now_of(request),
        person(request).id,
    )
    alert_id = request.path_params["id"]
    found = await console.store.read(lambda store: past_digests(store, limit=1, before=alert_id + 1))
    meant = next((each for each in found if each.alert.id == alert_id), None)
    if meant is None or not _is_seen(request, meant.digest.destination):
        return trouble(request, 404, "There is no such digest.")
    put = await console.store.write(lambda store: put_again(store, meant, settings, now=now))
    if put:
        told = {"to": meant.digest.destination, "date": meant.digest.local_date}
        await console.store.write(lambda store: store.audit("sent again", who=who, facts=told, now=now))
        console.nudge("tell")
    place = place_of(meant.digest.destination)
    return see_other(
        request, "/digests", say=f"{place}: {'on the way again' if put else 'still waiting to be sent'}."
    )


def _is_seen(request: Request, destination: str) -> bool:
    """Return whether a digest goes there that the reader may know of."""
    from nightdesk.private import people_places

    settings = seen_settings(request)
    places = {plan.destination for plan in digest_plans(settings)} - people_places(settings)
    return destination in places


ROUTES = (
    Page(path="/digests", answer=show),
    Page(path="/digests/next", answer=preview),
    Page(path="/digests/pause", answer=pause, methods=("POST",)),
    Page(path="/digests/resume", answer=resume, methods=("POST",)),
    Page(path="/digests/{id:int}/again", answer=again, methods=("POST",), role=Role.EDITOR),
    Page(path="/api/digests", answer=facts, says="Digests that come, and that were made."),
)
