"""`nightdesk explain`: why did this story alert, or why not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nightdesk.cli.archive import archive
from nightdesk.cli.beside import beside
from nightdesk.cli.context import Call, TroubleError, command

if TYPE_CHECKING:
    from config.settings import Settings
    from nightdesk.explaining import Account
    from storage.contract import Store

#: Other stories with the same words that are named.
MOST_OTHERS = 5


@command("explain")
@click.argument("what", nargs=-1, required=True, metavar="URL")
@click.option("--full", is_flag=True, help="Every line of every watchlist, and what of it held.")
def explain(call: Call, what: tuple[str, ...], full: bool) -> None:
    """Why did this story alert, or why not?

    URL is an article's address; words of its headline or the number of its story do as well.
    """
    settings = call.settings()
    with archive(call, settings) as store:
        account = _account(call, settings, store, " ".join(what).strip())
    from nightdesk.explaining_words import account_facts, headline_lines, paragraphs

    call.printer.record(account_facts(account))
    for line in headline_lines(account, settings):
        call.printer.data(line)
    call.printer.data()
    for paragraph in paragraphs(account, settings, now=call.now, full=full):
        for line in beside(paragraph):
            call.printer.data(line)
    call.printer.data(f"\n{_next(call, account)}")


def _account(call: Call, settings: Settings, store: Store, what: str) -> Account:
    """Find what was meant: an address, the number of a story, or words of a headline."""
    from news.urls import is_web_address
    from nightdesk.explaining import explain_address, explain_article

    address = what if is_web_address(what) else f"https://{what}"
    if is_web_address(what) or (" " not in what and "." in what and "/" in what and is_web_address(address)):
        return explain_address(store, settings, address, now=call.now)
    if what.isdigit():
        story = store.story(int(what))
        if story is None or not story.articles:
            missing = f"there is no story {what}"
            raise TroubleError(missing, then=call.typed("stories list --all"))
        return explain_article(store, settings, story.articles[0].article, now=call.now)
    return _by_words(call, settings, store, what)


def _by_words(call: Call, settings: Settings, store: Store, words: str) -> Account:
    from news.text import fold
    from nightdesk.explaining import explain_article

    found = store.search(words, limit=MOST_OTHERS + 1)
    if not found:
        missing = f'no story in the archive has all of these words: "{words}"'
        raise TroubleError(missing, then=call.typed("stories list --all"))
    for other in found[1 : MOST_OTHERS + 1]:
        call.printer.say(f"Also has these words: {other.id}  {other.title}")
    wanted = fold(words)
    first = found[0].articles
    named = next((each for each in first if wanted in fold(each.article.title)), first[0])
    return explain_article(store, settings, named.article, now=call.now)


def _next(call: Call, account: Account) -> str:
    from nightdesk.explaining import Stage

    match account.stage:
        case Stage.NEVER_SEEN:
            return f"To judge it all the same: {call.typed(f'test WATCHLIST --url {account.trace.address}')}"
        case Stage.TO_FILE | Stage.TO_JUDGE:
            return f"Next: {call.typed('status')}"
        case Stage.NOT_SENT:
            return f"To send it again: {call.typed('sent retry')}"
    files = [each.watchlist for each in account.judgements]
    if not files:
        return f"Next: {call.typed('check')}"
    missed = next((each for each in account.judgements if each.found is None), account.judgements[0])
    return f"To change it: edit {missed.watchlist.where}, then {call.typed(f'test {missed.watchlist.id}')}"
