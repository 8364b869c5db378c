"""`nightdesk watchlists`: list, show, add, edit, pause, resume, history, undo (`feed.py` has one more)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

from news.wording import counted, when
from nightdesk.cli.context import Call, TroubleError, command, group, shown
from nightdesk.cli.shelf import readable_settings, refusing, shelved_named, store_of, writer_for

if TYPE_CHECKING:
    from config.explain import Problem
    from config.settings import Settings
    from nightdesk.watchlist_versions import Version
    from nightdesk.watchlists import Shelved

Options = TypeVar("Options", bound=Callable[..., object])
LEVELS = ("urgent", "high", "normal", "low")
_who = click.option("--who", metavar="NAME", help="Who does it.  [who is logged in here]")


def _words(name: str, told: str) -> Callable[[Options], Options]:
    """Return an option that takes a line of words and may stand several times."""
    return click.option(name, multiple=True, metavar="WORDS", help=told)


@group("watchlists")
def watchlists() -> None:
    """What you want to hear of: list, show, add, edit, pause, resume, history, undo, feed."""


@command("list", under=watchlists)
def list_watchlists(call: Call) -> None:
    """List the watchlists, those that are broken first; a private one by its number."""
    from nightdesk.watchlists import shelf

    settings = readable_settings(call)
    shelved = sorted(shelf(call.folder, call.around.environment), key=_broken_first)
    with store_of(call, settings, make=False) as store:
        installation = store.installation() if store else ""
        saved = store.last_saved() if store else {}
    rows: list[tuple[str, ...]] = [("state", "watchlist", "id", "lines", "last saved")] if shelved else []
    for each in shelved:
        at, who = saved.get(each.id, (None, ""))
        last = f"{when(at, settings.timezone, now=call.now)}, {who}" if at else "-"
        id_, name = _id(each, installation), _name(each, installation)
        rows.append((each.state, name, "" if each.private else id_, _size(each), last))
        call.printer.record(
            {
                "id": id_,
                "name": name,
                "state": each.state,
                "private": each.private,
                "errors": each.errors,
                "file": None if each.private else each.path,
                "lines": _number(each),
                "saved": at.isoformat() if at else None,
                "who": who or None,
            }
        )
    call.printer.table(rows)
    call.printer.say(
        f"\n{_sum(shelved)}" if shelved else f"No watchlist. Next: {call.typed('watchlists add')}"
    )
    if any(each.state == "broken" for each in shelved):
        call.printer.say(f"Next: {call.typed('check')}")


@command("show", under=watchlists)
@click.argument("name", metavar="WATCHLIST")
def show(call: Call, name: str) -> None:
    """Show a watchlist: how it is, who saved it last, and its file."""
    settings, shelved = readable_settings(call), shelved_named(call, name)
    with store_of(call, settings, make=False) as store:
        saved = store.saved_texts(shelved.id) if store else ()
    last = next((each for each in saved if each.text == shelved.text), None)
    called = shelved.watchlist.name if shelved.watchlist else shelved.id
    said = f", saved {when(last.at, settings.timezone, now=call.now)} by {last.who}" if last else ""
    private = ", private" if shelved.private else ""
    call.printer.data(f"{called}: {shelved.state}{private}\n{shelved.path}{said}\n\n{shelved.text.rstrip()}")
    call.printer.record(
        {
            "id": shelved.id,
            "name": called,
            "state": shelved.state,
            "private": shelved.private,
            "file": shelved.path,
            "version": shelved.watchlist.version if shelved.watchlist else None,
            "saved": last.at.isoformat() if last else None,
            "who": last.who if last else None,
            "text": shelved.text,
        }
    )


@command("add", under=watchlists)
@click.argument("name", metavar="NAME")
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--to", default="desk", metavar="PLACE", help="Who hears of it, such as slack:#courts.  [desk]")
@_who
def add(call: Call, name: str, words: tuple[str, ...], to: str, who: str | None) -> None:
    """Make a watchlist: NAME, then a line of words each, in quotation marks.

    nightdesk watchlists add "County jail" "county jail" "jail death" "=ICE NEAR/15 jail"
    """
    from nightdesk.watchlists import FOLDER, Shelved, id_for, shelf, short_form

    id_ = id_for(name)
    if not id_:
        what = f'"{name}" has no letter that a file can be called by'
        raise click.UsageError(what, click.get_current_context())
    path = f"{FOLDER}/{id_}.yaml"
    if any(each.id == id_ or each.path == path for each in shelf(call.folder, call.around.environment)):
        what = f'there is a watchlist "{id_}" already'
        raise TroubleError(what, then=call.typed(f"watchlists edit {id_}"))
    text = short_form(name.strip(), [word.strip() for word in words], to=to)
    shelved = Shelved(path=path, text="", watchlist=None, private=False)
    with writer_for(call, who) as writer, refusing(call, shelved):
        warnings = writer.write(shelved, text, how="added")
    call.printer.record({"id": id_, "file": path, "text": text})
    call.printer.data(f"Written to {shown(call.folder / path)}\n\n{text.rstrip()}\n")
    _warn(call, warnings)
    call.printer.say("A running Nightdesk reads it by itself. What was filed before is not told.")
    call.printer.say(f"Try it on last week: {call.typed(f'test {id_} --last 7d')}")


@command("edit", under=watchlists)
@click.argument("name", metavar="WATCHLIST")
@_words("--add-any", "One of these lines is enough.")
@_words("--add-all", "Every one of these lines must be there too.")
@_words("--add-never", "Leaves a story out.")
@_words("--add-high", "Makes a story important.")
@_words("--remove", "Take this line away, wherever it stands.")
@click.option("--priority", type=click.Choice(LEVELS), help="What a story is without other lines.")
@_who
def edit(call: Call, /, name: str, who: str | None, **typed: tuple[str, ...] | str | None) -> None:
    """Change a watchlist; the file's comments stay. Without an option: in your text editor.

    A change that would break the file, or the watchlist's own examples, is refused, with the reason.
    """
    from nightdesk.watchlists import Wishes, edited

    shelved = shelved_named(call, name)
    wishes = Wishes(**typed)  # type: ignore[arg-type]  # click gives each option as its field wants it
    if not wishes.any_at_all:
        _edit_in_editor(call, shelved, who)
        return
    _write(call, shelved, lambda text: edited(text, wishes), how="saved", who=who)


@command("pause", under=watchlists)
@click.argument("name", metavar="WATCHLIST")
@_who
def pause(call: Call, name: str, who: str | None) -> None:
    """Let a watchlist tell nothing until it is resumed."""
    _switch(call, name, who, on=False)


@command("resume", under=watchlists)
@click.argument("name", metavar="WATCHLIST")
@_who
def resume(call: Call, name: str, who: str | None) -> None:
    """Let a watchlist tell again: what is filed from now on, nothing of what came meanwhile."""
    _switch(call, name, who, on=True)


@command("history", under=watchlists)
@click.argument("name", metavar="WATCHLIST")
def history(call: Call, name: str) -> None:
    """Show every saved version of a watchlist: when, who, what was changed."""
    settings, shelved = readable_settings(call), shelved_named(call, name)
    rows: list[tuple[str, ...]] = []
    for each in _versions(call, settings, shelved):
        at = when(each.saved.at, settings.timezone, now=call.now)
        how = f"{each.saved.how}: " if each.saved.how not in {"saved", *each.what} else ""
        first, *others = each.what
        rows.append((str(each.number), at, each.saved.who, f"{how}{first}"))
        rows += [("", "", "", line) for line in others]
        call.printer.record(
            {
                "version": each.number,
                "at": each.saved.at.isoformat(),
                "who": each.saved.who,
                "how": each.saved.how,
                "what": list(each.what),
                "text": each.saved.text,
            }
        )
    call.printer.table(rows)
    if not rows:
        call.printer.say("No version was kept yet: a running Nightdesk keeps each one that it reads.")
        return
    call.printer.say(f"\nTo go back: {call.typed(f'watchlists undo {shelved.id} --to 1')}")


@command("undo", under=watchlists)
@click.argument("name", metavar="WATCHLIST")
@click.option("--to", "number", type=click.IntRange(1), metavar="N", help="A version of its history.")
@_who
def undo(call: Call, name: str, number: int | None, who: str | None) -> None:
    """Take the last change back; once more, the one before it."""
    from nightdesk.watchlist_versions import to_undo

    settings, shelved = readable_settings(call), shelved_named(call, name)
    found = _versions(call, settings, shelved)
    chosen = to_undo(found, shelved.text, number)
    if chosen is None:
        missing = (
            f"there is no version {number} of {shelved.id}" if number else "there is nothing to take back"
        )
        raise TroubleError(missing, then=call.typed(f"watchlists history {shelved.id}"))
    at = when(chosen.saved.at, settings.timezone, now=call.now)
    call.printer.data(f"Back to version {chosen.number}, {at}, {chosen.saved.who}.")
    _write(call, shelved, lambda _: chosen.saved.text, how="undone", who=who)


# ── What they share ───────────────────────────────────────────────────────────────────────────────────────


def _write(call: Call, shelved: Shelved, make: Callable[[str], str], *, how: str, who: str | None) -> None:
    """Write a file's new text and say what is different."""
    with writer_for(call, who) as writer, refusing(call, shelved):
        text = make(shelved.text)
        if text == shelved.text:
            call.printer.say(f"{shelved.path} says so already; nothing was changed.")
            return
        warnings = writer.write(shelved, text, how=how)
    _tell(call, shelved, text, warnings)


