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
    RoleName,
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


class Console(Page):
    """The pages for people who never open a terminal."""

    address: Listens = "127.0.0.1:8010"
    public_url: WebAddress | None = Field(default=None, description="How people reach it, for links in mail.")
    trusted_proxy: MachineAddress | None = Field(default=None, description="What stands before it with TLS.")
    tls_certificate: Words | None = Field(default=None, description="A file, for https without a proxy.")
    tls_key: Words | None = Field(default=None, description="The file of its key.")
