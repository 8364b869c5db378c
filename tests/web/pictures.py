"""The documentation's pictures of the console, made from the pages as they are.

    python -m tests.web.pictures            writes docs/pictures/console-*.png
    python -m tests.web.pictures FOLDER     writes every page, desk and phone, light and dark, to be looked at

No real newsroom is in them: everything comes from the tests' invented one.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nightdesk.web.keys import FIRST
from tests.web.browser import Chromium, served
from tests.web.chromium import MISSING, find_browser
from tests.web.furnished import furnished
from tests.web.serving import WebDesk
from tests.web.test_pages_stand import looked_at

if TYPE_CHECKING:
    from playwright.sync_api import Page

DOCS = Path(__file__).resolve().parents[2] / "docs" / "pictures"
#: Pages that the documentation shows: address → the picture's name; and how wide they are.
SHOWN = {
    "/status": "console-status",
    "/stories": "console-stories",
    "/keywords/sanctuary-cities": "console-keywords",
    "/why?q=Elephant+sanctuary": "console-why",
}
#: What has to be there before a picture is taken.
AWAITED = {"/keywords/sanctuary-cities": "These are the saved words"}
WIDE = 1280
LOOKS = ((1280, False), (1280, True), (375, False), (375, True))


def main() -> int:
    """Write the pictures."""
    program = find_browser()
    if program is None:
        print(MISSING, file=sys.stderr)
        return 1
    chromium = Chromium(program)
    with tempfile.TemporaryDirectory() as folder:
        desk = furnished(Path(folder))
        try:
            to = Path(sys.argv[1]) if len(sys.argv) > 1 else None
            for path in _written(desk, chromium, to):
                print(path)
            if to is None:
                print(_first_run(chromium))
        finally:
            chromium.close()
            desk.close()
    return 0


def _first_run(chromium: Chromium) -> Path:
    """Draw the first page that a newcomer sees."""
    path = DOCS / "console-first-run.png"
    with tempfile.TemporaryDirectory() as folder:
        desk = WebDesk(Path(folder), people=[], desk={"at_once": "", "digest": ""})
        with served(desk) as base:

            def draw(page: Page) -> None:
                page.goto(f"{base}/setup")
                page.screenshot(path=path)

            chromium.do(draw, base=base, session=desk.signed_in(FIRST), width=WIDE)
        desk.close()
    return path


def _written(desk: WebDesk, chromium: Chromium, to: Path | None) -> Iterator[Path]:
    wanted = {each: each.strip("/").replace("/", "-") or "home" for each in looked_at()} if to else SHOWN
    folder = to or DOCS
    folder.mkdir(parents=True, exist_ok=True)
    client = desk.signed_in("chief")
    with served(desk) as base:
        for width, dark in LOOKS if to else ((WIDE, False),):
            for address, name in wanted.items():
                look = f"-{width}{'-dark' if dark else ''}" if to else ""
                path = folder / f"{name}{look}.png"

                def draw(page: Page, address: str = address, path: Path = path) -> None:
                    page.goto(base + address)
                    if address in AWAITED:
                        page.get_by_text(AWAITED[address]).wait_for()
                    page.screenshot(path=path, full_page=bool(to))

                chromium.do(draw, base=base, session=client, width=width, dark=dark)
                yield path


if __name__ == "__main__":
    sys.exit(main())
