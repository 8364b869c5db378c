"""One invented day as a digest meets it: corrected, new, developed and mentioned, told before and not.

compose_digest(a_digest(), the_facts(), the_settings())
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.digests import DigestFacts
from config.settings import ChannelSettings, EmailSettings, Secret, Settings
from news.nouns import (
    Article,
    Correction,
    DeliverRule,
    FetchState,
    Grade,
    Health,
    Placement,
    Priority,
    Source,
    Story,
    StoryArticle,
    StoryMatch,
)
from news.telling import Digest, DigestItem
from tests.nouns import (
    DAY,
    DESK,
    HOUR,
    METRO,
    FieldValue,
    a_fetch_state,
    a_match,
    a_passage,
    a_sentence,
    a_source,
    a_story_match,
    a_thread,
    a_watchlist,
    an_article,
    an_evidence,
)

ZONE = "America/Denver"
INSTALLATION = "0d6f1c"
#: Thursday 6:30 am in Port Ellery.
DUE = datetime(2026, 3, 19, 12, 30, tzinfo=UTC)
ALL_OF_THEM = (
    *(DigestItem(story_id=n, from_revision=0, revision=9) for n in (1, 2, 3, 4)),
    DigestItem(story_id=5, from_revision=1, revision=2),
)
SECRETIVE = "email:investigations@newsroom.test"


def at(clock: str, *, days: int = 0) -> datetime:
    """Return a time of that Wednesday in Port Ellery: "11:58"."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, 18, 6, 0, tzinfo=UTC) + timedelta(days=days, hours=hour, minutes=minute)


def the_settings(**fields: FieldValue) -> Settings:
    """Return a newsroom with a daily email, a Slack channel, and a watchlist for two reporters only."""
    digest = DeliverRule(to=METRO, send="digest", at="daily 06:30")
    settings = Settings(
        newsroom="Metro Desk",
        timezone=ZONE,
        channels=ChannelSettings(
            email=EmailSettings(
                smtp=Secret("smtp+plain://127.0.0.1:25"), sender="Nightdesk <nightdesk@newsroom.test>"
            )
        ),
        sources=tuple(a_source(f"s{number}", name=name) for number, name in enumerate(SOURCES)),
        watchlists=(
            a_watchlist(deliver=(DeliverRule(to=DESK), digest)),
            a_watchlist(id="county-jail", name="County jail"),
            a_watchlist(
                id="chief", name="The chief's calendar", private=True, deliver=(DeliverRule(to=SECRETIVE),)
            ),
        ),
    )
    return replace(settings, **fields)


SOURCES = (
    *("Channel 4 Ellery", "Ellery 31", "Port Ellery Ledger", "Harbor Post", "Valley Courier"),
    *("Coast Public Radio", "City Council agenda", "National Wire"),
)


def a_digest(*items: DigestItem, **fields: FieldValue) -> Digest:
    """Return Thursday's digest."""
    digest = Digest(
        id=7,
        name=METRO,
        destination=METRO,
        local_date="2026-03-19",
        due_at=DUE,
        covers_from=DUE - DAY,
        covers_to=DUE,
        watchlist_ids=("sanctuary-cities",),
        items=items or ALL_OF_THEM,
        created=DUE,
    )
    return replace(digest, **fields)


def the_facts(**fields: FieldValue) -> DigestFacts:
    """Return what the store knows of the day."""
    facts = DigestFacts(
        stories={story.id: story for story in (_lists(), _judges(), _agenda(), _bridge(), _contract())},
        matches={
            1: (matched(1, "sanctuary shelters"), matched(1, "jail lists", watchlist_id="county-jail")),
            2: (matched(2, "immigration holds"),),
            3: (matched(3, "detainer", priority=Priority.NORMAL),),
            4: (matched(4, "287(g)", grade=Grade.MENTIONS, priority=Priority.LOW),),
            5: (matched(5, "jail contract", priority=Priority.NORMAL),),
        },
        threads={
            1: (a_thread(root_sent_at=at("12:02")),),
            2: (a_thread(id=2, story_id=2, root_sent_at=at("14:24")),),
        },
        states=the_states(),
        days=the_days(),
        installation=INSTALLATION,
        schedule="daily 06:30",
    )
    return replace(facts, **fields)


def the_days(*numbers: int) -> tuple[tuple[datetime, int], ...]:
    """Return the stories of the days before Thursday."""
    counted = numbers or (2, 3, 1, 2, 4, 3, 2, 1, 3, 2, 5, 3, 2, 5)
    first = datetime(2026, 3, 19, 6, tzinfo=UTC) - len(counted) * DAY
    starts = (first + n * DAY for n in range(len(counted)))
    # Before Sunday March 8 midnight was an hour later in UTC.
    spring = datetime(2026, 3, 8, 12, tzinfo=UTC)
    return tuple((day + HOUR if day < spring else day, n) for day, n in zip(starts, counted, strict=True))


def the_states() -> tuple[FetchState, ...]:
    """Return eight sources: one quiet, one stopped, six well."""
    states = {source.id: good_state(source.id) for source in the_sources()}
    states["s2"] = replace(
        states["s2"], health=Health.QUIET, last_new=at("11:16", days=-1), health_since=at("4:00")
    )
    states["s3"] = replace(
        states["s3"],
        health=Health.STOPPED,
        last_ok=at("9:00", days=-3),
        health_since=at("9:10", days=-3),
        reason="refuses automated readers",
    )
    return tuple(states.values())


