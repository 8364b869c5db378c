"""What is ours inside Scrapy's downloader?

Its HTTP/1.1 handler with the fence around it, its downloader with the limit of one connection a host that
Scrapy 2.14 to 2.19 forgets, and a log formatter that keeps quiet about every single answer.
"""

from __future__ import annotations

import zlib
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from scrapy.core.downloader import Downloader, Slot
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Response
from scrapy.logformatter import LogFormatter
from scrapy.utils.httpobj import urlparse_cached
from twisted.web._newclient import HTTP11ClientProtocol

from crawler.fence import Fence, FencedResolver, look_up
from crawler.settings import DOWNLOAD_MAXSIZE
from crawler.trust import SharedTrust

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import Request as TxRequest
    from twisted.web.client import HTTPConnectionPool
    from twisted.web.iweb import IPolicyForHTTPS, IResponse

LARGEST_HEAD = 256 * 1024  # bytes of an answer's headers; browsers take as much
GZIP_OR_ZLIB = 47  # zlib's number for "whichever of the two it says it is"
BARE_DEFLATE = -15
PORTS = {"http": 80, "https": 443}

#: One fence a crawler, though Scrapy makes a handler for http and another for https.
_FENCES: WeakKeyDictionary[Crawler, Fence] = WeakKeyDictionary()


class FenceRefusedError(IgnoreRequest):
    """The fence refused every address of the host."""


class PoliteDownloader(Downloader):
    """Scrapy's downloader, holding CONCURRENT_REQUESTS_PER_DOMAIN.

    Scrapy counts a request as under way only when its coroutine first runs, which is after the whole queue
    was handed out (22 of 24 requests went to one host at once under a limit of 2). Counting it when it is
    handed out mends that.
    """

    def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> Coroutine[Any, Any, None]:
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)


class FencedHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler, which only ever connects to addresses the fence lets through."""

    def __init__(self, crawler: Crawler) -> None:
        """Put the fence on the reactor's name resolver: every connection asks it."""
        super().__init__(crawler)
        self._pool._factory = _BoundedFactory  # noqa: SLF001 - as Scrapy does itself
        self._contextFactory = cast("IPolicyForHTTPS", SharedTrust(self._contextFactory))
        fence = _FENCES.get(crawler)
        if fence is None:
            fence = _FENCES[crawler] = Fence(crawler.settings.getlist("FENCE_ALLOW_ADDRESSES"))
            FencedResolver(fence, crawler.settings.get("FENCE_LOOK_UP") or look_up).install_on_reactor()
        self._fence = fence

    @property
    def pool(self) -> HTTPConnectionPool:
        """The connections that are kept."""
        return self._pool

    @property
    def policy(self) -> IPolicyForHTTPS:
        """How certificates are checked."""
        return self._contextFactory

    async def download_request(self, request: Request) -> Response:
        """Download, and say so when it was the fence that refused."""
        url = urlparse_cached(request)
        with self.telling_refusals(url.hostname or "", url.port or PORTS[url.scheme]):
            return await super().download_request(request)

    @contextmanager
    def telling_refusals(self, host: str, port: int) -> Iterator[None]:
        """Say so when a name is unknown because the fence refused its addresses."""
        try:
            yield
        except CannotResolveHostError as problem:
            refused = self._fence.find_refusal(host, port)
            if refused is None:
                raise
            raise FenceRefusedError(refused) from problem


class _BoundedParser(_LenientHTTPClientParser):
    """Reads headers as far as they are of a reasonable size; Scrapy and Twisted read on for ever."""

    _taken = 0  # bytes

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's
        self._taken += len(line)
        if self._taken > LARGEST_HEAD:
            raise ValueError("more headers than we take in")
        super().lineReceived(line)


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: TxRequest) -> Deferred[IResponse]:
        # Not Scrapy's own, which reads the certificate and the address of each answer: nobody asks for them.
        answer: Deferred[IResponse] = HTTP11ClientProtocol.request(self, request)
        # Scrapy changes the class of the parser that Twisted made, too; ours adds a number of its own.
        self._parser.__class__ = _BoundedParser
        return answer


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: ARG002, N802 - Twisted's
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted's


class TooLargeError(IgnoreRequest):
    """The body is larger than we take in, once unpacked."""


class Unpacking:
    """Unpacks bodies up to the cap, and leaves their character sets alone.

    Scrapy's own unpacking guesses the character set of the packed bytes on the way, which costs milliseconds
    for every feed, and takes packings that no feed needs.
    """

    def process_request(self, request: Request) -> None:
        """Say which packings we take."""
        request.headers.setdefault("Accept-Encoding", "gzip, deflate")

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response unpacked; one that is not packed, whatever it says, comes back as it is."""
        said = b",".join(response.headers.getlist("Content-Encoding")).strip().lower()
        if said not in {b"gzip", b"x-gzip", b"deflate"} or not response.body:
            return response
        headers = {name: values for name, values in response.headers.items() if name != b"Content-Encoding"}
        return Response(
            response.url,
            status=response.status,
            headers=headers,
            body=unpacked(response.body, request.meta.get("download_maxsize", DOWNLOAD_MAXSIZE)),
            flags=response.flags,
            request=response.request,
            ip_address=response.ip_address,
            protocol=response.protocol,
        )


def unpacked(packed: bytes, largest: int) -> bytes:
    """Return what was packed, as far as it came; bytes that were not packed come back as they are.

    Raises:
        TooLargeError: it is larger than `largest` bytes.
    """
    for shape in (GZIP_OR_ZLIB, BARE_DEFLATE):
        try:
            return _unpacked(packed, shape, largest)
        except zlib.error:
            continue
    return packed


def _unpacked(packed: bytes, shape: int, largest: int) -> bytes:
    pieces: list[bytes] = []
    length = 0
    while packed:
        unpacker = zlib.decompressobj(shape)
        pieces.append(unpacker.decompress(packed, largest + 1 - length))
        length += len(pieces[-1])
        if length > largest:
            raise TooLargeError(f"more than {largest} bytes")  # noqa: EM102 - a note for the log
        # gzip files may stand one behind the other; anything else behind one is padding.
        packed = unpacker.unused_data if unpacker.unused_data.startswith(b"\x1f\x8b") else b""
    return b"".join(pieces)


class QuietLog(LogFormatter):
    """Says nothing about single answers; what matters is logged where it is understood."""

    def crawled(self, request: Request, response: Response, spider: Any) -> None:  # type: ignore[override]  # noqa: ANN401
        """Say nothing."""


def handler_of(crawler: Crawler) -> FencedHandler:
    """Return the handler of a running crawler, with whose connections others may ask too."""
    handlers = crawler.engine.downloader.handlers
    return cast("FencedHandler", handlers._get_handler("https"))  # noqa: SLF001 - there is no public way
