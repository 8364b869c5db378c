"""`nightdesk status`: one screen: what was sent, what is waiting, what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nightdesk.cli.archive import archive, is_there
from nightdesk.cli.context import MAIN_FILE, Call, command

if TYPE_CHECKING:
    from config.load import Renewed


@command("status")
def status(call: Call) -> None:
    """One screen: what was sent, what is waiting, what is wrong.

    Looks only into the database, beside a running Nightdesk or without one; no source is asked.
    """
    renewed = _renewed(call)
    settings = renewed.settings or call.settings()
    if not is_there(settings):
        call.printer.data(f"{settings.newsroom}. Not running, and nothing was watched yet.")
        call.printer.record({"now": call.now.isoformat(), "running_since": None})
        call.printer.data(f"\nNext: {call.typed('run')}")
        return
    from nightdesk.reloading import broken_lines
    from nightdesk.standing import stock_facts, stock_lines, take_stock
    from storage.sole import held_since

    with archive(call, settings) as store:
        now = call.now
        since = held_since(settings.database.reveal())
        broken = tuple(broken_lines(renewed, settings, store.installation()))
        stock = take_stock(store, settings, now=now, running_since=since, broken=broken)
    for line in stock_lines(stock, settings):
        call.printer.data(line)
    call.printer.record(stock_facts(stock))


def _renewed(call: Call) -> Renewed:
    """Return what the newsroom decided; broken watchlists are left out and keep nothing else from view."""
    from config.load import renew

    if not (call.folder / MAIN_FILE).exists():
        call.settings()  # says that there is no newsroom
    return renew(call.folder, call.around.environment, None)
