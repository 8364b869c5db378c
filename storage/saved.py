"""What did a watchlist's file say, and who saved it when?

Every saved text is a line of the activity record, so that it is kept as long as the record of who did what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select

from storage.contract import SavedText
from storage.door import Door
from storage.schema import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

#: What such a line begins with; the watchlist's id follows, because facts are never searched inside.
SAVED = "watchlist saved: "
_LAST_FIRST = audit.c.id.desc()
_OF_ONE = (
    select(audit.c.at, audit.c.who, audit.c.facts)
    .where(audit.c.what == bindparam("what"))
    .order_by(_LAST_FIRST)
)
_NEWEST = (
    select(func.max(audit.c.id)).where(audit.c.what.startswith(SAVED, autoescape=True)).group_by(audit.c.what)
)
_LAST = select(audit.c.what, audit.c.facts).where(audit.c.id.in_(_NEWEST))
_WHEN = select(audit.c.what, audit.c.at, audit.c.who).where(audit.c.id.in_(_NEWEST))


class SavedTexts(Door):
    """The texts of watchlists' files."""

    def keep_text(self, watchlist_id: str, text: str, *, now: datetime, who: str, how: str = "saved") -> bool:
        """Keep what a watchlist's file says; False when that is what it said last."""
        with self._database.write() as connection:
            last = connection.execute(_OF_ONE.limit(1), {"what": SAVED + watchlist_id}).first()
            if last is not None and last.facts["text"] == text:
                return False
            row = {"at": now, "what": SAVED + watchlist_id, "who": who, "facts": {"text": text, "how": how}}
            connection.execute(insert(audit), row)
        return True

    def keep_texts(self, texts: Mapping[str, str], *, now: datetime, who: str) -> int:
        """Keep what the files of several watchlists say; return how many said something else before."""
        with self._database.write() as connection:
            last = {row.what: row.facts["text"] for row in connection.execute(_LAST)}
            rows = [
                {"at": now, "what": SAVED + id_, "who": who, "facts": {"text": text, "how": "saved"}}
                for id_, text in texts.items()
                if last.get(SAVED + id_) != text
            ]
            if rows:
                connection.execute(insert(audit), rows)
        return len(rows)

    def saved_texts(self, watchlist_id: str) -> tuple[SavedText, ...]:
        """Return what a watchlist's file said, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(_OF_ONE, {"what": SAVED + watchlist_id}).all()
        return tuple(
            SavedText(at=row.at, who=row.who, text=row.facts["text"], how=row.facts["how"]) for row in rows
        )

    def last_saved(self) -> Mapping[str, tuple[datetime, str]]:
        """Return when each watchlist was saved last, and by whom."""
        with self._database.read() as connection:
            return {row.what.removeprefix(SAVED): (row.at, row.who) for row in connection.execute(_WHEN)}
