"""`nightdesk check`: is everything in the newsroom's folder as it should be?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import click

from config.explain import Problem, count, render
from config.load import Loaded
from nightdesk.cli.context import Call, command
from nightdesk.cli.printing import columns, plural

A_PRIVATE_ONE = "a private watchlist"


@command("check")
@click.option("--private", "unveiled", is_flag=True, help="Also what is wrong in private watchlists.")
@click.option(
    "--archive", "ask", is_flag=True, help="Also ask what was caught so far: overlaps, silent lines."
)
def check(call: Call, ask: bool, unveiled: bool) -> int:
    """Read the folder; say file, line and what to write instead.

    Nothing is fetched, sent or changed. Private watchlists are not named, so that it can be shown around.
    """
    loaded = call.read()
    if ask:
        loaded = _with_archive(call, loaded)
    shown = loaded if unveiled else _veiled(loaded)
    if call.json:
        _print_records(call, shown)
    else:
        _print_report(call, shown, every=loaded.problems)
    return 0 if loaded.settings is not None else 1


def _veiled(loaded: Loaded) -> Loaded:
    """Return what may be shown around: of private watchlists only how many things are wrong."""
    if not loaded.private:
        return loaded
    return replace(
        loaded,
        files=tuple(replace(each, path=_named(each.path, loaded.private)) for each in loaded.files),
        problems=tuple(
            replace(each, what=_named(each.what, loaded.private), write=_named(each.write, loaded.private))
            for each in loaded.problems
            if each.path not in loaded.private
        ),
    )


def _named(text: str, private: frozenset[str]) -> str:
    """Return a text in which no private watchlist's file is named."""
    for path in private:
        text = text.replace(path, A_PRIVATE_ONE)
    return text


def _with_archive(call: Call, loaded: Loaded) -> Loaded:
    """Add what the archive says against the watchlists, once the files are right."""
    from config.explain import in_reading_order
    from nightdesk.archive_warnings import archive_warnings
    from nightdesk.cli.archive import archive

    if loaded.settings is None:
        return loaded
    with archive(call, loaded.settings) as store:
        found = tuple(archive_warnings(store, loaded.settings, now=call.now))
    problems = in_reading_order([*loaded.problems, *found])
    warned = {problem.path for problem in found}
    files = tuple(
        replace(file, state=count([each for each in problems if each.path == file.path]))
        if file.path in warned
        else file
        for file in loaded.files
    )
    return replace(loaded, problems=tuple(problems), files=files)


def _print_report(call: Call, loaded: Loaded, *, every: Sequence[Problem]) -> None:
    for line in columns([(file.path, file.state) for file in loaded.files], gap=3):
        call.printer.data(line)
    if loaded.problems:
        call.printer.data(f"\n{render(loaded.problems)}")
    if len(every) > len(loaded.problems):
        hidden = [each for each in every if each.path in loaded.private]
        call.printer.data(f"\n{count(hidden)} in what is private: {call.typed('check --private')}")
    found = count(every) if every else "No errors"
    summary = f"\n{found} in {plural(len(loaded.files), 'file')}. Nothing was changed."
    if loaded.settings is None:
        call.printer.data(f"{summary} Exit 1.")
        call.printer.data(f"When fixed, run: {call.typed('check')}")
        return
    for open_end in loaded.settings.not_set_up:
        call.printer.data(f"\nnot yet: {open_end.what}\n  {open_end.how}")
    call.printer.data(summary)
    call.printer.data(f"Next: {call.typed('run')}")


def _print_records(call: Call, loaded: Loaded) -> None:
    for file in loaded.files:
        call.printer.record({"file": file.path, "state": file.state})
    for problem in loaded.problems:
        call.printer.record(_facts(problem))
    for open_end in loaded.settings.not_set_up if loaded.settings is not None else ():
        call.printer.record({"not_set_up": open_end.kind, "what": open_end.what, "how": open_end.how})


def _facts(problem: Problem) -> dict[str, object]:
    return {
        "problem": problem.severity,
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "end": problem.end,
        "what": problem.what,
        "write": problem.write,
    }
