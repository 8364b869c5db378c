"""`nightdesk demo`: see it work in a minute, without network or accounts."""

from __future__ import annotations

import shutil
from pathlib import Path
from time import monotonic

import click

from nightdesk.cli.context import Call, TroubleError, command, shown

#: What the demo writes; only a folder that holds nothing else is cleared before the next one.
OURS = (
    *("slack.jsonl", "slack.html", "slack-dark.html", "slack-kinds.html", "slack-kinds-dark.html"),
    *("mail", "mail.html", "mail-kinds.html", "newsroom"),
)


@command("demo")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-out"),
    show_default=True,
    help="The folder to write the day into.",
)
@click.option("--click", "clicked", is_flag=True, help="Go on, with a page of Slack that can be clicked.")
def demo(call: Call, *, out: Path, clicked: bool) -> None:
    """See it work in a minute: no network, no accounts.

    Plays one invented news day through the real program, against a news web, a Slack and a mail server on
    this machine, and shows what an editor would have seen.
    """
    clear(out)
    from crawler.reactor import run
    from nightdesk import logs
    from nightdesk.demonstration import Shown, play, shown_lines, sum_of

    logs.set_up(verbose=call.verbose, quiet=True)
    started = monotonic()
    seen: list[Shown] = []
    call.printer.say("One invented day in Port Ellery, from 7:00 am until the next morning's mail ...")

    def say(address: str) -> None:
        call.printer.say(f"The day's Slack, to click on as the night editor: {address}. End with Ctrl-C.")

    async def playing() -> int:
        with call.printer.progress("The day", 100) as advance:
            seen.append(await play(out, advance=advance, clicked=say if clicked else None))
        return 0

    run(playing)
    for line in shown_lines(seen[0]):
        call.printer.data(line)
    for each in seen[0].slack.accepted:
        call.printer.record({"method": each.method, "channel": each.channel_name, "text": each.text})
    call.printer.data(f"{sum_of(seen[0].total)}, {monotonic() - started:.1f} s.")
    written = ", ".join(f"{name}/" if "." not in name else name for name in OURS)
    call.printer.say(f"Written to {shown(out.resolve())}/: {written}")
    call.printer.say("Next: nightdesk init")


def clear(out: Path) -> None:
    """Make the folder, or empty it when it holds nothing but an earlier demo's files."""
    out.mkdir(parents=True, exist_ok=True)
    found = {path.name for path in out.iterdir()}
    if found - set(OURS):
        what = f"{out} holds {min(found - set(OURS))}, which no demo wrote; nothing was touched"
        raise TroubleError(what, then="nightdesk demo --out ANOTHER_FOLDER")
    for name in found:
        path = out / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
