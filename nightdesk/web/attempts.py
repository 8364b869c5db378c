"""How often may somebody try to sign in? A few times from one machine and for one person, then a pause."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: Wrong tries that are forgiven within the span.
FORGIVEN, SPAN = 5, timedelta(minutes=15)
#: Machines and names that are remembered, so that nobody fills the memory with invented ones.
REMEMBERED = 10_000


@dataclass(slots=True)
class Attempts:
    """Wrong tries by machine and by person, of the last minutes."""

    _wrong: OrderedDict[str, list[datetime]] = field(default_factory=OrderedDict)

    def wait(self, *keys: str, now: datetime) -> timedelta | None:
        """Return how long whoever this is has to wait before the next try, or None."""
        waits = [self._wait(key, now) for key in keys]
        return max((each for each in waits if each is not None), default=None)

    def failed(self, *keys: str, now: datetime) -> None:
        """Count a wrong try."""
        for key in keys:
            self._wrong[key] = [*self._recent(key, now), now]
            self._wrong.move_to_end(key)
        while len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)

    def forget(self, *keys: str) -> None:
        """Forget the wrong tries: the last one was right."""
        for key in keys:
            self._wrong.pop(key, None)

    def _wait(self, key: str, now: datetime) -> timedelta | None:
        recent = self._recent(key, now)
        return recent[-FORGIVEN] + SPAN - now if len(recent) >= FORGIVEN else None

    def _recent(self, key: str, now: datetime) -> list[datetime]:
        return [at for at in self._wrong.get(key, ()) if at > now - SPAN]
