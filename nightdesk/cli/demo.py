"""`nightdesk demo`: see it work in a minute, without network or accounts."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime
from pathlib import Path
from time import monotonic

import click

from news.wording import counted

#: What the demo writes; only a folder that holds nothing else is cleared before the next one.
OURS = {"newsroom", "slack.jsonl", "slack.html", "mail", "mail.html"}


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-out"),
    show_default=True,
    help="The folder to write the day into.",
)
def demo(out: Path) -> None:
    """See it work in a minute: no network, no accounts.

    Plays one invented news day through the real program, against a news web, a Slack and a mail server on
    this machine, and shows what an editor would have seen.
    """
    clear(out)
    from crawler.reactor import run
    from nightdesk import logs
    from nightdesk.demonstration import Shown, play, shown_lines

    logs.set_up(verbose=False, quiet=True)
    started = monotonic()
    shown: list[Shown] = []

    async def playing() -> int:
        shown.append(await play(out, progress=show_progress))
        return 0

    click.echo("One invented day in Port Ellery, from 7:00 am until the next morning's mail ...", err=True)
    run(playing)
    for line in shown_lines(shown[0]):
        click.echo(line)
    total = shown[0].total
    click.echo(
        f"{counted(total.checked, 'check')} of sources, {counted(total.new_articles, 'article')}, "
        f"{counted(total.new_stories, 'story')}, {counted(total.sent, 'message')} sent, "
        f"{monotonic() - started:.1f} s."
    )
    click.echo(f"Written to {out}/: slack.jsonl, slack.html, mail/, mail.html, newsroom/ (with the database)")
    click.echo("Next: nightdesk init")


def clear(out: Path) -> None:
    """Make the folder, or empty it when it holds nothing but an earlier demo's files."""
    out.mkdir(parents=True, exist_ok=True)
    found = {path.name for path in out.iterdir()}
    if found - OURS:
        strange = min(found - OURS)
        what = f"{out} holds {strange}, which no demo wrote. Write: nightdesk demo --out ANOTHER_FOLDER"
        raise click.UsageError(what)
    for name in found:
        path = out / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def show_progress(share: float, moment: datetime) -> None:  # noqa: ARG001 - the day's time is for other shows
    """Draw how much of the day has passed; only on a terminal."""
    if sys.stderr.isatty():
        full = round(40 * share)
        end = "\n" if share >= 1 else ""
        click.echo(f"\r{'█' * full}{'░' * (40 - full)} {share:4.0%}{end}", err=True, nl=False)
