"""What surrounds every page?"""

from __future__ import annotations

from tests.web.serving import WebDesk


def test_a_page_is_shown_on_the_readers_own_clock(web_desk: WebDesk) -> None:
    page = web_desk.signed_in("trainee").get("/status")
    assert page.status == 200
    assert "Metro Desk · Wednesday March 18 , 2:00 pm · Trainee" in page.flat


def test_whoever_is_not_signed_in_is_sent_to_the_door(web_desk: WebDesk) -> None:
    page = web_desk.visitor().get("/status?day=1")
    assert (page.status, page.goes_to) == (303, "/sign-in?next=/status%3Fday%3D1")


def test_a_name_that_was_bent_to_this_machine_finds_nothing(web_desk: WebDesk) -> None:
    client = web_desk.signed_in()
    client.host = "evil.test"
    assert client.get("/status").status == 421


def test_single_keys_can_be_turned_off(web_desk: WebDesk) -> None:
    client = web_desk.signed_in("trainee")
    assert 'data-keys="on"' in client.get("/keyboard").text
    assert client.post("/keyboard").status == 303
    page = client.get("/keyboard")
    assert 'data-keys="off"' in page.text
    assert "Single keys are off for you now." in page.flat
    assert "for you now" not in client.get("/keyboard").flat
