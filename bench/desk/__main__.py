"""How quickly does the desk in Slack answer? `./do bench desk`.

1. From a click to its acknowledgment: all but one in a hundred, in milliseconds.
2. From a click to the message that shows it, with 100 sources asked every two seconds, two stories a second
   filed and told, and a Slack that takes 30 ms over each message: all but one in twenty, in milliseconds.

Fails when a mark is missed. The whole program runs, on the real clock.
"""

from __future__ import annotations

import subprocess
import sys

from bench.desk.clicking import CLICKS, clicked

#: The marks, in milliseconds.
MOST_ACKNOWLEDGED, MOST_SHOWN = 200.0, 700.0


def main() -> int:
    """Print a line for each mark; return 1 when one is missed."""
    try:
        found = clicked()
    except (RuntimeError, OSError, subprocess.SubprocessError, ExceptionGroup) as error:
        print(f"not measured: {error}")
        return 1
    acknowledged, shown = _share(found.acknowledged, 0.99), _share(found.shown, 0.95)
    fine = [
        _told("click acknowledged, p99", acknowledged, MOST_ACKNOWLEDGED, len(found.acknowledged)),
        _told("click shown in the message, p95", shown, MOST_SHOWN, len(found.shown)),
    ]
    half = _share(found.shown, 0.5)
    print(f"half of them shown within {half:.0f} ms; {found.posted} stories were posted meanwhile")
    return int(not all(fine))


def _share(seconds: tuple[float, ...], share: float) -> float:
    """Return within how many milliseconds this share of them was."""
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("inf")


def _told(name: str, measured: float, most: float, number: int) -> bool:
    fine = measured <= most and number == CLICKS
    said = f"{measured:.0f} ms, {number} of {CLICKS}"
    print(f"{name:<34} {said:<24} <= {most:.0f} ms {'' if fine else 'MISSED'}".rstrip(), flush=True)
    return fine


if __name__ == "__main__":
    sys.exit(main())
