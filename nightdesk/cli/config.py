"""`nightdesk config`: what the newsroom decided, as Nightdesk understands it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum

import click

from config.install import SCHEMAS, STARTER, write_schemas
from config.settings import Secret, Settings
from nightdesk.cli.context import Call, command, group, shown
from nightdesk.cli.printing import columns, plural


@group("config")
def config() -> None:
    """Show what the newsroom decided; help text editors."""


@command("show", under=config)
def show(call: Call) -> None:
    """Show every setting with the value that holds, defaults included. Secrets are never shown."""
    settings = call.settings()
    if call.json:
        call.printer.record(dict(lines_of(settings)))
        return
    for line in columns(list(lines_of(settings))):
        call.printer.data(line)


@command("path", under=config)
def path(call: Call) -> None:
    """Print the newsroom's folder."""
    call.printer.record({"folder": str(call.folder)})
    call.printer.data(str(call.folder))


@command("schema", under=config)
@click.argument("kind", required=False, type=click.Choice(["nightdesk", "sources", "watchlist"]))
@click.option(
    "--write", is_flag=True, help="Write all three into the newsroom's folder, for your text editor."
)
def schema(call: Call, *, kind: str | None, write: bool) -> None:
    """Print the JSON Schema of a kind of file, or write them all for a text editor."""
    if write:
        for name in write_schemas(call.folder):
            call.printer.record({"written": str(call.folder / name)})
        call.printer.data(f"{plural(len(SCHEMAS), 'file')} written to {shown(call.folder / '.schema')}/")
        return
    chosen = next(name for name in SCHEMAS if name.startswith(f".schema/{kind or 'watchlist'}."))
    call.printer.out.write((STARTER / chosen).read_text(encoding="utf-8"))


def lines_of(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the name and the value of each setting, in words."""
    yield from _flat(settings, "")


def _flat(value: object, name: str) -> Iterator[tuple[str, str]]:
    if is_dataclass(value) and not isinstance(value, (type, Secret)):
        for each in fields(value):
            yield from _flat(getattr(value, each.name), f"{name}.{each.name}" if name else each.name)
    else:
        yield name, in_words(value)


def in_words(value: object) -> str:
    """Return a setting's value as a person would say it."""
    if isinstance(value, Secret):
        return "set" if value else "not set"
    if value is None or isinstance(value, bool):
        return {None: "not set", True: "yes", False: "no"}[value]
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, tuple | frozenset | dict):
        return str(len(value))
    return str(value)
