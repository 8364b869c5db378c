"""By which other addresses may a page be known that somebody copied from a browser or a telephone?

The canonical form takes off tracking parameters and most of what marks a page for telephones. What an outlet
does in its own way is guessed here, one guess after the other, and only to look something up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from news.urls import canonical, is_web_address

_FOR_PHONES = re.compile(r"^(?:www\d?|m|mobile|amp|touch)\.(?=[^.]+\.)")
_AMP_BEFORE = re.compile(r"^/(?:amp|m|mobile)(?=/)")
_AMP_AFTER = re.compile(r"(?:/amp|\.amp|/amp\.html)/?\Z")
_AMP_FILE = re.compile(r"\.amp(?=\.html?\Z)")


LONGEST_NUMBER = 18  # digits of a story's number; longer ones are words


def address_in(what: str) -> str:
    """Return the address that was typed, with its scheme; "" when it is none."""
    address = what if is_web_address(what) else f"https://{what}"
    typed = is_web_address(what) or (" " not in what and "." in what and "/" in what)
    return address if typed and is_web_address(address) else ""


def number_in(what: str) -> int:
    """Return the number of a story that was typed; 0 when it is none."""
    return int(what) if what.isdecimal() and len(what) <= LONGEST_NUMBER else 0


def variants(address: str) -> tuple[str, ...]:
    """Return the addresses to look for, the likeliest first."""
    return tuple(dict.fromkeys([canonical(address), address, *map(canonical, _guesses(address))]))


def _guesses(address: str) -> Iterator[str]:
    try:
        parts = urlsplit(canonical(address))
        bare = _FOR_PHONES.sub("", parts.netloc)
    except ValueError:
        return
    paths = dict.fromkeys([parts.path, *_paths(parts.path)])
    for netloc in dict.fromkeys([parts.netloc, bare, f"www.{bare}"]):
        for path in paths:
            for shown in dict.fromkeys([path, path.rstrip("/"), f"{path.rstrip('/')}/"]):
                yield urlunsplit((parts.scheme, netloc, shown, parts.query, ""))
                yield urlunsplit((parts.scheme, netloc, shown, "", ""))


def _paths(path: str) -> Iterator[str]:
    for sign in (_AMP_BEFORE, _AMP_AFTER, _AMP_FILE):
        without = sign.sub("", path)
        if without != path and without.strip("/"):
            yield without
