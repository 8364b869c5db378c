"""What did the publisher mean to send, where XML was broken on the way out?

Most broken feeds are broken in one of few ways: a notice of the server's before the first tag, letters of
another alphabet than was said, HTML's names for characters, a bare "&", the end cut off. Each is mended by
itself, so that a strict parser still has the last word.
"""

from __future__ import annotations

import codecs
import html.entities
import re

_START = re.compile(r"<(?:\?xml|rss|feed|rdf:RDF|channel|!DOCTYPE\s+(?:rss|feed))\b", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*?\?>")
_DECLARED = re.compile(rb"""<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[>]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_AMPERSAND = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]+)|([0-9]+));|([a-zA-Z][a-zA-Z0-9]{1,31});)?")
_NUMBER = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));()")
_ENDS = {
    "rss": ("</item>", "</channel></{name}>"),
    "rdf:rdf": ("</item>", "</{name}>"),
    "feed": ("</entry>", "</{name}>"),
}

_ROOT = re.compile(r"<(rss|rdf:RDF|feed)\b", re.IGNORECASE)
FEED_ENDS = ("</rss>", "</feed>", "</rdf:RDF>")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_SHIFTING = ("iso-2022", "utf-7", "hz")  # alphabets written in bytes that all look like ASCII

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(body: bytes, *, content_type: str) -> str:
    """Return the text of a body.

    Decided by its byte order mark, by what it is, and by what it says it is, in that order.
    Bytes that are UTF-8 are UTF-8 whatever the declaration says: no other text looks like it by chance. Bytes
    that should be and are not are read as Windows-1252 one by one, which is where they come from.
    """
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    said = _said(body, content_type)
    if said.startswith(_SHIFTING):
        return _decoded(body, said)
    if b"\x00" in body[:4]:
        return body.decode("utf-16-be" if body[0] == 0 else "utf-16-le", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(body, said)


def _said(body: bytes, content_type: str) -> str:
    declared = _DECLARED.search(body[:1024])
    if declared:
        return declared[1].decode("ascii").lower()
    charset = _CHARSET.search(content_type)
    return charset[1].lower() if charset else "utf-8"


def _decoded(body: bytes, encoding: str) -> str:
    if encoding in {"utf-8", "utf8", "us-ascii", "ascii"}:
        return body.decode("utf-8", _WINDOWS)
    if encoding in {"iso-8859-1", "latin-1", "latin1"}:
        encoding = "cp1252"  # as browsers do: nobody means the control characters
    try:
        return body.decode(encoding, "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", _WINDOWS)


def _read_as_windows(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    wrong = problem.object[problem.start : problem.end]
    return wrong.decode("cp1252", "replace"), problem.end


_WINDOWS = "nightdesk-windows"
codecs.register_error(_WINDOWS, _read_as_windows)


def undressed(text: str) -> str:
    """Return the feed without what stands before and after it, its XML declaration and its DOCTYPE."""
    start = _START.search(text)
    if start:
        text = text[start.start() :]
    text = _DOCTYPE.sub("", _DECLARATION.sub("", text, count=1), count=1)
    for end in FEED_ENDS:
        at = text.rfind(end)
        if at >= 0:
            return text[: at + len(end)].strip()
    return text.strip()


def is_ended(text: str) -> bool:
    """Return whether undressed XML ends as a feed does."""
    return text.endswith(FEED_ENDS)


def mended(text: str) -> str:
    """Return undressed XML without impossible characters, undeclared names, bare ampersands; with an end."""
    text = _NOT_XML.sub("", text)
    pieces = _CDATA.split(text)
    pieces[::2] = [
        _AMPERSAND.sub(_mended_reference, piece) if "&" in piece else piece for piece in pieces[::2]
    ]
    # What looks like CDATA may stand inside an attribute, where a number is a character all the same.
    pieces[1::2] = [
        _NUMBER.sub(_mended_reference, piece) if "&#" in piece else piece for piece in pieces[1::2]
    ]
    return _ended("".join(pieces))


def _mended_reference(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if hexadecimal or decimal:
        digits = (hexadecimal or decimal).lstrip("0") or "0"
        number = int(digits, 16 if hexadecimal else 10) if len(digits) < 9 else 0x110000  # noqa: PLR2004 - too large
        possible = number in {9, 10, 13} or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD  # noqa: PLR2004
        return found[0] if possible or 0x10000 <= number <= 0x10FFFF else "\ufffd"  # noqa: PLR2004
    if name in _XML_NAMES:
        return found[0]
    if name and name + ";" in html.entities.html5:
        return "".join(f"&#{ord(character)};" for character in html.entities.html5[name + ";"])
    return "&amp;" + found[0][1:]


def _ended(text: str) -> str:
    """Cut a feed that has no end after its last whole entry, and end it there.

    What is left of the entry after it is let go: half an address is another address.
    """
    root = _ROOT.match(text)
    if root is None:
        return text
    entry, end = (part.format(name=root[1]) for part in _ENDS[root[1].lower()])
    if text.endswith(f"</{root[1]}>"):
        return text
    at = text.rfind(entry)
    return text if at < 0 else text[: at + len(entry)] + end
