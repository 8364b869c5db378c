"""How does an event look in the log?

An event is a short, constant phrase and nouns as fields: `source polled source=cbs4 new=3`. Rooms call
`logging.getLogger("nightdesk.<room>").info("source polled", extra={"source": ...})`; this file prints it.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import TextIO

#: Attributes every record has; whatever else a record carries was given as a field.
_BUILT_IN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def set_up(*, verbose: bool, quiet: bool, stream: TextIO | None = None) -> None:
    """Send Nightdesk's events to `stream` (default: stderr), and libraries' warnings with them."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(EventFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    ours = logging.WARNING if quiet else logging.DEBUG if verbose else logging.INFO
    logging.getLogger("nightdesk").setLevel(ours)
    for noisy in ("scrapy", "twisted", "apscheduler", "slack_sdk", "trafilatura", "htmldate"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


class EventFormatter(logging.Formatter):
    """Print `2026-03-18T18:02:11Z info source polled source=cbs4 new=3`: one event, one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. Text from outside is quoted, so that it can never forge another line."""
        instant = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        fields = "".join(f" {name}={_shown(value)}" for name, value in _fields(record))
        line = f"{instant} {record.levelname.lower()} {_one_line(record.getMessage())}{fields}"
        if record.exc_info:
            trace = self.formatException(record.exc_info).splitlines()
            line = "\n".join([line, *(f"  {_one_line(each)}" for each in trace)])
        return line


def _fields(record: logging.LogRecord) -> list[tuple[str, object]]:
    return [(name, value) for name, value in vars(record).items() if name not in _BUILT_IN]


def _shown(value: object) -> str:
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    return text if text.isascii() and text.isprintable() and " " not in text and text else json.dumps(text)


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
