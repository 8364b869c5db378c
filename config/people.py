"""Who may hear of a private watchlist? Named people, each at a place that only they read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from config.explain import Problem
from config.picking import items, scalar, truth, under
from config.settings import Settings
from config.tree import File, Scalar
from config.watchlist_file import WatchlistFile

#: A Slack member, or the conversation with one; a name is not found by Slack, a channel is read by many.
PERSON = re.compile(r"slack:[UD][A-Z0-9]{7,}|email:[^@\s]+@[^@\s]+|reader:[\w-]+")
SAYS_PRIVATE = re.compile(r"^\s*[\"']?private[\"']?\s*:\s*true\b", re.IGNORECASE | re.MULTILINE)
A_PERSON = "email:person@your-newsroom, or slack: and a conversation's id, such as slack:D04NIGHTED"


def check_people(one: WatchlistFile, settings: Settings) -> Iterator[Problem]:
    """Yield a problem for each place of a private watchlist at which more than one person reads."""
    email = settings.channels.email
    mailboxes = {settings.desk_digest, settings.health.to, f"email:{email.reply_to}", f"email:{email.sender}"}
    for place in _places(one.file):
        written = str(place.value)
        if not PERSON.fullmatch(written) or written in mailboxes:
            what = f"a private watchlist cannot go to {_shared(written)}"
            yield one.file.problem(place.place, what, A_PERSON)


def is_private(file: File) -> bool:
    """Return whether a watchlist's file says that it is private, readable or not."""
    return truth(file.root, "private", default=False) or bool(SAYS_PRIVATE.search(file.text))


def private_among(folder: Path, paths: Iterable[str]) -> frozenset[str]:
    """Return which of these files of a newsroom's folder say that they are private."""
    texts = {path: folder / path for path in paths}
    return frozenset(
        path
        for path, file in texts.items()
        if file.is_file() and SAYS_PRIVATE.search(file.read_bytes().decode("utf-8", errors="replace"))
    )


def _places(file: File) -> Iterator[Scalar]:
    deliver = under(file.root, "deliver")
    if isinstance(deliver, Scalar) and isinstance(deliver.value, str):
        yield deliver
    for rule in items(deliver):
        to = scalar(rule, "to")
        if to is not None:
            yield to


def _shared(written: str) -> str:
    if written == "desk":
        return "the desk: others read there"
    if written.startswith("slack:@"):
        return "a name: Slack's members are known by their ids"
    if written.startswith("slack:"):
        return "a channel: others read there"
    if written.startswith("email:"):
        return "the desk's own mailbox: others read there"
    return "a place that others read"
