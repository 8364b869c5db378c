"""`nightdesk stories`: list, show, search, export; marking and deciding are in files of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

import click

from news.wording import GRADE_WORDS, counted, when
from nightdesk.cli.archive import SPAN, STORY_NUMBER, archive
from nightdesk.cli.context import Call, TroubleError, command, group
from nightdesk.cli.deciding import COMMANDS
from nightdesk.cli.gather import apart, decisions, merge, release, split
from nightdesk.cli.mark import mark
from nightdesk.cli.shelf import settings_beside_broken

if TYPE_CHECKING:
    from config.settings import Settings
    from news.nouns import Story
    from nightdesk.archive_words import Listed
    from nightdesk.searching import Found
    from storage.contract import Store

#: Stories read in one go: two months of a large newsroom. A database takes no more ids in one question.
MOST_EXPORTED = 30_000
#: A spreadsheet takes a cell that begins like this for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("id", "headline", "url", "outlets", "created", "watchlists", "grade", "priority", "sent")

EVER = datetime(1, 1, 2, tzinfo=UTC)

_since = click.option(
    "--since", type=SPAN, default=timedelta(days=7), metavar="7d", help="How far to look back.  [7d]"
)
_all = click.option("--all", "every", is_flag=True, help="Also stories that are on no watchlist.")


@group("stories")
def stories() -> None:
    """The stories in the archive: list, show, search, export, mark, merge, split and more."""


for _command in (mark, merge, split, apart, release, decisions, *COMMANDS):
    stories.add_command(_command)


@command("list", under=stories)
@_since
@_all
@click.option("--limit", type=click.IntRange(1), default=30, help="At most so many.  [30]")
def list_stories(call: Call, since: timedelta, every: bool, limit: int) -> None:
    """List the stories on your watchlists, newest first."""
    settings = settings_beside_broken(call)
    with archive(call, settings) as store:
        found = _recent(store, settings, call.now - since, every=every)
        shown = [_listed(store, story, settings) for story in found[:limit]]
        waiting = store.backlog_matches() if not every else 0
        newest = () if found else store.stories(since=EVER, limit=1)
    _print(call, settings, shown)
    for story in newest:
        at, days = when(story.updated, settings.timezone, now=call.now), (call.now - story.updated).days + 1
        call.printer.say(f"The newest in the archive is from {at}: nightdesk stories list --since {days}d")
    if len(found) > limit:
        call.printer.say(f"{len(found) - limit} more: nightdesk stories list --limit {len(found)}")
    if waiting:
        was = "was" if waiting == 1 else "were"
        said = (
            f"{counted(waiting, 'story')} on your watchlists {was} there before the first check of a source"
        )
        call.printer.say(f"{said}: add --all")


@command("search", under=stories)
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--since", "--last", "since", type=SPAN, metavar="30d", help="How far to look back.  [everything]"
)
@click.option("--limit", type=click.IntRange(1), default=20, help="At most so many.  [20]")
def search(call: Call, query: tuple[str, ...], since: timedelta | None, limit: int) -> None:
    """Find articles by a line of the watchlist language, newest first, with the sentence that has the words.

    A line finds here what it would find on a watchlist. Words side by side stand side by side; put a line
    with quotation marks or parentheses between single quotes: '"county jail" OR detain*'.
    """
    from news.errors import QueryError
    from nightdesk.searching import mistake

    settings, line = settings_beside_broken(call), " ".join(query)
    try:
        _search(call, settings, line, since=EVER if since is None else call.now - since, limit=limit)
    except QueryError as error:
        raise click.UsageError(mistake(error, line), click.get_current_context()) from error


@command("show", under=stories)
@click.argument("number", metavar="ID", type=STORY_NUMBER)
def show(call: Call, number: int) -> None:
    """Show one story as a timeline: who told it when, why it is one story, what was new, what was sent."""
    settings = settings_beside_broken(call)
    with archive(call, settings) as store:
        story = store.story(number)
        if story is None or not story.articles:
            what = f"there is no story {number}"
            raise TroubleError(what, then=call.typed("stories list --all"))
        if story.id != number:
            call.printer.say(f"Story {number} is part of story {story.id} now.")
        _show(call, settings, store, story)


@command("export", under=stories)
@_since
@_all
def export(call: Call, since: timedelta, every: bool) -> None:
    """Print stories as a table for a spreadsheet (CSV), or with --json one object a line."""
    settings = settings_beside_broken(call)
    with archive(call, settings) as store:
        recent = _recent(store, settings, call.now - since, every=every)
        found = [_listed(store, story, settings) for story in recent]
    call.printer.data(csv_line(COLUMNS))
    for each in reversed(found):
        _export(call, each)
    if len(found) == MOST_EXPORTED:
        call.printer.say(f"Only the newest {MOST_EXPORTED:,} stories: ask for a shorter time with --since.")
    call.printer.say(counted(len(found), "story"))


def _search(call: Call, settings: Settings, line: str, *, since: datetime, limit: int) -> None:
    from nightdesk.facts import found_facts
    from nightdesk.searching import search

    with archive(call, settings) as store:
        found = list(islice(search(store, line, since=since, until=call.now), limit + 1))
        if not found:
            call.printer.say("No article.")
            _hint(call, store, line, since=since)
    for each in found[:limit]:
        call.printer.record(found_facts(each))
    call.printer.table(_found_rows(found[:limit], settings, now=call.now))
    if len(found) > limit:
        call.printer.say(f"There are more: add --limit {limit * 5}")


def _hint(call: Call, store: Store, line: str, *, since: datetime) -> None:
    """Say what may have been meant: another operator, or words that do not stand side by side."""
    from shlex import quote

    from news.matching.language import warnings
    from news.matching.parsing import parse
    from news.matching.query import written
    from nightdesk.searching import anywhere, search

    for warning in warnings(line):
        call.printer.say(f"Careful: {warning.what}; write {warning.write}")
    looser = anywhere(parse(line))
    if looser is not None and any(search(store, written(looser), since=since, until=call.now)):
        search_for = call.typed(f"stories search {quote(written(looser))}")
        call.printer.say(f"These words do not stand side by side. Wherever they stand: {search_for}")


def _found_rows(
    found: Sequence[Found], settings: Settings, *, now: datetime
) -> Iterator[tuple[str, str, str]]:
    from nightdesk.searching import came_at, matching_sentence

    width = max((len(str(each.story_id)) for each in found), default=0)
    for each in found:
        at = when(came_at(each.article), settings.timezone, now=now)
        yield f"{each.story_id:>{width}}", at, each.article.title
        yield "", "", f"{each.article.outlet}; {GRADE_WORDS[each.match.grade].lower()}"
        if sentence := matching_sentence(each):
            yield "", "", f"“{sentence}”"


def _recent(store: Store, settings: Settings, since: datetime, *, every: bool) -> Sequence[Story]:
    """Return the stories that changed since then, newest first; without `every`, those on open watchlists."""
    if every:
        return store.stories(since=since, limit=MOST_EXPORTED)
    from nightdesk.private import open_ids

    known = open_ids(settings)
    found_by = (match for match in store.matches(since=since) if match.watchlist_id in known)
    ids = dict.fromkeys(match.story_id for match in found_by)
    found = [story for story in map(store.story, ids) if story is not None]
    return sorted(found, key=lambda story: (story.updated, story.id), reverse=True)


def _listed(store: Store, story: Story, settings: Settings) -> Listed:
    from nightdesk.archive_words import listed

    return listed(store, story, settings)


def _print(call: Call, settings: Settings, shown: Sequence[Listed]) -> None:
    from nightdesk.archive_words import listed_words
    from nightdesk.facts import listed_facts

    if not shown:
        call.printer.say("No story.")
        return
    now, zone = call.now, settings.timezone
    width = max(len(str(each.story.id)) for each in shown)
    rows: list[tuple[str, str, str]] = []
    for each in shown:
        call.printer.record(listed_facts(each))
        rows.append((f"{each.story.id:>{width}}", when(each.story.updated, zone, now=now), each.story.title))
        rows.append(("", "", listed_words(each, settings, now=now)))
    call.printer.table(rows)


def _show(call: Call, settings: Settings, store: Store, story: Story) -> None:
    from nightdesk.archive_words import match_words
    from nightdesk.handovers import LABELS
    from nightdesk.story_facts import page_facts
    from nightdesk.story_page import difference_lines, head_lines, page_lines, read_page

    page = read_page(store, settings, story, now=call.now)
    call.printer.record(page_facts(page))
    indent = " " * len(str(story.id))
    call.printer.data(f"{story.id}  {story.title}")
    for match in page.listed.matches:
        call.printer.data(f"{indent}  {match_words(match, settings)}")
    call.printer.table([(indent, line) for line in head_lines(page, settings, now=call.now)])
    call.printer.data()
    call.printer.table(page_lines(page, settings, now=call.now))
    if page.disagreements:
        call.printer.data("\nWhere outlets differ")
        call.printer.table(difference_lines(page))
    if page.told:
        call.printer.data()
        call.printer.table(
            (LABELS[handover.state], handover.words(settings.timezone, now=call.now))
            for handover in page.told
        )


def _export(call: Call, each: Listed) -> None:
    from nightdesk.facts import listed_facts

    facts = listed_facts(each)
    call.printer.record(facts)
    sent = [f"{to} {at.isoformat()}" for to, at in each.told]
    call.printer.data(csv_line(_cells({**facts, "sent": sent})))


def _cells(facts: dict[str, object]) -> Iterator[str]:
    for column in COLUMNS:
        value = facts[column]
        yield "; ".join(map(str, value)) if isinstance(value, list) else str("" if value is None else value)


def csv_line(cells: Sequence[str] | Iterator[str]) -> str:
    """Return a line of a table; no cell of it is taken for a formula."""
    line = io.StringIO()
    safe = [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells]
    csv.writer(line, lineterminator="").writerow(safe)
    return line.getvalue()
