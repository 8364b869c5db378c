"""What is said when a command fails?

A sentence and the next command, never a traceback: that is for --debug. Exit codes: 1 trouble, 2 typed wrong.
"""

from __future__ import annotations

import sys
from types import TracebackType

import click

from news.errors import (
    ConfigError,
    InUseError,
    NightdeskError,
    SchemaTooNewError,
    SchemaTooOldError,
    StorageError,
)
from nightdesk.cli.context import TroubleError
from nightdesk.cli.printing import Printer

TROUBLE, TYPED_WRONG = 1, 2

#: Kind of error → the next command to run. The first that fits is used.
NEXT: tuple[tuple[type[Exception], str], ...] = (
    (ConfigError, "nightdesk check"),
    (InUseError, "nightdesk status"),
    (SchemaTooNewError, "nightdesk --version"),
    (SchemaTooOldError, "nightdesk db upgrade"),
    (StorageError, "nightdesk check"),
)


def tell(error: Exception, printer: Printer, *, debug: bool = False) -> int:
    """Say what went wrong and return the exit code; whatever is not ours is raised again."""
    if debug:
        import traceback

        traceback.print_exception(error, file=printer.err)
    match error:
        case click.UsageError():
            return _typed_wrong(error, printer)
        case click.Abort():
            printer.say("Stopped.")
        case click.ClickException():
            printer.trouble(_sentence(error.format_message()))
        case NightdeskError():
            printer.trouble(str(error), then=_next(error))
        case ExceptionGroup() if all(isinstance(each, NightdeskError) for each in error.exceptions):
            for each in error.exceptions:
                printer.trouble(str(each))
            printer.trouble(str(error.message), then=_next(error.exceptions[0]))
        case _:
            raise error
    return TROUBLE


def speak_plainly(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say, in place of Python's traceback, that something happened which nobody foresaw."""
    del trace
    what = " ".join(str(error).split()) or "no more is known"
    print(f"error: something nobody foresaw: {kind.__name__}: {what}", file=sys.stderr)
    print("Next: the same command with --debug, which shows where", file=sys.stderr)


def _typed_wrong(error: click.UsageError, printer: Printer) -> int:
    path = error.ctx.command_path if error.ctx is not None else "nightdesk"
    printer.trouble(_sentence(error.format_message()), then=f"{path} --help")
    return TYPED_WRONG


def _sentence(message: str) -> str:
    return message[:1].lower() + message[1:].removesuffix(".")


def _next(error: Exception) -> str:
    if isinstance(error, TroubleError):
        return error.then
    return next((command for kind, command in NEXT if isinstance(error, kind)), "")
