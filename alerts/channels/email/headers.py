"""How are a mail's headers written, so that nothing in them breaks on the way?

Python's own folding writes every word that is longer than a line as an encoded word, which no mail program
undoes inside an address: a long `References` would tie a reply to nothing, a long `List-Unsubscribe` would
lead nowhere (measured on 3.11). So addresses stand on their line whole, and words are encoded by the older
`Header`, which gives back exactly what it was given. Every value is a clean line before it is written:
nothing in a headline can end a header and begin another.
"""

from __future__ import annotations

import unicodedata
from email.header import Header
from email.headerregistry import Address
from email.utils import formataddr

from config.settings import ConsoleSettings
from news.text import clean_line

LINE = 76  # characters of a line of words
LONGEST_LABEL = 60  # characters of one label of a List-Id
CRLF = "\r\n"


def words(name: str, value: str) -> str:
    """Return a header that people read, in lines, encoded if it must be."""
    line = clean_line(value)
    charset = "us-ascii" if line.isascii() else "utf-8"
    return f"{name}: {Header(line, charset, LINE, name).encode(linesep=CRLF)}{CRLF}"


def machine(name: str, value: str) -> str:
    """Return a header that machines read: ASCII, in one line, as it is."""
    return f"{name}: {clean_line(value).encode('ascii', 'ignore').decode()}{CRLF}"


def mailbox(name: str, who: Address) -> str:
    """Return a header that names a person: "To: Metro Desk <metro-desk@newsroom.test>"."""
    called = clean_line(who.display_name)
    if called.isascii():
        return f"{name}: {formataddr((called, who.addr_spec))}{CRLF}"
    encoded = Header(called, "utf-8", LINE, name).encode(linesep=CRLF)
    return f"{name}: {encoded}{CRLF} <{who.addr_spec}>{CRLF}"


def unsubscribing(console: ConsoleSettings, key: str, by_mail: str) -> str:
    """Return how a mail program stops these mails: by one click (RFC 8058), by a mail, or by both; or "".

    The click needs the console under an address that others reach by https. The key is the mail's own: 160
    bits that nobody guesses.
    """
    ways = [f"<{by_mail}>"] if by_mail else []
    if not (console.on and console.public_url.startswith("https://")):
        return machine("List-Unsubscribe", ways[0]) if ways else ""
    address = f"<{console.public_url}/unsubscribe/{key}>"
    post = machine("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    return machine("List-Unsubscribe", ", ".join((address, *ways))) + post


def label(text: str) -> str:
    """Return words as a label of a domain: "sanctuary-cities"; "" when nothing of them can stand there."""
    letters = "".join(letter if letter.isalnum() else " " for letter in _ascii(text).lower())
    return "-".join(letters.split())[:LONGEST_LABEL].strip("-")


def phrase(text: str) -> str:
    """Return words that may stand before an address in angle brackets, without quotation marks."""
    kept = "".join(letter if letter.isalnum() or letter in " -" else " " for letter in _ascii(text))
    return " ".join(kept.split())[:LONGEST_LABEL].strip(" -")


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
