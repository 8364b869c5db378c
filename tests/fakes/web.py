"""A small news web on loopback: every outlet is a server of its own.

    with NewsWeb(day.outlets, day.articles, clock=clock) as web:
        site = web.outlet("channel4")
        site.feed_url                                        # http://127.0.0.1:41007/feed.xml
        site.script("/feed.xml", [status(503), hang()])      # tests/fakes/faults.py has what can go wrong
        site.requests                                        # what was asked, in order

An article is there once the clock has passed its time, and is corrected once the clock has passed the
correction's. Feeds and pages answer conditional requests and pack what they send, unless their outlet is
described otherwise.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from types import TracebackType
from typing import Self

from tests.fakes.clock import Clock
from tests.fakes.faults import Fault, Script
from tests.fakes.feeds import print_feed
from tests.fakes.other_ways import (
    PROGRAM,
    print_empty_page,
    print_notice,
    print_notices,
    print_packed_sitemap,
    print_sitemap_index,
)
from tests.fakes.pages import (
    print_answer,
    print_article,
    print_front_page,
    print_not_found,
    print_robots,
    print_sitemap,
)
from tests.fakes.press import Outlet, PrintedArticle
from tests.fakes.serving import LOOPBACK, Answer, Listener, Received

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What stands at a path: bytes, what kind they are, and when they last changed."""

    body: bytes
    content_type: str = HTML
    changed_at: datetime | None = None
    status: int = 200


class OutletSite:
    """One outlet's server."""

    def __init__(
        self, outlet: Outlet, articles: Iterable[PrintedArticle], *, clock: Clock, port: int = 0
    ) -> None:
        """Start serving the outlet's articles; port 0 takes any free one."""
        self.outlet = outlet
        self._articles = list(articles)
        self._placed: dict[str, Resource] = {}
        self._script = Script()
        self._lock = threading.Lock()
        self._clock = clock
        self._listener = Listener(self._answer, clock=clock, port=port)

    @property
    def url(self) -> str:
        """The outlet's address, without a slash at the end."""
        return self._listener.url

    @property
    def feed_url(self) -> str:
        """The address of its feed."""
        return self.url + self.outlet.feed_path

    @property
    def address(self) -> str:
        """Host and port, as an allow-list of addresses wants them."""
        return f"{LOOPBACK}:{self._listener.port}"

    @property
    def requests(self) -> tuple[Received, ...]:
        """Every request so far."""
        return self._listener.received

    def asked(self, path: str) -> tuple[Received, ...]:
        """Return the requests for one path."""
        return tuple(request for request in self.requests if request.path == path)

    def forget_requests(self) -> None:
        """Empty the log of requests."""
        self._listener.forget()

    def article_url(self, slug: str) -> str:
        """Return the address of an article, be it out yet or not."""
        with self._lock:
            article = next(article for article in self._articles if article.slug == slug)
        return self.url + self.outlet.path_of(article)

    def publish(self, article: PrintedArticle) -> str:
        """Add an article, replacing one of the same slug, and return its address."""
        if article.outlet != self.outlet.id:
            msg = f"{article.slug} is by {article.outlet!r}, and this is {self.outlet.id!r}"
            raise ValueError(msg)
        with self._lock:
            self._articles = [known for known in self._articles if known.slug != article.slug] + [article]
        return self.url + self.outlet.path_of(article)

    def withdraw(self, slug: str) -> None:
        """Take an article off the feed and the site, as if it had never been."""
        with self._lock:
            self._articles = [known for known in self._articles if known.slug != slug]

    def place(self, path: str, body: bytes, content_type: str = HTML, *, status: int = 200) -> str:
        """Put these bytes at a path, in place of what stands there, and return the address."""
        with self._lock:
            self._placed[path] = Resource(body=body, content_type=content_type, status=status)
        return self.url + path

    def script(self, path: str, faults: Iterable[Fault]) -> None:
        """Let the next requests for a path meet these faults, one each; ``"*"`` is any path."""
        self._script.add(path, faults)

    def always(self, path: str, fault: Fault) -> None:
        """Let every request for a path meet this fault until ``heal``."""
        self._script.always(path, fault)

    def heal(self, path: str | None = None) -> None:
        """Forget the faults of one path, or all of them."""
        self._script.heal(path)

    def close(self) -> None:
        """Stop serving."""
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def out_now(self) -> list[PrintedArticle]:
        """Return what is out, newest first, each in its latest version."""
        now = self._clock()
        with self._lock:
            versions = [article.as_of(now) for article in self._articles]
        out = [version for version in versions if version is not None]
        return sorted(out, key=lambda article: (article.at, article.slug), reverse=True)

    def _answer(self, request: Received) -> Answer:
        fault = self._script.take(request.path)
        if fault is not None and not fault.handled:
            return fault.bend(request, Answer())
        answer = self._well(request)
        return answer if fault is None else fault.bend(request, answer)

    def _well(self, request: Received) -> Answer:
        if request.method not in {"GET", "HEAD"}:
            return Answer(status=405, headers=(("Allow", "GET, HEAD"),))
        resource = self._find(request.path)
        headers = (("Content-Type", resource.content_type),)
        if resource.status != 200:
            return Answer(status=resource.status, headers=headers, body=resource.body)
        validators = self._validators(resource)
        if _unchanged(request, dict(validators)):
            return Answer(status=304, headers=validators)
        return _packed(request, resource.body, headers + validators, pack=self.outlet.gzip)

    def _find(self, path: str) -> Resource:
        with self._lock:
            placed = self._placed.get(path)
        if placed is not None:
            return placed
        out = self.out_now()
        if path == self.outlet.feed_path:
            feed = print_feed(self.outlet, out, self.url)
            return Resource(body=feed.body, content_type=feed.content_type, changed_at=feed.changed_at)
        printed = self._printed(path, out)
        return printed or self._article_at(path, out)

    def _printed(self, path: str, out: list[PrintedArticle]) -> Resource | None:
        """Return what stands at a path besides the feed and the articles."""
        if path == "/":
            return Resource(body=print_front_page(self.outlet, out, self.url))
        if path == "/robots.txt":
            return Resource(body=print_robots(self.outlet, self.url), content_type="text/plain")
        if path == "/news-sitemap.xml":
            return Resource(body=print_sitemap(self.outlet, out, self.url), content_type="application/xml")
        if path == "/api/articles":
            return Resource(body=print_answer(out, self.outlet), content_type="application/json")
        return self._printed_otherwise(path, out)

    def _printed_otherwise(self, path: str, out: list[PrintedArticle]) -> Resource | None:
        """Return what stands where an index of sitemaps, a spider or a browser looks."""
        match path:
            case "/sitemaps.xml":
                return Resource(body=print_sitemap_index(self.url), content_type="application/xml")
            case "/map-news.xml.gz":
                packed = print_packed_sitemap(self.outlet, out, self.url)
                return Resource(body=packed, content_type="application/gzip")
            case "/notices":
                return Resource(body=print_notices(self.outlet, out))
            case "/empty":
                return Resource(body=print_empty_page(self.outlet))
            case "/program.js":
                return Resource(body=PROGRAM, content_type="text/javascript")
        notice = next((article for article in out if path == f"/notices/{article.slug}"), None)
        return Resource(body=print_notice(notice)) if notice else None

    def _article_at(self, path: str, out: list[PrintedArticle]) -> Resource:
        for article in out:
            if self.outlet.path_of(article) == path:
                page = print_article(self.outlet, article, out, self.url)
                return Resource(body=page, changed_at=max(other.changed_at for other in out))
        return Resource(body=print_not_found(self.outlet), status=404)

    def _validators(self, resource: Resource) -> tuple[tuple[str, str], ...]:
        wanted = self.outlet.validators
        headers = []
        if wanted in {"both", "etag"}:
            headers.append(("ETag", f'"{hashlib.sha256(resource.body).hexdigest()[:20]}"'))
        if wanted in {"both", "modified"} and resource.changed_at is not None:
            headers.append(
                ("Last-Modified", format_datetime(resource.changed_at.astimezone(UTC), usegmt=True))
            )
        return tuple(headers)


