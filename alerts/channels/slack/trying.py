"""May Nightdesk write, edit and look in these channels? Asked of Slack, without posting anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from alerts.channels.slack.answers import MISSING_SCOPE, SlackRefusedError
from alerts.channels.slack.calls import Answer, WebApi
from alerts.channels.trials import Trial, Tried
from news.errors import ChannelError, ChannelRefusedError
from news.wording import joined

#: What telling needs. Without the histories a message whose answer was lost cannot be looked up, and would be
#: sent twice or held for a person.
NEEDED = ("chat:write", "channels:read", "channels:history")
NEEDED_IN_PRIVATE = ("groups:read", "groups:history")
NEEDED_FOR_PEOPLE = ("im:history",)
#: What listening needs besides: the command, and whose conversation is whose.
NEEDED_FOR_BUTTONS = ("commands", "im:read")
#: What the app's own token needs.
NEEDED_TO_LISTEN = "connections:write"
REINSTALL = "under OAuth & Permissions of the Slack app, then reinstall it to the workspace"

#: Finds the id of a place.
Finder = Callable[[str], Awaitable[str]]


async def try_slack(api: WebApi, places: Sequence[str], find: Finder, *, listens: bool = False) -> Trial:
    """Ask who the token is, what it may do, and how each channel stands."""
    try:
        me, headers = await api.ask_whole("auth.test", {})
    except ChannelError as error:
        return Trial(tried=(Tried(trouble=str(error), fix=_fix_for_token(error)),))
    granted = _granted(headers)
    found = [await _try_place(api, place, find, granted) for place in dict.fromkeys(places)]
    return Trial(
        tried=(
            *_missing((*NEEDED, *(NEEDED_FOR_BUTTONS if listens else ())), granted),
            *(each for group in found for each in group),
        ),
        known_as=f"{me.get('user') or 'the app'} in the workspace {me.get('team') or '(no name)'}",
        their_time=_time_in(headers),
    )


async def try_listening(door: WebApi) -> tuple[Tried, ...]:
    """Ask whether the app's own token lets us listen to clicks; no line is opened."""
    try:
        await door.post("apps.connections.open", {})
    except SlackRefusedError as error:
        if error.code == MISSING_SCOPE:
            what = f"the token in SLACK_APP_TOKEN lacks the permission {NEEDED_TO_LISTEN}"
            fix = f"make another under Basic Information, App-Level Tokens, with {NEEDED_TO_LISTEN}"
        else:
            what = f"Slack does not let Nightdesk listen with the token in SLACK_APP_TOKEN: {error.code}"
            fix = "copy an App-Level Token (xapp-\u2026) into it, and switch Socket Mode on in the Slack app"
        return (Tried(trouble=what, fix=fix),)
    except ChannelError as error:
        return (Tried(trouble=f"buttons: {error}", fix="try again"),)
    return ()


def _fix_for_token(error: ChannelError) -> str:
    if isinstance(error, ChannelRefusedError):
        return "copy the Bot User OAuth Token of the installed app into SLACK_BOT_TOKEN"
    return "try again; if it stays, look whether this machine reaches slack.com"


def _granted(headers: Mapping[str, str]) -> frozenset[str] | None:
    """Return what the token may do, or None when Slack does not say."""
    said = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), None)
    return None if said is None else frozenset(each.strip() for each in said.split(",") if each.strip())


def _missing(needed: Sequence[str], granted: frozenset[str] | None, place: str = "") -> Iterator[Tried]:
    missing = [scope for scope in needed if granted is not None and scope not in granted]
    if missing:
        permissions = f"permission{'s' if len(missing) > 1 else ''} {joined(missing)}"
        yield Tried(
            place=place,
            trouble=f"the Slack app lacks the {permissions}",
            fix=f"add {_it(missing)} {REINSTALL}",
        )


def _it(missing: Sequence[str]) -> str:
    return "it" if len(missing) == 1 else "them"


async def _try_place(
    api: WebApi, place: str, find: Finder, granted: frozenset[str] | None
) -> tuple[Tried, ...]:
    """Return what is wrong at a place, or one that says nothing is."""
    try:
        answer = await api.get("conversations.info", {"channel": await find(place)})
    except SlackRefusedError as error:
        return (Tried(place=place, trouble=str(error), fix=_invite(place)),)
    except ChannelError as error:
        fix = _invite(place) if isinstance(error, ChannelRefusedError) else "try again"
        return (Tried(place=place, trouble=str(error), fix=fix),)
    troubles = tuple(_troubles_at(place, answer, granted))
    return troubles or (Tried(place=place),)


def _troubles_at(place: str, answer: Answer, granted: frozenset[str] | None) -> Iterator[Tried]:
    found = answer.get("channel")
    channel = found if isinstance(found, Mapping) else {}
    if channel.get("is_archived"):
        fix = "unarchive it, or write another channel in the newsroom's files"
        yield Tried(place=place, trouble="the channel is archived", fix=fix)
    elif not channel.get("is_im") and channel.get("is_member") is False:
        yield Tried(place=place, trouble="Nightdesk is not in the channel", fix=_invite(place))
    if channel.get("is_im"):
        yield from _missing(NEEDED_FOR_PEOPLE, granted, place)
    elif channel.get("is_private"):
        yield from _missing(NEEDED_IN_PRIVATE, granted, place)


def _invite(place: str) -> str:
    return f"type /invite @Nightdesk in {place}"


def _time_in(headers: Mapping[str, str]) -> datetime | None:
    said = next((value for name, value in headers.items() if name.lower() == "date"), "")
    try:
        moment = parsedate_to_datetime(said) if said else None
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None
