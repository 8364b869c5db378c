"""Why could a publisher's server not be read, in words a journalist understands?

Every way a download can go wrong becomes one `SourceError` with a class of failure (`reason`) that health,
waits and `sources check` are decided by. The sentence is what `status` shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from OpenSSL.SSL import Error as TlsError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.web.client import ResponseFailed
from twisted.web.http import PotentialDataLoss

from news.errors import AddressRefusedError, SourceError, SourceGoneError

LONGEST_WAIT = 7 * 86_400.0  # seconds; a Retry-After beyond a week is a mistake, not a wish

#: Everything a download may raise. Whatever else comes up is a mistake of ours and must be seen.
DOWNLOAD_ERRORS: tuple[type[Exception], ...] = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
    ConnectError,
    ConnectionClosed,
    ResponseFailed,
    PotentialDataLoss,
    TlsError,
    VerificationError,
    OSError,
    ValueError,
)

#: Statuses that mean "not for programs like you": Nightdesk stops and asks a person, and goes round nothing.
REFUSALS = {
    401: "asks for a login",
    402: "asks for payment",
    403: "refuses automated readers",
    451: "may not be read from here, for legal reasons",
}


def explain_status(status: int, retry_after: float | None) -> SourceError:
    """Return what an HTTP status that brings no news means."""
    problem = _meaning_of(status, retry_after)
    problem.status = status
    return problem


def _meaning_of(status: int, retry_after: float | None) -> SourceError:
    if status in REFUSALS:
        return SourceGoneError(REFUSALS[status], reason="paywall" if status == 402 else "blocked")  # noqa: PLR2004
    if status == 410:  # noqa: PLR2004 - HTTP's own numbers, as around it
        return SourceGoneError("is gone for good", reason="gone")
    if status == 404:  # noqa: PLR2004
        return SourceError("is not at this address any more", reason="not found", retry_after=retry_after)
    if status == 429:  # noqa: PLR2004
        return SourceError("asks us to come less often", reason="busy", retry_after=retry_after)
    if status >= 500:  # noqa: PLR2004
        return SourceError("has trouble of its own", reason="trouble", retry_after=retry_after)
    return SourceError(f"answers in a way we do not understand ({status})", reason="malformed")


def explain_failure(problem: BaseException, *, timeout: float) -> SourceError:
    """Return what a download that failed means."""
    name = type(problem).__name__
    if name == "RobotsUnknownError" and problem.__cause__ is not None:
        return explain_failure(problem.__cause__, timeout=timeout)
    if name == "FenceRefusedError":
        return AddressRefusedError(
            f"is at {problem}, which is not a public address (see fetch.allow_addresses)",
            reason="address refused",
        )
    if name in SENTENCES:
        sentence, reason = SENTENCES[name]
        kind = SourceGoneError if reason == "robots" else SourceError
        return kind(sentence.format(timeout=timeout), reason=reason)
    secure = [cause for cause in _causes(problem) if isinstance(cause, TlsError | VerificationError)]
    if secure:
        return _insecure(secure)
    if isinstance(problem, NotSupported | UnsupportedURLSchemeError):
        return SourceError("is not a web address (http or https)", reason="malformed")
    return SourceError("breaks off the connection", reason="unreachable")


def _insecure(causes: Sequence[BaseException]) -> SourceError:
    """Return what is wrong with a connection that should be safe: whom it is to, or that it is none."""
    if any(isinstance(cause, VerificationError) or "certificate" in str(cause) for cause in causes):
        return SourceError("shows a certificate that is not valid", reason="certificate")
    return SourceError("does not speak https as it should", reason="unreachable")


#: By the exception's name: what to say, and the class of failure.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "RobotsRefusedError": ("asks programs not to read this page (robots.txt)", "robots"),
    "RobotsUnknownError": ("does not say what programs may read (robots.txt cannot be read)", "unreachable"),
    "DownloadTimeoutError": ("took longer than {timeout:.0f} seconds to answer", "slow"),
    "CannotResolveHostError": ("has no address: its name is unknown", "unreachable"),
    "DownloadConnectionRefusedError": ("does not take connections", "unreachable"),
    "DownloadCancelledError": ("sends more than we take in", "too big"),
    "TooLargeError": ("sends more than we take in", "too big"),
}


def _causes(problem: BaseException) -> list[BaseException]:
    """Return everything that this failure was caused by, Twisted's lists of reasons included."""
    found: list[BaseException] = []
    waiting: list[Any] = [problem]
    while waiting and len(found) < 50:  # noqa: PLR2004 - more than any chain there is
        cause = waiting.pop()
        if not isinstance(cause, BaseException) or cause in found:
            continue
        found.append(cause)
        waiting += [cause.__cause__, cause.__context__]
        waiting += [getattr(failure, "value", None) for failure in getattr(cause, "reasons", ())]
    return found


def wait_asked_for(header: str | None, now: datetime | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, as a number or a date; None for nonsense."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:  # noqa: PLR2004 - 30 years in seconds
        return min(float(text), LONGEST_WAIT)
    moment = moment_of(text)
    if moment is None or now is None:
        return None
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_WAIT)


def moment_of(header: str) -> datetime | None:
    """Return the moment that an HTTP date says, or None for nonsense."""
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