def the_sources() -> tuple[Source, ...]:
    """Return the newsroom's sources."""
    return the_settings().sources


def good_state(source_id: str) -> FetchState:
    """Return a source that was read a minute before the digest."""
    return a_fetch_state(
        source_id, health=Health.OK, last_ok=DUE - timedelta(minutes=1), last_new=at("16:00")
    )


def matched(story_id: int, words: str, **fields: FieldValue) -> StoryMatch:
    """Return why a story is on a watchlist."""
    match = a_match(evidence=(an_evidence(words),))
    return a_story_match(story_id, **{"matches": (match,), **fields})


def told_by(*articles: StoryArticle, **fields: FieldValue) -> Story:
    """Return a story of these articles."""
    first = articles[0].article
    story = Story(
        id=1,
        revision=9,
        watched_revision=9,
        title=first.title,
        created=first.first_seen,
        updated=articles[-1].article.first_seen,
        articles=articles,
    )
    return replace(story, **fields)


def an_entry(article: Article, revision: int = 1, **fields: FieldValue) -> StoryArticle:
    """Return an article's place in its story."""
    placement = Placement(story_id=None, reason="", sentences=4)
    return replace(StoryArticle(article=article, revision=revision, placement=placement), **fields)


def from_outlet(outlet: str, clock: str, title: str, text: str, **fields: FieldValue) -> Article:
    """Return an article of that Wednesday."""
    source_id = outlet.lower().replace(" ", "")
    moment = at(clock, days=int(fields.pop("days", 0)))
    fields = {"outlet": outlet, "source_id": source_id, "published": moment, "first_seen": moment, **fields}
    return an_article(title, text=text, **fields)


def an_opening(
    text: str = "The council met on Wednesday about the jail lists.", **fields: FieldValue
) -> Article:
    """Return the report that a story begins with."""
    return from_outlet("Channel 4 Ellery", "11:58", "Council meets about jail lists", text, id=1, **fields)


def _lists() -> Story:
    first = from_outlet(
        "Channel 4 Ellery",
        "11:58",
        "City keeps shelter lists from county after warning over sanctuary shelters",
        "The city of Port Ellery turned down a county request on Wednesday for the names of people in its "
        "sanctuary shelters. The city attorney said the request came without a judge's order.\n"
        "The lists hold 36 people, the county said.",
        credit="Channel 4 and National Wire",
        id=1,
        version=2,
    )
    second = from_outlet(
        "Ellery 31",
        "13:12",
        "County sues Port Ellery over its shelter lists",
        'The suit names the mayor and two clerks. A clerk said the lists "stay in the drawer".',
        credit="Ellery 31 and National Wire",
        id=2,
    )
    added = (
        a_sentence("The suit names the mayor and two clerks."),
        a_sentence('A clerk said the lists "stay in the drawer".', 41),
    )
    shared = tuple(
        replace(a_passage(outlet="Channel 4 Ellery"), sentence=a_sentence("Shared.", start))
        for start in (100, 200, 300)
    )
    correction = Correction(before="nearly 40 people", after="36 people", label="more exact")
    return told_by(
        an_entry(first, 3, corrections=(correction,), filed_at=at("14:05")),
        an_entry(
            second,
            2,
            placement=Placement(story_id=1, reason="", whats_new=added, shared=shared, sentences=19),
        ),
    )


def _judges() -> Story:
    text = (
        "Three judges heard argument on Wednesday over grants tied to immigration holds. "
        "A ruling may come by June, the clerk of the court said."
    )
    title = "Judges weigh grants tied to immigration holds"
    outlets = ("National Wire", "Valley Courier", "Coast Public Radio", "Harbor Post", "Ellery 31")
    articles = [from_outlet(outlet, "14:20", title, text, id=10 + n) for n, outlet in enumerate(outlets)]
    shared = (a_passage(outlet="National Wire", article_id=10),)
    copy = Placement(story_id=2, reason="", shared=shared, sentences=1)
    places = [an_entry(each, n, placement=copy) for n, each in enumerate(articles[1:], start=2)]
    return told_by(an_entry(articles[0]), *places, id=2)


def _agenda() -> Story:
    title = "Agenda adds a hearing on the detainer form"
    text = "The public safety committee added a hearing on the detainer form to Monday's agenda."
    return told_by(an_entry(from_outlet("City Council agenda", "10:31", title, text, id=20)), id=3)


def _bridge() -> Story:
    title = "Harbor bridge reopens a week early"
    text = "The bridge carries traffic again. The county's 287(g) hearing was moved to the new pier."
    return told_by(an_entry(from_outlet("Valley Courier", "16:40", title, text, id=30)), id=4)


def _contract() -> Story:
    first = from_outlet(
        "Channel 4 Ellery",
        "17:20",
        "Sheriff lets jail contract run out",
        "The sheriff will not renew the jail contract with the federal government.",
        days=-1,
        id=40,
    )
    text = "Ninety beds will stand empty from May, the county's budget office said."
    second = from_outlet("Harbor Post", "15:05", "What ninety empty jail beds cost", text, id=41)
    added = Placement(story_id=5, reason="", whats_new=(a_sentence(text),), sentences=6)
    return told_by(an_entry(first), an_entry(second, 2, placement=added), id=5, revision=2)
