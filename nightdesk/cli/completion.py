"""`nightdesk completion`: fill in commands with Tab."""

from __future__ import annotations

import click

from nightdesk.cli.context import Call, command

#: Shell → what makes it read the completion at every start.
SHELLS = {
    "bash": "nightdesk completion bash >> ~/.bashrc",
    "zsh": "nightdesk completion zsh >> ~/.zshrc",
    "fish": "nightdesk completion fish > ~/.config/fish/completions/nightdesk.fish",
}


@command("completion")
@click.argument("shell", type=click.Choice(tuple(SHELLS)), required=False)
def completion(call: Call, shell: str | None) -> None:
    """Print what makes Tab fill in commands, for bash, zsh or fish.

    Switch it on for good, in bash: nightdesk completion bash >> ~/.bashrc
    """
    if shell is None:
        raise click.UsageError("name your shell: bash, zsh or fish", click.get_current_context())
    from click.shell_completion import get_completion_class

    made_by = get_completion_class(shell)
    root = click.get_current_context().find_root().command
    if made_by is None:  # click ships these three
        what = f"this click has no completion for {shell}"
        raise click.ClickException(what)
    script = made_by(root, {}, "nightdesk", "_NIGHTDESK_COMPLETE")
    call.printer.data(script.source())
    call.printer.record({"shell": shell, "script": script.source()})
    call.printer.say(f"To switch it on for good: {SHELLS[shell]}")
