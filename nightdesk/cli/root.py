"""Which commands are there?

Each is named with the place of its code, which is imported when it is typed, so that `--help` costs next to
nothing. A command whose file is not there is not told of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import cast

import click

from news.errors import NightdeskError
from nightdesk.cli import failures
from nightdesk.cli.context import CHECKOUT, WITH_EVERY_COMMAND, Around, Command, call_of
from nightdesk.cli.printing import Printer

COLUMN = 21  # where the summaries begin, after two spaces


@dataclass(frozen=True, slots=True)
class Listed:
    """A command in the list."""

    name: str
    # "module:attribute"; imported on first use.
    place: str
    # In the list of commands; "" for one that is not listed.
    summary: str = ""
    # What follows the name in the list.
    takes: str = ""


def _at(name: str, summary: str, *, takes: str = "", module: str = "") -> Listed:
    return Listed(name, f"nightdesk.cli.{module or name}:{name}", summary, takes)


SECTIONS: dict[str, tuple[Listed, ...]] = {
    "Start here": (
        _at("demo", "See it work in a minute: no network, no accounts"),
        _at("init", "Make the newsroom's folder: 4 questions, or --yes"),
        _at("check", "Read the folder; say file, line and what to write instead"),
        _at("doctor", "Try everything: sources, Slack, email, clock, disk"),
        _at("run", "Watch and tell until stopped (--once, --dry-run)"),
    ),
    "Every day": (
        _at("status", "One screen: what was sent, what is waiting, what is wrong"),
        _at("stories", "list, show, search, export, mark"),
        _at("sent", "list, show, retry: every message that went out, and when"),
        _at("test", "Try it on last week (--last 7d, --url, --text)", takes="WATCHLIST", module="rehearse"),
        _at("explain", "Why did this story alert, or why not?", takes="URL"),
        _at("preview", "Show the Slack message or the email; send nothing", takes="WATCHLIST"),
        _at("digest", "now, list, send-again"),
    ),
    "Set up and look after": (
        # The last of its commands brings the others.
        _at("watchlists", "list, show, add, edit, pause, resume, history, undo, feed", module="feed"),
        _at("sources", "list, add, check, stats, import, export"),
        _at("channels", "list, test"),
        _at("people", "list, add, link, role, password: for the console"),
        _at("db", "backup, restore, prune, upgrade, stats"),
        _at("config", "show, schema, path"),
        _at("completion", "Fill in commands with Tab: bash, zsh, fish"),
    ),
    "": (_at("judge", ""),),
}


class Root(Command, click.Group):
    """Nightdesk's commands, found by name and imported when typed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """Return the names that are told of."""
        return [listed.name for title, section in there_is() if title for listed in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Import the code of a command."""
        for _, section in there_is():
            for listed in section:
                if listed.name == cmd_name:
                    module, _, attribute = listed.place.partition(":")
                    return cast("click.Command", getattr(import_module(module), attribute))
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            from config.explain import nearest

            meant = nearest(args[0], self.list_commands(ctx))
            hint = f"; did you mean {meant}?" if meant else ""
            ctx.fail(f'there is no command "{args[0]}"{hint}')
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the list as the newsroom reads it, not as an alphabet."""
        formatter.write("\n".join(_help_lines()))


def there_is() -> Iterator[tuple[str, list[Listed]]]:
    """Yield the sections with the commands whose files are there."""
    for title, section in SECTIONS.items():
        found = [listed for listed in section if find_spec(listed.place.partition(":")[0]) is not None]
        if found:
            yield title, found


def _help_lines() -> Iterator[str]:
    yield "Watches news sources for your keywords and tells the right people, once,"
    yield "in Slack or by email."
    for title, section in there_is():
        if title:
            yield from ("", title)
            for listed in section:
                yield f"  {f'{listed.name} {listed.takes}'.strip():<{COLUMN}}{listed.summary}".rstrip()
    yield from ("", "With every command", f"  {WITH_EVERY_COMMAND}", "")
    yield "Exit codes: 0 done, 1 trouble, 2 typed wrong."


@click.group("nightdesk", cls=Root, invoke_without_command=True)
@click.option("--version", is_flag=True, hidden=True)
@click.pass_context
def root(ctx: click.Context, version: bool) -> None:
    """Watch news sources and tell the right people."""
    if version:
        call_of(ctx).printer.data(f"nightdesk {_version()}")
        ctx.exit(0)
    if ctx.invoked_subcommand is None:
        call_of(ctx).printer.data(ctx.get_help())


def run(arguments: Sequence[str], around: Around) -> int:
    """Run one command and return its exit code."""
    try:
        code = root.main(list(arguments), prog_name="nightdesk", standalone_mode=False, obj=around)
    except (click.ClickException, click.Abort, NightdeskError, ExceptionGroup) as error:
        return failures.tell(error, _printer(arguments, around), debug="--debug" in arguments)
    return int(code or 0)


def _printer(arguments: Sequence[str], around: Around) -> Printer:
    """Return how to print when it is not known how far the options were read."""
    colorless = "--no-color" in arguments or around.environment.get("NO_COLOR")
    return Printer(out=around.out, err=around.err, color=not colorless)


def _version() -> str:
    import tomllib

    with (CHECKOUT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
