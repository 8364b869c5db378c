"""What does every command know: the newsroom's folder, the clock, the environment, and where to print?

A command is a function that takes a `Call` first. `command` and `group` give it the options every command
has:

    @command("status")
    def status(call: Call) -> int | None:
        settings = call.settings()
        call.printer.data(...)

It returns nothing, or its exit code: 0 done, 1 trouble. (2, typed wrong, is click's.)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TextIO, cast

import click

from news.errors import NightdeskError
from nightdesk.cli.printing import Printer

if TYPE_CHECKING:
    from config.load import Loaded
    from config.settings import Settings
    from crawler.reading.children import Reader
    from news.nouns import Clock

P = ParamSpec("P")

CHECKOUT = Path(__file__).resolve().parent.parent.parent
DEFAULT_FOLDER = CHECKOUT / "config" / "newsroom"
MAIN_FILE = "nightdesk.yaml"


class TroubleError(NightdeskError):
    """A command cannot go on. Says why, and which command to run next."""

    def __init__(self, what: str, *, then: str = "") -> None:
        """Keep the next command beside the sentence; a `what` that is empty was said already."""
        super().__init__(what)
        self.then = then


def real_clock() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is around the program. Tests give their own."""

    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    clock: Clock = real_clock
    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    # Who reads, when one process runs many commands; else each that reads starts children of its own.
    reader: Reader | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One command, as it was typed."""

    # Absolute.
    folder: Path
    # Whether --config named the folder, so that the next command must name it too.
    folder_typed: bool = False
    around: Around
    printer: Printer
    verbose: bool = False
    debug: bool = False

    @property
    def now(self) -> datetime:
        """The time at this moment."""
        return self.around.clock()

    @property
    def json(self) -> bool:
        """Whether data is printed as JSON lines."""
        return self.printer.json

    def read(self) -> Loaded:
        """Read the newsroom's folder with everything that is wrong in it.

        Raises:
            TroubleError: there is no newsroom.
        """
        from config.load import read

        if not (self.folder / MAIN_FILE).exists():
            what = f"there is no newsroom in {shown(self.folder)}"
            raise TroubleError(what, then=self.typed("init"))
        return read(self.folder, self.around.environment)

    def settings(self) -> Settings:
        """Return what the newsroom decided; print what is wrong, if anything, and stop.

        Raises:
            TroubleError: there is no newsroom, or its files have errors (which are printed then).
        """
        from config.explain import count, render

        loaded = self.read()
        if loaded.settings is None:
            from config.people import private_among

            wrong = [problem for problem in loaded.problems if problem.severity == "error"]
            private = private_among(self.folder, {problem.path for problem in wrong})
            told = [problem for problem in wrong if problem.path not in private]
            if told:
                self.printer.trouble(render(told))
            if len(told) < len(wrong):
                hidden = [problem for problem in wrong if problem.path in private]
                self.printer.trouble(f"{count(hidden)} in what is private; check --private says more")
            what = f"{count(wrong)} in {shown(self.folder)}; nothing was done"
            raise TroubleError(what, then=self.typed("check"))
        return loaded.settings

    def settings_or_starter(self) -> Settings:
        """Return what the newsroom decided; a first run makes the folder from the starter and says so.

        Raises:
            TroubleError: as for `settings`.
        """
        if not (self.folder / MAIN_FILE).exists():
            from config.install import install_starter
            from nightdesk.cli.answers import usual_answers

            install_starter(self.folder, usual_answers(self.around.environment))
            self.printer.say(f"This is the first run: {shown(self.folder)}/ was made from the starter.")
        return self.settings()

    def typed(self, command: str) -> str:
        """Return a command as it must be typed for this folder."""
        if not self.folder_typed:
            return f"nightdesk {command}"
        from shlex import quote

        return f"nightdesk {command} --config {quote(shown(self.folder))}"


def shown(path: Path) -> str:
    """Return a path as short as it can be said from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) and path != here else str(path)


# ── What every command is made with ──────────────────────────────────────────────────────────────────

WITH_EVERY_COMMAND = "--config DIR   --json   --quiet   --verbose   --no-color   --debug   --help"
_META = "nightdesk."


class Command(click.Command):
    """A command with the options that every command has."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own options, then everybody's."""
        return [*super().get_params(ctx), *SHARED]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Name everybody's options once, below the command's own."""
        super().format_epilog(ctx, formatter)
        formatter.write(f"\nWith every command:\n  {WITH_EVERY_COMMAND}\n")


class Group(Command, click.Group):
    """Several commands under one noun: `stories list`, `stories show`."""


def command(
    name: str, *, under: click.Group | None = None
) -> Callable[[Callable[Concatenate[Call, P], int | None]], Command]:
    """Make a command of a function that takes a `Call`, then what its own options say."""

    def make(verb: Callable[Concatenate[Call, P], int | None]) -> Command:
        @wraps(verb)
        def called(*arguments: P.args, **options: P.kwargs) -> None:
            context = click.get_current_context()
            context.exit(verb(call_of(context), *arguments, **options) or 0)

        made = click.command(name, cls=Command)(called)
        if under is not None:
            under.add_command(made)
        return made

    return make


def group(name: str) -> Callable[[Callable[[], None]], Group]:
    """Make a group of commands; its function does nothing, its docstring is the help."""
    return click.group(name, cls=Group)


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value:
        ctx.meta[f"{_META}{param.name}"] = value


def _flag(name: str) -> click.Option:
    return click.Option([name], is_flag=True, expose_value=False, hidden=True, callback=_remember)


#: Options that stand before or after the name of every command.
SHARED = (
    click.Option(
        ["--config"],
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        expose_value=False,
        hidden=True,
        callback=_remember,
    ),
    *(_flag(name) for name in ("--json", "--quiet", "--verbose", "--no-color", "--debug")),
)


def call_of(ctx: click.Context) -> Call:
    """Return how the command of this context was called."""
    around = ctx.find_object(Around) or Around()
    typed = cast("Path | None", ctx.meta.get(f"{_META}config"))
    told = {
        name: bool(ctx.meta.get(_META + name)) for name in ("json", "quiet", "verbose", "no_color", "debug")
    }
    folder = typed or Path(around.environment.get("NIGHTDESK_CONFIG") or DEFAULT_FOLDER)
    colorless = around.environment.get("NO_COLOR") or around.environment.get("TERM") == "dumb"
    return Call(
        folder=folder.absolute(),
        folder_typed=typed is not None,
        around=around,
        printer=Printer(
            out=around.out,
            err=around.err,
            json=told["json"],
            quiet=told["quiet"],
            color=not (told["no_color"] or colorless),
        ),
        verbose=told["verbose"],
        debug=told["debug"],
    )
