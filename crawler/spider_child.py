"""The process that a single-site spider runs in: `python -m crawler.spider_child NAME [-a …] [-s …]`.

The same as `python -m scrapy crawl NAME …`, with bounds on what it may use.
"""

from __future__ import annotations

import resource
import sys
from contextlib import suppress

MEMORY = 1024 * 1024 * 1024  # bytes of address space
PROCESSOR = 60  # seconds


def main(arguments: list[str]) -> None:
    """Run the spider; what it finds is printed, an item a line."""
    bounds = (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, PROCESSOR),
        (resource.RLIMIT_CORE, 0),
    )
    for limit, most in bounds:
        with suppress(ValueError, OSError):  # macOS knows no limit of address space
            resource.setrlimit(limit, (most, most))
    from scrapy.cmdline import execute

    execute(["scrapy", "crawl", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
