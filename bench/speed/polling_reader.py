"""What does the library `reader` cost for the same feeds? Runs where it is installed, for comparison.

It may be installed in an environment of its own, whose Python PEERS_PYTHON names. Reads the plan as JSON from
standard input and writes the figures as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import urllib.request
from importlib import import_module
from typing import Any

WORKERS = 32
LIMIT = 5  # seconds for an answer


def main() -> None:
    """Run the plan."""
    plan = json.load(sys.stdin)
    # Not among the requirements, so nothing is known of its types.
    library: Any = import_module("reader")
    shelf = library.make_reader(plan["database"], session_timeout=(LIMIT, LIMIT))
    for url in plan["urls"]:
        shelf.add_feed(url)
    rounds = []
    for percent in plan["rounds"]:
        control = f"{plan['control']}/advance/{percent}"
        with urllib.request.urlopen(control, timeout=60) as answer:  # noqa: S310 - loopback
            answer.read()
        start, spent = time.perf_counter(), time.process_time()
        shelf.update_feeds(workers=WORKERS, scheduled=False)
        rounds.append({"wall": time.perf_counter() - start, "cpu": time.process_time() - spent})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for url in (*plan["slow"], *plan["hanging"]):
        shelf.add_feed(url)
    start = time.perf_counter()
    shelf.update_feeds(workers=WORKERS, scheduled=False)
    late = {"wall": time.perf_counter() - start}
    sys.stdout.write(json.dumps({"rounds": rounds, "main": peak, "tree": peak, "late": late}))


if __name__ == "__main__":
    main()
