"""Type a command as a newsroom would, in this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO

from nightdesk.cli.context import Around
from nightdesk.cli.root import run

NOW = datetime(2026, 3, 18, 19, 16, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def last_line(self) -> str:
        """Return the last line on stderr: the next command."""
        return self.err.splitlines()[-1]


def call(*words: object, environment: Mapping[str, str] | None = None) -> Answer:
    """Run `nightdesk WORDS` and return what it answered."""
    out, err = StringIO(), StringIO()
    around = Around(environment=environment or {}, clock=lambda: NOW, out=out, err=err)
    code = run([str(word) for word in words], around)
    return Answer(code=code, out=out.getvalue(), err=err.getvalue())
