"""How often may somebody try to sign in? A few times from one machine and for one person, then a pause.

A try is counted before it is looked at, so that a hundred at once are not a hundred free ones, and in the
database, so that a start of the program forgives nobody. What is right is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.contract import Store

#: Wrong tries that are forgiven within the span.
FORGIVEN, SPAN = 5, timedelta(minutes=15)
#: Whoever has one address of IPv6 has all that begin so.
ONE_HOUSEHOLD = 64


def doors_of(machine: str, person: str = "") -> tuple[str, ...]:
    """Return what tries are counted by: a hash of each, because people write passwords in any field."""
    tried = [f"machine {_household(machine)}", *([f"person {person.lower()}"] if person else [])]
    return tuple(sha256(each.encode("utf-8", "surrogatepass")).hexdigest() for each in tried)


def _household(machine: str) -> str:
    try:
        address = ip_address(machine)
    except ValueError:
        return machine
    if not isinstance(address, IPv6Address):
        return machine
    return str(ip_network((address, ONE_HOUSEHOLD), strict=False))


def pause_before(store: Store, doors: Sequence[str], *, now: datetime) -> timedelta | None:
    """Count a try, or return how long to wait before the next one."""
    until = store.try_door(doors, forgiven=FORGIVEN, span=SPAN, now=now)
    return None if until is None else until - now
