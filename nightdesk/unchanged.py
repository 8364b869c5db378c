"""Since when do the newsroom's files say what they say?

What a watchlist asks for is asked of what came since: a match from before an edit is not missing where the
edit would have sent it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

PARTS = ("*.yaml", "watchlists/*.yaml", ".env")


def unchanged_since(folder: str) -> datetime | None:
    """Return when a file of the newsroom's was last saved, or None where there are none."""
    saved = [path.stat().st_mtime for part in PARTS for path in Path(folder).glob(part)] if folder else []
    return datetime.fromtimestamp(max(saved), UTC) if saved else None
