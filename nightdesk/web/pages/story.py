"""One story: what happened in order, two articles side by side, why it came, what was sent to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from alerts.words import outlet_of
from config.settings import Role, Settings
from news.nouns import Story, StoryArticle, StoryMatch
from news.wording import GRADE_WORDS, PRIORITY_WORDS
from nightdesk.acts.claiming import claimed_by
from nightdesk.acts.muting import mute_of
from nightdesk.acts.noting import acts_of
from nightdesk.at_once import why_not_at_once
from nightdesk.explaining_words import apart, evidence_place
from nightdesk.handovers import LABELS
from nightdesk.sending_one import may_ask
from nightdesk.story_compare import Comparison, compare
from nightdesk.story_facts import page_facts
from nightdesk.story_page import StoryPage, gist_of, read_page, reason_words, shared_lines
from nightdesk.story_timeline import Moment, moments
from nightdesk.web.page import Page, as_json, console_of, now_of, person, render
from nightdesk.web.pages.stories import names, seen_settings
from storage.acts_contract import Act, Claim
from storage.contract import Store

MOST_WORDS = 3  # of a watchlist, that stand in the story


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a watchlist has the story."""

    watchlist_id: str
    name: str
    grade: str
    priority: str
    # The line of the watchlist, the words as they stand there, and where.
    found: tuple[tuple[str, str, str], ...]
    # Why it was not told at once.
    not_at_once: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A story as its page shows it."""

    page: StoryPage
    moments: tuple[Moment, ...]
    comparison: Comparison | None
    reasons: tuple[Reason, ...]
    # Why each later article is in it: the outlet and the reasons.
    one_story: tuple[tuple[str, str], ...]
    notes: tuple[Act, ...]
    claim: Claim | None
    mute: Act | None


async def story(request: Request) -> Response:
    """Show a story."""
    found = await _seen(request)
    number = int(request.path_params["id"])
    if found.page.story.id != number:
        return RedirectResponse(f"/stories/{found.page.story.id}", status_code=303)
    first = found.page.story.articles[0].article
    words = {each for reason in found.reasons for _, each, _ in reason.found}
    return render(
        request,
        "story.html",
        seen=found,
        story=found.page.story,
        first=first,
        words=words,
        gist=gist_of(found.page.story),
        labels=LABELS,
        outlets=tuple(dict.fromkeys(outlet_of(each.article) for each in found.page.story.articles)),
        may_edit=person(request).role >= Role.EDITOR,
        may_ask=may_ask(person(request), found.page.told),
        watchlists=names(seen_settings(request)),
    )


async def story_facts(request: Request) -> Response:
    """Answer a program with a whole story."""
    found = await _seen(request)
    acts = [
        {"at": each.at.isoformat(), "who": each.who, "what": each.kind, "note": each.note}
        for each in found.notes
    ]
    claim = {"who": found.claim.who, "since": found.claim.since.isoformat()} if found.claim else None
    return as_json({**page_facts(found.page), "claim": claim, "acts": acts})


async def _seen(request: Request) -> Seen:
    settings, now = seen_settings(request), now_of(request)
    number, other = int(request.path_params["id"]), request.query_params.get("with", "")
    people = {each.id: each.name or each.id for each in settings.readers}

    def work(store: Store) -> Seen | None:
        story = store.story(number)
        if story is None or not story.articles:
            return None
        page = read_page(store, settings, story, now=now)
        acts = acts_of(store, story.id)
        return Seen(
            page=page,
            moments=moments(page, acts, people, names(settings)),
            comparison=compare(story, int(other) if other.isdecimal() else 0),
            reasons=tuple(_reason(each, page, settings) for each in page.listed.matches),
            one_story=tuple(_why_one(each, story) for each in story.articles[1:]),
            notes=acts,
            claim=claimed_by(store, story.id),
            mute=mute_of(store, story.id, now=now),
        )

    found = await console_of(request).store.read(work)
    if found is None:
        raise HTTPException(404)
    return found


def _why_one(each: StoryArticle, story: Story) -> tuple[str, str]:
    """Return an outlet, and why its article is part of the story."""
    return outlet_of(each.article), "; ".join([reason_words(each), *list(shared_lines(each, story))[:1]])


def _reason(match: StoryMatch, page: StoryPage, settings: Settings) -> Reason:
    watchlists = {each.id: each for each in settings.watchlists}
    watchlist = watchlists[match.watchlist_id]
    articles = {each.article.id: each for each in page.story.articles}
    return Reason(
        watchlist_id=watchlist.id,
        name=watchlist.name,
        grade=GRADE_WORDS[match.grade],
        priority=PRIORITY_WORDS[match.priority],
        found=tuple(_found(match, articles)),
        not_at_once=tuple(why_not_at_once(match, watchlist)),
    )


def _found(match: StoryMatch, articles: Mapping[int, StoryArticle]) -> Iterator[tuple[str, str, str]]:
    for each in match.matches[:1]:
        place = articles.get(each.article_id)
        article = place.article if place else None
        for evidence in apart(each.evidence)[:MOST_WORDS]:
            yield evidence.clause, evidence.words, evidence_place(evidence, article)


ROUTES = (
    Page(path="/stories/{id:int}", answer=story),
    Page(
        path="/api/stories/{id:int}",
        answer=story_facts,
        says="A story whole: who told it when, why it is one, what was sent, what people decided.",
    ),
)
