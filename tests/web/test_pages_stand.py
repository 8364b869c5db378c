"""Do the pages hold: nothing from outside breaks out, everybody can use them, none is heavy?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import pytest

from nightdesk.web.app import pages
from tests.effort import THOROUGH
from tests.web.browser import Chromium, served
from tests.web.furnished import SCRIPT, furnished
from tests.web.serving import WebDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: What stands for the open piece of an address. Whoever adds such a page has to write one here.
SAMPLES = {
    "/sent/{id:int}": "/sent/1",
    "/stories/{id:int}": "/stories/1",
    "/stories/{id:int}/mute": "/stories/1/mute",
    "/people/{id}": "/people/night-editor",
    "/sources/{id}": "/sources/coast",
    "/keywords/{id}": "/keywords/sanctuary-cities",
    "/keywords/{id}/mute": "/keywords/sanctuary-cities/mute?source=coast",
    "/keywords/{id}/learn/{story:int}": "/keywords/sanctuary-cities/learn/1",
    "/come-in/{key}": "/come-in/x",
    "/setup/yesterday": "",
    "/digests/next": "/digests/next?to=email:metro-desk@newsroom.test",
    "/static/{stamp}/{name}": "",
    "/audit.csv": "",
    "/unsubscribe/{token}": "",
}
WIDTHS = (375, 640, 1280)
Scheme: TypeAlias = Literal["light", "dark"]
BOTH: tuple[Scheme, ...] = ("light", "dark")
#: On a desk each width is looked at in one scheme; where nobody waits, in both.
SCHEMES: dict[int, tuple[Scheme, ...]] = {375: ("light",), 640: (), 1280: ("dark",)}
#: The pages are looked at in so many parts, so that several workers share them.
PARTS = 3
HEAVIEST = 150_000  # bytes of a page with everything it loads
#: Everything is asked once a page; what width and colors can change, at each of them.
OF_WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
OF_LOOKS = {
    "type": "rule",
    "values": [
        "color-contrast",
        "target-size",
        "link-in-text-block",
        "scrollable-region-focusable",
        "link-name",
    ],
}


def looked_at() -> list[str]:
    """Return the address of every page that a person looks at."""
    found = []
    for page in pages():
        if page.methods == ("GET",) and not page.path.startswith(
            ("/api/", "/healthz", "/readyz", "/metrics")
        ):
            address = SAMPLES.get(page.path, page.path)
            assert "{" not in address, f"write in SAMPLES what stands for the open piece of {page.path}"
            found += [address] if address else []
    return sorted(set(found))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDesk]:
    desk = furnished(Path(tmp_path_factory.mktemp("hostile")), hostile=True)
    yield desk
    desk.close()


def test_nothing_from_outside_breaks_out_of_any_page(hostile: WebDesk) -> None:
    client, shown = hostile.signed_in("chief"), 0
    for address in looked_at():
        answer = client.get(address)
        assert answer.status < 400, address
        text = answer.text
        assert SCRIPT not in text, address
        assert not re.search(r"<(?:script|img)[^>]*(?:onerror|>window)", text), address
        assert "49" not in re.findall(r"Sanctuary city (\S+) ", text), address
        assert not re.search(r"(?:href|src|action)=\"\s*(?:javascript|data|vbscript):", text, re.IGNORECASE)
        shown += "&lt;script&gt;window.broken=1" in text
    assert shown, "no page shows what was made hostile"


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_can_be_used_by_everybody(hostile: WebDesk, chromium: Chromium, part: int) -> None:
    """axe-core finds nothing of WCAG 2.2 A and AA, on phone, tablet and desk, light and dark."""
    with served(hostile) as base:
        client = hostile.signed_in("chief")

        def script(page: Page) -> dict[str, list[str]]:
            found: dict[str, list[str]] = {}
            for address in looked_at()[part::PARTS]:
                page.goto(base + address)
                for where, wrong in _violations(page):
                    found.setdefault(wrong, []).append(f"{address} {where}")
            return found

        wrong = chromium.do(script, base=base, session=client)
        if part == 0:
            wrong |= chromium.do(lambda page: _as_stranger(page, base), base=base)
    assert wrong == {}


def _as_stranger(page: Page, base: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for address in ("/sign-in", "/come-in/x", "/no/such/page"):
        page.goto(base + address)
        for where, wrong in _violations(page):
            found.setdefault(wrong, []).append(f"{address} {where}")
    return found


@cache
def _axe() -> str:
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def _violations(page: Page) -> Iterator[tuple[str, str]]:
    """Yield what axe-core finds at each width, light and dark; the page is not loaded again."""
    page.evaluate(_axe())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            yield f"{width}", f"it is {wide} px wider than the window"
        for scheme in BOTH if THOROUGH else SCHEMES[width]:
            page.emulate_media(color_scheme=scheme)
            rules = OF_WCAG if (width, scheme) == (WIDTHS[0], "light") else OF_LOOKS
            asked = json.dumps(
                {"runOnly": rules, "resultTypes": ["violations"], "preload": False, "iframes": False}
            )
            outcome: dict[str, Any] = page.evaluate(f"axe.run(document, {asked})")
            for each in outcome["violations"]:
                nodes = "; ".join(str(node["target"]) for node in each["nodes"][:3])
                yield f"{width} {scheme}", f"{each['id']}: {nodes}"


def test_what_somebody_could_not_use_is_found(web_desk: WebDesk, chromium: Chromium) -> None:
    with served(web_desk) as base:

        def script(page: Page) -> list[str]:
            page.goto(f"{base}/sign-in")
            page.evaluate("document.querySelector('label').remove()")
            page.evaluate("document.querySelector('button').style.background = '#eee'")
            return [wrong.partition(":")[0] for _, wrong in _violations(page)]

        found = chromium.do(script, base=base)
    assert {"label", "color-contrast"} <= set(found)


def test_no_page_is_heavy_with_everything_it_loads(hostile: WebDesk) -> None:
    client = hostile.signed_in("chief")
    for address in looked_at():
        page = client.get(address)
        loaded = set(re.findall(r"(?:src|href)=\"(/static/[^\"]+)\"", page.text))
        whole = len(page.body) + sum(len(client.get(each).body) for each in loaded)
        assert whole <= HEAVIEST, (address, whole)


def test_the_console_can_be_used_with_keys_alone(hostile: WebDesk, chromium: Chromium) -> None:
    with served(hostile) as base:

        def script(page: Page) -> list[object]:
            page.goto(f"{base}/people")
            page.keyboard.press("Tab")
            seen: list[object] = [page.evaluate("document.activeElement.textContent")]
            page.keyboard.press("Enter")
            seen.append(page.evaluate("location.hash"))
            page.keyboard.press("?")
            page.wait_for_url(f"{base}/keyboard")
            page.get_by_label("Single keys").uncheck()
            page.get_by_role("button", name="Keep").click()
            page.wait_for_load_state()
            page.goto(f"{base}/people")
            page.keyboard.press("?")
            seen.append(page.url)
            return seen

        seen = chromium.do(script, base=base, session=hostile.signed_in("trainee"))
    assert seen == ["Skip to the page", "#main", f"{base}/people"]


def test_the_console_works_without_scripts(hostile: WebDesk, chromium: Chromium) -> None:
    with served(hostile) as base:

        def script(page: Page) -> str:
            page.goto(f"{base}/people/trainee")
            page.get_by_label("Time zone").fill("Europe/Madrid")
            page.get_by_role("button", name="Save").click()
            page.wait_for_load_state()
            return page.get_by_role("status").first.inner_text()

        said = chromium.do(script, base=base, session=hostile.signed_in("trainee"), scripts=False)
    assert "Changed." in said
    reader = hostile.settings.reader("trainee")
    assert reader is not None
    assert reader.timezone == "Europe/Madrid"
