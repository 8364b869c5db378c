"""One invented story as it is told, added to and corrected, in nouns: what the words are tested on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from alerts.compose import compose, compose_root
from alerts.grouping import compose_group
from alerts.health import compose_health, health_facts
from alerts.message import Message
from alerts.words import Telling
from config.settings import Settings
from news.nouns import (
    Article,
    Correction,
    DeliverRule,
    Evidence,
    Placement,
    SharedPassage,
    Story,
    StoryArticle,
    StoryMatch,
)
from news.telling import Alert, AlertKind
from tests.nouns import (
    METRO,
    FieldValue,
    a_match,
    a_sentence,
    a_story_match,
    a_thread,
    a_watchlist,
    an_alert,
    an_article,
)

ZONE = ZoneInfo("America/Denver")
MAIL = DeliverRule(to=METRO, send="digest", at="daily 06:30")
SANCTUARY = a_watchlist(deliver=(*a_watchlist().deliver, MAIL))
JAIL = replace(SANCTUARY, id="county-jail", name="County jail")
SETTINGS = Settings(timezone="America/Denver", watchlists=(SANCTUARY, JAIL))
TOLD_TO = a_thread(watchlist_ids=("sanctuary-cities", "county-jail"), root_sent_at=None)

BEFORE, AFTER = "some thirty counties", "28 counties"
OPENING = "A federal letter asks sanctuary cities for the names of everyone their jails let go this year."
SECOND = f"It went to {BEFORE} on Monday night, according to the county clerk's office."
THIRD = "The clerk has seven days to answer."


def at(hour: int, minute: int, day: int = 18) -> datetime:
    """Return a time in Port Ellery in March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def the_first_report(**fields: FieldValue) -> Article:
    """Return what Channel 4 Ellery said first."""
    article = an_article(
        "Clerk weighs federal letter to sanctuary cities",
        id=1,
        text=f"{OPENING} {SECOND}\n{THIRD}",
        credit="Channel 4 and National Wire",
        published=at(9, 41),
    )
    return replace(article, **fields)


def the_second_report(**fields: FieldValue) -> StoryArticle:
    """Return what Ellery 31 added."""
    article = an_article(
        "Jail lists: county has a week",
        id=2,
        source_id="ellery31",
        outlet="Ellery 31",
        credit="Ellery 31, National Wire",
        published=at(10, 5),
    )
    shared = tuple(
        SharedPassage(sentence=a_sentence(OPENING, n * 100), article_id=1, outlet="Channel 4 Ellery")
        for n in range(2)
    )
    placement = Placement(
        story_id=1,
        reason="2 shared sentences with Channel 4 Ellery",
        shared=shared,
        whats_new=(
            a_sentence("The sheriff said the jail would not hand over a list without an order."),
            a_sentence("Granby Falls has answered the letter already."),
        ),
        sentences=14,
    )
    return replace(StoryArticle(article=article, revision=2, placement=placement), **fields)


def the_correction() -> StoryArticle:
    """Return Channel 4's new version, which counts the counties."""
    changed = the_first_report(version=2, text=f"{OPENING} {SECOND.replace(BEFORE, AFTER)}\n{THIRD}")
    return StoryArticle(
        article=changed,
        revision=3,
        placement=Placement(story_id=None, reason=""),
        corrections=(Correction(before=BEFORE, after=AFTER, label="more exact"),),
        filed_at=at(11, 20),
    )


def a_copy(number: int, outlet: str) -> StoryArticle:
    """Return the first report word for word at another outlet."""
    article = the_first_report(
        id=number, outlet=outlet, address=f"https://outlet{number}.test/clerk", published=at(10, 30 + number)
    )
    shared = tuple(
        SharedPassage(sentence=a_sentence(words, n * 100), article_id=1, outlet="Channel 4 Ellery")
        for n, words in enumerate((OPENING, SECOND, THIRD))
    )
    placement = Placement(story_id=1, reason="the same text", shared=shared, sentences=3)
    return StoryArticle(article=article, revision=number, placement=placement)


