"""What would keep off a story that somebody marked as not relevant? Offered; nothing changes by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from config.settings import Role
from news.errors import ConfigError
from news.nouns import Story
from nightdesk.declining import Refusal, allow, decline, refusal_of
from nightdesk.keyword_shelf import not_relevant
from nightdesk.learning import changed_file, example_of, whole_lesson_of
from nightdesk.learning_words import effect_lines, few_words, tried_on
from nightdesk.watchlists import NotChangedError, Writer
from nightdesk.web.keywords_form import meant
from nightdesk.web.page import (
    Page,
    console_of,
    form_of,
    now_of,
    person,
    render,
    see_other,
    trouble,
)
from storage.contract import Store

if TYPE_CHECKING:
    from news.matching.learning import Edit, Lesson


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A change that can be taken, in words."""

    number: int
    head: str
    lines: tuple[str, ...]
    # Who said no to it, and when; None: nobody.
    refusal: Refusal | None


async def learn(request: Request) -> Response:
    """Show what could be changed, and what each change would cost."""
    watchlist, _ = await meant(request)
    story, lesson, refusals = await _lesson(request)
    offers = [_offer(number, lesson, refusal) for number, refusal in enumerate(refusals, start=1)]
    return render(
        request,
        "keywords_learn.html",
        watchlist=watchlist,
        story=story,
        offers=[each for each in offers if each.refusal is None],
        declined=[each for each in offers if each.refusal is not None],
        refused=len(lesson.refused),
        tried_on=tried_on(lesson.measured, watchlist.name),
        few=few_words(lesson.measured),
        may_change=person(request).role >= Role.EDITOR,
    )


def _offer(number: int, lesson: Lesson, refusal: Refusal | None) -> Offer:
    (_, head), *more = effect_lines(0, lesson.offered[number - 1])
    lines = tuple(line.strip() for _, line in more)
    return Offer(number=number, head=head.rstrip(":"), lines=lines, refusal=refusal)


async def answer(request: Request) -> Response:
    """Keep somebody's no to a change, which is not offered again; or let it be offered again."""
    console, now, who = console_of(request), now_of(request), person(request).id
    watchlist, _ = await meant(request)
    story, lesson, _ = await _lesson(request)
    edit = await _wanted(request, lesson)
    again = (await form_of(request)).text("to") == "again"
    keep = allow if again else decline
    await console.store.write(lambda store: keep(store, watchlist.id, edit, who=who, now=now))
    said = "It is offered again." if again else "It is not offered again. The words stay as they are."
    return see_other(request, f"/keywords/{watchlist.id}/learn/{story.id}", say=said)


async def _wanted(request: Request, lesson: Lesson) -> Edit:
    """Return the change that a button names."""
    wanted = (await form_of(request)).text("number")
    number = int(wanted) if wanted.isdecimal() else 0
    if not 0 < number <= len(lesson.offered):
        raise HTTPException(400)
    return lesson.offered[number - 1].edit


async def accept(request: Request) -> Response:
    """Write the chosen change into the file, beside an example that keeps it."""
    console, now, who = console_of(request), now_of(request), person(request).id
    watchlist, shelved = await meant(request)
    story, lesson, _ = await _lesson(request)
    edit, back = await _wanted(request, lesson), f"/keywords/{watchlist.id}"

    def write(store: Store) -> None:
        example = example_of(watchlist, edit, story)
        writer = Writer(folder=console.folder, environment=console.environment, store=store, now=now, who=who)
        writer.write(shelved, changed_file(shelved.text, watchlist, edit, example), how="learned")

    try:
        await console.store.write(write)
    except NotChangedError as error:
        return trouble(request, 409, "That was not changed.", *(each.what for each in error.problems))
    except ConfigError as error:
        return trouble(request, 409, "That cannot be changed by itself.", str(error))
    await console.renewed()
    said = "Changed. Stories like this one stay away from now on."
    return see_other(request, back, say=said, undo=f"{back}/undo")


_Taught = tuple[Story, "Lesson", tuple[Refusal | None, ...]]


async def _lesson(request: Request) -> _Taught:
    """Return the story, what could be changed, and who said no to which change."""
    watchlist, _ = await meant(request)
    wanted, now = request.path_params["story"], now_of(request)

    def asked(store: Store) -> _Taught | None:
        marked = {story.id: story for story in not_relevant(store, watchlist)}
        story = marked.get(wanted)
        if story is None:
            return None
        lesson = whole_lesson_of(store, watchlist, story, now=now)
        refusals = tuple(refusal_of(store, watchlist.id, each.edit) for each in lesson.offered)
        return story, lesson, refusals

    found: _Taught | None = await console_of(request).store.read_long(asked)
    if found is None:
        raise HTTPException(404)
    return found


ROUTES = (
    Page(path="/keywords/{id}/learn/{story:int}", answer=learn),
    Page(path="/keywords/{id}/learn/{story:int}", answer=accept, methods=("POST",), role=Role.EDITOR),
    Page(path="/keywords/{id}/learn/{story:int}/answer", answer=answer, methods=("POST",), role=Role.EDITOR),
)
