"""Where were two stories joined?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.columns import AnyRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Seam:
    """Where two stories were joined."""

    into: AnyRow
    gone: AnyRow
    # Revision r of the story that is gone is base + r of the one it became part of.
    base: int

    @property
    def revision(self) -> int:
        """The revision up to which the joined story counts as watched."""
        return int(self.base + self.gone.watched_revision + 1)

    def shifted(self, revision: int) -> int:
        """Return a revision of the story that is gone in the numbers of the other; 0 stays 0."""
        return self.base + revision if revision else 0
