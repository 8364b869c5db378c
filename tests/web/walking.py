"""Does somebody who was given only the link add a keyword, try it and save it within three minutes?

    python -m tests.web.walking FOLDER      writes a picture of each step, desk and phone, light and dark

The whole program runs, and a real browser does what stands on the pages, as in `living.py`. What a person
needs for it is reckoned as for a slow one who reads every word of every page, menus aside, before doing
anything.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.web.browser import Chromium
from tests.web.chromium import MISSING, find_browser
from tests.web.living import a_town, living
from tests.web.test_keywords_living import set_up

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: A slow reader on a screen, a slow hand on the mouse, two fingers on the keys; seconds.
A_WORD, A_PRESS, A_LETTER = 60 / 200, 4.0, 0.6
AT_MOST = 180.0
KEYWORD = "justice department"
#: Whatever stands on the page to be read, piece by piece: no menus, no closed lists, nothing said to the ear.
LINES = """() => {
    const found = [], walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const around = walk.currentNode.parentElement, line = walk.currentNode.data.trim();
        const isRead = around.checkVisibility() && !around.closest("nav, .vh, option, textarea");
        if (line && isRead) found.push(line);
    }
    return found;
}"""
LOOKS = ((1280, False), (1280, True), (375, False), (375, True))


@dataclass(slots=True)
class Walk:
    """One walk: what was read and done so far, and where its pictures go."""

    folder: Path
    look: str
    # What each step is called, and the seconds it took.
    steps: list[tuple[str, float]] = field(default_factory=list)
    _read: set[str] = field(default_factory=set)

    def see(self, page: Page, name: str, *, done: float) -> None:
        """Draw the page, and read what was not on the page before; `done`: the seconds that led there."""
        lines: list[str] = page.evaluate(LINES)
        new = [line for line in lines if line not in self._read]
        self._read = set(lines)
        words = sum(len(line.split()) for line in new)
        self.steps.append((name, done + words * A_WORD))
        number = len(self.steps)
        page.screenshot(path=self.folder / f"walk-{number}-{name}-{self.look}.png", full_page=True)

    @property
    def seconds(self) -> float:
        """What all of it took."""
        return sum(seconds for _, seconds in self.steps)


def walk(page: Page, link: str, seen: Walk) -> None:
    """Come in by the link, add a keyword to the watchlist, see what it would have sent, save."""
    page.goto(link)
    seen.see(page, "link", done=A_PRESS)
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("link", name="Keywords").wait_for()
    seen.see(page, "stories", done=A_PRESS)
    page.get_by_role("link", name="Keywords").click()
    page.get_by_role("link", name="New keywords").wait_for()
    seen.see(page, "keywords", done=A_PRESS)
    page.get_by_role("link", name="Sanctuary cities").first.click()
    page.get_by_text("These are the saved words").wait_for()
    seen.see(page, "words", done=A_PRESS)
    box = page.get_by_label("Any of these")
    box.fill(f"{box.input_value().rstrip()}\n{KEYWORD}")
    page.get_by_text(f"Added: {KEYWORD}").wait_for()
    page.get_by_text("The saved version finds the same stories.").wait_for()
    seen.see(page, "tried", done=A_PRESS + len(KEYWORD) * A_LETTER)
    page.get_by_role("button", name="Save as version").click()
    page.get_by_text("Saved. The new words count from now on.").wait_for()
    seen.see(page, "saved", done=A_PRESS)


def main() -> int:
    """Walk at each width, light and dark; return 1 when it takes too long."""
    program = find_browser()
    if program is None:
        print(MISSING, file=sys.stderr)
        return 1
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    chromium = Chromium(program)
    try:
        walks = [_walked(chromium, folder, width, dark=dark) for width, dark in LOOKS]
    finally:
        chromium.close()
    for name, seconds in walks[0].steps:
        print(f"{name:<10} {seconds:5.0f} s")
    print(f"{len(walks[0].steps)} steps, {walks[0].seconds:.0f} of {AT_MOST:.0f} s; pictures in {folder}")
    return int(any(each.seconds > AT_MOST for each in walks))


def _walked(chromium: Chromium, folder: Path, width: int, *, dark: bool) -> Walk:
    seen = Walk(folder=folder, look=f"{width}{'-dark' if dark else ''}")
    with tempfile.TemporaryDirectory() as newsroom, a_town(Path(newsroom)) as town:
        set_up(town)
        town.desk.at("2026-03-18 13:30")

        def script(link: str) -> None:
            chromium.do(lambda page: walk(page, link, seen), base=town.base, width=width, dark=dark)

        living(town, script)
    return seen


if __name__ == "__main__":
    sys.exit(main())
