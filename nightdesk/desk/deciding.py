"""Who is asked when somebody does something in Slack? One table, and an answer for everything."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from alerts.channels.slack import buttons
from news.errors import NightdeskError, StorageError
from nightdesk.desk import commands, keywords, mutes, stories
from nightdesk.desk.people import reader_of, stranger_lines
from nightdesk.desk.press import Desk, Press

if TYPE_CHECKING:
    from alerts.channels.slack.asked import Asked
    from alerts.channels.slack.desk import Reply

log = logging.getLogger("nightdesk.slack")

#: What is done by itself: a link was opened, a form was closed.
NOTHING_TO_DO = frozenset({buttons.READ, "closed", "until", "articles", "watchlist"})
ANSWERS: Mapping[str, Callable[[Press], Awaitable[None]]] = {
    buttons.CLAIM: stories.claim_story,
    buttons.RELEASE: stories.release_story,
    buttons.NOT_RELEVANT: stories.vote,
    buttons.UNDO: stories.take_vote_back,
    buttons.WHY: stories.explain,
    buttons.MUTE_STORY: mutes.ask_mute_story,
    buttons.UNMUTE_STORY: mutes.end_mute,
    buttons.MUTE_OUTLET: mutes.ask_mute_outlet,
    buttons.NOT_SAME: mutes.ask_which_articles,
    buttons.EDIT: keywords.ask_for_known,
    "command": commands.command,
}
#: Form → what is done when it is sent.
FORMS: Mapping[str, Callable[[Press], Awaitable[None]]] = {
    mutes.MUTE_STORY: mutes.mute,
    mutes.MUTE_OUTLET: mutes.mute,
    mutes.NOT_SAME: mutes.part,
    keywords.WHICH: keywords.chosen,
    keywords.FORM: keywords.sent,
}
UNKNOWN = ("Nightdesk does not know this button any more: it is from an older message. Nothing was changed.",)
NOT_KEPT = "Nothing was changed: Nightdesk's database does not answer. Try again in a minute."


async def decide(desk: Desk, asked: Asked, reply: Reply) -> None:
    """Do what somebody asked for, and answer, whatever it was."""
    if asked.what in NOTHING_TO_DO:
        return
    desk.world.hop("clicked")
    log.info("asked in slack", extra={"what": asked.what})
    reader = reader_of(asked.account, desk.settings(), desk.accounts)
    if reader is None:
        await reply.whisper(*stranger_lines(asked.account))
        return
    answer = _answer(asked)
    if answer is None:
        await reply.whisper(*UNKNOWN)
        return
    try:
        await answer(Press(desk=desk, asked=asked, reader=reader, reply=reply))
    except StorageError as error:
        log.warning("click not kept", extra={"what": asked.what, "why": str(error)})
        await reply.whisper(NOT_KEPT, str(error))
    except NightdeskError as error:
        await reply.whisper(str(error))


def _answer(asked: Asked) -> Callable[[Press], Awaitable[None]] | None:
    if asked.what == "sent":
        return FORMS.get(asked.form.name if asked.form else "")
    return ANSWERS.get(asked.what)
