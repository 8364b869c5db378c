"""Can anything be sent there?

A destination is a kind and an address: "slack:#immigration-desk", "email:metro-desk@newsroom.test",
"console:".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from config.explain import Problem
from config.tree import File, Scalar

#: Kind → what people call it. What is not here cannot be sent to by this version.
SENDS_TO = {"slack": "Slack", "email": "email", "console": "the console"}
#: Kinds whose address is a name that nightdesk.yaml gives, and where it gives it.
NAMED = {"reader": "readers:", "webhook": "webhooks: under channels:", "other": "others: under channels:"}
#: Addresses that belong to nobody (RFC 2606); a mail to them is lost or bounces.
NOBODY = re.compile(r"email:.*@((?:[\w-]+\.)*(?:example(?:\.[a-z]+)?|invalid))", re.IGNORECASE)
#: What nightdesk.yaml must say before a kind can be used.
DECLARE = {"slack": "slack: {token: ${SLACK_BOT_TOKEN}}", "email": "email: {smtp: ${SMTP_URL}}"}


def normal(destination: str) -> str:
    """Return a destination as the rooms know it: "console" stands for "console:"."""
    return "console:" if destination == "console" else destination


def check_destination(file: File, scalar: Scalar, declared: frozenset[str] | None) -> Iterator[Problem]:
    """Yield why nothing could be sent to a destination.

    `declared` are the kinds under `channels:` in nightdesk.yaml, and what it gives names to; None when that
    file cannot be read.
    """
    destination = str(scalar.value)
    kind = destination.partition(":")[0]
    if kind in NAMED:
        if declared is not None and destination not in declared:
            known = sorted(name for name in declared if name.startswith(f"{kind}:"))
            what = f"nightdesk.yaml names no {destination} under {NAMED[kind]}"
            yield file.problem(
                scalar.place, what, ", or ".join(known) or f"there {NAMED[kind]}, with its name"
            )
    elif kind not in SENDS_TO:
        what = f"this version cannot send to {kind}: yet"
        yield file.problem(scalar.place, what, "slack:#channel, or email:person@your-newsroom, or console")
    elif found := NOBODY.fullmatch(destination):
        what = f"{found[1]} is nobody's mailbox; nothing is ever sent there"
        yield file.problem(scalar.place, what, "a person's address, or deliver: desk")
    elif declared is not None and kind != "console" and kind not in declared:
        what = f"nightdesk.yaml does not declare {SENDS_TO[kind]} under channels:"
        yield file.problem(scalar.place, what, f"there {DECLARE[kind]}")
