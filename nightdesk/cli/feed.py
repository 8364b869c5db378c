"""`nightdesk watchlists feed`: a watchlist's headlines as a feed, for reader programs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightdesk.cli.archive import archive, watchlist_named
from nightdesk.cli.context import Call, TroubleError, command, shown
from nightdesk.cli.watchlists import watchlists

if TYPE_CHECKING:
    from alerts.feeds import Feed
    from config.settings import Settings
    from news.nouns import Watchlist

LOOK_BACK = timedelta(days=30)
MOST_ENTRIES = 50


@command("feed", under=watchlists)
@click.argument("watchlist")
@click.option(
    "--format", "form", type=click.Choice(["atom", "json"]), default="atom", help="Which of the two."
)
@click.option(
    "--write",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write both into a folder with a secret name under this one, for a web server to serve.",
)
def feed(call: Call, watchlist: str, form: str, write: Path | None) -> None:
    """Print a watchlist's stories of the last 30 days as a feed: headlines and links, no text.

    Whoever knows the secret part of its address can read it; nothing else protects it.
    """
    settings = call.settings()
    chosen = watchlist_named(settings, watchlist, call)
    if chosen.private:
        what = "a private watchlist has no feed: only the people named in it may know of it"
        raise TroubleError(what)
    from alerts.feeds import atom, json_feed

    made, token = _feed(call, settings, chosen)
    for entry in made.entries:
        call.printer.record({"headline": entry.headline, "url": entry.url, "outlet": entry.outlet})
    if write is None:
        call.printer.data((atom(made) if form == "atom" else json_feed(made)).rstrip())
        return
    folder = write / token
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "feed.xml").write_text(atom(made), encoding="utf-8")
        (folder / "feed.json").write_text(json_feed(made), encoding="utf-8")
    except OSError as error:
        what = f"{shown(folder)} cannot be written: {(error.strerror or 'no more is known').lower()}"
        raise TroubleError(what) from error
    call.printer.data(f"{shown(folder.absolute())}/feed.xml and feed.json: {len(made.entries)} stories")


def _feed(call: Call, settings: Settings, chosen: Watchlist) -> tuple[Feed, str]:
    """Return the feed, and the secret part of its address: the same as long as the database lives."""
    from alerts.feeds import feed_of
    from storage.keys import alert_key

    with archive(call, settings) as store:
        matches = store.matches_of(chosen.id, since=call.now - LOOK_BACK, limit=MOST_ENTRIES)
        held = {act.story_id for act in store.standing_acts(("hold",), now=call.now)}
        told = [match.story_id for match in matches if not match.backlog and match.story_id not in held]
        found = [store.story(story_id) for story_id in told]
        installation = store.installation()
    stories = [story for story in found if story is not None]
    made = feed_of(chosen.id, chosen.name, stories, installation=installation, now=call.now)
    return made, alert_key(installation, "feed", chosen.id)
