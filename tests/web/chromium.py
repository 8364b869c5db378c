"""Which Chromium do the tests drive? The system's, through Playwright; none is ever downloaded.

`python -m tests.web.chromium` prints the program, or says in one line what is missing.
"""

from __future__ import annotations

import os
import shutil
import sys

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
MISSING = "Chromium is missing. Debian, Ubuntu: apt-get install chromium. macOS: brew install --cask chromium"
#: No sandbox in a container, no graphics card, and nothing asked of anybody in the background.
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
)


def find_browser() -> str | None:
    """Return the browser's program, or None."""
    told = os.environ.get("NIGHTDESK_TEST_BROWSER", "")
    if told.startswith("/"):
        return told if os.access(told, os.X_OK) else None
    return None if told == "missing" else next(filter(None, map(shutil.which, PROGRAMS)), None)


if __name__ == "__main__":
    found = find_browser()
    print(found or MISSING, file=sys.stdout if found else sys.stderr)
    sys.exit(0 if found else 1)
