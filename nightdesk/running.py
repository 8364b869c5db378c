"""Since when does Nightdesk run on this database, if it does?"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from news.errors import InUseError

#: How the one that holds a database says since when (storage/sole.py).
_SINCE = re.compile(r"since (\d{4}-\d\d-\d\d \d\d:\d\d) UTC")


def running_since(database: str, *, now: datetime) -> datetime | None:
    """Return when the one that runs on a database began, or None when none runs.

    Asked by trying to be that one, for an instant.

    Raises:
        StorageError: the database cannot be reached.
    """
    from storage.sole import hold

    try:
        hold(database, who="status").release()
    except InUseError as error:
        found = _SINCE.search(str(error))
        return datetime.fromisoformat(found[1]).replace(tzinfo=UTC) if found else now
    return None
