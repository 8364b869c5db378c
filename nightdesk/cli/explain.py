"""`nightdesk explain`: why did this story alert, or why not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nightdesk.cli.archive import archive
from nightdesk.cli.beside import beside, wrapped
from nightdesk.cli.context import Call, TroubleError, command

if TYPE_CHECKING:
    from config.settings import Settings
    from nightdesk.explaining import Account, Judgement
    from storage.contract import Store

#: Other stories with the same words that are named.
MOST_OTHERS = 5
LONGEST_NUMBER = 18  # digits of a story's number; longer ones are words


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
    from nightdesk.explaining_words import headline_lines, paragraphs
    from nightdesk.facts import account_facts

    call.printer.record(account_facts(account))
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
    from news.urls import is_web_address
    from nightdesk.explaining import explain_address, explain_article

    address = what if is_web_address(what) else f"https://{what}"
    if is_web_address(what) or (" " not in what and "." in what and "/" in what and is_web_address(address)):
        return explain_address(store, settings, address, now=call.now)
    if what.isdecimal() and len(what) <= LONGEST_NUMBER:
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
        case Stage.NOT_FILED:
            return f"Next: {call.typed('stories list --all')}"
        case Stage.NOT_SENT:
            return f"To send it again: {call.typed('sent retry')}"
    if not account.judgements:
        return f"Next: {call.typed('check')}"
    chosen = min(account.judgements, key=lambda each: _to_change(each, told=account.stage is Stage.SENT))
    tried = call.typed(f"test {chosen.watchlist.id}")
    return f"To change it: edit {chosen.watchlist.where}, then run: {tried}"


def _to_change(judgement: Judgement, *, told: bool) -> int:
    """Return how likely a watchlist is the one to change: lowest first."""
    if judgement.found is not None:
        return 0 if told else 1
    outcome = judgement.explanation.outcome if judgement.explanation else ""
    return {"never": 0, "missing": 1}.get(outcome, 2)
