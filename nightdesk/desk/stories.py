"""What comes of a click under a story? Claim, release, vote; and why it was sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from news.wording import when
from nightdesk.acts.claiming import TakenBy, claim, release
from nightdesk.acts.voting import undo, vote_not_relevant
from nightdesk.desk.people import mention_less
from nightdesk.desk.press import VIA, Press, told_with

if TYPE_CHECKING:
    from config.settings import Reader, Settings
    from news.nouns import Watchlist
    from nightdesk.explaining import Account
    from storage.acts_contract import Act, Claim
    from storage.contract import Store

MOST_LINES = 24  # of an explanation


async def claim_story(press: Press) -> None:
    """Let the person have the story; of two at once one wins, and the other is told who."""
    reader, now = press.reader, press.desk.now

    def decide(store: Store) -> object:
        return claim(store, told_with(store, press.asked.key).story_id or 0, reader, via=VIA, now=now)

    outcome = await press.desk.keep(decide)
    press.desk.nudge("edit")
    if isinstance(outcome, TakenBy):
        name = mention_less(outcome.claim.who, press.settings)
        at = when(outcome.claim.since, press.settings.timezone, now=now)
        await press.reply.whisper(f"{name} is on it since {at}.")


async def release_story(press: Press) -> None:
    """End the claim."""
    reader, now = press.reader, press.desk.now

    def decide(store: Store) -> Claim | None:
        return release(store, told_with(store, press.asked.key).story_id or 0, reader, via=VIA, now=now)

    ended = await press.desk.keep(decide)
    press.desk.nudge("edit")
    if ended is None:
        await press.reply.whisper("Nobody was on this story any more.")


async def vote(press: Press) -> None:
    """Keep the person's vote, and offer to take it back."""
    reader, now = press.reader, press.desk.now

    def decide(store: Store) -> Act:
        story_id = told_with(store, press.asked.key).story_id or 0
        return vote_not_relevant(store, story_id, reader, via=VIA, now=now)

    act = await press.desk.keep(decide)
    press.desk.nudge("edit")
    await press.reply.whisper(
        "Noted: not relevant. It is one vote, and changes no keywords by itself.",
        "You can take it back for 10 minutes.",
        undo=str(act.id),
    )


async def take_vote_back(press: Press) -> None:
    """Take the person's vote back."""
    reader, now, number = press.reader, press.desk.now, press.asked.key
    act_id = int(number) if number.isdecimal() else 0
    await press.desk.keep(lambda store: undo(store, act_id, reader, via=VIA, now=now))
    press.desk.nudge("edit")
    await press.reply.replace("Your vote was taken back.")


async def explain(press: Press) -> None:
    """Say why the story was sent."""
    settings, key = press.settings, press.asked.key
    # The words are made where the rows are read.
    lines = await press.desk.store.read(lambda store: _why(store, key, settings, press))
    await press.reply.whisper(*lines)


def _why(store: Store, key: str, settings: Settings, press: Press) -> tuple[str, ...]:
    from nightdesk.explaining import explain_article

    story = store.story(told_with(store, key).story_id or 0)
    if story is None or not story.articles:
        return ("The story is no longer in the database.",)
    account = explain_article(store, settings, story.articles[0].article, now=press.desk.now)
    return account_lines(account, settings, press)


def account_lines(account: Account, settings: Settings, press: Press) -> tuple[str, ...]:
    """Return an account as this person may read it: nothing of what is private to others."""
    from nightdesk.explaining_words import headline_lines, paragraphs

    mine = replace(
        account,
        judgements=tuple(each for each in account.judgements if may_read(press.reader, each.watchlist)),
    )
    lines = list(headline_lines(mine, settings))
    for paragraph in paragraphs(mine, settings, now=press.desk.now, full=False):
        first, *rest = paragraph.lines or ("",)
        lines += [f"{paragraph.label}: {first}", *(f"    {line}" for line in rest)]
    return tuple(lines[:MOST_LINES])


def may_read(reader: Reader, watchlist: Watchlist) -> bool:
    """Return whether a person may know of a watchlist: a private one is for those whom it sends to."""
    places = {reader.slack, reader.email} - {""}
    return not watchlist.private or any(rule.to in places for rule in watchlist.deliver)
