"""`nightdesk stories mark`: does this story concern the watchlist, and what should change if not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from news.nouns import Mark
from news.wording import counted
from nightdesk.cli.archive import archive, watchlist_named
from nightdesk.cli.beside import wrapped
from nightdesk.cli.context import Call, TroubleError, command
from nightdesk.cli.meant import article_meant
from nightdesk.cli.shelf import settings_beside_broken

if TYPE_CHECKING:
    from config.settings import Settings
    from news.matching.learning import Effect, Lesson
    from news.nouns import Article, Story, Watchlist
    from storage.contract import Store


@command("mark")
@click.argument("what", nargs=-1, required=True, metavar="URL")
@click.option("--relevant/--not-relevant", default=None, help="Whether it concerns the watchlist.")
@click.option("--watchlist", "name", metavar="NAME", help="Which watchlist, when the story is on several.")
@click.option("--who", metavar="NAME", help="Who says so.  [who is logged in here]")
@click.option("--accept", type=click.IntRange(1), metavar="N", help="Make the change with this number.")
def mark(
    call: Call,
    what: tuple[str, ...],
    relevant: bool | None,
    name: str | None,
    who: str | None,
    accept: int | None,
) -> None:
    """Say whether a story concerns a watchlist; for one that does not, see what could be changed.

    URL is an article's address; words of its headline or the number of its story do as well.
    """
    if relevant is None or (relevant and accept):
        wrong = "write --not-relevant with --accept" if accept else "write --relevant or --not-relevant"
        raise click.UsageError(wrong, click.get_current_context())
    settings = settings_beside_broken(call, wanted=name or "")
    typed = " ".join(what).strip()
    with archive(call, settings) as store:
        article = article_meant(call, store, typed)
        story = store.story_of(article.id)
        if story is None:
            missing = f'"{article.title}" is in no story yet'
            raise TroubleError(missing, then=call.typed("status"))
        watchlist = _watchlist(call, settings, store, story, name)
        said = Mark(
            story_id=story.id,
            article_id=article.id,
            watchlist_id=watchlist.id,
            watchlist_version=watchlist.version,
            relevant=relevant,
            who=who_is_it(call, who),
            at=call.now,
        )
        _keep(call, store, said, article, watchlist)
        if relevant:
            _tell_relevant(call, article, watchlist)
            return
        lesson = _lesson(call, store, story, watchlist)
    again = f"stories mark {story.id} --not-relevant --watchlist {watchlist.id}"
    if accept is None:
        _offer(call, watchlist, lesson, again)
    else:
        _accept(call, story, watchlist, _chosen(call, lesson, accept, again), who)


def _watchlist(call: Call, settings: Settings, store: Store, story: Story, name: str | None) -> Watchlist:
    """Return the watchlist that is meant: the one named, or the only one that has the story."""
    if name:
        return watchlist_named(settings, name, call)
    on = {match.watchlist_id for match in store.story_matches(story.id)}
    # A private one is marked by its name only: whoever does not know it is not told.
    told = [each for each in settings.watchlists if not each.private]
    there = [each for each in told if each.id in on] or told
    if len(there) == 1:
        return there[0]
    ids = " or ".join(each.id for each in there[:6]) or "and its name"
    what = f"say which watchlist: --watchlist {ids}"
    raise click.UsageError(what, click.get_current_context())


def who_is_it(call: Call, name: str | None) -> str:
    """Return who says so: a name, or whoever is logged in."""
    around = call.around.environment
    return name or around.get("USER") or around.get("LOGNAME") or "somebody at the command line"


def _keep(call: Call, store: Store, said: Mark, article: Article, watchlist: Watchlist) -> None:
    from nightdesk.learning import keep_word

    kept = keep_word(store, said)
    verdict = "relevant" if said.relevant else "not relevant"
    call.printer.record(
        {
            "story": said.story_id,
            "watchlist": said.watchlist_id,
            "relevant": said.relevant,
            "who": said.who,
            "new": kept,
        }
    )
    head = "Marked" if kept else "Marked already"
    call.printer.data(f"{head}: {verdict} to {watchlist.name}\n{article.title}")


def _tell_relevant(call: Call, article: Article, watchlist: Watchlist) -> None:
    """Say whether the watchlist catches it; a change never loses it from now on."""
    from news.matching.compiled import compile_watchlist
    from news.matching.explaining import explain

    explanation = explain(article, compile_watchlist(watchlist))
    if explanation.match is not None:
        call.printer.data("\nNo change that is offered from now on will lose it.")
        return
    call.printer.data(f"\nThe watchlist does not catch it: {explanation.reason}")
    call.printer.data(f"To see why: {call.typed(f'explain {article.address}')}")


def _lesson(call: Call, store: Store, story: Story, watchlist: Watchlist) -> Lesson:
    from nightdesk.learning import lesson_of

    return lesson_of(store, watchlist, story, now=call.now)


def _offer(call: Call, watchlist: Watchlist, lesson: Lesson, again: str) -> None:
    from nightdesk.learning_words import effect_facts, effect_lines, few_words, tried_on

    for number, effect in enumerate(lesson.offered, start=1):
        call.printer.record({"change": number, "tried_on": lesson.measured, **effect_facts(effect)})
    if not lesson.offered:
        call.printer.data(f"\n{_nothing(lesson)}")
        call.printer.data(f"To change it by hand: {call.typed(f'watchlists edit {watchlist.id}')}")
        return
    call.printer.data(f"\n{tried_on(lesson.measured, watchlist.name)}")
    for number, effect in enumerate(lesson.offered, start=1):
        call.printer.data()
        call.printer.table(effect_lines(number, effect))
    if lesson.refused:
        lost = f"{counted(len(lesson.refused), 'change')} would lose stories that are marked as relevant"
        call.printer.data(f"\nNot offered: {lost}.")
    for line in wrapped(few_words(lesson.measured)):
        call.printer.data(line)
    call.printer.data(f"\nTo take the first: {call.typed(f'{again} --accept 1')}")


def _nothing(lesson: Lesson) -> str:
    if lesson.refused:
        return "Every change that would keep it off would also lose a story that is marked as relevant."
    return "No small change would keep it off."


def _chosen(call: Call, lesson: Lesson, number: int, again: str) -> Effect:
    if number <= len(lesson.offered):
        return lesson.offered[number - 1]
    what = f"there is no change {number}: {counted(len(lesson.offered), 'change')} can be made"
    raise TroubleError(what, then=call.typed(again))


def _accept(call: Call, story: Story, watchlist: Watchlist, effect: Effect, who: str | None) -> None:
    from nightdesk.cli.shelf import refusing, shelved_named, writer_for
    from nightdesk.learning import changed_file, example_of
    from nightdesk.learning_words import effect_facts, effect_lines

    shelved = shelved_named(call, watchlist.id)
    example = example_of(watchlist, effect.edit, story)
    with writer_for(call, who) as writer, refusing(call, shelved):
        writer.write(shelved, changed_file(shelved.text, watchlist, effect.edit, example), how="learned")
    call.printer.record({"changed": shelved.path, "example": example, **effect_facts(effect)})
    call.printer.data(f"\nChanged {shelved.path}:\n")
    call.printer.table(effect_lines(0, effect))
    if example:
        call.printer.data("\nThe story is an example in it now, and check tries it.")
    call.printer.data(f"To take it back: {call.typed(f'watchlists undo {watchlist.id}')}")
