"""Who is this account in Slack?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from alerts.channels.registry import address_of

if TYPE_CHECKING:
    from config.settings import Reader, Settings


def reader_of(account: str, settings: Settings, accounts: Mapping[str, str]) -> Reader | None:
    """Return the reader whose account it is, or None: nobody wrote the account under `readers:`."""
    for reader in settings.readers:
        if account and account in {address_of(reader.slack), accounts.get(reader.slack, "")}:
            return reader
    return None


def stranger_lines(account: str) -> tuple[str, ...]:
    """Return what somebody is told whom Nightdesk does not know."""
    return (
        "Nightdesk does not know you yet, so nothing was changed.",
        "Whoever looks after it can add you on the console under People, or in nightdesk.yaml:",
        f"readers: [{{id: your-name, name: Your Name, slack: {account}, role: reader}}]",
    )


def mention_less(who: str, settings: Settings) -> str:
    """Return a person's name."""
    reader = settings.reader(who)
    return (reader.name or reader.id) if reader else who
