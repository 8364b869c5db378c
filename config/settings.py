"""What did the newsroom decide? One frozen snapshot of its folder, its environment and the defaults.

Rooms are given a `Settings`; only `config/load.py` makes one from files. Nothing here reads a file or the
environment, and nothing here is heavy to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import IntEnum

from news.nouns import DeliverRule, QuietHours, Source, Watchlist

QUIET_WEEKDAYS = QuietHours(start="22:00", end="06:00")
QUIET_WEEKENDS = QuietHours(start="22:00", end="08:00")


#: What the place of a person begins with in a watchlist: "reader:night-editor".
READER = "reader:"


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that never appears in a listing, a log or an error.

    `reveal()` is called at the door it opens.
    """

    _value: str

    def reveal(self) -> str:
        """Return the value itself."""
        return self._value

    def __repr__(self) -> str:
        """Show that there is one, not what it is."""
        return "Secret(…)"

    __str__ = __repr__

    def __bool__(self) -> bool:
        """A secret that is set is true."""
        return bool(self._value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """How to reach Slack. A bot token gives threads and edits; a webhook only messages."""

    token: Secret | None = None
    webhook: Secret | None = None
    app_token: Secret | None = None
    api_url: str = "https://slack.com/api/"
    # By webhook, when it is not known whether a message arrived: "resend" it with the same id, or "hold" it.
    when_unknown: str = "resend"

    @property
    def is_set_up(self) -> bool:
        """Whether something can be posted."""
        return bool(self.token or self.webhook)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSettings:
    """How to send mail."""

    # smtp://user:password@host:587 (STARTTLS required), smtps://… (TLS), smtp+plain://… (no TLS: loopback)
    smtp: Secret | None = None
    sender: str = ""
    reply_to: str = ""
    # When it is not known whether a mail arrived: send it again with the same Message-ID ("resend"), or
    # "hold" it for a person.
    when_unknown: str = "resend"

    @property
    def is_set_up(self) -> bool:
        """Whether something can be sent."""
        return bool(self.smtp)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """A program that is told, and the secret its messages are signed with."""

    url: Secret
    secret: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """Every way out."""

    slack: SlackSettings = SlackSettings()
    email: EmailSettings = EmailSettings()
    # Signed webhooks by name, for "webhook:NAME".
    webhooks: Mapping[str, WebhookSettings] = field(default_factory=dict)
    # Addresses that Apprise knows how to reach, by name, for "other:NAME".
    others: Mapping[str, Secret] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSetUp:
    """Something the newsroom declared and did not finish: said at the start, never an error."""

    # "slack", "email", "desk" or "heartbeat".
    kind: str
    # A sentence without its full stop: "Slack is not set up: SLACK_BOT_TOKEN is not set".
    what: str
    # What to do: "write SLACK_BOT_TOKEN=… in config/newsroom/.env".
    how: str


class Role(IntEnum):
    """What a person may do on the console; each may what the one before may."""

    # Reads, votes, claims, writes notes.
    READER = 1
    # Changes keywords and sources, mutes.
    EDITOR = 2
    # Changes people, channels and the newsroom's settings.
    ADMIN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A person, the places that reach the person, the person's clock, and what the person may do."""

    id: str
    name: str = ""
    # Destinations, such as "slack:D04NIGHTED", "email:night-editor@newsroom.test"; "" for none.
    slack: str = ""
    email: str = ""
    # IANA name; "" for the newsroom's.
    timezone: str = ""
    role: Role = Role.READER
    # The person's own quiet hours, every day: None for the newsroom's, () for none.
    quiet: tuple[QuietHours, ...] | None = None

    def place(self, send: str) -> str:
        """Return where the person hears of this: Slack for what is told at once, mail for a digest."""
        first, second = (self.email, self.slack) if send == "digest" else (self.slack, self.email)
        return first or second


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """Local dates, both included, on which only what is urgent is told."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Messages a channel may get before stories are grouped, over all watchlists."""

    per_hour: int = 4
    per_day: int = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How Nightdesk behaves on other people's servers."""

    user_agent: str = "Nightdesk"
    respect_robots: bool = True
    # Exact "address:port" pairs that may be private (tests, proxies).
    allow_addresses: frozenset[str] = frozenset()
    timeout: timedelta = timedelta(seconds=20)
    # Requests under way at once, over all hosts; one a host.
    at_once: int = 32
    # Polls of one host's sources in a minute.
    host_budget: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepSettings:
    """How long things are kept."""

    full_text: timedelta = timedelta(days=30)
    stories: timedelta = timedelta(days=365)
    activity: timedelta = timedelta(days=730)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthSettings:
    """Who hears that Nightdesk is blind somewhere."""

    # A destination ("slack:#nightdesk-health"), or "" for the console and `status` only.
    to: str = ""
    # None: learnt for each source.
    quiet_after: timedelta | None = None
    # An address that is asked while all is well, and how often: it hears when the whole program is dead.
    heartbeat: Secret | None = None
    heartbeat_every: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleSettings:
    """Where the console is, for people who never open a terminal."""

    on: bool = True
    # Where it listens: an address of this machine and a port.
    address: str = "127.0.0.1:8010"
    # How people reach it ("https://desk.newsroom.test"), for links in mail; "" while nobody said.
    public_url: str = ""
    # The one machine whose X-Forwarded-For and X-Forwarded-Proto are believed; "" for none.
    trusted_proxy: str = ""
    # Files for https without a proxy, absolute; "" for none.
    tls_certificate: str = ""
    tls_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationSettings:
    """When a story that nobody is on is told elsewhere too, once. Off unless `to` is set."""

    to: str = ""
    # Own reporting by so many outlets within this time.
    outlets: int = 3
    within: timedelta = timedelta(minutes=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSettings:
    """When one shift tells the next how things stand. Off unless `to` is set."""

    to: str = ""
    # Such as "daily 06:00, 14:00, 22:00", in the newsroom's time zone.
    at: str = "daily 06:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the newsroom decided, checked."""

    newsroom: str = "Newsroom"
    # IANA name; every local time in the folder is in this zone.
    timezone: str = "UTC"
    language: str = "en"
    # sqlite:///path or postgresql+psycopg://...; a Secret because it may hold a password.
    database: Secret = Secret("sqlite:///nightdesk.db")
    desk_at_once: str = ""
    desk_digest: str = ""
    desk_digest_at: str = "daily 06:30"
    channels: ChannelSettings = ChannelSettings()
    not_set_up: tuple[NotSetUp, ...] = ()
    limits: Limits = Limits()
    quiet_weekdays: QuietHours | None = QUIET_WEEKDAYS
    quiet_weekends: QuietHours | None = QUIET_WEEKENDS
    holidays: tuple[Holiday, ...] = ()
    readers: tuple[Reader, ...] = ()
    # Places that asked to hear nothing more, by the link in a mail.
    stopped: frozenset[str] = frozenset()
    gather: timedelta = timedelta(minutes=15)
    fetch: FetchSettings = FetchSettings()
    keep: KeepSettings = KeepSettings()
    health: HealthSettings = HealthSettings()
    console: ConsoleSettings = ConsoleSettings()
    escalation: EscalationSettings = EscalationSettings()
    handover: HandoverSettings = HandoverSettings()
    sources: tuple[Source, ...] = ()
    watchlists: tuple[Watchlist, ...] = ()
    # The newsroom's folder, absolute.
    folder: str = ""

    def __post_init__(self) -> None:
        """Let a watchlist that names a reader deliver to the reader's own place."""
        if self.readers:
            placed = tuple(_placed(watchlist, self.readers) for watchlist in self.watchlists)
            object.__setattr__(self, "watchlists", placed)
        if self.stopped:
            heard = tuple(_without(watchlist, self.stopped) for watchlist in self.watchlists)
            object.__setattr__(self, "watchlists", heard)
            for place in ("desk_at_once", "desk_digest"):
                if getattr(self, place) in self.stopped:
                    object.__setattr__(self, place, "")

    def reader(self, id_: str) -> Reader | None:
        """Return the person of this id, or None."""
        return next((each for each in self.readers if each.id == id_), None)

    def reader_at(self, destination: str) -> Reader | None:
        """Return the person who reads there, or None when it is nobody's own place."""
        mine = (each for each in self.readers if destination and destination in {each.slack, each.email})
        return next(mine, None)

    def zone_of(self, destination: str) -> str:
        """Return the time zone of whoever reads there."""
        for reader in self.readers:
            if reader.timezone and destination and destination in {reader.slack, reader.email}:
                return reader.timezone
        return self.timezone

    def as_read_at(self, destination: str) -> Settings:
        """Return the settings on the clock, and with the quiet hours, of whoever reads there."""
        zone, reader = self.zone_of(destination), self.reader_at(destination)
        if reader is not None and reader.quiet is not None:
            own = reader.quiet[0] if reader.quiet else None
            return replace(self, timezone=zone, quiet_weekdays=own, quiet_weekends=own)
        return self if zone == self.timezone else replace(self, timezone=zone)

    def is_holiday(self, day: date) -> bool:
        """Return whether a local date is a holiday."""
        return any(holiday.first <= day <= holiday.last for holiday in self.holidays)


def _placed(watchlist: Watchlist, readers: tuple[Reader, ...]) -> Watchlist:
    """Return a watchlist that delivers to people where they are."""
    people = {f"{READER}{one.id}": one for one in readers}
    if not any(rule.to in people for rule in watchlist.deliver):
        return watchlist
    deliver = tuple(
        replace(rule, to=people[rule.to].place(rule.send)) if rule.to in people else rule
        for rule in watchlist.deliver
    )
    return replace(watchlist, deliver=deliver)


def _without(watchlist: Watchlist, stopped: frozenset[str]) -> Watchlist:
    """Return a watchlist that sends nothing to these places; without any left, to the console."""
    kept = tuple(rule for rule in watchlist.deliver if rule.to not in stopped)
    if kept == watchlist.deliver:
        return watchlist
    return replace(watchlist, deliver=kept or (DeliverRule(to="console:"),))
