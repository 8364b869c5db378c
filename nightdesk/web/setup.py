"""How far has the first set-up come, and what would the newsroom get by what was answered so far?

The answers wait in the store until Start: only then the newsroom's file says where stories go, so that
nothing goes to anybody before, except the test. As long as nobody says where stories go, the set-up is
open.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from config.channels import MAIL_SCHEMES
from config.main_file import desk_rules
from config.settings import Settings
from news.errors import ConfigError
from news.nouns import Watchlist
from news.wording import GRADE_WORDS, PRIORITY_WORDS, clock_time
from nightdesk.standing import local_midnight
from nightdesk.web.rendering import hour

if TYPE_CHECKING:
    from nightdesk.rehearsal_steps import Rehearsal, Step
    from storage.contract import Store

DONE, CHOICE = "done", "set up"
DAY, WEEK = timedelta(days=1), timedelta(days=7)
#: What would have become of a story, from what everybody hears to what nobody does.
LOUDEST = {how: n for n, how in enumerate(("at once", "later", "grouped", "in the digest", "in the email"))}
LEFT_OUT = "left out"
MOST_SEEN = 12  # of yesterday's stories
CONSOLE = "console:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered so far."""

    # "both", "slack", "email"; "" while it is not known.
    way: str = ""
    # "#immigration-desk"
    channel: str = ""
    # "metro-desk@newsroom.test"
    email: str = ""
    # Where a test went, when (ISO), and what was wrong ("" for nothing).
    tests: tuple[tuple[str, str, str], ...] = ()
    looked: bool = False

    @property
    def at_once(self) -> str:
        """Where what matters goes at once."""
        return f"slack:{self.channel}" if self.channel and self.way != "email" else ""

    @property
    def digest(self) -> str:
        """Where everything goes once a day: by mail, or to the channel when there is no mail."""
        return f"email:{self.email}" if self.email and self.way != "slack" else self.at_once

    @property
    def places(self) -> tuple[str, ...]:
        """Every place, once."""
        return tuple(dict.fromkeys(each for each in (self.at_once, self.digest) if each))

    @property
    def is_complete(self) -> bool:
        """Whether everything has a place that the chosen way needs."""
        return bool(
            {"both": self.channel and self.email, "slack": self.channel, "email": self.email}.get(self.way)
        )

    @property
    def told(self) -> tuple[tuple[str, datetime, str], ...]:
        """Where a test went, when, and what was wrong."""
        return tuple((to, datetime.fromisoformat(at), trouble) for to, at, trouble in self.tests)

    @property
    def arrived(self) -> bool:
        """Whether a test went out to every place."""
        fine = {to for to, _, trouble in self.tests if not trouble}
        return bool(self.places) and fine >= set(self.places)


def is_open(settings: Settings, chosen: str | None) -> bool:
    """Whether the newsroom has still to be set up, or is again; `chosen` is what the store knows of it."""
    return chosen != DONE and (bool(chosen) or not (settings.desk_at_once or settings.desk_digest))


def read_answers(chosen: str | None) -> Answers:
    """Return what was answered so far."""
    if not chosen or chosen == DONE:
        return Answers()
    kept = json.loads(chosen)
    return Answers(**{**kept, "tests": tuple(tuple(each) for each in kept.get("tests", ()))})


def answers_in_force(settings: Settings) -> Answers:
    """Return what the file says, for somebody who begins again."""
    at_once, digest = settings.desk_at_once, settings.desk_digest
    return Answers(
        channel=at_once.removeprefix("slack:") if at_once.startswith("slack:") else "",
        email=digest.removeprefix("email:") if digest.startswith("email:") else "",
    )


def keep_answers(store: Store, answers: Answers, *, now: datetime) -> None:
    """Keep what was answered."""
    store.choose(CHOICE, json.dumps(asdict(answers)), now=now)


def as_answered(settings: Settings, answers: Answers) -> Settings:
    """Return the settings as they will be after Start: what has no place yet goes where was answered."""
    settings = replace(settings, desk_at_once=answers.at_once, desk_digest=answers.digest)
    watchlists = tuple(_placed(each, settings) for each in settings.watchlists)
    return replace(settings, watchlists=watchlists)


def _placed(watchlist: Watchlist, settings: Settings) -> Watchlist:
    if any(rule.to != CONSOLE for rule in watchlist.deliver):
        return watchlist
    return replace(watchlist, deliver=desk_rules(settings))


# ── Yesterday ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Yesterday:
    """What the newsroom would have got, and how far the sources were read."""

    since: datetime
    until: datetime
    # Sources that were read at least once, of how many.
    read: int
    sources: int
    # How many clippings wait to be filed: more may come.
    waiting: bool
    rehearsals: tuple[Rehearsal, ...] = ()
    # Whether yesterday brought nothing, so that these are of the last seven days.
    is_week: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether everything was read that will be."""
        return self.read >= self.sources and not self.waiting

    @property
    def articles(self) -> int:
        """Articles that came in."""
        return self.rehearsals[0].articles if self.rehearsals else 0

    @property
    def steps(self) -> tuple[tuple[str, Step], ...]:
        """What each watchlist would have caught, newest first: its name, and the loudest of each story."""
        found: dict[tuple[str, int], tuple[str, Step]] = {}
        for each in self.rehearsals:
            for step in sorted(each.steps, key=lambda step: LOUDEST.get(step.how.value, len(LOUDEST))):
                if step.how.value != LEFT_OUT:
                    found.setdefault((each.watchlist.id, step.story.id), (each.watchlist.name, step))
        return tuple(sorted(found.values(), key=lambda pair: pair[1].at, reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A story of yesterday as the page shows it."""

    at: datetime
    title: str
    # Of the watchlist, as they stand in the article; and their sentence.
    words: tuple[str, ...]
    sentence: str
    outlets: tuple[str, ...]
    # What becomes of it: "At once", "Email, 6:30 am".
    how: str
    is_loud: bool
    # "Sanctuary cities · main topic · high priority"
    why: str


