"""Where Nightdesk begins: `python -m nightdesk`, `./do nightdesk`, or the command `nightdesk`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

ROOMS = ("news", "config", "storage", "crawler", "alerts", "nightdesk")
#: Objects made before the collector looks for garbage. With Python's 700 it looks a hundred times while
#: modules are imported, which make none: 16 of 200 ms (measured).
BETWEEN_COLLECTIONS = 20_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 trouble, 2 typed wrong."""
    gc.set_threshold(BETWEEN_COLLECTIONS)
    typed = sys.argv[1:] if arguments is None else list(arguments)
    strangers = strange_rooms()
    if strangers:
        print("\n".join(strangers), file=sys.stderr)
        return 1
    from nightdesk.cli import failures
    from nightdesk.cli.context import Around
    from nightdesk.cli.root import run

    if "--debug" not in typed:
        sys.excepthook = failures.speak_plainly
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without UTF-8 shows ?, and nothing breaks off
    return run(typed, Around())


def strange_rooms(here: Path = Path(__file__).parent.parent) -> list[str]:
    """Return what is wrong when one of the six rooms would be imported from another folder than this one.

    Their names are everyday words, and Python takes the first `config` on its way.
    """
    places = {room: _place(room) for room in ROOMS}
    strange = {room: place for room, place in places.items() if place != here.resolve() / room}
    if not strange:
        return []
    found = [f"  {room} would come from {place or 'nowhere'}" for room, place in strange.items()]
    return [
        f"error: Nightdesk's rooms must all come from {here.resolve()}, but",
        *found,
        f"Next: {here}/do nightdesk check",
    ]


def _place(room: str) -> Path | None:
    found = find_spec(room)
    if found is None or not found.submodule_search_locations:
        return Path(found.origin) if found is not None and found.origin else None
    return Path(next(iter(found.submodule_search_locations))).resolve()


if __name__ == "__main__":
    raise SystemExit(main())
