"""Sent messages and digests, as the console shows them."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from nightdesk.web.pages import sent
from tests.nightdesk.desk import SANCTUARY, Desk
from tests.web.furnished import furnished
from tests.web.serving import PEOPLE, WebDesk


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDesk]:
    desk = furnished(tmp_path_factory.mktemp("day"))
    yield desk
    desk.close()


def test_what_is_stuck_stands_on_top_with_the_channels_answer(day: WebDesk) -> None:
    page = day.signed_in().get("/sent")
    assert page.status == 200
    assert "1 message could not be sent and waits for a person." in page.flat
    assert "Appeals court hears argument over a sanctuary city" in page.flat
    assert page.flat.index("Could not be sent") < page.flat.index("Arrived")
    assert page.flat.count("Arrived") == 1
    assert "Send again to #immigration-desk" in page.flat
    assert "Send again" not in day.signed_in("trainee").get("/sent").flat


def test_a_message_is_shown_as_it_looked(day: WebDesk) -> None:
    client = day.signed_in()
    facts = client.get("/api/sent").facts
    assert isinstance(facts, dict)
    page = client.get(f"/sent/{facts['sent'][-1]['message']}")
    assert page.status == 200
    assert "Mayor skips capital meeting after warning to sanctuary cities" in page.flat
    assert "As screen readers and plain mail programs get it" in page.flat
    assert client.get("/sent/99999").status == 404


def test_older_messages_are_reached_page_by_page_within_what_was_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent, "PAGE", 2)
    desk = Desk(tmp_path, watchlists=[SANCTUARY], console="on", readers=list(PEOPLE))
    for number in range(5):
        desk.files(f"Sanctuary city vote {number}", address=f"https://channel4.test/{number}")
    desk.watches()
    desk.sends()
    desk.close()
    web = WebDesk(tmp_path, furnished=desk)
    client, address, seen = web.signed_in("trainee"), "/sent?show=sent&to=slack:%23immigration-desk", 0
    while address:
        page = client.get(address)
        seen += page.flat.count("Arrived")
        address = unescape(page.text.partition('<a class="btn" href="/sent?')[2].partition('"')[0])
        address = f"/sent?{address}" if address else ""
        assert not address or "to=slack%3A%23immigration-desk" in address
    assert seen == 5
    facts = client.get("/api/sent?show=sent").facts
    assert isinstance(facts, dict)
    assert (len(facts["sent"]), facts["waiting"]) == (2, [])
    rest = client.get(f"/api/sent?show=sent&before={facts['before']['sent']}").facts
    assert isinstance(rest, dict)
    assert len(rest["sent"]) == 2
    assert len(client.get("/api/sent.csv").text.splitlines()) == 6
    assert "Nothing was sent there." in client.get("/sent?show=sent&to=email:nobody@newsroom.test").flat
    web.close()


def test_the_next_digest_is_read_before_it_goes_out(day: WebDesk) -> None:
    client = day.signed_in()
    page = client.get("/digests/next?to=email:metro-desk@newsroom.test").flat
    assert "It goes out Thursday 6:30 am" in page
    assert "2 stories: 0 corrected, 2 new" in page
    assert client.get("/digests/next?to=email:chief@newsroom.test").status == 404


def test_an_editor_sends_what_is_stuck_again(tmp_path: Path) -> None:
    desk = furnished(tmp_path)
    try:
        client = desk.signed_in("night-editor")
        assert client.post("/sent/retry", to="slack:#immigration-desk").goes_to == "/sent"
        page = client.get("/sent")
        assert "1 message for #immigration-desk on the way again." in page.flat
        assert "Nothing is stuck." in page.flat
        assert "tell" in desk.nudged
    finally:
        desk.close()


def test_a_digest_is_paused_and_the_pause_is_ended(tmp_path: Path) -> None:
    desk = furnished(tmp_path)
    try:
        client = desk.signed_in("night-editor")
        facts = client.get("/api/digests").facts
        assert isinstance(facts, dict)
        to = facts["coming"][0]["to"]
        assert client.post("/digests/pause", to=to, days="3").goes_to == "/digests"
        assert "Paused until Saturday 12:00 am" in client.get("/digests").flat
        assert client.post("/digests/pause", to="email:somebody@else.test", days="3").status == 422
        assert desk.signed_in("trainee").post("/digests/pause", to=to, days="1").status == 409
        client.post("/digests/resume", to=to)
        assert "Paused" not in client.get("/digests").flat
    finally:
        desk.close()
