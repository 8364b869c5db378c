"""How does a noun come back from plain values? What `dataclasses.asdict` and JSON made of it is undone."""

from __future__ import annotations

from dataclasses import is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Noun = TypeVar("Noun")


def noun_of(kind: type[Noun], plain: dict[str, Any]) -> Noun:
    """Return the noun that was kept; what its class has no longer is left out."""
    hints = get_type_hints(kind)
    return kind(**{name: _value(hints[name], value) for name, value in plain.items() if name in hints})


def _value(hint: Any, plain: Any) -> Any:  # noqa: ANN401 - any field of any noun
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], each) for each in plain)
    if get_origin(hint) is UnionType:
        inner = next((kind for kind in get_args(hint) if kind is not type(None)), None)
        return None if plain is None else _value(inner, plain)
    if isinstance(hint, type) and is_dataclass(hint):
        return noun_of(hint, plain)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(plain)
    return plain
