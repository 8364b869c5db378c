"""Where do copies of the archive go when nobody says where?"""

from __future__ import annotations

from pathlib import Path

_SQLITE = "sqlite:///"


def backups(address: str) -> Path:
    """Return the folder: beside a SQLite file, else in the folder that Nightdesk was started in."""
    if address.startswith(_SQLITE):
        return Path(address.removeprefix(_SQLITE)).parent / "backups"
    return Path("backups")
