"""The group that the commands about sources stand under, and the words they share."""

from __future__ import annotations

from news.nouns import Health
from nightdesk.cli.context import group

#: How a source is doing, as the newsroom says it.
STATE_WORDS = {
    Health.NEW: "new",
    Health.OK: "working",
    Health.FAILING: "failing",
    Health.QUIET: "quiet",
    Health.STOPPED: "stopped",
}
OFF = "off"


@group("sources")
def sources() -> None:
    """Where news comes from: list, add, check, stats, import, export."""
