"""What are the things Nightdesk speaks of?

A datum's journey, noun by noun: a `Source` gives `Clipping`s (as they came), a clipping is filed as an
`Article` (clean), an article joins a `Story`, a story meets a `Watchlist` and makes a `Match`. The second
half of the journey, from a match to a message handed over, has its nouns in `news/telling.py`.

All values are frozen and compared by value. All datetimes are aware and in UTC until a person reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Literal

from news.answers import Answer
from news.source_rules import Rule

#: Called with the name of a hop just completed. The program's does nothing; tests pass one that kills.
Hop = Callable[[str], None]

Clock = Callable[[], datetime]


def no_hop(name: str, /) -> None:
    """Pass a hop without stopping."""


class Priority(IntEnum):
    """How much a story matters to a watchlist. Compared by size: `priority >= Priority.HIGH`."""

    LOW = 0
    NORMAL = 1
    HIGH = 2
    URGENT = 3


class Grade(StrEnum):
    """Is the article about the subject ("main topic") or does it mention it ("passing mention")?"""

    ABOUT = "about"
    MENTIONS = "mentions"


# ── News in ───────────────────────────────────────────────────────────────────────────────────────

FullText = Literal["always", "when matched", "never"]
Excerpt = Literal["headline", "two_sentences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place that news comes from, as the newsroom declared it."""

    # Permanent: a renamed id is a new source with a baseline of its own.
    id: str
    name: str
    url: str
    reads: str = "feed"  # news-sitemap, page-list, ...
    rule: Rule | None = None  # what reading it needs to know, where `reads` alone does not say it
    # What it is: news, release, notice, agenda, ruling, opinion, advocacy, research.
    kind: str = "news"
    group: str = ""
    priority: Priority = Priority.NORMAL
    language: str | None = None
    full_text: FullText = "always"
    excerpt: Excerpt = "two_sentences"
    backup: tuple[str, ...] = ()
    # The shortest time between two polls.
    every: timedelta = timedelta(minutes=10)
    own_pace: bool = False  # whether its own line says so; else it goes by its priority
    enabled: bool = True
    browser: bool = False  # whether pages made by JavaScript are read with a browser
    evidence: str = ""  # where its address comes from, in the newsroom's words
    note: str = ""