def the_story(*more: StoryArticle, first: StoryArticle | None = None) -> Story:
    """Return the story: the first report, and what came later."""
    opening = StoryArticle(
        article=the_first_report(), revision=1, placement=Placement(story_id=None, reason="", sentences=3)
    )
    articles = (first or opening, *more)
    return Story(
        id=1,
        revision=max(each.revision for each in articles),
        watched_revision=0,
        title=articles[0].article.title,
        created=at(9, 44),
        updated=at(9, 44),
        articles=articles,
    )


def the_matches() -> tuple[StoryMatch, ...]:
    """Return why it concerns two watchlists."""
    title = the_first_report().title
    found = Evidence(
        clause="sanctuary city",
        words="sanctuary cities",
        field="title",
        start=title.index("sanctuary"),
        end=len(title),
        sentence=title,
    )
    start = OPENING.index("sanctuary")
    in_text = replace(found, field="text", start=start, end=start + 16, sentence=OPENING)
    jails = replace(in_text, clause="jail", words="jails", start=OPENING.index("jails"))
    return (
        a_story_match(matches=(a_match(evidence=(found, in_text)),)),
        a_story_match(watchlist_id="county-jail", matches=(a_match(evidence=(jails,)),)),
    )


def a_telling(story: Story, now: datetime, **fields: FieldValue) -> Telling:
    """Return what the store knows of the story at this hour."""
    telling = Telling(
        story=story,
        matches=the_matches(),
        thread=replace(TOLD_TO, root_sent_at=at(9, 45) if now > at(9, 45) else None),
        settings=SETTINGS,
        installation="port-ellery",
        now=now,
    )
    return replace(telling, **fields)


def follow_up(kind: AlertKind, revision: int) -> Alert:
    """Return a claimed follow-up that tells this revision."""
    return replace(an_alert(), kind=kind, from_revision=revision - 1, revision=revision)


def a_group(stories: int, **facts: object) -> Message:
    """Return a rolling group of so many stories."""
    names = ("Clerk asks for more time", "Council moves vote on jail lists", "Judge hears case on grants")
    tellings = []
    for number in range(stories):
        title = names[number] if number < len(names) else f"Story {number + 1}"
        article = an_article(title, id=number + 1, outlet="Valley Courier", published=at(15, number + 1))
        story = replace(the_story(), articles=(replace(the_story().articles[0], article=article),))
        tellings.append(a_telling(story, at(15, 59), matches=()))
    known = {"why": "hour", "until": at(16, 1).isoformat(), "stories": list(range(stories))}
    alert = replace(an_alert(), kind="group", revision=stories, facts=known | facts)
    return compose_group(alert, tellings, SETTINGS, now=at(15, 59))


def a_warning() -> Message:
    """Return a health warning."""
    facts = health_facts(
        "Valley Courier has gone quiet",
        "Nothing new for 31 hours, since Tuesday 8:40 am.",
        "It usually brings something every 3 hours.",
        note="Last checked 3:51 pm · 11 of 12 sources are fine, 1 is quiet",
        ids={"source_id": "src_valley", "state": "quiet"},
    )
    return compose_health(replace(an_alert(), kind="health", facts=facts))


def the_evening() -> dict[str, Message]:
    """Return every message of the evening by name, in the order in which they are sent."""
    added, corrected = the_story(the_second_report()), the_story(the_second_report(), first=the_correction())
    reply, correction = follow_up("reply", 2), follow_up("correction", 3)
    later, latest = a_telling(added, at(10, 20)), a_telling(corrected, at(11, 21), before=added)
    copied = the_story(*(a_copy(n, f"Outlet {n}") for n in range(2, 7)))
    return {
        "new story": compose_root(a_telling(the_story(), at(9, 45))),
        "after an update": compose_root(later),
        "reply": compose(reply, later, threaded=True),
        "update by itself": compose(reply, later, threaded=False),
        "correction": compose(correction, latest, threaded=True),
        "correction by itself": compose(correction, latest, threaded=False),
        "after the correction": compose_root(latest),
        "same text at five outlets": compose_root(a_telling(copied, at(11, 0))),
        "group": a_group(3),
        "health": a_warning(),
    }
