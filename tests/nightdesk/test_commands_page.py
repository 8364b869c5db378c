"""The page that lists every command lists every command, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from nightdesk.cli.root import SECTIONS, there_is
from nightdesk.cli.root import root as nightdesk

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "commands.md"
HEADING = re.compile(r"^### `(nightdesk[^`]*)`$", re.MULTILINE)
OPTION = re.compile(r"`(--[a-z-]+)")
SHARED = {"--config", "--json", "--quiet", "--verbose", "--no-color", "--debug", "--help"}


def sections() -> dict[str, str]:
    """Return what the page says of each command."""
    _, *found = HEADING.split(PAGE.read_text(encoding="utf-8"))
    return dict(zip(found[::2], found[1::2], strict=True))


def commands(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[str, click.Command]]:
    """Yield every command there is, by what is typed."""
    context = click.Context(command, parent=parent, info_name=name)
    yield context.command_path, command
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from commands(found, inner, context)


def every_command() -> dict[str, click.Command]:
    """Return every command, the one that is not listed included."""
    context = click.Context(nightdesk, info_name="nightdesk")
    names = [listed.name for _, section in there_is() for listed in section]
    found: dict[str, click.Command] = {}
    for name in names:
        command = nightdesk.get_command(context, name)
        assert command is not None
        found |= dict(commands(command, name, context))
    return found


def own_options(command: click.Command) -> set[str]:
    return {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name not in SHARED
    }


def test_every_command_stands_on_the_page_and_every_heading_is_a_command() -> None:
    assert sorted(sections()) == sorted(every_command())


def test_every_option_of_a_command_stands_in_its_section_and_no_other() -> None:
    said = sections()
    for typed, command in every_command().items():
        mentioned = set(OPTION.findall(said[typed])) - SHARED
        assert mentioned == own_options(command), typed


def test_the_options_of_every_command_stand_at_the_top() -> None:
    top = HEADING.split(PAGE.read_text(encoding="utf-8"))[0]
    assert set(OPTION.findall(top)) >= SHARED


@pytest.mark.parametrize(
    "name", ["run", "status", "stories", "sent", "test", "explain", "preview", "digest", "completion"]
)
def test_an_everyday_command_is_found_and_explains_itself(name: str) -> None:
    listed = {each.name for section in SECTIONS.values() for each in section}
    command = every_command()[f"nightdesk {name}"]
    assert name in listed
    assert command.help
    for parameter in command.params:
        assert not isinstance(parameter, click.Option) or parameter.hidden or parameter.help, parameter.name