def seen(found: Yesterday, settings: Settings) -> tuple[Seen, ...]:
    """Return yesterday's stories as the page shows them."""
    return tuple(_seen(watchlist, step, settings) for watchlist, step in found.steps[:MOST_SEEN])


def _seen(watchlist: str, step: Step, settings: Settings) -> Seen:
    matches = step.match.matches if step.match else ()
    evidence = [each for match in matches for each in match.evidence]
    may_quote = step.article.article.excerpt != "headline"
    sentence = next((each.sentence for each in evidence if each.field == "text" and may_quote), "")
    why = [watchlist]
    if step.match is not None:
        why += [GRADE_WORDS[step.match.grade].lower(), PRIORITY_WORDS[step.match.priority].lower()]
    return Seen(
        at=step.at,
        title=step.story.title,
        words=tuple(dict.fromkeys(" ".join(each.words.split()) for each in evidence)),
        sentence=" ".join(sentence.split()),
        outlets=tuple(dict.fromkeys(each.article.outlet for each in step.story.articles)),
        how=_how(step, settings),
        is_loud=step.how.value == "at once",
        why=" · ".join(why),
    )


def _how(step: Step, settings: Settings) -> str:
    match step.how.value:
        case "later":
            return f"After the night, {clock_time(step.due_at, settings.timezone)}"
        case "in the email":
            return f"Email, {hour(settings.desk_digest_at)}"
        case "in the digest":
            return f"Digest, {hour(settings.desk_digest_at)}"
        case how:
            return how.capitalize()


def yesterday(store: Store, settings: Settings, *, now: datetime) -> Yesterday:
    """Play what the sources have of yesterday to the watchlists; without any story, of the last week."""
    from nightdesk.rehearsal import rehearse_all

    until = local_midnight(now, settings.timezone)
    since = local_midnight(until - timedelta(hours=1), settings.timezone)
    watchlists = [each for each in settings.watchlists if each.enabled and not each.private]
    states = store.fetch_states()
    facts = Yesterday(
        since=since,
        until=until,
        read=sum(state.last_checked is not None for state in states),
        sources=len(states),
        waiting=bool(store.unfiled_clippings(limit=1, now=now)),
    )
    if not watchlists:
        return facts
    played = rehearse_all(store, watchlists, settings, since=since, until=until)
    if any(each.stories for each in played):
        return replace(facts, rehearsals=played)
    week = rehearse_all(store, watchlists, settings, since=now - WEEK, until=now)
    return replace(facts, rehearsals=week, since=now - WEEK, until=now, is_week=True)


# ── Mail ──────────────────────────────────────────────────────────────────────────────────────────────────

USUAL_PORT = 587


def mail_address(server: str, name: str, password: str) -> str:
    """Return a mail server as Nightdesk writes it, its parts quoted: smtp://user:password@host:587.

    Raises:
        ConfigError: this is no server.
    """
    if "://" in server:
        if server.partition("://")[0] not in MAIL_SCHEMES:
            raise ConfigError("a mail server's address begins with smtp:// or smtps://")
        return server
    try:
        parts = urlsplit(f"//{server}")
        host, port = parts.hostname, parts.port or USUAL_PORT
    except ValueError:
        host, port = None, 0
    if not host or parts_beside(server):
        raise ConfigError("a mail server is a name such as mail.your-newsroom, or mail.your-newsroom:587")
    login = f"{quote(name, safe='')}:{quote(password, safe='')}@" if name else ""
    return f"smtp://{login}{host}:{port}"


def parts_beside(server: str) -> bool:
    """Whether there is more than a host and a port."""
    return any(letter in server for letter in "/@?# ")


# ── Zones ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone as a person chooses it."""

    name: str
    # The city and the time there.
    words: str


#: Zones in the list; any other can be typed.
USUAL_ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "America/Halifax", "America/Toronto",
    "America/Vancouver", "America/Mexico_City", "America/Bogota", "America/Lima", "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Madrid",
    "Europe/Paris", "Europe/Berlin", "Europe/Rome", "Europe/Warsaw", "Europe/Athens", "Europe/Kyiv",
    "Europe/Istanbul", "Africa/Lagos", "Africa/Johannesburg", "Africa/Nairobi", "Asia/Jerusalem",
    "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland",
    "UTC",
)  # fmt: skip


def zones(chosen: str, *, now: datetime) -> Sequence[Zone]:
    """Return the zones to choose from, each with the time there, the chosen one among them."""
    names = USUAL_ZONES if chosen in USUAL_ZONES or not chosen else (chosen, *USUAL_ZONES)
    return [
        Zone(name, f"{name.rpartition('/')[2].replace('_', ' ')}: it is {clock_time(now, name)}")
        for name in names
    ]
