"""Digests: when they come next, what was sent, and a pause."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from alerts.schedule import digest_plans
from config.settings import Role
from nightdesk.acts.quieting import loud, quiet
from nightdesk.digest_list import Digests, digests
from nightdesk.early_digest import past_digests, put_again
from nightdesk.handovers import place_of
from nightdesk.web.page import (
    Page,
    as_json,
    console_of,
    form_of,
    now_of,
    person,
    render,
    see_other,
    trouble,
    zone_of,
)
from nightdesk.web.pages.stories import seen_settings

#: For how many days a digest may be paused with one press.
PAUSES = (1, 3, 7, 14)
MOST_LOOKED_AT = 500


async def show(request: Request) -> Response:
    """Show the digests."""
    return render(
        request, "digests.html", digests=await _found(request), pauses=PAUSES, role=person(request).role
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
    return as_json({"coming": coming, "past": past})


async def _found(request: Request) -> Digests:
    settings, now = seen_settings(request), now_of(request)
    return await console_of(request).store.read(lambda store: digests(store, settings, now=now))


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
    found = await console.store.read(lambda store: past_digests(store, limit=MOST_LOOKED_AT))
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
    Page(path="/digests/pause", answer=pause, methods=("POST",)),
    Page(path="/digests/resume", answer=resume, methods=("POST",)),
    Page(path="/digests/{id:int}/again", answer=again, methods=("POST",), role=Role.EDITOR),
    Page(path="/api/digests", answer=facts, says="Digests that come, and that were made."),
)
