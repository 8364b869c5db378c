"""`nightdesk test`: try a watchlist on last week, or on one article."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightdesk.cli.archive import SPAN, archive, is_there, watchlist_named
from nightdesk.cli.beside import beside, wrapped
from nightdesk.cli.context import Call, command
from nightdesk.cli.shelf import settings_beside_broken

if TYPE_CHECKING:
    from config.settings import Settings
    from news.nouns import Article, Watchlist
    from nightdesk.previewing import Previewed
    from nightdesk.rehearsal_steps import Change, Rehearsal
    from storage.contract import Store

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
    settings = settings_beside_broken(call, wanted=watchlist)
    chosen = watchlist_named(settings, watchlist, call)
    if given:
        _on_one_article(call, settings, chosen, _article(call, settings, url=url, text=text, path=path))
    else:
        _on_the_archive(call, settings, chosen, last=last, every=every)


# ── The archive ───────────────────────────────────────────────────────────────────────────────────────────


def _on_the_archive(
    call: Call, settings: Settings, watchlist: Watchlist, *, last: timedelta, every: bool
) -> None:
    from nightdesk.rehearsal import rehearse_all
    from nightdesk.rehearsal_steps import change
    from nightdesk.rehearsed_before import saved_before

    now = call.now
    with archive(call, settings) as store:
        before = saved_before(store, watchlist, since=now - last, zone=settings.timezone, now=now)
        watchlists = (watchlist,) if before is None else (watchlist, before.watchlist)
        rehearsal, *others = rehearse_all(store, watchlists, settings, since=now - last, until=now)
        sample = _sample(store, settings, rehearsal, now=now)
    changes = [(change(other, rehearsal), before.said) for other in others if before is not None]
    _print(call, settings, rehearsal, changes, sample, every=every)


def _sample(store: Store, settings: Settings, rehearsal: Rehearsal, *, now: datetime) -> Previewed | None:
    """Return the latest message that would have gone out by itself, as it would have looked."""
    from nightdesk.previewing import Caught, alert_messages
    from nightdesk.rehearsal_play import as_news
    from nightdesk.rehearsal_steps import How

    alone = [step for step in rehearsal.steps if step.how in {How.AT_ONCE, How.LATER}]
    if not alone or alone[-1].match is None:
        return None
    latest, match = alone[-1], alone[-1].match
    story = store.story(latest.story.id, at=latest.story.revision)
    if story is None:
        return None
    caught = Caught(story=as_news(story), match=match)
    messages = alert_messages(store, settings, rehearsal.watchlist, caught, now=now)
    return next((each for each in messages if each.destination == latest.destination), None)


def _print(
    call: Call,
    settings: Settings,
    rehearsal: Rehearsal,
    changes: Sequence[tuple[Change, str]],
    sample: Previewed | None,
    *,
    every: bool,
) -> None:
    from nightdesk import rehearsal_words as words
    from nightdesk.facts import rehearsal_facts, step_facts

    printer, now = call.printer, rehearsal.until
    caught, left_out = words.shown_steps(rehearsal, every=every or call.json)
    for step in (*caught, *left_out):
        printer.record(step_facts(step))
    printer.record(rehearsal_facts(rehearsal, changes, sample))
    for line in words.head_lines(rehearsal, settings):
        printer.data(line)
    rows = list(words.step_rows(caught, settings, now=now))
    _block(call, [("when", "how", "story"), *rows] if rows else [])
    _say_more(call, rehearsal.stories - len({step.story.id for step in caught}), "more")
    _block(call, words.left_out_rows(left_out, settings, now=now))
    _say_more(call, rehearsal.left_out - len(left_out), "more left out")
    near = rehearsal.near_misses if every else rehearsal.near_misses[-words.MOST_NEAR :]
    _block(call, words.near_miss_rows(near, settings, now=now))
    _say_more(call, len(rehearsal.near_misses) - len(near), "more nearly caught")
    for changed, since_when in changes:
        printer.data()
        _sentences(call, words.change_lines(changed, since_when))
        most = None if every else words.MOST_CHANGED
        printer.table(words.change_rows(changed, settings, now=now, most=most))
        _say_more(call, len(list(changed)) - (most or sys.maxsize), "more that differ")
    _print_sample(call, sample)
    printer.data()
    _sentences(call, (*words.total_lines(rehearsal), *words.noise_lines(rehearsal)))
    printer.data(f"To change it: {call.typed(f'watchlists edit {rehearsal.watchlist.id}')}")


def _block(call: Call, rows: Iterable[tuple[str, str, str]]) -> None:
    """Print a table with an empty line above it; nothing when it has no row."""
    kept = list(rows)
    if kept:
        call.printer.data()
        call.printer.table(kept)


def _sentences(call: Call, sentences: Iterable[str]) -> None:
    for sentence in sentences:
        for line in wrapped(sentence):
            call.printer.data(line)


def _print_sample(call: Call, sample: Previewed | None) -> None:
    from nightdesk.cli.preview import message_lines
    from nightdesk.handovers import place_of

    if sample is None:
        return
    call.printer.data(f"\nThe latest one, as it would look in {place_of(sample.destination)}:")
    for line in message_lines(sample):
        call.printer.data(f"  {line}".rstrip())


def _say_more(call: Call, number: int, what: str) -> None:
    from news.wording import counted

    if number > 0:
        noun = counted(number, "story", number=False)
        said = what.replace("more", f"more {noun}", 1)
        call.printer.data(f"{number:,} {said}: add --all")


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
        call.printer.record(step_facts(step, reason=None if caught else explanation.reason))
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
    call.printer.data(f"\nTo change it: {call.typed(f'watchlists edit {watchlist.id}')}")
