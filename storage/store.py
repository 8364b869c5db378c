"""The store, made of its parts: one class that keeps every promise of `storage/contract.py`."""

from __future__ import annotations

from storage.acts import Acts
from storage.alerts import Alerts
from storage.articles import Articles
from storage.candidates import Candidates
from storage.claims import Claims
from storage.clippings import Clippings
from storage.console import ConsoleKeys
from storage.decisions import Decisions
from storage.digests import Digests
from storage.groups import Groups
from storage.joining import Joining
from storage.listing import Listing
from storage.marks import Marks
from storage.matched import Matched
from storage.messages import Messages
from storage.missing_pages import MissingPages
from storage.numbers import Numbers
from storage.parting import PartingDoor
from storage.remembering import Remembered
from storage.same_article import SameArticles
from storage.saved import SavedTexts
from storage.source_log import SourceLog
from storage.sources import Sources
from storage.stories import Stories
from storage.tallying import Tallying
from storage.told import Told
from storage.watching import Watchings
from storage.watchlists import Watchlists


class DatabaseStore(
    Sources, Clippings, Articles, Remembered, MissingPages, Stories, Candidates,  # news in
    Joining, PartingDoor, SameArticles, Decisions,
    Watchlists, SavedTexts, Watchings, Matched, Marks,
    Alerts, Claims, Groups, Told,  # news out
    Digests, Numbers, Acts, ConsoleKeys, Listing, Tallying, Messages, SourceLog,
):  # fmt: skip
    """A store in SQLite or PostgreSQL."""
