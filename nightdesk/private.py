"""What is a private watchlist called where others may read?

By an opaque id that is made of the installation's secret: it stays the same, and nobody who guesses a name
can check the guess. Logs, health messages, listings, `status` and exports say nothing else of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from config.settings import Reader, Settings
from news.nouns import Watchlist
from storage.keys import alert_key

#: What stands for one when the installation's secret is not at hand.
NAMELESS = "private"
LENGTH = 8  # letters of base32 after "private-": 40 bits, and short enough for a column


def opaque_id(watchlist_id: str, installation: str) -> str:
    """Return "private-4fh2kq7z" for a private watchlist."""
    if not installation:
        return NAMELESS
    return f"{NAMELESS}-{alert_key(installation, 'watchlist', watchlist_id)[:LENGTH]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Veil:
    """What others may read of watchlists."""

    watchlists: tuple[Watchlist, ...]
    # The store's; "" before there is one.
    installation: str = ""

    @property
    def private(self) -> frozenset[str]:
        """The ids of the private ones."""
        return frozenset(each.id for each in self.watchlists if each.private)

    def id_of(self, watchlist_id: str) -> str:
        """Return a watchlist's id, or the opaque one."""
        return opaque_id(watchlist_id, self.installation) if watchlist_id in self.private else watchlist_id

    def over(self, text: str) -> str:
        """Return a text in which every name, id and file of a private watchlist is its opaque id."""
        for each in self.watchlists:
            if each.private:
                names = sorted({each.where, each.name, each.id} - {""}, key=len, reverse=True)
                found = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names)
                text = re.sub(found, self.id_of(each.id), text, flags=re.IGNORECASE)
        return text


def veil_of(settings: Settings, installation: str = "") -> Veil:
    """Return the veil over a newsroom's watchlists."""
    return Veil(watchlists=settings.watchlists, installation=installation)


def open_ids(settings: Settings) -> frozenset[str]:
    """Return the ids of the watchlists that everybody may know of.

    One that is no longer there is not among them: nobody knows any more whether it was private.
    """
    return frozenset(each.id for each in settings.watchlists if not each.private)


def people_places(settings: Settings) -> frozenset[str]:
    """Return where private watchlists deliver: what goes there is not shown to others."""
    return frozenset(rule.to for each in settings.watchlists if each.private for rule in each.deliver)


def as_seen_by(reader: Reader, settings: Settings) -> Settings:
    """Return the settings as a signed-in reader may see them: private watchlists of their own are open.

    Their own are those that deliver to one of their places.
    """
    places = {reader.slack, reader.email} - {""}

    def opened(watchlist: Watchlist) -> Watchlist:
        own = watchlist.private and any(rule.to in places for rule in watchlist.deliver)
        return replace(watchlist, private=False) if own else watchlist

    return replace(settings, watchlists=tuple(opened(each) for each in settings.watchlists))


def file_id(path: str, settings: Settings | None) -> str:
    """Return the id of the watchlist in a file: as it was, or by the file's name."""
    known = {each.where: each.id for each in settings.watchlists} if settings else {}
    return known.get(path) or PurePosixPath(path).stem
