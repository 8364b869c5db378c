"""Who hears that Nightdesk is blind somewhere, and who hears that it is there at all?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from config.channels import is_safe
from config.destinations import normal
from config.environment import ENV_FILE
from config.explain import Problem
from config.picking import scalar, span, words
from config.secret_names import USUAL, SecretReader
from config.settings import HealthSettings, NotSetUp
from config.tree import File

HEARTBEAT = ("health", "heartbeat")
#: A beat a minute is as often as any watcher of programs wants it.
SHORTEST = timedelta(minutes=1)


def read_health(file: File, secrets: SecretReader) -> HealthSettings:
    """Return who hears of it."""
    usual = HealthSettings()
    return HealthSettings(
        to=normal(words(file.root, "health", "to")),
        quiet_after=span(words(file.root, "health", "quiet_after"), timedelta()) or None,
        heartbeat=secrets.value(*HEARTBEAT),
        heartbeat_every=span(words(file.root, "health", "heartbeat_every"), usual.heartbeat_every),
    )


def heartbeat_not_set_up(secrets: SecretReader, folder: Path) -> Iterator[NotSetUp]:
    """Yield that the address is named, and was given no value."""
    if HEARTBEAT in secrets.unset:
        name = secrets.unset[HEARTBEAT]
        yield NotSetUp(
            kind="heartbeat",
            what=f"the heartbeat is not set up: {name} is not set",
            how=f"write {name}=… in {folder / ENV_FILE}",
        )


def check_health(file: File, health: HealthSettings) -> Iterator[Problem]:
    """Yield what is wrong with the heartbeat. No value is shown."""
    named = scalar(file.root, *HEARTBEAT)
    if named is not None and health.heartbeat and not is_safe(health.heartbeat):
        what = "this is not set to an https:// address; http:// is for this machine alone"
        yield file.problem(named.place, what, f"an https:// address as the value of {USUAL[HEARTBEAT]}")
    often = scalar(file.root, "health", "heartbeat_every")
    if often is not None and health.heartbeat_every < SHORTEST:
        yield file.problem(often.place, "this is more often than once a minute", "1m or longer")
