"""Is this the person's password? Hashed with argon2; asking takes as long for a name that is not known."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

#: Passwords that are looked at at once: each takes 64 MB and a twentieth of a second, on purpose.
AT_ONCE = 2
SHORTEST = 12  # characters: a few words are easier to keep in mind than signs


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="passwords")


@cache
def _nobody() -> str:
    """Return the hash of a password that nobody has."""
    from secrets import token_hex

    return _hasher().hash(token_hex())


def weakness(password: str) -> str:
    """Return why a password will not do, or ""."""
    if len(password) < SHORTEST:
        return f"it needs at least {SHORTEST} characters; a few words will do"
    return "it is one character over and over" if len(set(password)) == 1 else ""


async def hashed(password: str) -> str:
    """Return what is kept of a password; it takes a while on purpose, in a thread."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), hash_of, password)


def hash_of(password: str) -> str:
    """Return what is kept of a password, for a program that has no loop."""
    return _hasher().hash(password)


async def is_right(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was kept; it takes as long when none was."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), _is_right, password, kept)


def _is_right(password: str, kept: str | None) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        _hasher().verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None
