"""What stands where a secret is named?

`${SLACK_BOT_TOKEN}` is looked up. A secret written out is an error, and is never shown, not even by that
error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from config.environment import REFERENCE, Environment
from config.explain import Place, Problem
from config.picking import items, scalar, under, words
from config.settings import Secret
from config.tree import LINE_END, SLACKS, File, Node, Scalar, Table
from news.errors import ConfigError

#: Where a secret is named, and the name it usually has.
USUAL = {
    ("channels", "slack", "token"): "SLACK_BOT_TOKEN",
    ("channels", "slack", "webhook"): "SLACK_WEBHOOK_URL",
    ("channels", "slack", "app_token"): "SLACK_APP_TOKEN",
    ("channels", "email", "smtp"): "SMTP_URL",
    ("database",): "DATABASE_URL",
    ("health", "heartbeat"): "HEARTBEAT_URL",
}
LITERAL = "a secret never stands in a file"
TOKENS = re.compile(SLACKS)
#: What a token begins with, and the name it usually has.
KINDS = {"xapp": "SLACK_APP_TOKEN", "https": "SLACK_WEBHOOK_URL", "xox": "SLACK_BOT_TOKEN"}
#: Settings of a channel that everybody may read. Whatever else is written under channels: is never shown.
PUBLIC = frozenset({"api_url", "from", "reply_to", "when_unknown"})
#: Ways out of which there may be several, each with a name.
LISTED = ("webhooks", "others")
#: A line of a file that cannot be read as YAML.
SECRET_LINE = re.compile(
    r"\b(?:token|webhook|app_token|smtp|database|heartbeat)[ \t]*:[ \t]*([^\s,}][^\r\n,}]*)"
)
#: An address without a name and a password in it may stand in the file.
HARMLESS = re.compile(r"(?:smtps?|smtp\+plain|sqlite|postgres(?:ql)?(?:\+\w+)?)://[^@]*", re.IGNORECASE)


def written_out(file: File) -> list[str]:
    """Return the values that may be secrets and stand in the file itself."""
    if not isinstance(file.root, Table):
        return [value for value in SECRET_LINE.findall(file.text) if not _may_stand(value)]
    found = [scalar(file.root, "database"), scalar(file.root, "health", "heartbeat")]
    channels = under(file.root, "channels")
    found += [
        scalar(one, name) for kind in LISTED for one in items(channels, kind) for name in ("url", "secret")
    ]
    for name in channels.entries if isinstance(channels, Table) else ():
        lines = under(channels, name)
        if isinstance(lines, Table):
            found += [scalar(lines, setting) for setting in lines.entries if setting not in PUBLIC]
    return [str(one.value) for one in found if one is not None and not _may_stand(str(one.value))]


def check_tokens(file: File) -> Iterator[Problem]:
    """Yield an error for each token that stands in a file, in a comment too."""
    for number, line in enumerate(LINE_END.split(file.text) if TOKENS.search(file.text) else (), start=1):
        for found in TOKENS.finditer(line):
            place = Place(line=number, column=found.start() + 1, end_line=number, end_column=found.end() + 1)
            usual = next(name for start, name in KINDS.items() if found[0].startswith(start))
            yield file.problem(place, LITERAL, f"${{{usual}}} here, and its value in .env")


def without(secrets: list[str], problem: Problem) -> Problem:
    """Return a problem that shows none of the secrets, not even in the line it stands in."""
    for secret in secrets:
        dots = "•" * len(secret)
        what, write, text = (
            each.replace(secret, dots) for each in (problem.what, problem.write, problem.text)
        )
        problem = replace(problem, what=what, write=write, text=text)
    return problem


class SecretReader:
    """Look secrets up, and remember which are missing and what is wrong."""

    def __init__(self, file: File, environment: Environment) -> None:
        """Read the names in `file`, the values in `environment`."""
        self._file = file
        self._environment = environment
        self.problems: list[Problem] = []
        # Where a name stands that nobody set, and the name.
        self.unset: dict[tuple[str, ...], str] = {}

    def value(self, *path: str) -> Secret | None:
        """Return the secret named at a place of the file; None while there is no name or no value."""
        return self._value(scalar(self._file.root, *path), path, USUAL[path])

    def listed(self, one: Node, kind: str, setting: str) -> Secret | None:
        """Return the secret that one of a list of ways out names; None while there is no name or no value."""
        name = words(one, "name")
        usual = f"{name}_{setting}".upper().replace("-", "_")
        return self._value(scalar(one, setting), ("channels", kind, name, setting), usual)

    def _value(self, named: Scalar | None, path: tuple[str, ...], usual: str) -> Secret | None:
        text = str(named.value) if named is not None else ""
        if named is None or not text:
            return None
        found = REFERENCE.fullmatch(text)
        if found:
            return self._looked_up(path, named, found[1])
        if HARMLESS.fullmatch(text):
            return Secret(text)
        if TOKENS.search(text):
            return None  # `check_tokens` says so
        if text == usual:
            self._say(named, f"this is the word {usual}, not its value", f"${{{usual}}}")
        else:
            self._say(named, LITERAL, f"${{{usual}}} here, and its value in .env")
        return None

    def _looked_up(self, path: tuple[str, ...], named: Scalar, name: str) -> Secret | None:
        try:
            value = self._environment.find(name)
        except ConfigError as error:
            self._say(named, str(error), f"the path of a file that Nightdesk may read as {name}_FILE")
            return None
        if value is None:
            self.unset[path] = name
        return value

    def _say(self, named: Scalar, what: str, write: str) -> None:
        self.problems.append(self._file.problem(named.place, what, write))


def _may_stand(text: str) -> bool:
    return not text or bool(REFERENCE.fullmatch(text) or HARMLESS.fullmatch(text)) or text in USUAL.values()
