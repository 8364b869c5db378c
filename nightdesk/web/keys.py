"""What is a key, and how is it kept? 256 random bits; the store sees only a hash.

Somebody comes in by a link (used once), stays by a session, and lets a program in by a key of its own. The
token of a form is derived from the key in the visitor's cookie, so that another site, which cannot read the
cookie, cannot make one.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from storage.console_contract import Key, KeyKind

if TYPE_CHECKING:
    from storage.contract import Store

BYTES = 32  # of chance in each key: 256 bits
LASTS: dict[KeyKind, timedelta] = {
    "link": timedelta(hours=24),
    "session": timedelta(days=30),
    "program": timedelta(days=365),
}
#: Who signs in while nightdesk.yaml names no admin yet: whoever starts the program.
FIRST = "first"


def new_key(chance: Callable[[int], str] = token_urlsafe) -> str:
    """Return a new key, to be shown once."""
    return chance(BYTES)


def hash_of(key: str) -> str:
    """Return what is kept of a key; its chance is so great that a plain hash hides it."""
    return sha256(key.encode()).hexdigest()


def token_for(key: str, purpose: str) -> str:
    """Return what only the holder of a key, and we, can make of it."""
    return hmac.new(key.encode(), purpose.encode(), sha256).hexdigest()


def is_token(given: str, key: str, purpose: str) -> bool:
    """Whether a token was made of this key for this purpose."""
    return hmac.compare_digest(given.encode(), token_for(key, purpose).encode())


def make_key(store: Store, kind: KeyKind, reader_id: str, *, now: datetime, what: str = "") -> str:
    """Keep the hash of a new key for a person, and return the key: it cannot be shown again."""
    key = new_key()
    kept = Key(
        hash=hash_of(key),
        kind=kind,
        reader_id=reader_id,
        what=what,
        made_at=now,
        expires_at=now + LASTS[kind],
    )
    store.keep_key(kept)
    return key
