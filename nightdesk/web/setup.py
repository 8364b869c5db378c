"""How far has the first set-up come? As long as nobody says where stories go, it is open."""

from __future__ import annotations

from config.settings import Settings

DONE = "done"


def is_open(settings: Settings, chosen: str | None) -> bool:
    """Whether the newsroom has still to be set up; `chosen` is what the store knows of it."""
    return chosen != DONE and not (settings.desk_at_once or settings.desk_digest)
