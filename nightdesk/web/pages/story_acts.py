"""What may somebody do with a story? Claim, vote, mute, note, hold; merge, split, keep apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from alerts.words import outlet_of
from config.settings import Role
from news.nouns import Story
from news.wording import counted, when
from nightdesk.acts import claiming, holding, muting, noting, voting
from nightdesk.acts.muting import Outlet, Until, would_have_lost
from nightdesk.acts.rights import NotStandingError
from nightdesk.handovers import place_of
from nightdesk.private import people_places
from nightdesk.sending_one import Answer, send_one
from nightdesk.web.page import (
    Form,
    Page,
    as_json,
    console_of,
    form_of,
    now_of,
    person,
    render,
    see_other,
    settings_of,
    zone_of,
)
from nightdesk.web.pages.stories import names, seen_settings
from storage.acts_contract import Via
from storage.contract import Store
from storage.gathering_contract import Merged, Merger

VIA: Via = "console"
MORNING = time(6)  # "until tomorrow" ends when the day begins
#: How long a mute may be, as the form says it.
LENGTHS = {"tomorrow": "Until tomorrow, 6:00 am", "week": "For 7 days", "pinned": "Until somebody ends it"}

Said = tuple[str, str]  # what was done, and the address that undoes it


# ── Who is on it ──────────────────────────────────────────────────────────────────────────────────────────


async def claim(request: Request) -> Response:
    """Let the person have the story, or say who has it."""
    who, now = person(request), now_of(request)

    def work(store: Store, story: Story) -> Said:
        outcome = claiming.claim(store, story.id, who, via=VIA, now=now)
        if isinstance(outcome, claiming.TakenBy):
            return f"{_name(request, outcome.claim.who)} is on it already.", ""
        return "You are on it. It says so in the thread.", f"/stories/{story.id}/release"

    return await _done(request, work)


async def release(request: Request) -> Response:
    """End a claim."""
    who, now = person(request), now_of(request)

    def work(store: Store, story: Story) -> Said:
        had = claiming.release(store, story.id, who, via=VIA, now=now)
        return (
            "Nobody is on it now." if had else "Nobody was on it."
        ), f"/stories/{story.id}/claim" if had else ""

    return await _done(request, work)


async def take_over(request: Request) -> Response:
    """Take a story over from whoever is on it."""
    who, now = person(request), now_of(request)

    def work(store: Store, story: Story) -> Said:
        claiming.release(store, story.id, who, via=VIA, now=now)
        outcome = claiming.claim(store, story.id, who, via=VIA, now=now)
        is_mine = isinstance(outcome, claiming.Claimed)
        return ("You took it over." if is_mine else "Somebody else was quicker."), ""

    return await _done(request, work)


# ── Votes and notes ───────────────────────────────────────────────────────────────────────────────────────


async def not_relevant(request: Request) -> Response:
    """Keep one person's vote, for all the story's watchlists or the one that is meant."""
    who, now, known = person(request), now_of(request), names(seen_settings(request))
    meant = (await form_of(request)).text("watchlist")

    def work(store: Store, story: Story) -> Said:
        if meant and meant not in known.keys() & {
            each.watchlist_id for each in store.story_matches(story.id)
        }:
            raise NotStandingError("The story is not on this watchlist.")
        act = voting.vote_not_relevant(store, story.id, who, via=VIA, now=now, watchlist_id=meant)
        of = f" for {known[meant]}" if meant else ""
        said = f"Your vote is kept: not relevant{of}. No keyword was changed."
        return said, f"/stories/{story.id}/votes/{act.id}/undo"

    return await _done(request, work)


async def undo(request: Request) -> Response:
    """Take a vote back."""
    who, now, number = person(request), now_of(request), int(request.path_params["act"])

    def work(store: Store, story: Story) -> Said:  # noqa: ARG001 - the vote knows its story
        voting.undo(store, number, who, via=VIA, now=now)
        return "Your vote was taken back.", ""

    return await _done(request, work)


async def note(request: Request) -> Response:
    """Keep a note."""
    who, now, form = person(request), now_of(request), await form_of(request)

    def work(store: Store, story: Story) -> Said:
        noting.note(store, story.id, form.text("words"), who, via=VIA, now=now)
        return "Your note is kept.", ""

    return await _done(request, work)


# ── For one person ────────────────────────────────────────────────────────────────────────────────────────


async def send_me(request: Request) -> Response:
    """Send the story to whoever asks, once."""
    answer = await _sent_to_me(request)
    return see_other(request, f"/stories/{request.path_params['id']}", say=answer.words)


async def send_me_facts(request: Request) -> Response:
    """Do the same for a program."""
    answer = await _sent_to_me(request)
    facts = {"became": answer.became, "to": answer.to or None, "words": answer.words}
    return as_json(facts, status=409 if answer.became == "no address" else 200)


async def _sent_to_me(request: Request) -> Answer:
    console, settings, who = console_of(request), seen_settings(request), person(request)
    number, zone, now = int(request.path_params["id"]), zone_of(request), now_of(request)

    def work(store: Store) -> Answer:
        return send_one(store, settings, _story(store, number), who, zone=zone, now=now)

    answer = await console.store.write(work)
    console.nudge("tell")
    return answer


# ── Mutes and holds ───────────────────────────────────────────────────────────────────────────────────────


async def about_muting(request: Request) -> Response:
    """Show what a mute would have kept back in 30 days, before anybody mutes."""
    settings, now = seen_settings(request), now_of(request)
    source_id, destination = request.query_params.get("source", ""), request.query_params.get("to", "")
    number = int(request.path_params["id"])
    hidden = people_places(settings)

    def work(store: Store) -> dict[str, Any] | None:
        story = store.story(number)
        if story is None or not story.articles:
            return None
        places = [each.destination for each in store.threads_of(story.id) if each.destination not in hidden]
        told = [rule.to for each in settings.watchlists if not each.private for rule in each.deliver]
        sources = {each.article.source_id: outlet_of(each.article) for each in story.articles}
        chosen = source_id if source_id in sources else ""
        mute = Outlet(source_id=chosen, destination=destination) if chosen else story.id
        lost = would_have_lost(store, settings, mute, now=now)
        return {
            "story": story,
            "lengths": LENGTHS,
            "sources": sources,
            "places": tuple(dict.fromkeys([*places, *told])),
            "source_id": chosen,
            "destination": destination,
            "lost": lost,
        }

    found = await console_of(request).store.read(work)
    if found is None:
        raise HTTPException(404)
    return render(request, "story_mute.html", **found)


async def mute(request: Request) -> Response:
    """Mute the story, or one of its outlets in one place."""
    who, now, form = person(request), now_of(request), await form_of(request)
    until = _until(form.text("until"), zone_of(request), now)
    source_id, destination = form.text("source"), form.text("to")

    def work(store: Store, story: Story) -> Said:
        if source_id:
            outlet = Outlet(source_id=source_id, destination=destination)
            act = muting.mute_outlet(store, outlet, who, via=VIA, now=now, until=until)
            where = f" for {place_of(destination)}" if destination else ""
            said = f"{_outlet(story, source_id)} is muted{where}{_end(act.until, request)}."
        else:
            act = muting.mute_story(store, story.id, who, via=VIA, now=now, until=until)
            said = f"Muted{_end(act.until, request)}. A correction still comes; the digest still lists it."
        return said, f"/stories/{story.id}/mutes/{act.id}/end"

    return await _done(request, work)


async def unmute(request: Request) -> Response:
    """End a mute."""
    who, now, number = person(request), now_of(request), int(request.path_params["act"])

    def work(store: Store, story: Story) -> Said:  # noqa: ARG001 - the mute knows its story
        muting.unmute(store, number, who, via=VIA, now=now)
        return "The mute has ended.", ""

    return await _done(request, work)


async def hold(request: Request) -> Response:
    """Keep back every message of a story."""
    who, now = person(request), now_of(request)

    def work(store: Store, story: Story) -> Said:
        holding.hold(store, story.id, who, via=VIA, now=now)
        return "Its messages are held back until somebody lets them go.", f"/stories/{story.id}/let-go"

    return await _done(request, work)


async def let_go(request: Request) -> Response:
    """Let the messages of a story go."""
    who, now = person(request), now_of(request)

    def work(store: Store, story: Story) -> Said:
        holding.let_go(store, story.id, who, via=VIA, now=now)
        return "What waited goes out now.", ""

    return await _done(request, work)


# ── One story or two ──────────────────────────────────────────────────────────────────────────────────────


async def merge(request: Request) -> Response:
    """Make one story of two, or remember that they are not one."""
    who, now, form = person(request), now_of(request), await form_of(request)
    apart = form.text("do") == "apart"

    def work(store: Store, story: Story) -> Said:
        other = _other(store, story, form)
        merger = Merger(one=story.id, other=other.id, reason=form.text("reason"), who=who.id, now=now)
        if apart:
            store.keep_apart(merger)
            return f"Remembered: this and “{other.title}” are not one story.", ""
        merged = _merged(store, merger, story, other)
        came = counted(merged.articles, "article")
        return f"One story now: {came} came with story {merged.gone_id}. Nothing is sent again.", ""

    return await _done(request, work)


def _merged(store: Store, merger: Merger, story: Story, other: Story) -> Merged:
    """Make one of two; whoever says so now lifts what was decided against it before, and is kept with it."""
    merged = store.merge_stories(merger)
    sides = [[each.article.id for each in one.articles] for one in (story, other)]
    while merged is None:
        against = store.decided(sides[0], sides[1], "apart")
        if against is None:
            raise NotStandingError("These were parted at this moment. Look again.")
        reason = merger.reason or "made one story again"
        store.release_decision(against.id, who=merger.who, reason=reason, now=merger.now)
        merged = store.merge_stories(merger)
    return merged


async def split(request: Request) -> Response:
    """Take articles out of a story: they tell another one."""
    who, now, form = person(request), now_of(request), await form_of(request)
    ids = tuple(int(each) for each in form.every("article") if each.isdecimal())

    def work(store: Store, story: Story) -> Said:
        known = {each.article.id for each in story.articles}
        if not ids or not set(ids) < known:
            raise NotStandingError("Tick the articles that tell another story, and leave at least one.")
        parted = noting.not_same_story(store, story.id, ids, who, via=VIA, now=now)
        return f"{counted(parted.articles, 'article')} went to story {parted.new_id}.", ""

    return await _done(request, work)


# ── Pieces ────────────────────────────────────────────────────────────────────────────────────────────────


async def _done(request: Request, work: Callable[[Store, Story], Said]) -> Response:
    """Do it in the thread that writes, wake whoever sends, and go back to where the person was."""
    console, number = console_of(request), int(request.path_params["id"])

    def with_story(store: Store) -> tuple[int, Said]:
        story = _story(store, number)
        said = work(store, story)
        now_is = store.story(number)
        return (now_is or story).id, said

    back = (await form_of(request)).text("back")
    story_id, (said, undone_at) = await console.store.write(with_story)
    console.nudge("tell")
    to = back if is_a_list(back) else f"/stories/{story_id}"
    return see_other(request, to, say=said, undo=undone_at)


def is_a_list(address: str) -> bool:
    """Return whether this is the list of stories, whatever was chosen there: the only page to go back to."""
    return address == "/stories" or address.startswith("/stories?")


def _story(store: Store, number: int) -> Story:
    story = store.story(number)
    if story is None or not story.articles:
        raise HTTPException(404)
    return story


def _other(store: Store, story: Story, form: Form) -> Story:
    """Return the story whose number, or page, was given."""
    number = form.text("other").rstrip("/").rpartition("/")[2]
    other = store.story(int(number)) if number.isdecimal() else None
    if other is None or not other.articles or other.id == story.id:
        raise NotStandingError("Give the number of another story, as it stands in its address.")
    return other


def _until(given: str, zone: str, now: datetime) -> Until:
    if given == "pinned":
        return "pinned"
    if given == "tomorrow":
        tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
        return datetime.combine(tomorrow, MORNING, ZoneInfo(zone))
    return None


def _end(until: datetime | None, request: Request) -> str:
    return (
        f" until {when(until, zone_of(request), now=now_of(request))}" if until else " until somebody ends it"
    )


def _outlet(story: Story, source_id: str) -> str:
    found = (outlet_of(each.article) for each in story.articles if each.article.source_id == source_id)
    return next(found, source_id)


def _name(request: Request, reader_id: str) -> str:
    known = settings_of(request).reader(reader_id)
    return (known.name if known else "") or reader_id


_POST = Page(path="", answer=claim, methods=("POST",))
_EDITOR = replace(_POST, role=Role.EDITOR)
ROUTES = (
    replace(_POST, path="/stories/{id:int}/claim", answer=claim),
    replace(_POST, path="/stories/{id:int}/release", answer=release),
    replace(_POST, path="/stories/{id:int}/not-relevant", answer=not_relevant),
    replace(_POST, path="/stories/{id:int}/votes/{act:int}/undo", answer=undo),
    replace(_POST, path="/stories/{id:int}/note", answer=note),
    replace(_POST, path="/stories/{id:int}/send-me", answer=send_me),
    replace(
        _POST,
        path="/api/stories/{id:int}/send-me",
        answer=send_me_facts,
        says="Sends the story to whoever asks, once: what became of it, and where it goes.",
    ),
    replace(_EDITOR, path="/stories/{id:int}/take-over", answer=take_over),
    Page(path="/stories/{id:int}/mute", answer=about_muting, role=Role.EDITOR),
    replace(_EDITOR, path="/stories/{id:int}/mute", answer=mute),
    replace(_EDITOR, path="/stories/{id:int}/mutes/{act:int}/end", answer=unmute),
    replace(_EDITOR, path="/stories/{id:int}/hold", answer=hold),
    replace(_EDITOR, path="/stories/{id:int}/let-go", answer=let_go),
    replace(_EDITOR, path="/stories/{id:int}/merge", answer=merge),
    replace(_EDITOR, path="/stories/{id:int}/split", answer=split),
)
