"""What may a file say?

One pydantic model for each kind of file. They are written out as JSON Schema (`config/starter/.schema`),
and that does two things: a text editor completes and underlines while somebody types, and `config/shape.py`
judges a file by the very same pages. Pydantic is not asked itself each time, because importing it and
building these models takes 85 of the 250 ms of CPU that `nightdesk check` may take, and reading the pages
1. A test asks both about the same files and wants one answer.

After a change here: python -m config.schema
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from config.fields import (
    AddressAndPort,
    Afterwards,
    Clause,
    Clauses,
    ClockTime,
    Condition,
    Dates,
    Days,
    Excerpt,
    FieldPath,
    FollowUp,
    FullText,
    Id,
    Kind,
    Language,
    Level,
    Pace,
    Part,
    Place,
    PlaceOrDesk,
    PlaceOrNone,
    Reads,
    Schedule,
    Secret,
    Selector,
    Send,
    Span,
    Spider,
    Switch,
    WebAddress,
    WhenUnknown,
    Words,
)
from config.people_schema import Console, Escalation, Handover, Hours, Page, Reader

SHIPPED = Path(__file__).parent / "starter" / ".schema"


# ── watchlists/*.yaml ────────────────────────────────────────────────────────────────────────────────


class Match(Page):
    """What to catch."""

    any: Clauses = Field(default=[], description="One of these is enough.")
    all: list[Clause] = Field(default=[], description="Every one of these must be there too.")
    never: list[Clause] = Field(default=[], description="Any of these leaves the story out.")
    none: list[Clause] = Field(default=[], description="Another word for never.")


class PriorityLines(Page):
    """How much a story matters. These lines read the headline and first paragraph; body: reads everything."""

    default: Level = "normal"
    urgent: list[Clause] = Field(default=[], description="Wakes people up.")
    high: list[Clause] = Field(default=[])
    low: list[Clause] = Field(default=[])


class Where(Page):
    """Where to look."""

    groups: list[Words] = Field(default=["all"])
    only: list[Words] = Field(default=[], description="Sources or groups; these alone are looked at.")
    besides: list[Words] = Field(default=[], alias="except", description="Sources or groups left out.")


class WatchlistHours(Hours):
    """Quiet hours of one watchlist. This version keeps them and goes by the newsroom's."""

    days: Days = "all"
    besides: list[Level] = Field(default=["urgent"], alias="except")
    then: Afterwards = "at end"


class Deliver(Page):
    """Who hears about it, when."""

    to: Place
    send: Send = "at once"
    at: Schedule | None = Field(default=None, description="When the digest goes out; else the desk's time.")
    when: Condition = "priority >= low"
    passing_mentions: bool = Field(default=False, description="Send a passing mention at once too.")
    follow_ups: FollowUp = "in thread"
    include: list[Part] = Field(
        default=["whats_new", "also_covered_by"], description="Kept; this version goes by its own choice."
    )


class Example(Page):
    """An article to try a watchlist on, as short as it may be."""

    title: Words | None = Field(default=None, description="Its headline.")
    text: Words | None = Field(default=None, description="What it says.")
    url: WebAddress | None = Field(default=None, description="Its address. Nothing is fetched.")
    source: Id | None = Field(default=None, description="The source it came from, for lines with source:.")
    language: Language | None = Field(default=None, description="Without it: the watchlist's first.")


class WatchlistFile(Page):
    """What an editor wants to hear of, and how."""

    id: Id | None = Field(default=None, description="Without it: the file's name.")
    name: Words = Field(description="Shown in alerts and digests.")
    about: str = ""
    owner: str = ""
    languages: list[Language] = Field(default=[], description="Empty: every language.")
    match: Match | Clauses
    priority: PriorityLines = PriorityLines()
    sources: Where = Where.model_construct()
    deliver: PlaceOrDesk | Annotated[list[Deliver], Field(min_length=1)]
    quiet_hours: WatchlistHours | None = None
    expect_match: list[Words | Example] = Field(
        default=[], description="Headlines, or articles, that this watchlist must catch: check tries them."
    )
    expect_no_match: list[Words | Example] = Field(
        default=[], description="Headlines, or articles, that it must leave alone: check tries them."
    )
    private: bool = Field(default=False, description="Only the people under deliver: know of it.")
    enabled: bool = True


