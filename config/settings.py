"""What did the newsroom decide? One frozen snapshot of its folder, its environment and the defaults.

Rooms are given a `Settings`; only `config/load.py` makes one from files. Nothing here reads a file or the
environment, and nothing here is heavy to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from news.nouns import QuietHours, Source, Watchlist

QUIET_WEEKDAYS = QuietHours(start="22:00", end="06:00")
QUIET_WEEKENDS = QuietHours(start="22:00", end="08:00")


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
class ChannelSettings:
    """Every way out."""

    slack: SlackSettings = SlackSettings()
    email: EmailSettings = EmailSettings()
    # Signed webhooks by name, for "webhook:NAME".
    webhooks: Mapping[str, Secret] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSetUp:
    """Something the newsroom declared and did not finish: said at the start, never an error."""

    # "slack", "email" or "desk".
    kind: str
    # A sentence without its full stop: "Slack is not set up: SLACK_BOT_TOKEN is not set".
    what: str
    # What to do: "write SLACK_BOT_TOKEN=… in config/newsroom/.env".
    how: str


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
    gather: timedelta = timedelta(minutes=15)
    fetch: FetchSettings = FetchSettings()
    keep: KeepSettings = KeepSettings()
    health: HealthSettings = HealthSettings()
    sources: tuple[Source, ...] = ()
    watchlists: tuple[Watchlist, ...] = ()
    # The newsroom's folder, absolute.
    folder: str = ""