def _warn(call: Call, warnings: Sequence[Problem]) -> None:
    from config.explain import render

    if warnings:
        call.printer.say(f"{render(warnings)}\n")


def _tell(call: Call, shelved: Shelved, text: str, warnings: Sequence[Problem]) -> None:
    from nightdesk.watchlist_versions import differences

    what = differences(shelved.text, text)
    call.printer.record({"id": shelved.id, "file": shelved.path, "what": list(what)})
    call.printer.data(f"Changed {shelved.path}")
    for line in what:
        call.printer.data(f"  {line}")
    call.printer.say()
    _warn(call, warnings)
    call.printer.say("A running Nightdesk reads it by itself. What was filed before is not told.")
    call.printer.say(f"Try it on last week: {call.typed(f'test {shelved.id} --last 7d')}")
    call.printer.say(f"To take it back: {call.typed(f'watchlists undo {shelved.id}')}")


def _switch(call: Call, name: str, who: str | None, *, on: bool) -> None:
    from nightdesk.watchlists import switched

    shelved = shelved_named(call, name)
    if shelved.watchlist is not None and shelved.watchlist.enabled is on:
        call.printer.say(f"{shelved.id} is {'on' if on else 'paused'} already; nothing was changed.")
        return
    _write(call, shelved, lambda text: switched(text, on=on), how="resumed" if on else "paused", who=who)


