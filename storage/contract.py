"""What does every store promise?

In words, once, for SQLite and PostgreSQL alike:

* A method is one transaction: when it returns, what it says is on disk (`synchronous=FULL`); when it raises,
  nothing happened. Every failure of the database is raised as `news.errors.StorageError`, never as the
  driver's error. A method that yields reads page by page: list it in the thread that called it.
* Methods take and return nouns and intents, never rows. Datetimes go in and come out aware, in UTC.
* A store is used from one thread at a time. `storage.threads.StoreThreads` gives an asyncio program one
  writer thread and a few reading ones.
* What was filed or sent is never forgotten: pruning removes texts, never addresses, hashes or deliveries.
* A hand-off between rooms is a row that lags (`watched_revision < revision`), never a signal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from news.embargo import Embargo
from news.matching.searching import Wanted
from news.nouns import (
    Article,
    Correction,
    FetchOutcome,
    FetchState,
    Mark,
    Placement,
    Source,
    StoredClipping,
    Story,
    StoryMatch,
    Watchlist,
)
from news.sameness.kept import Kept
from news.telling import Alert, Digest, DigestItem, Watching
from storage.acts_contract import Deciding
from storage.console_contract import ConsoleDoor
from storage.gathering_contract import Gathering
from storage.list_contract import ListingDoor
from storage.outbox_contract import Outbox
from storage.played_contract import Played
from storage.remembering_contract import Remembering
from storage.yields_contract import Yields


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """An intent: this clipping became this article in this story. Stored together (transaction 1)."""

    # 0: a told article that was looked at again, without a clipping.
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
    embargo: Embargo | None = None  # the article's; a hold on its story is kept with it
    # Why only the feed's words were filed: "its page refuses automated readers". For `explain`.
    note: str = ""
    # What the article is found and compared by, for the window of the last days.
    kept: Kept | None = None
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
    # Sent once more: these items as they were, instead of `items`, which would be told from the beginning.
    again: tuple[DigestItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Numbers for `status` and the digest, over [since, until)."""

    articles: int
    matched: int
    stories: int
    alerts_sent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """How many articles came in a span; backlog counts at the time it was published."""

    articles: int
    backlog: int  # of these: there before the first check of their source


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWatchlist:
    """A version of a watchlist that was in force, since when, and who brought it."""

    watchlist: Watchlist
    kept_at: datetime
    who: str
    in_force: bool  # now


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedText:
    """What a watchlist's file said from then on, and who saved it."""

    at: datetime
    who: str
    text: str
    # "saved", "added", "paused", "undone", …
    how: str


