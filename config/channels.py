"""Which ways out did the newsroom declare, and which of them are set up?

A way out whose secret is not set is no error: Nightdesk starts and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.environment import ENV_FILE
from config.explain import Problem
from config.picking import scalar, under, words
from config.secret_names import USUAL, SecretReader
from config.settings import ChannelSettings, EmailSettings, NotSetUp, Secret, SlackSettings
from config.tree import File, Table

TOKEN, WEBHOOK, APP_TOKEN, SMTP, _ = USUAL
MAIL_SCHEMES = frozenset({"smtp", "smtps", "smtp+plain"})
MAIL_SERVER = "smtp://user:password@host:587 as its value; in the password %23 for #, %2F for /, %40 for @"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """The ways out, and what is wrong or missing."""

    settings: ChannelSettings
    # The kinds under channels:, set up or not.
    declared: frozenset[str]
    not_set_up: tuple[NotSetUp, ...]
    problems: tuple[Problem, ...]


def read_channels(file: File, secrets: SecretReader, *, folder: Path, sender: str) -> Channels:
    """Return the ways out that nightdesk.yaml declares; `sender` is who mail is from when it does not say."""
    table = under(file.root, "channels")
    declared = frozenset(table.entries) if isinstance(table, Table) else frozenset[str]()
    slack, email = _slack(file, secrets), _email(file, secrets, sender)
    not_set_up = []
    if "slack" in declared and not slack.is_set_up:
        not_set_up.append(_missing("slack", "Slack", secrets, (TOKEN, WEBHOOK), folder))
    if "email" in declared and not email.is_set_up:
        not_set_up.append(_missing("email", "Email", secrets, (SMTP,), folder))
    return Channels(
        settings=ChannelSettings(slack=slack, email=email),
        declared=declared,
        not_set_up=tuple(not_set_up),
        problems=tuple(_check_mail(file, email)),
    )


def _slack(file: File, secrets: SecretReader) -> SlackSettings:
    usual = SlackSettings()
    return SlackSettings(
        token=secrets.value(*TOKEN),
        webhook=secrets.value(*WEBHOOK),
        app_token=secrets.value(*APP_TOKEN),
        api_url=words(file.root, "channels", "slack", "api_url", default=usual.api_url),
        when_unknown=words(file.root, "channels", "slack", "when_unknown", default=usual.when_unknown),
    )


def _email(file: File, secrets: SecretReader, sender: str) -> EmailSettings:
    return EmailSettings(
        smtp=secrets.value(*SMTP),
        sender=words(file.root, "channels", "email", "from") or sender,
        reply_to=words(file.root, "channels", "email", "reply_to"),
        when_unknown=words(file.root, "channels", "email", "when_unknown", default="resend"),
    )


def _missing(
    kind: str, name: str, secrets: SecretReader, places: tuple[tuple[str, ...], ...], folder: Path
) -> NotSetUp:
    unset = [secrets.unset[place] for place in places if place in secrets.unset] or [USUAL[places[0]]]
    return NotSetUp(
        kind=kind,
        what=f"{name} is not set up: {' and '.join(unset)} {'is' if len(unset) == 1 else 'are'} not set",
        how=f"write {unset[0]}=… in {folder / ENV_FILE}",
    )


def _check_mail(file: File, email: EmailSettings) -> Iterator[Problem]:
    """Yield what is wrong with the mail server's address or with who mail is from. No value is shown."""
    named = scalar(file.root, *SMTP)
    if named is not None and email.smtp and not _is_mail_server(email.smtp):
        yield file.problem(named.place, "this is not set to the address of a mail server", MAIL_SERVER)
    elif named is not None and email.smtp and not email.sender:
        yield file.problem(
            named.place, "nobody is named whom mail is from", "from: nightdesk@your-newsroom below it"
        )


def _is_mail_server(address: Secret) -> bool:
    try:
        parts = urlsplit(address.reveal())
        return parts.scheme in MAIL_SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is no number
        return False
