"""Which tables does the console keep? Part of `storage/schema.py`. No key or password stands in them."""

from __future__ import annotations

from sqlalchemy import Column, Table

from storage.columns import Moment, Number, Words
from storage.naming import metadata

# What lets somebody in: a link to sign in with, a session, a program's key. Only a hash of each is kept.
console_keys = Table(
    "console_keys",
    metadata,
    Column("hash", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("reader_id", Words, nullable=False, index=True),
    # "Firefox on Linux", "printed at the start", "for the CMS".
    Column("what", Words, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

console_passwords = Table(
    "console_passwords",
    metadata,
    Column("reader_id", Words, primary_key=True),
    Column("hash", Words, nullable=False),
    Column("set_at", Moment, nullable=False),
)

# What a person chose on the console, and how far the first set-up has come.
console_choices = Table(
    "console_choices",
    metadata,
    Column("name", Words, primary_key=True),
    Column("value", Words, nullable=False),
    Column("chosen_at", Moment, nullable=False),
)

# Tries to sign in that were not right, of the last minutes. What was tried is kept as a hash: people write
# passwords where their name belongs.
console_tries = Table(
    "console_tries",
    metadata,
    Column("id", Number, primary_key=True),
    Column("door", Words, nullable=False, index=True),
    Column("at", Moment, nullable=False),
)
