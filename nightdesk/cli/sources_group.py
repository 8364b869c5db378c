"""The group that the commands about sources stand under."""

from __future__ import annotations

from nightdesk.cli.context import group


@group("sources")
def sources() -> None:
    """Where news comes from: list, add, check, stats, import, export."""
