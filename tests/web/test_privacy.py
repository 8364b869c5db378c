"""Does anybody but its own people learn of a private watchlist? A curious admin walks over every route."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from nightdesk.web.app import pages
from tests.web.furnished import PRIVATE, furnished
from tests.web.serving import Client, WebDesk

OPEN = re.compile(r"\{(\w+)(?::\w+)?\}")
#: What stands in the open pieces of addresses: everything there is, and the private one by a good guess.
STORIES = ("1", "3")
PIECES = {
    "id:int": STORIES,
    "story:int": ("1",),
    "act:int": ("1",),
    "key": ("x",),
    "token": ("x",),
    "stamp": ("x",),
    "name": ("app.css",),
}
IDS = {
    "/keywords": (str(PRIVATE["id"]),),
    "/api/keywords": (str(PRIVATE["id"]),),
    "/people": ("trainee",),
    "/sources": ("channel4",),
    "/api/sources": ("channel4",),
}
#: Behind the "?" of some pages: filters and searches that name the private one.
ASKED = (
    "/stories?watchlist=quiet-inquiry",
    "/stories?q=mayor",
    "/api/stories?watchlist=quiet-inquiry",
    "/api/stories.csv?watchlist=quiet-inquiry",
    "/why?q=1",
    "/why?q=1&to=email:trainee@newsroom.test",
    "/api/why?q=1&to=email:trainee@newsroom.test",
    "/sent?to=email:trainee@newsroom.test",
    "/audit?who=trainee",
)
SECRET = re.compile(r"quiet[ -]inquiry", re.IGNORECASE)
EVERY = tuple(pages())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDesk]:
    made = furnished(tmp_path_factory.mktemp("private"), private=True)
    now = made.clock()
    made.stored(
        lambda store: store.audit(
            "edited keywords", who="trainee", facts={"watchlist": PRIVATE["id"]}, now=now
        )
    )
    yield made
    made.close()


def addresses(path: str) -> Iterator[str]:
    """Yield an address for each thing that the open pieces of a route may stand for."""
    found = [path]
    for piece in re.findall(r"\{([^}]+)\}", path):
        stem = path.partition("/{")[0]
        values = IDS[stem] if piece == "id" else PIECES[piece]
        found = [each.replace(f"{{{piece}}}", value) for each in found for value in values]
    yield from found


def told(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status < 500, path
    # What was asked for stands in fields and in the addresses of further filters again.
    return re.sub(r'(?:value|href)="[^"]*"', "", answer.text) if "?" in path else answer.text


def test_nobody_else_finds_a_private_watchlist_on_any_page_table_or_list(desk: WebDesk) -> None:
    chief = desk.signed_in("chief")
    looks = [each for page in EVERY if "GET" in page.methods for each in addresses(page.path)]
    leaks = [path for path in (*looks, *ASKED) if SECRET.search(told(chief, path))]
    assert leaks == []
    trainee = desk.signed_in("trainee")
    for path in ("/keywords", "/keywords/quiet-inquiry", "/stories/1", "/api/stories/1", "/api/keywords"):
        assert SECRET.search(trainee.get(path).text), path


def test_nobody_else_changes_or_tries_a_private_watchlist_by_guessing_its_name(desk: WebDesk) -> None:
    chief = desk.signed_in("chief")
    for page in EVERY:
        if "POST" in page.methods and page.path.startswith(("/keywords/{", "/api/keywords/{")):
            for path in addresses(page.path):
                answer = chief.post(path, text="mayor", any="mayor")
                assert (answer.status, SECRET.search(answer.text)) == (404, None), path

    made = chief.post("/keywords/new", name="Quiet inquiry", any="mayor")
    assert made.goes_to == "/keywords/quiet-inquiry-2"
    desk.folder.joinpath("watchlists/quiet-inquiry-2.yaml").unlink()
