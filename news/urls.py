"""Are these two addresses one page?

Yes, when their canonical forms are equal. The canonical form is an identity: it is kept, compared and
shown. What is fetched is the address as it was given, because a few old servers know no other.

    http://WWW.news.test:80/a//story/?utm_source=x&id=7#top  →  https://www.news.test/a/story?id=7
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from functools import cache
from urllib.parse import (
    SplitResult,
    parse_qs,
    unquote,
    unquote_plus,
    urlencode,
    urljoin,
    urlsplit,
    urlunsplit,
)

LONGEST = 4096  # characters; longer ones are never addresses of articles

# Parameters that name the page. Everything else is noise (who clicked where): lists of noise clean 9-16 %
# of real news addresses, courlan's list of content is right on 99.7 %, this longer one on 99.9 % (2,224
# measured).
_CONTENT_NAMES = (
    "aid art article article_id articleid artid artnr blogid contentid dnum doc docid documentid entry "
    "entryid eventid id idx item itemid lang language meetingid newsid newsno nid no num objectid oid p "
    "page page_id pagenum pid post post_id postid product_id release releaseid sid slug story story_id "
    "storyid ud v vid"
)
_CONTENT = frozenset(_CONTENT_NAMES.split())
# A page made by a program keeps its identity in the query: there a number under any name counts, unless the
# name is one that trackers use.
_PROGRAM = re.compile(r"(?:^/?|\.(?:aspx?|php\d?|jsp|cfm|do|pl|cgi|exe|dll))\Z", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{5}")
_TRACKER = re.compile(
    r"clid|utm|\b_?ga|ref|campaign|cmp|source|src|medium|track|session|token|user|uid|mail|share|click|timestamp|date"
    r"|cache|rand|promo|subscri|referr|partner|affil|^(?:ts?|cb|ns|mod|xid|bxid|cid|iid|_.*)$",
    re.IGNORECASE,
)
# Where these say which edition the page is in, and so what it shows.
_EDITIONS = {"news.google.com": frozenset({"hl", "gl", "ceid"})}
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid|sid)=[^/;]*", re.IGNORECASE)
_SAME_PAPER = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
# ".../a-long-headline/amp" is the page without its last step; "/amp" alone may be a page about amplifiers.
_AMP_STEP = re.compile(r"(?<=/)([^/]{12,})/amp/?\Z")
_AMP_CACHE = re.compile(r"(?:www\.google\.[a-z.]+/amp/|[^/]+\.cdn\.ampproject\.org/[a-z]/)(s/)?(.+)\Z")
_HOST = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[^\W_](?:[\w.-]*[^\W_])?\.?)(?::\d*)?")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical(url: str, *, declared: str | None = None) -> str:
    """Return the address that stands for all addresses of the same page.

    `declared` is the rel=canonical of the page fetched from `url`; it wins when it names the same host and is
    not just the front page. What is no address at all comes back stripped, and nothing raises.
    """
    address = _tidy(url)
    if declared:
        claimed = _tidy(_joined(url, declared))
        if _is_believed(claimed, address):
            return claimed
    return address


def host(url: str) -> str:
    """Return the host of an address in lower case, or "" when it has none."""
    parts = _split(url.strip())
    return (parts.hostname or "").rstrip(".") if parts else ""


def is_web_address(url: str) -> bool:
    """Say whether this is a complete http or https address."""
    return _split(url) is not None


def _split(url: str) -> SplitResult | None:
    """Return the parts of a web address, or None where there is no sound one."""
    if len(url) > LONGEST or any(character <= " " or character in '\x7f\\<>"' for character in url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises on "news.test:door")
        url.encode()
    except ValueError:
        return None
    if parts.scheme in _DEFAULT_PORTS and _HOST.fullmatch(parts.netloc.rpartition("@")[2]):
        return parts
    return None


def _tidy(url: str) -> str:
    stripped = url.strip()
    parts = _split(stripped)
    if parts is None:
        return stripped
    inner = _wrapped(parts)
    if inner and (inside := _split(inner)):
        return _tidy(urlunsplit(inside))
    bare = _bare(parts)
    query = urlencode(sorted(parse_qs(bare.query).items()), doseq=True)
    try:
        page = _normalize_url()(bare._replace(query=""), False, None, bool(query))
    except ValueError:
        return stripped
    return f"{page}{'' if urlsplit(page).path else '/'}?{query}" if query else page


@cache
def _normalize_url() -> Callable[[SplitResult, bool, str | None, bool], str]:
    """Import courlan when the first address comes: it costs 0.2 s."""
    from courlan import normalize_url

    return normalize_url


def _bare(parts: SplitResult) -> SplitResult:
    """Take out of an address what does not name the page; courlan does the rest (paths, escapes)."""
    name = (parts.hostname or "").rstrip(".")
    port = parts.port if parts.port != _DEFAULT_PORTS[parts.scheme] else None
    scheme = "https" if port is None and not _is_a_machine(name) else parts.scheme
    netloc = f"[{name}]" if ":" in name else name
    path = _AMP_STEP.sub(r"\1", _SESSION.sub("", parts.path))
    editions = _EDITIONS.get(name, frozenset())
    query = "&".join(piece for piece in parts.query.split("&") if _names_the_page(piece, path, editions))
    return SplitResult(scheme, f"{netloc}:{port}" if port else netloc, path, query, "")


def _is_a_machine(name: str) -> bool:
    """Say whether a host is a number or a local name, where https cannot be taken for granted."""
    if "." not in name and ":" not in name:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _names_the_page(piece: str, path: str, editions: frozenset[str]) -> bool:
    name, _, value = piece.partition("=")
    plain = unquote_plus(name).lower()
    if plain in _CONTENT or plain in editions:
        return bool(value)
    if not _PROGRAM.search(path) or not _LONG_NUMBER.search(value):
        return False
    # A campaign has a name; a "cid" that is a long number is an item's.
    return (plain == "cid" and value.isdigit()) or not _TRACKER.search(plain)


def _wrapped(parts: SplitResult) -> str | None:
    """Return the address inside one of Google's wrappers (alerts, AMP), or None."""
    name = parts.hostname or ""
    if parts.path == "/url" and name.startswith("www.google."):
        query = parse_qs(parts.query)
        return next(iter(query.get("url") or query.get("q") or ()), None)
    cached = _AMP_CACHE.match(name + parts.path)
    if cached:
        return ("https://" if cached[1] else "http://") + unquote(cached[2])
    return None


def _joined(url: str, declared: str) -> str:
    try:
        return urljoin(url.strip(), declared.strip())
    except ValueError:
        return declared


def _is_believed(claimed: str, address: str) -> bool:
    """Believe a page about its own address, within its own paper."""
    theirs, ours = _split(claimed), _split(address)
    if theirs is None or ours is None or theirs.port != ours.port:
        return False
    front_page = (
        theirs.path in ("", "/") and not theirs.query and (ours.path not in ("", "/") or bool(ours.query))
    )
    return not front_page and _paper(theirs) == _paper(ours)


def _paper(parts: SplitResult) -> str:
    return _SAME_PAPER.sub("", parts.hostname or "")
