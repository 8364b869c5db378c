"""Who reads feeds and pages in the tests? One real reader for each process of tests.

Its child takes half a second of CPU to start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.reading.children import Reader

_made: list[Reader] = []


def shared_reader() -> Reader:
    """Return the reader; its child is started by the first job, on the program's loop."""
    from crawler.reading.children import Reader

    if not _made:
        _made.append(Reader())
    return _made[0]


async def end_shared_reader() -> int:
    """End its child, if there is one."""
    while _made:
        await _made.pop().close()
    return 0