class NewsWeb:
    """Every outlet of a day, each on a port of its own."""

    def __init__(
        self,
        outlets: Iterable[Outlet],
        articles: Iterable[PrintedArticle],
        *,
        clock: Clock,
        ports: Mapping[str, int] | None = None,
    ) -> None:
        """Start one server for each outlet; ``ports`` fixes some of them, by outlet."""
        fixed = ports or {}
        outlets = list(outlets)
        by_outlet: dict[str, list[PrintedArticle]] = {outlet.id: [] for outlet in outlets}
        for article in articles:
            by_outlet[article.outlet].append(article)
        self.sites = {
            outlet.id: OutletSite(outlet, by_outlet[outlet.id], clock=clock, port=fixed.get(outlet.id, 0))
            for outlet in outlets
        }

    def outlet(self, name: str) -> OutletSite:
        """Return one outlet's server by the outlet's id."""
        return self.sites[name]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Host and port of every outlet, as an allow-list of addresses wants them."""
        return tuple(site.address for site in self.sites.values())

    def publish(self, article: PrintedArticle) -> str:
        """Add an article to its outlet and return its address."""
        return self.sites[article.outlet].publish(article)

    def close(self) -> None:
        """Stop every server."""
        with ThreadPoolExecutor(max_workers=max(1, len(self.sites))) as pool:
            closed = [pool.submit(site.close) for site in self.sites.values()]
        for closing in closed:
            closing.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _unchanged(request: Received, validators: Mapping[str, str]) -> bool:
    """Does the client already hold this? If-None-Match decides when both are sent, as HTTP says."""
    known = request.headers.get("if-none-match")
    if known is not None and "ETag" in validators:
        return known.strip() == "*" or validators["ETag"] in known
    since = request.headers.get("if-modified-since")
    if since is None or "Last-Modified" not in validators:
        return False
    try:
        return parsedate_to_datetime(validators["Last-Modified"]) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # a date nobody can read is no condition
        return False


def _packed(request: Received, body: bytes, headers: tuple[tuple[str, str], ...], *, pack: bool) -> Answer:
    if not pack or "gzip" not in request.headers.get("accept-encoding", ""):
        return Answer(headers=headers, body=body)
    return Answer(
        headers=(*headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")),
        body=gzip.compress(body, mtime=0),
    )
