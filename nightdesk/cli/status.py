"""`nightdesk status`: one screen: what was sent, what is waiting, what is wrong."""

from __future__ import annotations

from nightdesk.cli.archive import archive, is_there
from nightdesk.cli.context import Call, command


@command("status")
def status(call: Call) -> None:
    """One screen: what was sent, what is waiting, what is wrong.

    Looks only into the database, beside a running Nightdesk or without one; no source is asked.
    """
    settings = call.settings()
    if not is_there(settings):
        call.printer.data(f"{settings.newsroom}. Not running, and nothing was watched yet.")
        call.printer.record({"now": call.now.isoformat(), "running_since": None})
        call.printer.data(f"\nNext: {call.typed('run')}")
        return
    from nightdesk.standing import stock_facts, stock_lines, take_stock
    from storage.sole import held_since

    with archive(call, settings) as store:
        now = call.now
        since = held_since(settings.database.reveal())
        stock = take_stock(store, settings, now=now, running_since=since)
    for line in stock_lines(stock, settings):
        call.printer.data(line)
    call.printer.record(stock_facts(stock))
