"""What is answered when `init` asks nothing? What was typed, else what the machine says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from config.hours import is_zone
from config.install import Answers

UNKNOWN_ZONE = "UTC"


def usual_answers(
    environment: Mapping[str, str], told: Mapping[str, str | None] | None = None, *, with_beat: bool = True
) -> Answers:
    """Return the answers when nothing is asked: what was typed, else what the machine says."""
    told = told or {}
    return Answers(
        newsroom=told.get("name") or Answers().newsroom,
        timezone=told.get("timezone") or machine_zone(environment),
        with_beat=with_beat,
        slack=channel(told.get("slack") or environment.get("NIGHTDESK_DESK_SLACK", "")),
        email=(told.get("email") or environment.get("NIGHTDESK_DESK_EMAIL", "")).strip(),
    )


def machine_zone(environment: Mapping[str, str]) -> str:
    """Return the time zone of this machine, or UTC when it does not say."""
    local, link = Path("/etc/timezone"), Path("/etc/localtime")
    told = [environment.get("TZ", "").removeprefix(":")]
    told.append(local.read_text(encoding="utf-8").strip() if local.is_file() else "")
    told.append(str(link.resolve()).partition("/zoneinfo/")[2])
    return next((zone for zone in told if zone and is_zone(zone)), UNKNOWN_ZONE)


def channel(told: str) -> str:
    """Return a channel as Slack writes it; `#` may be left out, because a shell takes it for a comment."""
    told = told.strip().removeprefix("slack:")
    plain = told and told[0] not in "#@" and not (told[0] in "CGUD" and told.isupper())
    return f"#{told}" if plain else told
