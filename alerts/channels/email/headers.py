"""How are a mail's headers written, so that nothing in them breaks on the way?

Python's own folding writes every word that is longer than a line as an encoded word, which no mail program
undoes inside an address: a long `References` would tie a reply to nothing, a long `List-Unsubscribe` would
lead nowhere (measured on 3.11). So addresses stand on their line whole, and words are encoded by the older
`Header`, which gives back exactly what it was given.
"""

from __future__ import annotations

import unicodedata
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import EmailPolicy, Policy

LINE = 76  # characters of a line of words
LONGEST_LABEL = 60  # characters of one label of a List-Id


class _Words(UnstructuredHeader, BaseHeader):
    """A header that people read."""

    max_count = 1

    def fold(self, *, policy: Policy) -> str:
        """Return it in lines, encoded if it must be."""
        words = str(self)
        charset = "us-ascii" if words.isascii() else "utf-8"
        lines = Header(words, charset, LINE, self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {lines}{policy.linesep}"


class _Address(UnstructuredHeader, BaseHeader):
    """A header that machines read: ASCII, in one line, as it is."""

    max_count = 1

    def fold(self, *, policy: Policy) -> str:
        """Return it in one line."""
        return f"{self.name}: {self}{policy.linesep}"


class _Registry(HeaderRegistry):
    """Python's own makes a class for each header of each mail; here one serves all of a name."""

    def __getitem__(self, name: str) -> type[BaseHeader]:
        """Return the class of a header."""
        lowered = name.lower()
        if lowered not in self._made:
            self._made[lowered] = super().__getitem__(name)
        return self._made[lowered]

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type[BaseHeader]] = {}


_REGISTRY = _Registry()
_REGISTRY.map_to_type("subject", _Words)
for _name in ("message-id", "in-reply-to", "references", "list-id", "list-unsubscribe", "x-nightdesk-key"):
    _REGISTRY.map_to_type(_name, _Address)

#: The policy of every mail that goes out.
OUTGOING = EmailPolicy(header_factory=_REGISTRY, linesep="\r\n", cte_type="7bit")


def label(words: str) -> str:
    """Return words as a label of a domain: "sanctuary-cities"; "" when nothing of them can stand there."""
    letters = "".join(letter if letter.isalnum() else " " for letter in _ascii(words).lower())
    return "-".join(letters.split())[:LONGEST_LABEL].strip("-")


def phrase(words: str) -> str:
    """Return words that may stand before an address in angle brackets, without quotation marks."""
    kept = "".join(letter if letter.isalnum() or letter in " -" else " " for letter in _ascii(words))
    return " ".join(kept.split())[:LONGEST_LABEL].strip(" -")


def _ascii(words: str) -> str:
    return unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
