"""`nightdesk test`: try a watchlist on last week, or on one article."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightdesk.cli.archive import SPAN, archive, is_there, watchlist_named
from nightdesk.cli.beside import beside, wrapped
from nightdesk.cli.context import Call, command

if TYPE_CHECKING:
    from config.settings import Settings
    from news.nouns import Article, Story, Watchlist
    from nightdesk.rehearsal_steps import Rehearsal, Step

#: Stories read in one go: two months of a large newsroom. A database takes no more ids in one question.
MOST_STORIES = 30_000
STDIN = Path("-")


@command("test")
@click.argument("watchlist")
@click.option(
    "--last", type=SPAN, default=timedelta(days=7), metavar="7d", help="How far to look back.  [7d]"
)
@click.option("--all", "every", is_flag=True, help="Every story, not only the latest ones.")
@click.option("--url", metavar="URL", help="Try it on the article at this address instead.")
@click.option("--text", metavar="WORDS", help="Try it on these words; the first line is the headline.")
@click.option(
    "--file",
    "path",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Try it on a saved page or a text; - reads what is piped in.",
)
def test(  # noqa: PLR0913 - an argument for each option
    call: Call,
    watchlist: str,
    *,
    last: timedelta,
    every: bool,
    url: str | None,
    text: str | None,
    path: Path | None,
) -> None:
    """Try a watchlist on last week: what it would have told, how, and why. Nothing is sent.

    The archive is judged again by what the watchlist says now, with the limits and quiet hours as they are
    set now. With --url, --text or --file one article is judged instead.
    """
    given = [each for each in (url, text, path) if each is not None]
    if len(given) > 1:
        raise click.UsageError("write one of --url, --text and --file", click.get_current_context())
    settings = call.settings()
    chosen = watchlist_named(settings, watchlist, call)
    if given:
        _on_one_article(call, settings, chosen, _article(call, settings, url=url, text=text, path=path))
    else:
        _on_the_archive(call, settings, chosen, last=last, every=every)


# ── The archive ───────────────────────────────────────────────────────────────────────────────────────────


def _on_the_archive(
    call: Call, settings: Settings, watchlist: Watchlist, *, last: timedelta, every: bool
) -> None:
    from nightdesk.rehearsal import rehearse

    now = call.now
    with archive(call, settings) as store:
        stories = store.stories(since=now - last, limit=MOST_STORIES)
        rehearsal = rehearse(
            _with_progress(call, stories),
            watchlist,
            settings,
            since=now - last,
            until=now,
            at_revision=lambda story_id, revision: store.story(story_id, at=revision),
        )
    if len(stories) == MOST_STORIES:
        call.printer.say(f"Only the newest {MOST_STORIES:,} stories were tried.")
    _print(call, settings, rehearsal, every=every)


def _with_progress(call: Call, stories: Sequence[Story]) -> Iterator[Story]:
    with call.printer.progress("Trying it", total=len(stories)) as advance:
        for story in stories:
            yield story
            advance(1)


def _print(call: Call, settings: Settings, rehearsal: Rehearsal, *, every: bool) -> None:
    from nightdesk import rehearsal_words as words
    from nightdesk.facts import step_facts, total_facts

    printer = call.printer
    caught, left_out = words.shown_steps(rehearsal, every=every or call.json)
    reasons = {
        step.story.id: reason
        for step in left_out
        if (reason := words.reason_left_out(step.story, rehearsal.watchlist)) is not None
    }
    for step in (*caught, *left_out):
        printer.record(step_facts(step, reasons.get(step.story.id)))
    printer.record(total_facts(rehearsal))
    for line in words.head_lines(rehearsal, settings):
        printer.data(line)
    rows = list(words.step_rows(caught, settings, now=rehearsal.until))
    if rows:
        printer.data()
        printer.table([("when", "how", "story"), *rows])
    _say_more(call, rehearsal.stories - len({step.story.id for step in caught}), "more")
    if left_out:
        printer.data()
        printer.table(words.left_out_rows(left_out, reasons, settings, now=rehearsal.until))
        _say_more(call, sum(_is_left_out(step) for step in rehearsal.steps) - len(left_out), "more left out")
    printer.data()
    for sentence in words.total_lines(rehearsal):
        for line in wrapped(sentence):
            printer.data(line)
    printer.data(f"To change it: edit {rehearsal.watchlist.where}, then run this again.")


def _say_more(call: Call, number: int, what: str) -> None:
    from news.wording import counted

    if number > 0:
        noun = counted(number, "story", number=False)
        said = what.replace("more", f"more {noun}", 1)
        call.printer.data(f"{number:,} {said}: add --all")


def _is_left_out(step: Step) -> bool:
    from nightdesk.rehearsal_steps import How

    return step.how is How.LEFT_OUT


# ── One article ───────────────────────────────────────────────────────────────────────────────────────────


def _article(
    call: Call, settings: Settings, *, url: str | None, text: str | None, path: Path | None
) -> Article:
    from crawler.reactor import run
    from nightdesk import one_article

    if url is not None and (known := _filed(call, settings, url)) is not None:
        return known
    if text is not None:
        return one_article.typed_article(text, settings, now=call.now)
    if path == STDIN:
        return one_article.typed_article(sys.stdin.read(), settings, now=call.now)
    found: list[Article] = []

    async def read() -> int:
        if path is not None:
            found.append(await one_article.filed_article(path, settings, now=call.now))
        else:
            found.append(await one_article.fetched_article(url or "", settings, now=call.now))
        return 0

    run(read)
    return found[0]


def _filed(call: Call, settings: Settings, url: str) -> Article | None:
    """Return the article as it was filed, if it was."""
    from news.urls import canonical

    if not is_there(settings):
        return None
    with archive(call, settings) as store:
        return store.article_at((canonical(url), url))


def _on_one_article(call: Call, settings: Settings, watchlist: Watchlist, article: Article) -> None:
    from news.matching.compiled import compile_watchlist
    from news.matching.explaining import explain
    from nightdesk.explaining_words import verdict_paragraphs
    from nightdesk.facts import step_facts
    from nightdesk.rehearsal import try_on
    from nightdesk.rehearsal_words import how_words, match_words

    step = try_on(article, watchlist, settings)
    explanation = explain(article, compile_watchlist(watchlist))
    caught = step is not None and step.match is not None
    if step is not None:
        call.printer.record(step_facts(step, None if caught else explanation))
    else:
        call.printer.record({"how": "not told", "headline": article.title, "reason": explanation.reason})
    call.printer.data(f"{article.title}")
    call.printer.data(f"{article.outlet}. {len(article.text.split()):,} words. Nothing is sent.\n")
    if step is not None and caught:
        call.printer.data(f"{watchlist.name}: {how_words(step, settings)}; {match_words(step)}")
    else:
        call.printer.data(f"{watchlist.name}: not told")
    for paragraph in verdict_paragraphs(explanation, article):
        for line in beside(paragraph):
            call.printer.data(line)
    call.printer.data(f"\nTo change it: edit {watchlist.where}, then run this again.")