class Health(StrEnum):
    """How a source is doing."""

    NEW = "new"  # never read yet
    OK = "ok"
    FAILING = "failing"  # the last poll failed; asked again with growing waits
    STOPPED = "stopped"  # gone, or refuses automated readers: a person must decide
    QUIET = "quiet"  # answers, but brings nothing new for much longer than usual


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchState:
    """What is remembered of a source between two polls."""

    source_id: str
    etag: str | None = None
    last_modified: str | None = None
    # SHA-256 of the last body that was read, hexadecimal: a 200 with the same body is not parsed again.
    body_hash: str | None = None
    # What a watched page said, and what was learnt of its noise (crawler/reading/watching.py).
    memory: str | None = None
    # Learnt from permanent redirects; None means the declared address.
    moved_to: str | None = None
    next_due: datetime | None = None
    last_checked: datetime | None = None
    last_ok: datetime | None = None
    last_new: datetime | None = None
    baseline_at: datetime | None = None  # when the first successful poll stored the backlog
    failures: int = 0
    health: Health = Health.NEW
    reason: str = ""
    health_since: datetime | None = None
    trouble: str = ""  # the class that `reason` is of; "" when there is none (news/lessons.py)
    lessons: str = ""  # what was learnt of the source, as `news.lessons` writes it
    answers: str = ""  # its last answers, as `news.answers` writes them; only where it is claimed to be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Clipping:
    """An entry as it came from a source. Nothing in it is to be trusted."""

    source_id: str
    address: str  # absolute; as given, not yet canonical
    title: str = ""
    summary: str = ""  # HTML or plain text, as given
    content: str = ""  # the whole article's HTML where the feed carries it
    guid: str | None = None
    authors: tuple[str, ...] = ()
    # Checked dates only (1990 to a day ahead of the poll); never used to decide what is new.
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None
    outlet: str | None = None  # the one that an aggregator names for the entry


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClipping:
    """A clipping in the store, waiting to be filed or filed."""

    id: int
    clipping: Clipping
    seen_at: datetime
    backlog: bool = False  # came with a source's first poll: filed and matched, never alerted
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOutcome:
    """What one poll brought: the state to remember and the clippings it covers, stored together."""

    state: FetchState
    clippings: tuple[Clipping, ...] = ()
    now: datetime
    learnt: bool = True  # whether `trouble` or `lessons` changed, and must be written
    answer: Answer | None = None  # what to note beside the last answers; the store counts what is new


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A clean article. A function that takes one never checks it again."""

    id: int = 0  # until it is filed
    address: str
    source_id: str
    # The name of the outlet, as readers see it.
    outlet: str
    title: str
    # Plain text; paragraphs are separated by one newline.
    text: str
    authors: tuple[str, ...] = ()
    # The byline's or credit line's words ("Channel 4 and National Wire"): all that an agency is named from.
    credit: str = ""
    published: datetime | None = None
    first_seen: datetime
    language: str = "en"
    # The source's kind and group, for `source:` in watchlists.
    kind: str = "news"
    group: str = ""
    version: int = 1
    content_hash: str = ""  # SHA-256 over title and text after normalising, hexadecimal
    # Full text, or only what the feed said?
    complete: bool = True
    excerpt: Excerpt = "two_sentences"
    backlog: bool = False


# ── Judgements ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence that stands in a text at [start, end)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPassage:
    """A sentence of this article that stands, nearly word for word, in another."""

    sentence: Sentence
    article_id: int
    outlet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Something an outlet changed in an article that was already filed."""

    # The words before and after, as they stand in the two versions.
    before: str
    after: str
    # corrected, more exact, headline changed, withdrawn
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Which story does an article belong to, and why?"""

    # None: it starts a new story.
    story_id: int | None
    # A sentence a person can read: "4 shared sentences with Channel 4 Ellery; 23 jurisdictions".
    reason: str
    shared: tuple[SharedPassage, ...] = ()
    # What the article says that the story has not said yet, most newsworthy first.
    whats_new: tuple[Sentence, ...] = ()
    sentences: int = 0  # of the article, for "3 of 19 sentences also in ..."


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """An article's place in its story."""

    article: Article
    # The story's revision that this article (or this version of it) made.
    revision: int
    placement: Placement
    corrections: tuple[Correction, ...] = ()
    # When this version was filed; None while the story is not in the store.
    filed_at: datetime | None = None
    # The places that earlier versions of the article took, oldest first; those have none of their own.
    earlier: tuple[StoryArticle, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One event, told by one article or many. `articles` stand in filing order, newest versions only."""

    id: int
    revision: int
    watched_revision: int
    # The first article's headline.
    title: str
    created: datetime
    updated: datetime
    articles: tuple[StoryArticle, ...] = ()


# ── What the newsroom asked for ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One line of a watchlist, and where it stands: "watchlists/sanctuary-cities.yaml:15:7"."""

    text: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityRules:
    """Which lines raise or lower a story."""

    default: Priority = Priority.NORMAL
    urgent: tuple[Clause, ...] = ()
    high: tuple[Clause, ...] = ()
    low: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChoice:
    """Where a watchlist looks."""

    groups: tuple[str, ...] = ("all",)
    only: tuple[str, ...] = ()
    # Sources (ids) or groups left out.
    besides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Local times between which only urgent stories are told; may run over midnight."""

    start: str  # such as "22:00"
    end: str


FollowUps = Literal["in thread", "new message", "off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverRule:
    """Who hears about it, when."""

    # Such as "slack:#immigration-desk", "email:metro-desk@newsroom.test", "console:".
    to: str
    send: Literal["at once", "digest"] = "at once"
    # A schedule as people say it: "daily 06:30", "weekdays 07:00, 12:30". Digests only.
    at: str = ""
    at_least: Priority = Priority.LOW
    passing_mentions: bool = False  # may one be sent at once?
    follow_ups: FollowUps = "in thread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchlist:
    """What an editor wants to hear of, and how."""

    id: str
    name: str
    # SHA-256 over all that changes what matches, first 12 hexadecimal digits; matches carry it.
    version: str = ""
    about: str = ""
    owner: str = ""
    languages: tuple[str, ...] = ()
    any: tuple[Clause, ...] = ()
    all: tuple[Clause, ...] = ()
    never: tuple[Clause, ...] = ()
    priority: PriorityRules = PriorityRules()
    sources: SourceChoice = SourceChoice()
    deliver: tuple[DeliverRule, ...] = ()
    private: bool = False
    enabled: bool = True
    # The file, relative to the newsroom's folder.
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a clause of a watchlist stands in an article."""

    # The clause as the editor wrote it.
    clause: str
    where: str = ""
    # The article's own words at [start, end) of the field.
    words: str
    field: Literal["title", "text", "url", "author", "source"]
    start: int
    end: int
    # The whole sentence (the headline for field "title").
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article concerns a watchlist, and here is why."""

    watchlist_id: str
    watchlist_version: str
    article_id: int
    article_version: int
    grade: Grade
    # Why this grade, in words a person can read.
    grade_reason: str
    priority: Priority
    priority_reason: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMatch:
    """A story concerns a watchlist: the union over its articles, the best grade and the highest priority."""

    story_id: int
    watchlist_id: str
    watchlist_version: str
    grade: Grade
    priority: Priority
    # Strongest first.
    matches: tuple[Match, ...]
    # The story's revision at which this was last judged, and when it first matched.
    revision: int
    first_matched: datetime
    # Only backlog articles matched: never alerted.
    backlog: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A person said whether a story concerns a watchlist. Never changed; a later mark stands over it."""

    story_id: int
    article_id: int
    watchlist_id: str
    watchlist_version: str
    relevant: bool
    who: str
    at: datetime
