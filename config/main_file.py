"""What does nightdesk.yaml decide?

Everything but the sources and the watchlists, which have files of their own. Its shape was judged before;
here its words are understood: times, zones, secrets, places to send to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from config.channels import read_channels
from config.console import check_console, check_tls, read_console
from config.destinations import check_destination, normal
from config.environment import Environment
from config.explain import Problem
from config.health import check_health, heartbeat_not_set_up, read_health
from config.hours import check_pause, check_quiet_hours, check_schedule, check_zone, quiet_hours
from config.picking import number, scalar, span, texts, truth, under, words
from config.readers import check_readers, read_holidays, read_readers
from config.secret_names import SecretReader
from config.settings import (
    READER,
    EscalationSettings,
    FetchSettings,
    HandoverSettings,
    KeepSettings,
    Limits,
    NotSetUp,
    Secret,
    Settings,
)
from config.tree import File, Node
from news.nouns import DeliverRule, Priority

NAME = "nightdesk.yaml"
DATABASE = "data/nightdesk.db"  # beside nightdesk.yaml
USUAL = Settings()
PACE = {Priority.HIGH: "2m", Priority.NORMAL: "10m", Priority.LOW: "60m"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MainFile:
    """What nightdesk.yaml decides, and what is wrong in it."""

    settings: Settings
    # The kinds under channels:, set up or not, and what has a name: "reader:night-editor", "webhook:cms".
    declared: frozenset[str]
    # Whether there is a desk at all; its places may be open.
    has_desk: bool
    # How often a source is asked, by its priority.
    every: dict[Priority, timedelta]
    problems: tuple[Problem, ...]


def read_main(file: File, environment: Environment) -> MainFile:
    """Return the newsroom's settings, without sources and watchlists."""
    root, secrets = file.root, SecretReader(file, environment)
    digest = normal(words(root, "desk", "digest"))
    sender = digest.removeprefix("email:") if digest.startswith("email:") else ""
    channels = read_channels(file, secrets, folder=environment.folder, sender=sender)
    database = _database(secrets, environment.folder)
    health = read_health(file, secrets)
    weekdays, weekends = quiet_hours(root)
    settings = Settings(
        newsroom=words(root, "newsroom", "name", default=USUAL.newsroom),
        timezone=words(root, "newsroom", "timezone", default=USUAL.timezone),
        language=words(root, "newsroom", "language", default=USUAL.language),
        database=database,
        desk_at_once=normal(words(root, "desk", "at_once")),
        desk_digest=digest,
        desk_digest_at=f"daily {words(root, 'desk', 'digest_at', default='06:30')}",
        channels=channels.settings,
        not_set_up=(
            *channels.not_set_up,
            *_open_desk(root),
            *heartbeat_not_set_up(secrets, environment.folder),
        ),
        limits=Limits(
            per_hour=number(root, "limits", "per_hour", default=USUAL.limits.per_hour),
            per_day=number(root, "limits", "per_day", default=USUAL.limits.per_day),
        ),
        quiet_weekdays=weekdays,
        quiet_weekends=weekends,
        holidays=read_holidays(root),
        readers=read_readers(root),
        stopped=frozenset(map(normal, texts(root, "stopped"))),
        gather=_span(root, "follow_ups", "gather", default=USUAL.gather),
        fetch=_fetch(root),
        keep=_keep(root),
        health=health,
        console=read_console(root, environment.folder),
        escalation=_escalation(root),
        handover=_handover(root),
        folder=str(environment.folder),
    )
    every = {
        priority: _span(root, "fetch", "every", priority.name.lower(), default=span(usual, timedelta()))
        for priority, usual in PACE.items()
    }
    return MainFile(
        settings=settings,
        declared=channels.declared | {f"{READER}{one.id}" for one in settings.readers if one.place("")},
        has_desk=under(root, "desk") is not None,
        every=every,
        problems=(
            *secrets.problems,
            *channels.problems,
            *_check(file, channels.declared),
            *check_health(file, settings.health),
            *check_tls(file, settings.console),
        ),
    )


