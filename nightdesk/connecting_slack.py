"""How does a newsroom connect Slack without a terminal? A link that carries the app, a token, a channel."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from alerts.channels.slack.answers import SlackRefusedError
from alerts.channels.slack.calls import Answer, WebApi
from config.settings import Secret
from news.errors import ChannelError
from news.nouns import Clock

MANIFEST = Path(__file__).parent.parent / "deploy" / "slack-app.yaml"
NEW_APP = "https://api.slack.com/apps?new_app=1"
TOKEN = re.compile(r"xoxb-[A-Za-z0-9-]+")
#: What whoever pasted a key can do about it, by Slack's answer.
_UNKNOWN = "Slack does not know this key: copy it once more, all of it, from OAuth & Permissions"
_ENDED = "Slack has ended this key: install the app once more, and copy the new one"
KEY_REFUSED: Mapping[str, str] = {
    "account_inactive": _ENDED,
    "invalid_auth": _UNKNOWN,
    "not_authed": _UNKNOWN,
    "token_expired": _ENDED,
    "token_revoked": _ENDED,
}
MOST_PAGES = 20  # of 200 channels each
PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel that Nightdesk could write to."""

    # "#immigration-desk"
    name: str
    private: bool = False
    # Whether somebody invited Nightdesk there.
    joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """What Slack said to a token."""

    # "The Newsroom"; "" when Slack did not say.
    name: str = ""
    channels: tuple[Place, ...] = ()
    # A sentence without its full stop; "" when all is well.
    trouble: str = ""


def new_app_address() -> str:
    """Return the address of Slack's page on which the app is filled in already."""
    if not MANIFEST.is_file():
        return NEW_APP
    lines = [line.partition("  # ")[0] for line in MANIFEST.read_text(encoding="utf-8").splitlines()]
    manifest = "\n".join(line.rstrip() for line in lines if not line.startswith("#"))
    return f"{NEW_APP}&manifest_yaml={quote(manifest, safe='')}"


async def look_at(token: Secret, api_url: str, clock: Clock) -> Workspace:
    """Ask Slack whose token it is, and which channels there are; nothing is posted."""
    api = WebApi(token, api_url, clock)
    try:
        me = await api.get("auth.test", {})
        found = [place async for place in _channels(api)]
    except SlackRefusedError as error:
        return Workspace(trouble=KEY_REFUSED.get(error.code, str(error)))
    except ChannelError as error:
        return Workspace(trouble=str(error))
    finally:
        await api.close()
    order = sorted(found, key=lambda place: (not place.joined, place.name))
    return Workspace(name=str(me.get("team") or ""), channels=tuple(order))


async def _channels(api: WebApi) -> AsyncIterator[Place]:
    cursor = ""
    for _ in range(MOST_PAGES):
        asked: dict[str, object] = {
            "types": "public_channel,private_channel",
            "exclude_archived": "true",
            "limit": PAGE,
            "cursor": cursor or None,
        }
        page = await api.get("conversations.list", asked)
        for place in _places(page):
            yield place
        more = page.get("response_metadata")
        cursor = str(more.get("next_cursor") or "") if isinstance(more, Mapping) else ""
        if not cursor:
            return


def _places(page: Answer) -> Iterator[Place]:
    listed = page.get("channels")
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, Mapping) and each.get("name"):
            yield Place(
                name=f"#{each['name']}",
                private=bool(each.get("is_private")),
                joined=bool(each.get("is_member")),
            )