# ── sources/*.yaml ───────────────────────────────────────────────────────────────────────────────────


class ListLines(Page):
    """Which links of a page are its news. Without it they are guessed."""

    links: Selector | None = Field(default=None, description="The links, or what stands around them.")
    addresses: Words | None = Field(
        default=None, description="What the addresses look like, * for anything.", examples=["/news/*"]
    )


class WatchLines(Page):
    """Which part of a page is watched. Without it: all of it but navigation and footer."""

    part: Selector | None = None
    without: list[Selector] = Field(default=[], description="Parts of it that do not count.")


class JsonLines(Page):
    """Where the entries stand in a program's answer."""

    items: FieldPath | None = Field(default=None, description="The list; without it the answer is the list.")
    title: FieldPath
    link: FieldPath
    published: FieldPath | None = None
    text: FieldPath | None = None
    next: FieldPath | None = Field(default=None, description="The address of the next page.")
    pages: int = Field(default=1, ge=1, le=20, description="Pages read at most.")


class SourceEntry(Page):
    """A place that news comes from."""

    id: Id
    name: Words
    url: WebAddress
    reads: Reads = Field(default="feed", alias="as")
    lists: ListLines | None = Field(default=None, alias="list", description="For as: page-list.")
    watch: WatchLines | None = Field(default=None, description="For as: page-watch.")
    answer: JsonLines | None = Field(default=None, alias="json", description="For as: json.")
    spider: Spider | None = Field(default=None, description="For as: spider.")
    kind: Kind = "news"
    group: str = ""
    priority: Pace = Field(default="normal", description="How often it is asked: fetch.every.")
    language: Language | None = None
    full_text: FullText = "always"
    browser: bool = Field(
        default=False, description="Read pages made by JavaScript with a browser: ./do install browser."
    )
    excerpt: Excerpt = "two_sentences"
    backup: list[WebAddress] = Field(default=[])
    every: Span | None = Field(
        default=None, description="The shortest time between two looks, if not by priority."
    )
    evidence: str = Field(
        default="", description="Where the address comes from, and when it was seen working."
    )
    note: str = ""
    enabled: bool = True


class SourcesFile(Page):
    """Places that news comes from."""

    sources: list[SourceEntry]


# ── nightdesk.yaml ───────────────────────────────────────────────────────────────────────────────────


class Newsroom(Page):
    """Who and where."""

    name: Words
    timezone: str = Field(
        title="a time zone",
        examples=["America/Denver"],
        description="Every time in this folder is local to it.",
    )
    language: Language = "en"


class Desk(Page):
    """Where a watchlist goes that says `deliver: desk`. What is not decided is shown on the console."""

    at_once: PlaceOrNone | None = Field(default=None, description="Main topic and high priority.")
    digest: PlaceOrNone | None = Field(default=None, description="One message a day, everything.")
    digest_at: ClockTime = "06:30"


class Slack(Page):
    """How to reach Slack."""

    token: Secret | None = Field(default=None, description="The bot's token: threads, edits, look-ups.")
    webhook: Secret | None = Field(default=None, description="Instead of a token: no threads, no edits.")
    app_token: Secret | None = Field(default=None, description="Switches the buttons on.")
    api_url: WebAddress = "https://slack.com/api/"
    when_unknown: WhenUnknown = Field(default="resend", description="By webhook only: a token looks first.")


class Email(Page):
    """How to send mail."""

    smtp: Secret | None = Field(default=None, description="Names a secret: smtp://user:password@host:587")
    sender: str = Field(default="", alias="from", description="Without it: the desk's own address.")
    reply_to: str = ""
    when_unknown: WhenUnknown = "resend"


