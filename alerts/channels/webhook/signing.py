"""How does a program know that a message is ours, and that it has it already?

As the Standard Webhooks have it, so that libraries for many languages check it: the id, the time and the body
are signed together (HMAC-SHA256). The id is the alert's key, the same over every try: whoever keeps the ids
it has seen takes each message once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

PREFIX = "whsec_"


def signed_headers(body: bytes, *, key: str, secret: str, now: datetime) -> Mapping[str, str]:
    """Return the headers of one message."""
    stamp = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Nightdesk",
        "Idempotency-Key": key,
        "webhook-id": key,
        "webhook-timestamp": stamp,
        "webhook-signature": signature(body, key=key, stamp=stamp, secret=secret),
    }


def signature(body: bytes, *, key: str, stamp: str, secret: str) -> str:
    """Return "v1,…" over the id, the time and the body."""
    signed = hmac.new(_bytes_of(secret), f"{key}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def _bytes_of(secret: str) -> bytes:
    """Return a secret's bytes: base64 after "whsec_", else the words themselves."""
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
