"""Will asking Slack again help? One table of its error codes, and what it asks us to wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from news.errors import ChannelError, ChannelRefusedError, OutcomeUnknownError

LONGEST_WAIT = 3_600.0  # seconds; a longer Retry-After is asked again after this

#: Slack may or may not have done it.
AMBIGUOUS = frozenset({"internal_error", "fatal_error", "request_timeout"})
#: It did not, and later it may.
LATER = frozenset(
    {"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "accesslimited"}
)
#: It cannot take these blocks; text alone may do.
CONTENT = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
#: A message that will never be changed again; what follows it is still told.
CLOSED = frozenset(
    {
        "cant_update_message",
        "channel_not_found",
        "edit_window_closed",
        "is_archived",
        "is_inactive",
        "message_not_found",
    }
)

#: The app may not do this; the answer names the permission it lacks.
MISSING_SCOPE = "missing_scope"

TOKEN_WORDS = "Slack refuses the token in SLACK_BOT_TOKEN"  # noqa: S105 - a sentence about one
WORDS = {
    "account_inactive": f"{TOKEN_WORDS}: its account was deactivated",
    "channel_not_found": "Slack has no such channel, or Nightdesk was not invited to it",
    "invalid_auth": TOKEN_WORDS,
    "is_archived": "the channel is archived",
    "is_inactive": "the channel is archived",
    "not_authed": TOKEN_WORDS,
    "not_in_channel": "Nightdesk was not invited to the channel: type /invite @Nightdesk there",
    "restricted_action": "the workspace does not let Nightdesk post there",
    "token_expired": f"{TOKEN_WORDS}: it has expired",
    "token_revoked": f"{TOKEN_WORDS}: it was revoked",
}


class SlackRefusedError(ChannelRefusedError):
    """Slack said no, with a code."""

    def __init__(self, code: str, words: str) -> None:
        """Keep the code beside the sentence."""
        super().__init__(words)
        self.code = code


def judge(status: int, answer: Mapping[str, object], *, wait: float | None) -> ChannelError:
    """Return the error that an answer other than ok stands for."""
    code = str(answer.get("error") or "")
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in LATER:
        return ChannelError("Slack asks us to wait", retry_after=wait)
    if code in AMBIGUOUS or status >= HTTPStatus.INTERNAL_SERVER_ERROR or not code:
        return OutcomeUnknownError(f"Slack answered {code or status} and may have taken the message")
    return SlackRefusedError(code, words_for(code, str(answer.get("needed") or "")))


def words_for(code: str, needed: str = "") -> str:
    """Return a code as a sentence that a person can act on."""
    if code == MISSING_SCOPE:
        permission = f" {needed}" if needed else ""
        return f"the Slack app lacks a permission{permission}: add it under OAuth & Permissions and reinstall"
    return WORDS.get(code, f"Slack says {code}")


def asked_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that Retry-After asks for, in seconds or as a date; None for none or nonsense."""
    said = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    seconds = _seconds(said) if said else None
    if seconds is None and said:
        seconds = _until(said, now)
    return None if seconds is None else min(max(seconds, 0.0), LONGEST_WAIT)


def _seconds(said: str) -> float | None:
    try:
        seconds = float(said)
    except ValueError:
        return None
    return seconds if seconds == seconds else None  # noqa: PLR0124 - "nan" is not a wait


def _until(said: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()