class Store(Outbox, Gathering, Remembering, Yields, Deciding, ConsoleDoor, ListingDoor, Played, Protocol):
    """The one door to the database."""

    # ── Upkeep ────────────────────────────────────────────────────────────────────────────────────
    def installation(self) -> str:
        """Return the random id made with the database; every key that leaves the house is derived from it."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...

    # ── Sources ───────────────────────────────────────────────────────────────────────────────────
    def declare_sources(self, sources: Sequence[Source], *, now: datetime) -> None:
        """Make a state for every new source and stop polling those no longer declared. Nothing is deleted."""
        ...

    def claim_due_sources(self, *, now: datetime, lease: timedelta, limit: int) -> tuple[FetchState, ...]:
        """Return declared sources whose `next_due` has come and lease them until now + lease.

        Earliest first, and one of each host before a second of any: no host keeps the others waiting.
        """
        ...

    def end_source_leases(self) -> int:
        """Let sources that a process left leased be claimed again, for a new sole one; return how many."""
        ...

    def next_due_source(self) -> datetime | None:
        """Return when the next declared source is due, or None without sources."""
        ...

    def record_fetch(self, outcome: FetchOutcome) -> int:
        """Store state and clippings together (transaction 0); return how many clippings were not known.

        A clipping is known when the source already brought the same address with the same content hash. The
        first successful outcome of a source sets `baseline_at` and marks its clippings `backlog`; an outcome
        with clippings not known before sets `last_new`. Ends the lease.
        """
        ...

    def record_fetches(self, outcomes: Sequence[FetchOutcome]) -> tuple[int, ...]:
        """Store several polls in one transaction, which is cheaper; all of them, or none when it raises."""
        ...

    def fetch_states(self) -> tuple[FetchState, ...]:
        """Return the state of every declared source, by id."""
        ...

    def release_backlog(self, since: datetime) -> int:
        """Treat backlog published since then as news (`--since`); return how many stories changed.

        Without a date of publication, backlog first seen since then. What was filed already gets a new
        revision of its story, so that it is watched again; what waits to be filed is filed as news.
        """
        ...

    # ── Clippings, articles, stories ──────────────────────────────────────────────────────────────
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
        """Return the newest version of the article known by any of these addresses, or None.

        Two addresses may belong to two articles; then it is the older one.
        """
        ...

    def file(self, filing: Filing) -> Filed:
        """Store the article, its addresses, version and place in the story, and mark the clipping filed.

        Filing a clipping a second time changes nothing and returns what the first time made. A new
        article at an address that is known already is refused: look it up again.
        """
        ...

    def recent_articles(self, *, since: datetime) -> Iterator[tuple[Article, int]]:
        """Yield (article, story id) first seen since then, in filing order: the sameness window.

        Newest versions.
        """
        ...

    def story(self, story_id: int, *, at: int | None = None) -> Story | None:
        """Return a story whole, or None; with `at`, as it stood at that revision.

        An alert that is composed again after a crash or a lost answer says what it said the first time. One
        that became part of another is that other one, unless it is asked for `at` a revision.
        """
        ...

    def story_of(self, article_id: int) -> Story | None:
        """Return the story that an article belongs to, or None."""
        ...

    def stories(self, *, since: datetime, limit: int = 100) -> tuple[Story, ...]:
        """Return stories updated since then, newest first."""
        ...

    def search(self, query: str, *, limit: int = 20) -> tuple[Story, ...]:
        """Return stories of which an article contains all the query's words (folded), best first.

        Never raises on syntax: whatever is not a word is a space.
        """
        ...

    def articles_with(
        self, wanted: Wanted | None, *, since: datetime, until: datetime
    ) -> Iterator[tuple[Article, int]]:
        """Yield (article, story id) of those that came in a span and may hold what is wanted, newest first.

        Newest versions. There may be one too many and never one too few: the matcher has the last word.
        Backlog came when it was published. None asks for all.
        """
        ...

    def stories_with(self, wanted: Wanted | None, *, since: datetime) -> Iterator[Story]:
        """Yield whole stories that changed since then, the last one changed last, for a rehearsal.

        Those of which an article may hold what is wanted, or was changed: what it once said is not in the
        search index.
        """
        ...

    def came(self, *, since: datetime, until: datetime) -> Came:
        """Return how many articles came in a span, both ends included."""
        ...

    def clipping_trail(self, address: str) -> tuple[Mapping[str, object], ...]:
        """Return what became of the clippings of this address, for `explain`, in the order they came.

        Clippings with this very address, and those of the article known by it. Each has clipping_id,
        source_id, address, title, seen_at, settled_at, article_id, story_id, backlog, attempts,
        not_before, why.
        """
        ...

    # ── Watching ──────────────────────────────────────────────────────────────────────────────────
    def unwatched_stories(self, *, limit: int) -> tuple[Story, ...]:
        """Return whole stories with watched_revision < revision, the longest waiting first."""
        ...

    def keep_watchlists(self, watchlists: Sequence[Watchlist], *, now: datetime, who: str) -> None:
        """Keep each version of each watchlist, once, with who and when; write changes to the audit."""
        ...

    def kept_watchlists(self, watchlist_id: str) -> tuple[KeptWatchlist, ...]:
        """Return every version of a watchlist: the one in force first, then newest first."""
        ...

    def keep_text(self, watchlist_id: str, text: str, *, now: datetime, who: str, how: str = "saved") -> bool:
        """Keep what a watchlist's file says, with who and when; False when that is what it said last."""
        ...

    def keep_texts(self, texts: Mapping[str, str], *, now: datetime, who: str) -> int:
        """Keep what the files of several watchlists say; return how many said something else before."""
        ...

    def saved_texts(self, watchlist_id: str) -> tuple[SavedText, ...]:
        """Return what a watchlist's file said, newest first, as long as the record of activity is kept."""
        ...

    def last_saved(self) -> Mapping[str, tuple[datetime, str]]:
        """Return when each watchlist was saved last, and by whom."""
        ...

    def record_watching(self, watching: Watching) -> tuple[Alert, ...]:
        """Store matches, threads, alerts and `watched_revision` together (transaction 2); return new alerts.

        One root per (story, destination); `alerts` unique per (thread, kind, revision); a pending reply
        that was not claimed yet takes a later reply into it (its revision grows, its due_at stays unless
        the later one is due sooner). A root that is there already gains watchlists and priority on its
        thread, and `wanted_revision` rises so that the shown message is edited. While the root is PENDING
        and never claimed its own revision rises too, and a reply or correction of the same story and
        destination goes into it: none is made, since the root will say it all, and those that wait behind
        it from a time when it was claimed become MERGED. A tell of kind root for a root that is out (or
        on its way) only raises `wanted_revision`; for a root that was WITHDRAWN, or told as part of another
        story (MERGED), it makes it PENDING again.

        Recording the same revision again adds nothing twice; recording an older one changes nothing at all.
        """
        ...

    def matches(self, *, since: datetime, until: datetime | None = None) -> tuple[StoryMatch, ...]:
        """Return matches whose story changed in the span, by story, without backlog."""
        ...

    def story_matches(self, story_id: int) -> tuple[StoryMatch, ...]:
        """Return every match of one story."""
        ...

    def matches_of(self, watchlist_id: str, *, since: datetime, limit: int = 2000) -> tuple[StoryMatch, ...]:
        """Return a watchlist's matches that were judged since then, the newest stories first.

        Backlog included: for learning and for warnings, not for telling.
        """
        ...

    def backlog_matches(self) -> int:
        """Return how many stories matched but were held as backlog ("would have sent N")."""
        ...

    def record_mark(self, mark: Mark) -> None:
        """Append what somebody said of a story; nothing that was said before is changed."""
        ...

    def marks(self, watchlist_id: str) -> tuple[Mark, ...]:
        """Return everything that was said of stories for a watchlist, oldest first."""
        ...

    def marks_of(self, story_id: int) -> tuple[Mark, ...]:
        """Return everything that was said of a story, oldest first."""
        ...

    # ── Digests ───────────────────────────────────────────────────────────────────────────────────
    def declare_digests(self, names: Mapping[str, str], *, now: datetime) -> None:
        """Remember when each digest (name → destination) was first declared: never due before that."""
        ...

    def last_digest(self, name: str) -> tuple[datetime, str | None] | None:
        """Return (end of the span covered so far, last local date or None), or None if never declared.

        The declaration's time at first, and again when it was taken away and declared anew.
        """
        ...

    def undigested_matches(
        self, name: str, *, watchlist_ids: Sequence[str], at: datetime | None = None
    ) -> tuple[StoryMatch, ...]:
        """Return matches of these watchlists that this digest has not told at their revision yet.

        A number that lags, not a span of time: due while its revision is over the highest of its story among
        the digest's items. Judged since it was declared; no backlog, and nothing held back `at` then.
        """
        ...

    def open_digest(self, intent: DigestIntent) -> Digest | None:
        """Claim (name, local date) and store row, items and alert together; None when opened before."""
        ...

    def digest(self, digest_id: int) -> Digest | None:
        """Return a digest, or None."""
        ...

    # ── Numbers ───────────────────────────────────────────────────────────────────────────────────
    def counts(self, *, since: datetime, until: datetime) -> Counts:
        """Return the numbers of a span."""
        ...

    def audit(self, what: str, *, who: str, facts: Mapping[str, object], now: datetime) -> None:
        """Append to the record of who did what."""
        ...