class Webhook(Page):
    """A program that is told by signed messages, for webhook:NAME."""

    name: Id
    url: Secret = Field(description="Names a secret: the program's https:// address.")
    secret: Secret = Field(description="Names a secret: what messages are signed with.")


class Other(Page):
    """A place that Apprise reaches, for other:NAME. Needs the extra: ./do install channels."""

    name: Id
    url: Secret = Field(description="Names a secret: the address as Apprise writes it.")


class Channels(Page):
    """Every way out."""

    slack: Slack | None = None
    email: Email | None = None
    webhooks: list[Webhook] = Field(default=[])
    others: list[Other] = Field(default=[])


class LimitLines(Page):
    """Messages a channel may get, over all watchlists, before stories are grouped."""

    per_hour: int = Field(default=4, ge=1)
    per_day: int = Field(default=15, ge=1)


class Quiet(Page):
    """When only urgent stories are told. Without a line: 22:00 to 06:00, at weekends to 08:00."""

    weekdays: Hours | Literal["off"] | None = None
    weekends: Hours | Literal["off"] | None = None


class FollowUps(Page):
    """How follow-ups are sent."""

    gather: Span = Field(default="15m", description="What comes within this time goes out together.")


class Every(Page):
    """How often sources are asked, by their priority."""

    high: Span = "2m"
    normal: Span = "10m"
    low: Span = "60m"


class Fetch(Page):
    """How Nightdesk behaves on other people's servers."""

    user_agent: Words = Field(default="Nightdesk", description="Publishers see whom to write to.")
    respect_robots: bool = True
    every: Every = Every()
    timeout: Span = "20s"
    at_once: int = Field(
        default=32, ge=1, le=256, description="Requests under way, over all hosts; one a host."
    )
    allow_addresses: list[AddressAndPort] = Field(
        default=[], description="Private addresses that may be asked all the same."
    )


class Keep(Page):
    """How long things are kept."""

    full_text: Span = "30d"
    stories: Span = "12 months"
    activity: Span = "24 months"


class Health(Page):
    """Who hears that Nightdesk is blind somewhere."""

    to: PlaceOrNone | None = None
    quiet_after: Literal["auto"] | Span = Field(default="auto", description="auto: learned for each source.")
    heartbeat: Secret | None = Field(default=None, description="Names a secret: asked while all is well.")
    heartbeat_every: Span = "5m"


class NightdeskFile(Page):
    """The whole newsroom's settings."""

    version: int = Field(default=1, ge=1, le=1)
    newsroom: Newsroom
    desk: Desk | None = None
    channels: Channels | None = None
    database: Secret | None = Field(
        default=None, description="Without it, or while it is not set: data/nightdesk.db in this folder."
    )
    limits: LimitLines = LimitLines()
    quiet_hours: Quiet | Literal["off"] = Quiet()
    holidays: list[Dates] = Field(default=[], description="Only urgent stories are told; digests rest.")
    readers: list[Reader] = Field(default=[])
    stopped: list[Place] = Field(
        default=[], description="Nothing is sent there any more: who unsubscribed stands here."
    )
    follow_ups: FollowUps = FollowUps()
    fetch: Fetch = Fetch()
    keep: Keep = Keep()
    health: Health | None = None
    escalation: Escalation | None = None
    handover: Handover | None = None
    console: Console | Switch = Field(default="on", description="Where the console is, or off.")


FILES: dict[str, type[Page]] = {
    "nightdesk": NightdeskFile,
    "sources": SourcesFile,
    "watchlist": WatchlistFile,
}


def pages() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each kind of file."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {name: dialect | model.model_json_schema(by_alias=True) for name, model in FILES.items()}


def write(folder: Path) -> None:
    """Write the pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        text = json.dumps(page, indent=1, ensure_ascii=False) + "\n"
        (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(SHIPPED)