def _versions(call: Call, settings: Settings, shelved: Shelved) -> Sequence[Version]:
    from nightdesk.watchlist_versions import versions

    with store_of(call, settings, make=False) as store:
        return versions(store.saved_texts(shelved.id) if store else ())


def _edit_in_editor(call: Call, shelved: Shelved, who: str | None) -> None:
    """Let a person edit the file, and again until it is sound or given up; what was typed is never lost."""
    from nightdesk.cli.editor import edited_by_hand

    if not sys.stdin.isatty():
        what = "say what to change, such as --add-any or --remove; only a terminal has a text editor"
        raise click.UsageError(what, click.get_current_context())
    with writer_for(call, who) as writer:
        taken = edited_by_hand(call, writer, shelved)
    if taken is None:
        call.printer.say("Nothing was changed.")
        return
    _tell(call, shelved, *taken)


# ── In a list ─────────────────────────────────────────────────────────────────────────────────────────────


def _broken_first(each: Shelved) -> tuple[bool, bool, str]:
    return each.state != "broken", each.private, each.id


def _id(each: Shelved, installation: str) -> str:
    from nightdesk.private import opaque_id

    return opaque_id(each.id, installation) if each.private else each.id


def _name(each: Shelved, installation: str) -> str:
    if each.private:
        return _id(each, installation)
    return each.watchlist.name if each.watchlist else each.path


def _number(each: Shelved) -> int | None:
    watchlist = each.watchlist
    return len(watchlist.any) + len(watchlist.all) + len(watchlist.never) if watchlist else None


def _size(each: Shelved) -> str:
    number = _number(each)
    return "-" if number is None else str(number)


def _sum(shelved: Sequence[Shelved]) -> str:
    numbers = {state: sum(each.state == state for each in shelved) for state in ("broken", "on", "paused")}
    return f"{counted(len(shelved), 'watchlist')}: " + ", ".join(
        f"{number} {state}" for state, number in numbers.items() if number
    )
