"""Which ways out did the newsroom declare, and which of them are set up?

A way out whose secret is not set is no error: Nightdesk starts and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.environment import ENV_FILE
from config.explain import Problem
from config.picking import items, scalar, under, words
from config.secret_names import USUAL, SecretReader
from config.settings import (
    ChannelSettings,
    EmailSettings,
    NotSetUp,
    Secret,
    SlackSettings,
    WebhookSettings,
)
from config.tree import File, Node, Table

#: Kinds of destinations that have names, and where they stand under channels:.
NAMED_KINDS = {"webhook": "webhooks", "other": "others"}
TOKEN, WEBHOOK, APP_TOKEN, SMTP, *_ = USUAL
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
    webhooks, others = _webhooks(table, secrets), _others(table, secrets)
    not_set_up = []
    if "slack" in declared and not slack.is_set_up:
        not_set_up.append(_missing("slack", "Slack", secrets, (TOKEN, WEBHOOK), folder))
    if "email" in declared and not email.is_set_up:
        not_set_up.append(_missing("email", "Email", secrets, (SMTP,), folder))
    for kind, set_up in (("webhook", webhooks), ("other", others)):
        not_set_up += _unset(table, kind, set_up, secrets, folder)
    return Channels(
        settings=ChannelSettings(slack=slack, email=email, webhooks=webhooks, others=others),
        declared=declared | {f"{kind}:{name}" for kind in NAMED_KINDS for name in _names(table, kind)},
        not_set_up=tuple(not_set_up),
        problems=(*_check_mail(file, email), *_check_webhooks(file, table, webhooks)),
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


def _names(table: Node | None, kind: str) -> tuple[str, ...]:
    return tuple(words(one, "name") for one in items(table, NAMED_KINDS[kind]))


def _webhooks(table: Node | None, secrets: SecretReader) -> dict[str, WebhookSettings]:
    found: dict[str, WebhookSettings] = {}
    for one in items(table, "webhooks"):
        url, secret = secrets.listed(one, "webhooks", "url"), secrets.listed(one, "webhooks", "secret")
        if url and secret:
            found[words(one, "name")] = WebhookSettings(url=url, secret=secret)
    return found


def _others(table: Node | None, secrets: SecretReader) -> dict[str, Secret]:
    found = {words(one, "name"): secrets.listed(one, "others", "url") for one in items(table, "others")}
    return {name: url for name, url in found.items() if url}


def _unset(
    table: Node | None, kind: str, set_up: Mapping[str, object], secrets: SecretReader, folder: Path
) -> Iterator[NotSetUp]:
    for name in _names(table, kind):
        if name not in set_up:
            missing = [
                unset
                for path, unset in secrets.unset.items()
                if path[:3] == ("channels", NAMED_KINDS[kind], name)
            ]
            what = f"{kind}:{name} is not set up: {' and '.join(missing) or 'a secret'} is not set"
            how = f"write {(missing or ['its secret'])[0]}=… in {folder / ENV_FILE}"
            yield NotSetUp(kind=kind, what=what, how=how)


def _check_webhooks(
    file: File, table: Node | None, webhooks: Mapping[str, WebhookSettings]
) -> Iterator[Problem]:
    """Yield a problem for an address that would carry news unprotected. No value is shown."""
    for one in items(table, "webhooks"):
        place, known = scalar(one, "url"), webhooks.get(words(one, "name"))
        if place is not None and known and not is_safe(known.url):
            what = "this is not set to an https:// address; http:// is for this machine alone"
            yield file.problem(place.place, what, "an https:// address as its value")


def is_safe(address: Secret) -> bool:
    """Whether nobody on the way to an address reads along."""
    try:
        parts = urlsplit(address.reveal())
        near = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and near))
    except ValueError:
        return False


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
