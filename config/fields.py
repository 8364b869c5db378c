"""What may stand in one place of a file?

The kinds of value that `config/schema.py` puts together. A title completes "... is not"; the examples are
what a problem tells to write; the description is what a text editor shows.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

PLACES = (
    r"slack:(#[^\s#,:]+|@[\w.-]+|[CGUD][A-Z0-9]{7,})"
    r"|email:[^@\s]+@[^@\s]+|console:?|webhook:[\w-]+|other:[\w-]+|reader:[\w-]+"
)
A_PLACE = "slack:#channel, email:person@your-newsroom, or console"

Person = Annotated[
    str,
    Field(
        title="a Slack member's id",
        description="The conversation with one person, or a member's id: what only that person reads.",
        examples=["D04NIGHTED"],
        pattern=r"^[DU][A-Z0-9]{7,}$",
    ),
]
MailAddress = Annotated[
    str,
    Field(title="a mail address", examples=["night-editor@your-newsroom"], pattern=r"^[^@\s]+@[^@\s]+$"),
]
Dates = Annotated[
    str,
    Field(
        title="a date",
        description="A date, or a first and a last one.",
        examples=['"2026-12-25"', '"2026-12-24 to 2026-12-26"'],
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}( to [0-9]{4}-[0-9]{2}-[0-9]{2})?$",
    ),
]
Clause = Annotated[
    str,
    Field(
        title="words to look for",
        description="Words side by side must stand side by side. "
        '"exact", =Capitals, ending*, AND, OR, NOT, ( ), a NEAR/15 b, title:, body:, url:, source:',
        examples=["sanctuary city", "287(g)", "=ICE NEAR/15 jail"],
        min_length=1,
    ),
]
Clauses = Annotated[list[Clause], Field(min_length=1)]
Place = Annotated[
    str,
    Field(
        title="a place to send to",
        description=A_PLACE,
        examples=["slack:#immigration-desk", "email:metro-desk@newsroom.test"],
        pattern=f"^({PLACES})$",
    ),
]
PlaceOrDesk = Annotated[
    str,
    Field(
        title="a place to send to",
        description=f"desk (set once in nightdesk.yaml), {A_PLACE}",
        examples=["desk", "slack:#immigration-desk"],
        pattern=f"^(desk|{PLACES})$",
    ),
]
PlaceOrNone = Annotated[
    str,
    Field(
        title="a place to send to",
        description=f"{A_PLACE}; empty: not decided yet",
        examples=["slack:#immigration-desk", "email:metro-desk@newsroom.test"],
        pattern=f"^({PLACES})?$",
    ),
]
Secret = Annotated[
    str,
    Field(
        title="a secret's name",
        description="${NAME}: the value stands in the environment, in .env, or in the file NAME_FILE names",
        examples=["${SLACK_BOT_TOKEN}"],
    ),
]
Schedule = Annotated[
    str,
    Field(
        title="a schedule",
        description='"daily 06:30", "weekdays 07:00, 12:30", "sat,sun 09:00", "cron 30 6 * * 1-5"',
        examples=["daily 06:30", "weekdays 07:00, 12:30"],
        min_length=5,
    ),
]
ClockTime = Annotated[
    str, Field(title="a time of day", examples=['"06:30"'], pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
]
Span = Annotated[
    str,
    Field(
        title="a length of time",
        examples=["15m", "30d"],
        pattern=r"^[0-9]+ ?(s|m|h|d|w|seconds?|minutes?|hours?|days?|weeks?|months?|years?)$",
    ),
]
Id = Annotated[
    str,
    Field(
        title="an id",
        description="Small letters, digits and hyphens; it is never changed.",
        examples=["county-jail"],
        pattern=r"^[a-z0-9][a-z0-9-]*$",
    ),
]
Words = Annotated[str, Field(title="words", min_length=1)]
Language = Annotated[
    str, Field(title="a language", examples=["en", "es"], pattern=r"^[a-z]{2,3}(-[A-Za-z]+)?$")
]
WebAddress = Annotated[
    str, Field(title="a web address", examples=["https://ledger.test/feed"], pattern=r"^https?://[^\s/]+")
]
AddressAndPort = Annotated[
    str,
    Field(
        title="an address with its port",
        examples=["127.0.0.1:8080"],
        pattern=r"^(\[[0-9a-fA-F:.]+\]|[0-9.]+):[0-9]{1,5}$",
    ),
]
Condition = Annotated[
    str,
    Field(
        title="a condition",
        examples=["priority >= high"],
        pattern=r"^priority *(>=|=) *(urgent|high|normal|low)$",
    ),
]

Level = Annotated[Literal["urgent", "high", "normal", "low"], Field(title="a priority")]
Pace = Annotated[Literal["high", "normal", "low"], Field(title="a priority")]
Send = Annotated[Literal["at once", "digest"], Field(title="a way to send")]
FollowUp = Annotated[Literal["in thread", "new message", "off"], Field(title="a way to follow up")]
Part = Annotated[
    Literal["whats_new", "also_covered_by", "low_priority", "source_health"],
    Field(title="a part of a message"),
]
Days = Annotated[Literal["all", "weekdays", "weekends"], Field(title="a choice of days")]
Afterwards = Annotated[Literal["at end", "morning digest", "drop"], Field(title="a way to go on")]
Reads = Annotated[
    Literal[
        "feed",
        "google-news",
        "news-sitemap",
        "page-list",
        "page-watch",
        "json",
        "legistar",
        "spider",
        "discover",
    ],
    Field(
        title="a way to read",
        description="discover is a page that names feeds: nightdesk sources add finds and adds them.",
    ),
]
Selector = Annotated[
    str,
    Field(
        title="a CSS selector",
        description="Which part of a page, as a style sheet would say it.",
        examples=["main h2 a", "#notices"],
        min_length=1,
    ),
]
Spider = Annotated[
    str,
    Field(
        title="a spider's name",
        description="The name of its file in crawler/spiders/, without .py.",
        examples=["harbor_notices"],
        pattern=r"^[a-z][a-z0-9_]*$",
    ),
]
FieldPath = Annotated[
    str,
    Field(
        title="a path",
        description="Names with dots between, or words with paths in braces.",
        examples=["url", '"https://council.test/meeting/{id}"'],
        min_length=1,
    ),
]
Kind = Annotated[
    Literal["news", "release", "notice", "agenda", "ruling", "opinion", "advocacy", "research"],
    Field(title="a kind of source"),
]
FullText = Annotated[Literal["always", "when matched", "never"], Field(title="a choice")]
Excerpt = Annotated[
    Literal["headline", "two_sentences"],
    Field(title="a choice", description="How much of an article a message may quote."),
]
WhenUnknown = Annotated[
    Literal["resend", "hold"],
    Field(
        title="a choice",
        description="When nobody knows whether a message arrived: send it again, or hold it for a person.",
    ),
]
Listens = Annotated[
    str,
    Field(
        title="an address with its port",
        description="An address of this machine; other machines reach it only with TLS or through a proxy.",
        examples=["127.0.0.1:8010"],
        pattern=r"^(\[[0-9a-fA-F:.]+\]|[0-9.]+):[0-9]{1,5}$",
    ),
]
MachineAddress = Annotated[
    str,
    Field(
        title="a machine's address",
        description="The proxy's own address, as this machine sees it.",
        examples=["127.0.0.1"],
        pattern=r"^[0-9a-fA-F:.]+$",
    ),
]
RoleName = Annotated[
    Literal["reader", "editor", "admin"],
    Field(
        title="a role",
        description="reader reads, votes and claims; editor changes keywords and sources; "
        "admin changes people and settings.",
    ),
]
Switch = Annotated[Literal["on", "off"], Field(title="a switch")]
