"""What goes wrong with Slack?

    slack.script("chat.postMessage", [accept_then_drop(), rate_limited()])

Each is a ``Fault`` for one call. *Accepted* means the message is stored and the sender is not told, or told a
lie: the reason why nobody may post again without looking first.
"""

from __future__ import annotations

import json

from tests.fakes.faults import LONGEST_HANG, Fault, drop, hang, html_instead, redirect, status, truncated
from tests.fakes.serving import Answer, Received


def accept_then_drop() -> Fault:
    """Store the message, then close the connection without an answer."""
    return drop(handled=True)


def drop_before() -> Fault:
    """Close the connection without an answer; nothing is stored."""
    return drop(handled=False)


def hang_accepted(seconds: float = LONGEST_HANG) -> Fault:
    """Store the message, then never answer."""
    return hang(seconds, handled=True)


def hang_before(seconds: float = LONGEST_HANG) -> Fault:
    """Never answer; nothing is stored."""
    return hang(seconds, handled=False)


def error(name: str, *, accepted: bool = False) -> Fault:
    """Say ``ok: false`` with this error: ``internal_error``, ``fatal_error``, ``request_timeout``."""

    def bend(_: Received, __: Answer) -> Answer:
        body = json.dumps({"ok": False, "error": name}).encode()
        return Answer(headers=(("Content-Type", "application/json; charset=utf-8"),), body=body)

    return Fault(name=f"error {name}", bend=bend, handled=accepted)


def http(code: int, *, accepted: bool = False) -> Fault:
    """Answer with an HTTP error, such as 500 or 503, and a page instead of JSON."""
    return status(code, b"<html><body>upstream connect error</body></html>", handled=accepted)


def rate_limited(retry_after: str | int | None = 1) -> Fault:
    """Answer 429; Retry-After may be seconds, nonsense such as "soon", or absent."""

    def bend(_: Received, __: Answer) -> Answer:
        after = () if retry_after is None else (("Retry-After", str(retry_after)),)
        return Answer(
            status=429,
            headers=(("Content-Type", "application/json; charset=utf-8"), *after),
            body=b'{"ok": false, "error": "ratelimited"}',
        )

    return Fault(name=f"rate limited ({retry_after})", bend=bend, handled=False)


def cut_answer(keep: int | None = None) -> Fault:
    """Store the message and break off in the middle of the answer."""
    return truncated(keep)


def elsewhere(to: str, *, code: int = 302, accepted: bool = False) -> Fault:
    """Send the client to another origin, which has no business seeing its token."""
    return redirect(to, code, handled=accepted)


def captive_portal() -> Fault:
    """Answer 200 with a sign-in page; nothing is stored, and ``ok`` is nowhere in it."""

    def bend(request: Received, answer: Answer) -> Answer:
        return html_instead("Welcome to the guest network").bend(request, answer)

    return Fault(name="captive portal", bend=bend, handled=False)


def token_revoked() -> Fault:
    """Say the token was revoked, once. ``FakeSlack.revoke`` says so for good."""
    return error("token_revoked")
