"""Which outlet should these keywords tell nothing of, what would that have cost, and when does it end?"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from config.settings import Role
from news.nouns import Watchlist
from news.wording import when
from nightdesk.acts import muting
from nightdesk.acts.muting import Lost, Outlet, Until, would_have_lost
from nightdesk.acts.rights import NotStandingError
from nightdesk.private import people_places
from nightdesk.web.keywords_form import meant, visible
from nightdesk.web.page import (
    Page,
    as_json,
    console_of,
    form_of,
    now_of,
    person,
    render,
    see_other,
    zone_of,
)
from storage.acts_contract import Act, Via

VIA: Via = "console"
#: How long a mute may be, as the form says it.
LENGTHS = {"week": "For 7 days", "pinned": "Until somebody ends it"}


async def ask(request: Request) -> Response:
    """Show what a mute of an outlet would have kept back in 30 days, before anybody mutes."""
    watchlist, _ = await meant(request)
    settings, now = visible(request), now_of(request)
    sources = {each.id: each.name or each.id for each in settings.sources}
    wanted = request.query_params.get("source", "")
    chosen = wanted if wanted in sources else ""
    outlet = Outlet(source_id=chosen, watchlist_id=watchlist.id)
    lost: Lost | None = None
    if chosen:
        lost = await console_of(request).store.read(
            lambda store: would_have_lost(store, settings, outlet, now=now)
        )
    return render(
        request,
        "keywords_mute.html",
        watchlist=watchlist,
        sources=dict(sorted(sources.items(), key=lambda each: each[1].lower())),
        chosen=chosen,
        lost=lost,
        lengths=LENGTHS,
    )


async def facts(request: Request) -> Response:
    """Answer a program with the mutes that stand on these keywords."""
    watchlist, _ = await meant(request)
    return as_json({"mutes": [_facts(act) for act in await standing(request, watchlist)]})


def _facts(act: Act) -> dict[str, object]:
    return {
        "id": act.id,
        "source": act.source_id,
        "to": act.destination or None,
        "until": act.until.isoformat() if act.until else None,
        "who": act.who,
        "at": act.at.isoformat(),
        "for_these_keywords_only": bool(act.watchlist_id),
    }


async def standing(request: Request, watchlist: Watchlist) -> tuple[Act, ...]:
    """Return the mutes of outlets that these keywords feel, as far as whoever asks may know of them."""
    hidden, now = people_places(visible(request)), now_of(request)
    places = {"", *(rule.to for rule in watchlist.deliver)} - hidden
    found: tuple[Act, ...] = await console_of(request).store.read(lambda store: muting.mutes(store, now=now))
    return tuple(
        act
        for act in found
        if act.kind == "mute outlet" and act.watchlist_id in {"", watchlist.id} and act.destination in places
    )


async def mute(request: Request) -> Response:
    """Tell nothing of an outlet for these keywords."""
    watchlist, _ = await meant(request)
    form, who, now = await form_of(request), person(request), now_of(request)
    source = next((each for each in visible(request).sources if each.id == form.text("source")), None)
    if source is None:
        raise HTTPException(400)
    outlet = Outlet(source_id=source.id, watchlist_id=watchlist.id)
    until: Until = "pinned" if form.text("until") == "pinned" else None
    act = await console_of(request).store.write(
        lambda store: muting.mute_outlet(store, outlet, who, via=VIA, now=now, until=until)
    )
    ends = f"until {when(act.until, zone_of(request), now=now)}" if act.until else "until somebody ends it"
    back = f"/keywords/{watchlist.id}"
    said = f"{source.name or source.id} is muted for these keywords {ends}. The digest still lists it."
    return see_other(request, back, say=said, undo=f"{back}/mutes/{act.id}/end")


async def unmute(request: Request) -> Response:
    """End a mute that these keywords feel."""
    watchlist, _ = await meant(request)
    who, now, number = person(request), now_of(request), int(request.path_params["act"])
    if number not in {act.id for act in await standing(request, watchlist)}:
        raise HTTPException(404)
    said = "The mute has ended."
    try:
        await console_of(request).store.write(
            lambda store: muting.unmute(store, number, who, via=VIA, now=now)
        )
    except NotStandingError as error:  # somebody else ended it in this moment
        said = str(error)
    return see_other(request, f"/keywords/{watchlist.id}", say=said)


ROUTES = (
    Page(path="/keywords/{id}/mute", answer=ask, role=Role.EDITOR),
    Page(path="/keywords/{id}/mute", answer=mute, methods=("POST",), role=Role.EDITOR),
    Page(path="/keywords/{id}/mutes/{act:int}/end", answer=unmute, methods=("POST",), role=Role.EDITOR),
    Page(path="/api/keywords/{id}/mutes", answer=facts, says="The outlets that are muted for a watchlist."),
)
