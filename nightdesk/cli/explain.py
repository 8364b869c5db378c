"""`nightdesk explain`: why did this story alert, or why not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nightdesk.cli.archive import archive
from nightdesk.cli.beside import beside, wrapped
from nightdesk.cli.context import Call, command
from nightdesk.cli.shelf import settings_beside_broken

if TYPE_CHECKING:
    from config.settings import Settings
    from nightdesk.explaining import Account, Judgement
    from storage.contract import Store


@command("explain")
@click.argument("what", nargs=-1, required=True, metavar="URL")
@click.option("--full", is_flag=True, help="Every line of every watchlist, and what of it held.")
def explain(call: Call, what: tuple[str, ...], full: bool) -> None:
    """Why did this story alert, or why not?

    URL is an article's address; words of its headline or the number of its story do as well.
    """
    settings = settings_beside_broken(call)
    with archive(call, settings) as store:
        account = _account(call, settings, store, " ".join(what).strip())
    from nightdesk.explaining_words import headline_lines, paragraphs
    from nightdesk.facts import account_facts
    from nightdesk.story_facts import timeline_facts

    timeline = timeline_facts(account.story) if account.story else []
    call.printer.record({**account_facts(account), "timeline": timeline})
    for sentence in headline_lines(account, settings):
        for line in wrapped(sentence):
            call.printer.data(line)
    call.printer.data()
    for paragraph in paragraphs(account, settings, now=call.now, full=full):
        for line in beside(paragraph):
            call.printer.data(line)
    call.printer.data(f"\n{_next(call, account)}")


def _account(call: Call, settings: Settings, store: Store, what: str) -> Account:
    """Find what was meant: an address, the number of a story, or words of a headline."""
    from nightdesk.addresses import address_in, number_in
    from nightdesk.cli.meant import article_with, story_numbered
    from nightdesk.explaining import explain_address, explain_article

    address = address_in(what)
    if address:
        return explain_address(store, settings, address, now=call.now)
    number = number_in(what)
    article = (
        story_numbered(call, store, number).articles[0].article if number else article_with(call, store, what)
    )
    return explain_article(store, settings, article, now=call.now)


def _next(call: Call, account: Account) -> str:
    from nightdesk.explaining import Stage

    match account.stage:
        case Stage.NEVER_SEEN:
            return f"To judge it all the same: {call.typed(f'test WATCHLIST --url {account.trace.address}')}"
        case Stage.TO_FILE | Stage.TO_JUDGE:
            return f"Next: {call.typed('status')}"
        case Stage.NOT_FILED:
            return f"Next: {call.typed('stories list --all')}"
        case Stage.NOT_SENT:
            return f"To send it again: {call.typed('sent retry')}"
    if not account.judgements:
        return f"Next: {call.typed('check')}"
    chosen = min(account.judgements, key=lambda each: _to_change(each, told=account.stage is Stage.SENT))
    return f"To change it: {call.typed(f'watchlists edit {chosen.watchlist.id}')}"


def _to_change(judgement: Judgement, *, told: bool) -> int:
    """Return how likely a watchlist is the one to change: lowest first."""
    if judgement.found is not None:
        return 0 if told else 1
    return {"never": 0, "missing": 1}.get(judgement.explanation.outcome, 2)
