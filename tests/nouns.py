"""What do tests build their news from? Say only what the test is about: `an_article(title="…")`.

Every builder takes the noun's own fields; what is not said is plausible and the same each time. An address
and a hash not given follow from title and text, so two articles with different titles are two articles.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeAlias

from news.nouns import (
    Article,
    Clause,
    Clipping,
    DeliverRule,
    Evidence,
    FetchOutcome,
    FetchState,
    Grade,
    Mark,
    Match,
    Placement,
    Priority,
    Sentence,
    SharedPassage,
    Source,
    Story,
    StoryArticle,
    StoryMatch,
    Watchlist,
)
from news.telling import Alert, AlertKind, AlertState, Receipt, Tell, Thread, Watching
from storage.acts_contract import Act, ActKind
from storage.contract import DigestIntent, Filing
from storage.gathering_contract import Merger, Parting

#: A field's value; each builder hands it on to `dataclasses.replace`, which knows the fields.
FieldValue: TypeAlias = Any

#: Wednesday March 18 2026, 12:00 in Port Ellery (UTC-6 by daylight time).
NOON = datetime(2026, 3, 18, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

DESK = "slack:#immigration-desk"
METRO = "email:metro-desk@newsroom.test"


def a_source(source_id: str = "channel4ellery", **fields: FieldValue) -> Source:
    """Return a declared feed."""
    source = Source(id=source_id, name="Channel 4 Ellery", url=f"https://{source_id}.test/rss")
    return replace(source, **fields)


def a_clipping(title: str = "Mayor skips capital meeting", **fields: FieldValue) -> Clipping:
    """Return an entry as a feed gave it."""
    source_id = str(fields.get("source_id", "channel4ellery"))
    clipping = Clipping(
        source_id=source_id,
        address=an_address(title, source_id),
        title=title,
        summary=f"<p>{title}, officials said on Wednesday.</p>",
        guid=f"{source_id}:{_slug(title)}",
        published=NOON - 5 * MINUTE,
    )
    return replace(clipping, **fields)


def a_fetch_state(source_id: str = "channel4ellery", **fields: FieldValue) -> FetchState:
    """Return the state after a good poll at noon, due again ten minutes later."""
    state = FetchState(
        source_id=source_id,
        etag='"v1"',
        next_due=NOON + 10 * MINUTE,
        last_checked=NOON,
        last_ok=NOON,
    )
    return replace(state, **fields)


def an_outcome(*clippings: Clipping, **fields: FieldValue) -> FetchOutcome:
    """Return what a good poll at noon brought."""
    source_id = clippings[0].source_id if clippings else "channel4ellery"
    outcome = FetchOutcome(state=a_fetch_state(source_id), clippings=clippings, now=NOON)
    return replace(outcome, **fields)


def an_article(title: str = "Mayor skips capital meeting", **fields: FieldValue) -> Article:
    """Return a clean article, not yet filed."""
    source_id = str(fields.get("source_id", "channel4ellery"))
    text = str(
        fields.get("text", f"{title}, officials said on Wednesday.\nThe council meets again on Monday.")
    )
    article = Article(
        address=an_address(title, source_id),
        source_id=source_id,
        outlet="Channel 4 Ellery",
        title=title,
        text=text,
        published=NOON - 5 * MINUTE,
        first_seen=NOON,
        content_hash=sha256(f"{title}\n{text}".encode()).hexdigest(),
    )
    return replace(article, **fields)


def a_sentence(text: str = "The council meets again on Monday.", start: int = 0) -> Sentence:
    """Return a sentence that stands at `start`."""
    return Sentence(text=text, start=start, end=start + len(text))


def a_passage(text: str = "The council meets again on Monday.", **fields: FieldValue) -> SharedPassage:
    """Return a sentence that another article shares."""
    passage = SharedPassage(sentence=a_sentence(text), article_id=1, outlet="Ellery 31")
    return replace(passage, **fields)


def a_placement(story_id: int | None = None, **fields: FieldValue) -> Placement:
    """Return a placement: a story of its own, unless a story is named."""
    reason = (
        "nothing like it in four days" if story_id is None else "3 shared sentences with Channel 4 Ellery"
    )
    return replace(Placement(story_id=story_id, reason=reason, sentences=2), **fields)


def a_filing(clipping_id: int, article: Article | None = None, **fields: FieldValue) -> Filing:
    """Return the intent to file this clipping as this article, in a story of its own."""
    article = article or an_article()
    filing = Filing(
        clipping_id=clipping_id,
        addresses=(article.address,),
        article=article,
        placement=a_placement(),
        now=article.first_seen,
    )
    return replace(filing, **fields)


def a_story(*articles: Article, **fields: FieldValue) -> Story:
    """Return a story told by these articles, each of which raised the revision by one."""
    told = articles or (an_article(id=1),)
    story = Story(
        id=1,
        revision=len(told),
        watched_revision=0,
        title=told[0].title,
        created=told[0].first_seen,
        updated=told[-1].first_seen,
        articles=tuple(
            StoryArticle(article=article, revision=number, placement=a_placement(None if number == 1 else 1))
            for number, article in enumerate(told, start=1)
        ),
    )
    return replace(story, **fields)


def a_clause(
    text: str = '"sanctuary cities"', where: str = "watchlists/sanctuary-cities.yaml:15:7"
) -> Clause:
    """Return one line of a watchlist."""
    return Clause(text=text, where=where)


def clauses(*texts: str) -> tuple[Clause, ...]:
    """Return these lines as they would stand in a file."""
    return tuple(
        Clause(text=text, where=f"watchlists/sanctuary-cities.yaml:{line}:7")
        for line, text in enumerate(texts, start=15)
    )


def a_watchlist(*any_of: str, **fields: FieldValue) -> Watchlist:
    """Return a watchlist that looks for any of these lines and tells the desk at once."""
    watchlist = Watchlist(
        id="sanctuary-cities",
        name="Sanctuary cities",
        version="5f0c2f9a6b1d",
        any=clauses(*(any_of or ('"sanctuary cities"',))),
        deliver=(DeliverRule(to=DESK),),
        where="watchlists/sanctuary-cities.yaml",
    )
    return replace(watchlist, **fields)


def a_mark(story_id: int = 1, **fields: FieldValue) -> Mark:
    """Return an editor's word, at noon, that a story's article does not concern the watchlist."""
    mark = Mark(
        story_id=story_id,
        article_id=1,
        watchlist_id="sanctuary-cities",
        watchlist_version="5f0c2f9a6b1d",
        relevant=False,
        who="editor",
        at=NOON,
    )
    return replace(mark, **fields)


def an_evidence(words: str = "sanctuary cities", **fields: FieldValue) -> Evidence:
    """Return where a line of the watchlist stands in a headline."""
    headline = f"Mayor skips capital meeting after warning to {words}"
    start = headline.index(words)
    evidence = Evidence(
        clause=f'"{words}"',
        where="watchlists/sanctuary-cities.yaml:15:7",
        words=words,
        field="title",
        start=start,
        end=start + len(words),
        sentence=headline,
    )
    return replace(evidence, **fields)


def a_match(article_id: int = 1, **fields: FieldValue) -> Match:
    """Return why an article concerns the sanctuary watchlist."""
    match = Match(
        watchlist_id="sanctuary-cities",
        watchlist_version="5f0c2f9a6b1d",
        article_id=article_id,
        article_version=1,
        grade=Grade.ABOUT,
        grade_reason="in the headline",
        priority=Priority.HIGH,
        evidence=(an_evidence(),),
    )
    return replace(match, **fields)


def a_story_match(story_id: int = 1, **fields: FieldValue) -> StoryMatch:
    """Return why a story concerns the sanctuary watchlist."""
    story_match = StoryMatch(
        story_id=story_id,
        watchlist_id="sanctuary-cities",
        watchlist_version="5f0c2f9a6b1d",
        grade=Grade.ABOUT,
        priority=Priority.HIGH,
        matches=(a_match(),),
        revision=1,
        first_matched=NOON,
    )
    return replace(story_match, **fields)


def a_tell(kind: AlertKind = "root", **fields: FieldValue) -> Tell:
    """Return the intent to tell the immigration desk at noon."""
    tell = Tell(
        destination=DESK,
        kind=kind,
        from_revision=0,
        revision=1,
        watchlist_ids=("sanctuary-cities",),
        priority=Priority.HIGH,
        grade=Grade.ABOUT,
        due_at=NOON,
    )
    return replace(tell, **fields)


def a_watching(story_id: int = 1, *tells: Tell, **fields: FieldValue) -> Watching:
    """Return what watching decided: a match, and these tells."""
    revision = int(fields.get("revision", 1))
    watching = Watching(
        story_id=story_id,
        revision=revision,
        matches=(a_story_match(story_id, revision=revision),),
        tells=tells,
        now=NOON,
    )
    return replace(watching, **fields)


def a_thread(**fields: FieldValue) -> Thread:
    """Return a thread at the immigration desk whose root was sent at noon."""
    thread = Thread(
        id=1,
        story_id=1,
        destination=DESK,
        root_ts="1774042260.000100",
        root_place="C09DESKIMMI",
        root_sent_at=NOON,
        watchlist_ids=("sanctuary-cities",),
        priority=Priority.HIGH,
        wanted_revision=1,
        shown_revision=1,
    )
    return replace(thread, **fields)


def an_alert(**fields: FieldValue) -> Alert:
    """Return a claimed root for the immigration desk."""
    alert = Alert(
        id=1,
        key="s7bikk6ad3brmyqfinmhkqu6cjvphwqg",
        kind="root",
        destination=DESK,
        state=AlertState.SENDING,
        thread_id=1,
        story_id=1,
        revision=1,
        priority=Priority.HIGH,
        due_at=NOON,
        created=NOON,
        attempts=1,
        lease_until=NOON + 2 * MINUTE,
    )
    return replace(alert, **fields)


def a_receipt(ts: str = "1774042260.000100", **fields: FieldValue) -> Receipt:
    """Return what Slack answers when it took a message."""
    return replace(Receipt(ts=ts, place="C09DESKIMMI"), **fields)


def a_digest_intent(*items: tuple[int, int], **fields: FieldValue) -> DigestIntent:
    """Return the intent to open Thursday's morning email with these (story, revision) items."""
    intent = DigestIntent(
        name="sanctuary-cities daily",
        destination=METRO,
        local_date="2026-03-19",
        due_at=NOON + 18 * HOUR + 30 * MINUTE,
        covers_from=NOON - DAY,
        covers_to=NOON + 18 * HOUR + 30 * MINUTE,
        watchlist_ids=("sanctuary-cities",),
        items=items,
        now=NOON + 18 * HOUR + 30 * MINUTE,
    )
    return replace(intent, **fields)


def an_act(kind: ActKind = "claim", story_id: int | None = 1, **fields: FieldValue) -> Act:
    """Return what the night editor decided in Slack at noon."""
    act = Act(at=NOON, who="night-editor", via="slack", kind=kind, story_id=story_id)
    return replace(act, **fields)


def a_merger(one: int = 1, other: int = 2, **fields: FieldValue) -> Merger:
    """Return an editor's word, at noon, that two stories are one."""
    merger = Merger(one=one, other=other, reason="one jail, one day", who="editor", now=NOON)
    return replace(merger, **fields)


def a_parting(story_id: int, *article_ids: int, **fields: FieldValue) -> Parting:
    """Return an editor's word, at noon, that these articles tell another story."""
    parting = Parting(
        story_id=story_id, article_ids=article_ids, reason="another jail", who="editor", now=NOON
    )
    return replace(parting, **fields)


def an_address(title: str, source_id: str = "channel4ellery") -> str:
    """Return the address an outlet would give this headline."""
    return f"https://{source_id}.test/2026/03/18/{_slug(title)}"


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
