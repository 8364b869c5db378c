"""Why did I not get this? For any address or headline: every step, the one where it ended, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from config.settings import Settings
from news.nouns import Health
from news.text import fold
from nightdesk.addresses import address_in, number_in
from nightdesk.explaining import Account, explain_address, explain_article
from nightdesk.explaining_steps import Asked, Steps, steps_of
from nightdesk.private import open_ids
from nightdesk.sending_one import may_ask
from nightdesk.story_list import chosen, without_private
from nightdesk.story_list_words import told_words
from nightdesk.story_wish import Wish
from nightdesk.web.page import Page, as_json, console_of, now_of, person, render, zone_of
from nightdesk.web.pages.stories import seen_settings
from storage.contract import Store
from storage.list_contract import StoryLine

MOST_OTHERS = 5  # stories with the same words, and stories without a message
LONGEST = 2_000  # characters that may be asked

UNWELL = {Health.STOPPED, Health.QUIET, Health.FAILING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An answer."""

    account: Account | None
    steps: Steps | None
    # Stories that have the same words: number and headline.
    others: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A source that brings nothing at the moment."""

    source_id: str
    name: str
    why: str


async def why_not(request: Request) -> Response:
    """Ask, or show the answer."""
    settings, now, zone = seen_settings(request), now_of(request), zone_of(request)
    typed, place = _asked(request)

    def work(store: Store) -> tuple[Found | None, tuple[StoryLine, ...], tuple[Silent, ...]]:
        found = answer(store, settings, typed, place, zone=zone, now=now) if typed else None
        return found, _without_message(store, settings, zone, now), _silent(store, settings)

    found, waiting, silent = await console_of(request).store.read(work)
    return render(
        request,
        "why_not.html",
        typed=typed,
        place=place,
        places=_places(settings),
        found=found,
        waiting=waiting,
        silent=silent,
        may_ask=found is not None
        and found.account is not None
        and may_ask(person(request), found.account.handovers),
        told=lambda line: told_words(line, zone, now=now),
    )


async def why_not_facts(request: Request) -> Response:
    """Answer a program."""
    settings, now, zone = seen_settings(request), now_of(request), zone_of(request)
    typed, place = _asked(request)
    if not typed:
        return as_json({"error": "say what: q=ADDRESS or q=HEADLINE"}, status=400)
    found = await console_of(request).store.read(
        lambda store: answer(store, settings, typed, place, zone=zone, now=now)
    )
    if found.steps is None or found.account is None:
        return as_json({"verdict": "There is no article with all of these words.", "steps": []})
    article, story = found.account.article, found.account.story
    steps = [
        {
            "question": each.question,
            "answer": f"{each.answer} {each.marked}".strip(),
            "note": each.note,
            "kind": each.kind,
        }
        for each in found.steps.steps
    ]
    return as_json(
        {
            "verdict": found.steps.verdict,
            "arrived": found.steps.arrived,
            "headline": article.title if article else None,
            "story": story.id if story else None,
            "steps": steps,
            "next": [{"do": each.words, "page": each.address} for each in found.steps.nexts],
            "others": [{"story": number, "headline": title} for number, title in found.others],
        }
    )


def _asked(request: Request) -> tuple[str, str]:
    return request.query_params.get("q", "").strip()[:LONGEST], request.query_params.get("to", "")


def answer(store: Store, settings: Settings, typed: str, place: str, *, zone: str, now: datetime) -> Found:
    """Find what was meant, and say why it did not arrive."""
    address = address_in(typed)
    others: tuple[tuple[int, str], ...] = ()
    if address:
        account = explain_address(store, settings, address, now=now)
    else:
        number = number_in(typed)
        stories = [store.story(number)] if number else list(store.search(typed, limit=MOST_OTHERS + 1))
        told = [each for each in stories if each is not None and each.articles]
        if not told:
            return Found(account=None, steps=None)
        wanted = fold(typed)
        articles = [each.article for each in told[0].articles]
        article = next((each for each in articles if wanted in fold(each.title)), articles[0])
        account = explain_article(store, settings, article, now=now)
        others = tuple((each.id, each.title) for each in told[1:])
    account = _with_states(store, account)
    standing = tuple(
        act
        for act in (store.acts_of(account.story.id) if account.story else ())
        if act.kind in {"mute story", "hold"} and act.stands(now)
    )
    asked = Asked(account=account, settings=settings, place=place, zone=zone, now=now, standing=standing)
    return Found(account=account, steps=steps_of(asked), others=others)


def _with_states(store: Store, account: Account) -> Account:
    if account.trace.states:
        return account
    states = {each.source_id: each for each in store.fetch_states()}
    return replace(account, trace=replace(account.trace, states=states))


def _places(settings: Settings) -> tuple[str, ...]:
    told = [rule.to for each in settings.watchlists if not each.private for rule in each.deliver]
    return tuple(dict.fromkeys(told))


def _without_message(store: Store, settings: Settings, zone: str, now: datetime) -> tuple[StoryLine, ...]:
    """Return stories of today that made no message of their own."""
    if not open_ids(settings):
        return ()
    choice = chosen(store, settings, Wish(span="today", show="later"), zone=zone, now=now)
    lines = store.story_lines(replace(choice, limit=MOST_OTHERS))
    return tuple(without_private(each, settings) for each in lines)


def _silent(store: Store, settings: Settings) -> tuple[Silent, ...]:
    names = {each.id: each.name for each in settings.sources if each.enabled}
    found = [each for each in store.fetch_states() if each.health in UNWELL and each.source_id in names]
    return tuple(
        Silent(
            source_id=each.source_id,
            name=names[each.source_id],
            why=each.reason or f"{each.health.value}: nothing new for much longer than usual",
        )
        for each in found[:MOST_OTHERS]
    )


ROUTES = (
    Page(path="/why", answer=why_not),
    Page(
        path="/api/why",
        answer=why_not_facts,
        says="Why an address or a headline (q=) was not sent (to=PLACE): every step, and where it ended.",
    ),
)
