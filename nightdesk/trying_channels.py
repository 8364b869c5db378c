"""Do messages get through? Each way out is tried as the newsroom set it up, without sending anything.

A test message is sent only when somebody asks for one; it goes straight to the channel, past the outbox,
because it tells no story.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.channels.contract import Envelope, Tools
from alerts.channels.registry import Channels, address_of, kind_of, open_channels
from alerts.channels.trials import Trial, try_channel
from alerts.health import compose_health, health_facts
from config.settings import Settings
from news.errors import ChannelError, OutcomeUnknownError
from news.telling import Alert, AlertState
from news.wording import clock_time, weekday_date

#: What people call each kind of way out.
KIND_NAMES = {
    "console": "Console",
    "email": "Email",
    "other": "Others",
    "slack": "Slack",
    "webhook": "Webhooks",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere that messages go, and who sends them there."""

    destination: str
    # Names of watchlists, then "health" where warnings go.
    senders: tuple[str, ...]
    # Whether it is the place of a private watchlist's readers.
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """A kind of channel, its places, and what trying it brought."""

    kind: str
    places: tuple[str, ...]
    is_set_up: bool
    # None: it cannot be tried without sending.
    trial: Trial | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of a test message."""

    destination: str
    # "" when it arrived.
    trouble: str = ""


def places_of(settings: Settings) -> tuple[Place, ...]:
    """Return everywhere that messages go, in the order in which the newsroom's files name them."""
    senders: dict[str, list[str]] = {}
    private: set[str] = set()
    for watchlist in settings.watchlists:
        for rule in watchlist.deliver:
            senders.setdefault(rule.to, []).append(watchlist.name)
            private |= {rule.to} if watchlist.private else set()
    for to in (settings.desk_at_once, settings.desk_digest):
        if to:
            senders.setdefault(to, []).append("desk")
    if settings.health.to:
        senders.setdefault(settings.health.to, []).append("health")
    return tuple(
        Place(destination=to, senders=tuple(dict.fromkeys(names)), private=to in private)
        for to, names in senders.items()
    )


async def try_ways(settings: Settings, tools: Tools, *, only: Sequence[str] = ()) -> tuple[WayOut, ...]:
    """Try every way out that the newsroom sends by, or only those to these destinations."""
    destinations = [place.destination for place in places_of(settings)]
    wanted = [to for to in destinations if not only or to in only]
    channels = open_channels(settings, tools)
    try:
        return tuple([await _try_one(channels, kind, wanted) for kind in dict.fromkeys(map(kind_of, wanted))])
    finally:
        await channels.close()


async def _try_one(channels: Channels, kind: str, destinations: Sequence[str]) -> WayOut:
    mine = tuple(to for to in destinations if kind_of(to) == kind)
    channel = channels.of(mine[0])
    trial = await try_channel(channel, [address_of(to) for to in mine])
    return WayOut(kind=kind, places=mine, is_set_up=channel is not None, trial=trial)


async def send_tests(
    settings: Settings, tools: Tools, destinations: Sequence[str], *, now: datetime
) -> tuple[Sent, ...]:
    """Send one test message to each destination, and say what became of it."""
    channels = open_channels(settings, tools)
    try:
        return tuple([await _send_test(channels, settings, to, now) for to in destinations])
    finally:
        await channels.close()


async def _send_test(channels: Channels, settings: Settings, to: str, now: datetime) -> Sent:
    channel = channels.of(to)
    if channel is None:
        return Sent(destination=to, trouble=f"{KIND_NAMES.get(kind_of(to), kind_of(to))} is not set up")
    alert = _test_alert(settings, to, now)
    envelope = Envelope(key=alert.key, kind="health", to=address_of(to), created=now)
    try:
        await channel.send(compose_health(alert), envelope)
    except OutcomeUnknownError as error:
        return Sent(destination=to, trouble=f"{error}; look whether it is there")
    except ChannelError as error:
        shown = str(error).replace(address_of(to) or to, shown_place(to, settings))
        return Sent(destination=to, trouble=shown)
    return Sent(destination=to)


def _test_alert(settings: Settings, to: str, now: datetime) -> Alert:
    at = f"{weekday_date(now, settings.timezone)}, {clock_time(now, settings.timezone)}"
    facts = health_facts(
        "A test from Nightdesk",
        f"If you can read this, messages of {settings.newsroom} get here.",
        note=f"Asked for on {at} · Nothing else happens",
        ids={"state": "test"},
    )
    return Alert(
        id=0,
        key=secrets.token_hex(16),
        kind="health",
        destination=to,
        state=AlertState.SENDING,
        due_at=now,
        created=now,
        facts=facts,
    )


def shown_place(destination: str, settings: Settings) -> str:
    """Return a place as people write it; of a private watchlist's reader, not where."""
    from nightdesk.handovers import place_of
    from nightdesk.private import people_places

    return "a private watchlist's reader" if destination in people_places(settings) else place_of(destination)
