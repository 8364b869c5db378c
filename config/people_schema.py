"""What may nightdesk.yaml say of people, of when they rest, and of where they sign in?

Part of `config/schema.py`, and what every part of a file is made of.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from config.fields import (
    ClockTime,
    Id,
    Listens,
    MachineAddress,
    MailAddress,
    Person,
    PlaceOrNone,
    RoleName,
    Schedule,
    Span,
    WebAddress,
    Words,
)


class Page(BaseModel):
    """A part of a file. What is not named here may not stand there."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Hours(Page):
    """Hours in which only urgent stories are told."""

    begin: ClockTime = Field(alias="from")
    end: ClockTime = Field(alias="to")


class Reader(Page):
    """A person, for reader:ID in a watchlist. Told at once in Slack, in a digest by mail."""

    id: Id
    name: str = ""
    slack: Person | None = None
    email: MailAddress | None = None
    timezone: str | None = Field(default=None, description="Without it: the newsroom's.")
    role: RoleName = "reader"
    quiet_hours: Hours | Literal["off"] | None = Field(
        default=None, description="Every day; without it: the newsroom's."
    )


class Escalation(Page):
    """Another place is told once of a story that several outlets report themselves and nobody is on."""

    to: PlaceOrNone = Field(default="", description="Empty: nobody is.")
    outlets: int = Field(default=3, ge=2, le=20, description="With own reporting, within this time:")
    within: Span = "60m"


class Handover(Page):
    """What one shift leaves the next: open claims, what nobody is on, what went quiet."""

    to: PlaceOrNone = Field(default="", description="Empty: nobody is told.")
    at: Schedule = "daily 06:00"


class Console(Page):
    """The pages for people who never open a terminal."""

    address: Listens = "127.0.0.1:8010"
    public_url: WebAddress | None = Field(default=None, description="How people reach it, for links in mail.")
    trusted_proxy: MachineAddress | None = Field(default=None, description="What stands before it with TLS.")
    tls_certificate: Words | None = Field(default=None, description="A file, for https without a proxy.")
    tls_key: Words | None = Field(default=None, description="The file of its key.")
