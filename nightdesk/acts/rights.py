"""Who may do this?"""

from __future__ import annotations

from collections.abc import Mapping

from config.settings import Reader, Role
from news.errors import NightdeskError
from storage.acts_contract import ActKind

#: What a person may do at least to do this.
NEEDS: Mapping[ActKind, Role] = {
    "claim": Role.READER,
    "release": Role.READER,
    "not relevant": Role.READER,
    "undo": Role.READER,
    "note": Role.READER,
    "mute story": Role.EDITOR,
    "mute outlet": Role.EDITOR,
    "unmute": Role.EDITOR,
    "hold": Role.EDITOR,
    "let go": Role.EDITOR,
    "not same story": Role.EDITOR,
    "quiet": Role.EDITOR,
    "loud": Role.EDITOR,
}
ROLES = {Role.READER: "a reader", Role.EDITOR: "an editor", Role.ADMIN: "an admin"}
WHAT: Mapping[ActKind, str] = {
    "release": "To release somebody else's story",
    "mute story": "To mute a story",
    "mute outlet": "To mute an outlet",
    "unmute": "To end a mute",
    "hold": "To hold a story back",
    "let go": "To let a story go that is held back",
    "not same story": "To part a story",
    "quiet": "To quiet a channel",
    "loud": "To end a channel's quiet",
}


class NotAllowedError(NightdeskError):
    """The person's role does not reach so far."""


class NotStandingError(NightdeskError):
    """What should be ended has ended already, or was never decided."""


def may(who: Reader, kind: ActKind) -> bool:
    """Return whether a person may do this; undoing is for whoever did it."""
    return who.role >= NEEDS[kind]


def check_may(who: Reader, kind: ActKind, *, role: Role | None = None) -> None:
    """Do nothing when a person may do this.

    Raises:
        NotAllowedError: it takes another role.
    """
    needed = role or NEEDS[kind]
    if who.role < needed:
        what = WHAT.get(kind, "For this")
        msg = f"{what} you must be {ROLES[needed]}. Ask whoever looks after Nightdesk: role: under readers:"
        raise NotAllowedError(msg)