def _span(root: Node | None, *names: str, default: timedelta) -> timedelta:
    return span(words(root, *names), default)


def _database(secrets: SecretReader, folder: Path) -> Secret:
    given = secrets.value("database")
    if given is None:
        return Secret(f"sqlite:///{folder / DATABASE}")
    kind, separator, rest = given.reveal().partition("://")
    plain = kind in {"postgres", "postgresql"}
    return Secret(f"postgresql+psycopg{separator}{rest}") if plain else given


def _fetch(root: Node | None) -> FetchSettings:
    return FetchSettings(
        user_agent=words(root, "fetch", "user_agent", default=USUAL.fetch.user_agent),
        respect_robots=truth(root, "fetch", "respect_robots", default=USUAL.fetch.respect_robots),
        allow_addresses=frozenset(texts(root, "fetch", "allow_addresses")),
        timeout=_span(root, "fetch", "timeout", default=USUAL.fetch.timeout),
        at_once=number(root, "fetch", "at_once", default=USUAL.fetch.at_once),
    )


def _keep(root: Node | None) -> KeepSettings:
    return KeepSettings(
        full_text=_span(root, "keep", "full_text", default=USUAL.keep.full_text),
        stories=_span(root, "keep", "stories", default=USUAL.keep.stories),
        activity=_span(root, "keep", "activity", default=USUAL.keep.activity),
    )


def _escalation(root: Node | None) -> EscalationSettings:
    usual = USUAL.escalation
    return EscalationSettings(
        to=normal(words(root, "escalation", "to")),
        outlets=number(root, "escalation", "outlets", default=usual.outlets),
        within=_span(root, "escalation", "within", default=usual.within),
    )


def _handover(root: Node | None) -> HandoverSettings:
    at = words(root, "handover", "at", default=USUAL.handover.at)
    return HandoverSettings(to=normal(words(root, "handover", "to")), at=at)


def desk_rules(settings: Settings) -> tuple[DeliverRule, ...]:
    """Return what `deliver: desk` means. What the newsroom has not decided goes to the console."""
    at_once = DeliverRule(to="console:")
    if settings.desk_at_once:
        at_once = DeliverRule(to=settings.desk_at_once, at_least=Priority.HIGH)
    digest = settings.desk_digest or "console:"
    return at_once, DeliverRule(to=digest, send="digest", at=settings.desk_digest_at)


def _open_desk(root: Node | None) -> Iterator[NotSetUp]:
    if under(root, "desk") is None:
        return
    if not words(root, "desk", "at_once"):
        what = "the desk has no place for what is told at once, so it is shown on the console"
        yield NotSetUp(
            kind="desk", what=what, how=f"write at_once: slack:#your-channel under desk: in {NAME}"
        )
    if not words(root, "desk", "digest"):
        what = "the desk has no place for the digest, so it is shown on the console"
        yield NotSetUp(
            kind="desk", what=what, how=f"write digest: email:your-desk@your-newsroom under desk: in {NAME}"
        )


#: Where nightdesk.yaml names a place.
PLACES = (("desk", "at_once"), ("desk", "digest"), ("health", "to"), ("escalation", "to"), ("handover", "to"))


def _check(file: File, declared: frozenset[str]) -> Iterator[Problem]:
    root = file.root
    yield from check_zone(file, scalar(root, "newsroom", "timezone"))
    yield from check_quiet_hours(file)
    yield from check_readers(file)
    for place in PLACES:
        destination = scalar(root, *place)
        if destination is not None and destination.value:
            yield from check_destination(file, destination, declared)
    at = scalar(root, "handover", "at")
    yield from check_schedule(file, at) if at is not None else ()
    for priority in PACE:
        yield from check_pause(file, scalar(root, "fetch", "every", priority.name.lower()))
    yield from check_console(file)
