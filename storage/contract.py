"""What does every store promise?

In words, once, for SQLite and PostgreSQL alike:

* A method is one transaction: when it returns, what it says is on disk (`synchronous=FULL`); when it raises, nothing
  happened. Every failure of the database is raised as `news.errors.StorageError`, never as the driver's error.
* Methods take and return nouns and intents, never rows. Datetimes go in and come out aware, in UTC.
* A store is used from one thread at a time. `storage.threads.StoreThreads` gives an asyncio program one writer thread
  and a few reading ones.
* What was filed or sent is never forgotten: pruning removes texts, never addresses, hashes or deliveries.
* A hand-off between rooms is a row that lags (`watched_revision < revision`), never a signal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from news.nouns import (
    Article,
    Correction,
    FetchOutcome,
    FetchState,
    Placement,
    Source,
    StoredClipping,
    Story,
    StoryMatch,
    Watchlist,
)
from news.telling import Alert, Delivery, Digest, Receipt, Thread, Watching


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """An intent: this clipping became this article in this story. Stored in one transaction (transaction 1)."""

    clipping_id: int
    # Every address the article is known by, canonical first.
    addresses: tuple[str, ...]
    article: Article
    placement: Placement
    # True for a new version of an article that is already filed (article.id is set then).
    new_version: bool = False
    corrections: tuple[Correction, ...] = ()
    # False when the new version changes nothing a reader should hear of: no revision is raised.
    raises_revision: bool = True
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What filing made."""

    article_id: int
    story_id: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestIntent:
    """An intent: one digest is due; its row, its items and its alert are stored together, once."""

    name: str
    destination: str
    local_date: str
    due_at: datetime
    covers_from: datetime
    covers_to: datetime
    watchlist_ids: tuple[str, ...]
    # (story id, the story's revision that the digest tells), so that what came later is told by the next one.
    items: tuple[tuple[int, int], ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Numbers for `status` and the digest, over [since, until)."""

    articles: int
    matched: int
    stories: int
    alerts_sent: int


class Store(Protocol):
    """The one door to the database."""

    # ── Upkeep ────────────────────────────────────────────────────────────────────────────────────────────────────
    def installation(self) -> str:
        """Return the random id made with the database; every key that leaves the house is derived from it."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...

    # ── Sources ───────────────────────────────────────────────────────────────────────────────────────────────────
    def declare_sources(self, sources: Sequence[Source], *, now: datetime) -> None:
        """Make a state for every new source and stop polling those no longer declared. Nothing is deleted."""
        ...

    def claim_due_sources(self, *, now: datetime, lease: timedelta, limit: int) -> tuple[FetchState, ...]:
        """Return declared sources whose `next_due` has come, earliest first, and lease them until now + lease."""
        ...

    def next_due_source(self) -> datetime | None:
        """Return when the next declared source is due, or None without sources."""
        ...

    def record_fetch(self, outcome: FetchOutcome) -> int:
        """Store state and clippings together (transaction 0); return how many clippings were not known before.

        A clipping is known when the source already brought the same address with the same content hash. The first
        successful outcome of a source sets `baseline_at` and marks its clippings `backlog`. Ends the lease.
        """
        ...

    def fetch_states(self) -> tuple[FetchState, ...]:
        """Return the state of every declared source, by id."""
        ...

    def release_backlog(self, since: datetime) -> int:
        """Treat backlog articles seen or published since then as news (`--since`); return how many stories changed."""
        ...

    # ── Clippings, articles, stories ──────────────────────────────────────────────────────────────────────────────
    def unfiled_clippings(self, *, limit: int, now: datetime) -> tuple[StoredClipping, ...]:
        """Return clippings not yet filed and due for a try, in the order they came."""
        ...

    def put_off_clipping(self, clipping_id: int, *, until: datetime, why: str) -> None:
        """Count a failed try and ask again at `until`."""
        ...

    def drop_clipping(self, clipping_id: int, *, why: str, now: datetime) -> None:
        """Say that this clipping brings nothing to file (known already, empty), and why."""
        ...

    def article_at(self, addresses: Iterable[str]) -> Article | None:
        """Return the newest version of the article known by any of these addresses, the oldest id first."""
        ...

    def file(self, filing: Filing) -> Filed:
        """Store the article, its addresses, its version, its place in the story, and mark the clipping filed."""
        ...

    def recent_articles(self, *, since: datetime) -> Iterator[tuple[Article, int]]:
        """Yield (article, story id) first seen since then, in filing order, newest versions: the sameness window."""
        ...

    def story(self, story_id: int) -> Story | None:
        """Return a story whole, or None."""
        ...

    def story_of(self, article_id: int) -> Story | None:
        """Return the story that an article belongs to, or None."""
        ...

    def stories(self, *, since: datetime, limit: int = 100) -> tuple[Story, ...]:
        """Return stories updated since then, newest first."""
        ...

    def search(self, query: str, *, limit: int = 20) -> tuple[Story, ...]:
        """Return stories whose articles contain all the query's words (folded), best first. Never raises on syntax."""
        ...

    def clipping_trail(self, address: str) -> tuple[Mapping[str, object], ...]:
        """Return what became of the clippings with this address, for `explain`: seen_at, filed_at, article, why."""
        ...

    # ── Watching ──────────────────────────────────────────────────────────────────────────────────────────────────
    def unwatched_stories(self, *, limit: int) -> tuple[Story, ...]:
        """Return whole stories with watched_revision < revision, the longest waiting first."""
        ...

    def keep_watchlists(self, watchlists: Sequence[Watchlist], *, now: datetime, who: str) -> None:
        """Keep each version of each watchlist, once, with who and when; write changes to the audit."""
        ...

    def record_watching(self, watching: Watching) -> tuple[Alert, ...]:
        """Store matches, threads, alerts and `watched_revision` together (transaction 2); return the new alerts.

        One root per (story, destination); `alerts` unique per (thread, kind, revision); a pending reply that was not
        claimed yet takes a later reply into it (its revision grows, its due_at stays). A root that is there already
        gains watchlists and priority on its thread, and `wanted_revision` rises so that the shown message is edited.
        While the root is PENDING and never claimed its own revision rises too, and a reply or correction of the same
        story and destination goes into it: none is made, since the root will say it all. A tell of kind root for a
        root that is out (or on its way) only raises `wanted_revision`.
        """
        ...

    def matches(self, *, since: datetime, until: datetime | None = None) -> tuple[StoryMatch, ...]:
        """Return matches whose story changed in the span, by story, without backlog."""
        ...

    def story_matches(self, story_id: int) -> tuple[StoryMatch, ...]:
        """Return every match of one story."""
        ...

    def backlog_matches(self) -> int:
        """Return how many stories matched but were held as backlog ("would have sent N")."""
        ...

    # ── The outbox ────────────────────────────────────────────────────────────────────────────────────────────────
    def enqueue_health(
        self, *, destination: str, key: str, facts: Mapping[str, object], now: datetime
    ) -> bool:
        """Put a health alert in the outbox once per key; False when it is there already."""
        ...

    def claim_alerts(self, *, now: datetime, lease: timedelta, limit: int) -> tuple[Alert, ...]:
        """Claim due alerts: PENDING ones, UNKNOWN ones whose time came, SENDING ones whose lease ran out.

        Returned alerts are SENDING and committed before this returns, with `attempts` raised. An alert that had been
        tried before comes back with attempts > 1: its outcome is to be looked up before anything is sent. In each
        thread at most one alert at a time, in order, nothing before the root has its ts.
        """
        ...

    def still_mine(self, alert: Alert, *, now: datetime) -> bool:
        """Return whether the claim still stands (state SENDING, the same attempt, lease not run out): asked again
        immediately before the write."""
        ...

    def record_sent(
        self, alert: Alert, receipt: Receipt, *, outcome: str, headline: str, now: datetime
    ) -> None:
        """Mark it SENT, write the delivery, and give the thread its ts if it was the root."""
        ...

    def record_unknown(self, alert: Alert, *, error: str, look_at: datetime) -> None:
        """Mark it UNKNOWN; it is claimed again at `look_at`, to look first."""
        ...

    def record_retry(self, alert: Alert, *, error: str, due_at: datetime) -> None:
        """Mark it PENDING again: it certainly did not arrive."""
        ...

    def record_refused(self, alert: Alert, *, error: str, now: datetime) -> None:
        """Mark it FAILED and write the refused delivery."""
        ...

    def record_held(self, alert: Alert, *, error: str, now: datetime) -> None:
        """Mark it HELD for a person."""
        ...

    def record_grouped(
        self, alert_ids: Sequence[int], *, destination: str, why: str, until: datetime, now: datetime
    ) -> Alert:
        """Mark these roots GROUPED and return the rolling group alert of the destination (made once, then grown).

        Grown while its `until` is later than now: the story ids are appended to `facts["stories"]` (in this order,
        each once), `facts["why"]` (a word of the limits), `facts["since"]` (its start) and `facts["until"]` stay
        (ISO 8601, UTC), `revision` is the number of stories. One that was sent becomes PENDING again, due now, with `attempts` kept: it is found by its key
        and edited, so a crash never loses what it gained. `record_sent` of a group gives its ts and place to the
        threads of its stories, with `edits_closed`, so that follow-ups go under it and nothing waits for a root
        that never comes.
        """
        ...

    def defer_alert(self, alert: Alert, *, due_at: datetime, why: str) -> None:
        """Give a claim back untouched, to be due later (quiet hours, pace); `attempts` goes back too."""
        ...

    def release_alerts(self, *, states: Sequence[str], destination: str | None, now: datetime) -> int:
        """Make FAILED or HELD alerts due again, on a person's word; return how many."""
        ...

    def withdraw_alerts(self, destinations: Sequence[str], *, now: datetime) -> int:
        """Withdraw unsent alerts whose destination is not among these any more; return how many."""
        ...

    def alerts(
        self, *, states: Sequence[str] | None = None, story_id: int | None = None, limit: int = 100
    ) -> tuple[Alert, ...]:
        """Return alerts, newest first."""
        ...

    def next_due_alert(self) -> datetime | None:
        """Return when the next unsent alert is due, or None."""
        ...

    def sent_since(self, destination: str, *, since: datetime) -> tuple[Delivery, ...]:
        """Return deliveries to this destination since then, oldest first: for limits and pace."""
        ...

    def deliveries(self, *, since: datetime | None = None, limit: int = 100) -> tuple[Delivery, ...]:
        """Return deliveries, newest first."""
        ...

    def thread(self, thread_id: int) -> Thread | None:
        """Return a thread, or None."""
        ...

    def threads_of(self, story_id: int) -> tuple[Thread, ...]:
        """Return the threads of one story."""
        ...

    def threads_to_edit(self, *, limit: int) -> tuple[Thread, ...]:
        """Return threads whose root is out and whose wanted revision is past the shown one, edits not closed."""
        ...

    def record_shown(self, thread_id: int, *, revision: int, closed: bool = False) -> None:
        """Remember what the root shows now, or that its edit window is closed."""
        ...

    # ── Digests ───────────────────────────────────────────────────────────────────────────────────────────────────
    def declare_digests(self, names: Mapping[str, str], *, now: datetime) -> None:
        """Remember when each digest (name → destination) was first declared: never due before that."""
        ...

    def last_digest(self, name: str) -> tuple[datetime, str | None] | None:
        """Return (end of the span covered so far, last local date or None); the declaration's time at first."""
        ...

    def undigested_matches(self, name: str, *, watchlist_ids: Sequence[str]) -> tuple[StoryMatch, ...]:
        """Return matches of these watchlists that this digest has not told at their revision yet.

        A number that lags, not a span of time: a match is due while its revision is greater than the highest
        revision of its story among the digest's items. Judged since the digest was declared; backlog left out.
        """
        ...

    def open_digest(self, intent: DigestIntent) -> Digest | None:
        """Claim (name, local date) and store row, items and alert together; None when it was opened before."""
        ...

    def digest(self, digest_id: int) -> Digest | None:
        """Return a digest, or None."""
        ...

    # ── Numbers ───────────────────────────────────────────────────────────────────────────────────────────────────
    def counts(self, *, since: datetime, until: datetime) -> Counts:
        """Return the numbers of a span."""
        ...

    def stories_a_day(
        self, *, watchlist_ids: Sequence[str], days: Sequence[tuple[datetime, datetime]]
    ) -> list[int]:
        """Return how many stories first matched in each span, for the digest's chart and "usually N"."""
        ...

    def audit(self, what: str, *, who: str, facts: Mapping[str, object], now: datetime) -> None:
        """Append to the record of who did what."""
        ...
