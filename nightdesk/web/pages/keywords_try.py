"""What would the words in the boxes have sent lately, and does a text match them? Nothing is saved."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from config.settings import Settings
from news.errors import QueryError, ReadingError, SourceError
from news.nouns import Article, Watchlist
from news.urls import canonical
from nightdesk.keyword_check import Verdict, verdict
from nightdesk.keyword_drafts import Draft, draft_of, drafted
from nightdesk.keyword_fixes import fixed
from nightdesk.keyword_trial import Asked, Trial, mistakes, tried
from nightdesk.one_article import page_article, typed_article
from nightdesk.rehearsal_memory import Patience
from nightdesk.watchlist_versions import versions
from nightdesk.watchlists import Shelved
from nightdesk.web.keywords_form import days_in, draft_in, meant, memory_of, page_facts
from nightdesk.web.page import (
    Page,
    as_json,
    console_of,
    form_of,
    is_part,
    now_of,
    render,
    settings_of,
)
from nightdesk.web.pages.keywords_mutes import standing

#: Beside the boxes a first answer comes at once and goes on by itself; without a script there is a button.
AT_FIRST, GOING_ON, WITHOUT_SCRIPT = Patience(seconds=0.5), Patience(seconds=2), Patience(seconds=2.5)


async def pane(request: Request) -> Response:
    """Try the words, for the pane beside the boxes, or for the whole page where no script runs."""
    watchlist, shelved = await meant(request)
    form = await form_of(request)
    draft, days = fixed(draft_in(form, settings_of(request)), form.text("fix")), days_in(form)
    patience = (GOING_ON if form.text("go_on") else AT_FIRST) if is_part(request) else WITHOUT_SCRIPT
    asked = _asked(request, watchlist, shelved, draft, days)
    trial = None if mistakes(draft) else await _tried(request, asked, patience)
    return await _answer(request, watchlist, shelved, draft, trial=trial, days=days)


def _asked(request: Request, watchlist: Watchlist, shelved: Shelved, draft: Draft, days: int) -> Asked:
    settings = settings_of(request)
    return Asked(
        watchlist=watchlist,
        settings=settings,
        saved=draft_of(shelved.text, settings),
        draft=draft,
        now=now_of(request),
        days=days,
    )


async def _tried(request: Request, asked: Asked, patience: Patience) -> Trial:
    memory = memory_of(request)
    trial: Trial = await console_of(request).store.read_long(
        lambda store: tried(store, memory, asked, patience)
    )
    return trial


async def _answer(
    request: Request, watchlist: Watchlist, shelved: Shelved, draft: Draft, **shown: object
) -> Response:
    found = await console_of(request).store.read(lambda store: versions(store.saved_texts(watchlist.id)))
    facts = page_facts(request, watchlist, shelved, draft, found) | {"remarks": mistakes(draft)} | shown
    if not is_part(request):
        facts |= {"mutes": await standing(request, watchlist)}
    part = "keywords_verdict.html" if "verdict" in shown else "keywords_pane.html"
    return render(request, part if is_part(request) else "keywords_edit.html", status=200, **facts)


async def facts(request: Request) -> Response:
    """Answer a program with what words would have done."""
    watchlist, shelved = await meant(request)
    form = await form_of(request)
    saved = draft_of(shelved.text, settings_of(request))
    typed = draft_in(form, settings_of(request)) if form.text("any") else saved
    draft = typed if form.text("when") else replace(typed, when=saved.when, places=saved.places)
    wrong = mistakes(draft)
    if wrong:
        return as_json({"error": wrong[0].what, "more": [each.more for each in wrong]}, status=422)
    asked = _asked(request, watchlist, shelved, draft, days_in(form))
    trial = await _tried(request, asked, GOING_ON)
    while not trial.whole:  # who else tries words gets a turn in between
        trial = await _tried(request, asked, GOING_ON)
    return as_json(
        {
            "days": trial.days,
            "articles": trial.articles,
            "stories": trial.stories,
            "alerts_a_day": round(trial.alerts_a_day, 2),
            "newly_caught": [each.story.title for each in trial.gained],
            "lost": [each.story.title for each in trial.lost],
            "found_nothing": list(trial.silent),
            "remarks": [f"{each.what} {each.more}".strip() for each in trial.remarks],
        }
    )


# ── One text, one address ─────────────────────────────────────────────────────────────────────────────────


async def check(request: Request) -> Response:
    """Say whether a text or the article at an address matches the words in the boxes."""
    watchlist, shelved = await meant(request)
    form, settings = await form_of(request), settings_of(request)
    draft, pasted = draft_in(form, settings), form.text("paste")
    wanted = drafted(watchlist, draft, settings)
    said: Verdict | str
    try:
        article = await _article(request, pasted, settings)
        said = verdict(article, wanted, settings) if article else "Paste a text or an address first."
    except QueryError as error:
        said = f"A line cannot be read: {error}."
    except (SourceError, ReadingError) as error:
        said = f"The page at this address {error}. Paste its text instead."
    return await _answer(request, watchlist, shelved, draft, verdict=said, pasted=pasted)


async def _article(request: Request, pasted: str, settings: Settings) -> Article | None:
    """Return the article that is meant: as it was filed, as it stands at its address, or as it was typed."""
    console, now = console_of(request), now_of(request)
    is_address = pasted.startswith(("http://", "https://")) and len(pasted.split()) == 1
    if not pasted:
        return None
    if not is_address:
        return typed_article(pasted, settings, now=now)
    known = await console.store.read(lambda store: store.article_at((canonical(pasted), pasted)))
    engine, reader = console.engine(), console.reader()
    if known is not None:
        return known
    if engine is None or reader is None:
        raise SourceError("cannot be fetched now, and it is not in the archive")
    return await page_article(pasted, (engine, reader), settings, now=now)


ROUTES = (
    Page(path="/keywords/{id}/try", answer=pane, methods=("POST",)),
    Page(path="/keywords/{id}/check", answer=check, methods=("POST",)),
    Page(
        path="/api/keywords/{id}/try",
        answer=facts,
        methods=("POST",),
        says="What words would have done; without `any`, the saved ones.",
    ),
)
