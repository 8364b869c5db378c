"""What does everybody at the desk work with? The store, the settings, who asked, and how to answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from news.errors import NightdeskError

if TYPE_CHECKING:
    from alerts.channels.slack.asked import Asked
    from alerts.channels.slack.desk import Reply
    from config.settings import Reader, Settings
    from news.telling import Alert
    from nightdesk.rooms import World
    from storage.acts_contract import Via
    from storage.contract import Store
    from storage.threads import StoreThreads

Kept = TypeVar("Kept")
STRANGE = (
    "This message is not known here: another Nightdesk sent it, or its database was replaced. Nothing was"
    " changed."
)
VIA: Via = "slack"


class NotKnownError(NightdeskError):
    """What was clicked belongs to nothing that is in the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The rooms, as the desk sees them."""

    # In force at this moment.
    settings: Callable[[], Settings]
    store: StoreThreads
    world: World
    # Wakes a station.
    nudge: Callable[[str], None]
    # Returns when a saved file is in force.
    renewed: Callable[[], Awaitable[None]]
    # When the service was started.
    since: datetime
    # A person's place → the account in Slack.
    accounts: Mapping[str, str] = field(default_factory=dict)

    async def keep(self, decide: Callable[[Store], Kept]) -> Kept:
        """Let a decision become a row; nothing is shown before."""
        kept = await self.store.write(decide)
        self.world.hop("acted")
        return kept

    @property
    def now(self) -> datetime:
        """The time."""
        return self.world.clock()

    @property
    def folder(self) -> Path:
        """The newsroom's folder."""
        return Path(self.settings().folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Somebody did something, and we know who."""

    desk: Desk
    asked: Asked
    reader: Reader
    reply: Reply

    @property
    def settings(self) -> Settings:
        """The settings in force, on the person's clock."""
        place = self.reader.slack or self.reader.email
        return self.desk.settings().as_read_at(place)


def told_with(store: Store, key: str) -> Alert:
    """Return the alert whose message was clicked.

    Raises:
        NotKnownError: it is not ours.
    """
    alert = store.alert_by_key(key) if key else None
    if alert is None or alert.story_id is None:
        raise NotKnownError(STRANGE)
    return alert
