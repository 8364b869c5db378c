"""What is an address indexed by, however long it is?"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def address_key(address: str) -> str:
    """Return what an address is indexed by."""
    return sha256(address.encode("utf-8", "surrogatepass")).hexdigest()


def address_keys(addresses: Iterable[str]) -> dict[str, str]:
    """Return key → address."""
    return {address_key(address): address for address in addresses}
