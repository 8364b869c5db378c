"""Who comes in, how, and how often may somebody try?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from nightdesk.web.app import create_app
from nightdesk.web.keys import FIRST, hash_of, make_key
from nightdesk.web.passwords import hash_of as hash_password
from nightdesk.web.server import start_link
from storage.contract import Store
from tests.web.serving import WebDesk

PASSWORD = "five quiet owls at dawn"


def a_link(desk: WebDesk, reader_id: str = "night-editor") -> str:
    key = desk.stored(lambda store: make_key(store, "link", reader_id, now=desk.clock()))
    return f"/come-in/{key}"


def test_looking_at_a_link_changes_nothing_and_its_button_works_once(web_desk: WebDesk) -> None:
    link, guest, late = a_link(web_desk), web_desk.visitor(), web_desk.visitor()
    for _ in range(3):
        assert "Come in" in guest.get(link).flat
    late.get(link)
    assert guest.post(link).goes_to == "/"
    assert "Night editor" in guest.get("/status").flat
    refused = late.post(link)
    assert refused.status == 403
    assert "was used before" in refused.flat
    assert late.get("/status").status == 303


def test_a_link_ends_after_a_day(web_desk: WebDesk) -> None:
    link, guest = a_link(web_desk), web_desk.visitor()
    guest.get(link)
    web_desk.clock.advance(timedelta(days=1))
    assert guest.post(link).status == 403


def test_the_database_knows_no_key_that_opens(web_desk: WebDesk) -> None:
    link, guest = a_link(web_desk), web_desk.visitor()
    guest.get(link)
    guest.post(link)
    key = guest.cookies["nightdesk_session"]
    assert len(key) >= 43  # 256 bits in letters
    kept = web_desk.stored(lambda store: store.console_keys(kind="session", now=web_desk.clock()))
    assert [each.hash for each in kept] == [hash_of(key)]


def test_a_session_cookie_is_for_the_browser_alone(web_desk: WebDesk) -> None:
    link, guest = a_link(web_desk), web_desk.visitor()
    guest.get(link)
    cookies = guest.post(link).cookies
    (session,) = [line for line in cookies if line.startswith("nightdesk_session=")]
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert "Path=/" in session


def test_a_password_lets_in_by_name_and_by_mail_address(web_desk: WebDesk) -> None:
    kept = hash_password(PASSWORD)
    assert kept.startswith("$argon2id$")
    web_desk.stored(lambda store: store.keep_password("trainee", kept, now=web_desk.clock()))
    guest = web_desk.visitor()
    for name in ("trainee", "Trainee@newsroom.test"):
        guest.cookies.clear()
        guest.get("/sign-in")
        assert guest.post("/sign-in", name=name, password=PASSWORD, next="/status").goes_to == "/status"
    assert guest.post("/sign-out").goes_to == "/sign-in"
    assert guest.get("/status").status == 303


def test_guessing_is_stopped_after_five_tries_for_the_machine_and_for_the_person(web_desk: WebDesk) -> None:
    guest = web_desk.visitor()
    guest.get("/sign-in")
    for _ in range(5):
        assert guest.post("/sign-in", name="chief", password="wrong").status == 403
    assert guest.post("/sign-in", name="trainee", password="wrong").status == 429
    # A program that was started again forgives nobody, nor does another way to name the same person.
    guest.app = create_app(web_desk.console)
    assert guest.post("/sign-in", name="chief@newsroom.test", password="wrong").status == 429
    elsewhere = web_desk.visitor()
    elsewhere.client = "127.0.0.7"
    elsewhere.get("/sign-in")
    assert elsewhere.post("/sign-in", name="Chief@newsroom.test", password="wrong").status == 429
    web_desk.clock.advance(timedelta(minutes=16))
    assert elsewhere.post("/sign-in", name="chief", password="wrong").status == 403


def test_nobody_is_sent_to_another_site_after_signing_in(web_desk: WebDesk) -> None:
    web_desk.stored(lambda store: store.keep_password("chief", hash_password(PASSWORD), now=web_desk.clock()))
    for target in (
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "/\t/evil.test",
        "/\n//evil.test",
        "javascript:alert(1)",
    ):
        guest = web_desk.visitor()
        guest.get("/sign-in")
        assert guest.post("/sign-in", name="chief", password=PASSWORD, next=target).goes_to == "/"


def test_a_session_ends_after_thirty_days_and_everywhere_at_once_when_asked(web_desk: WebDesk) -> None:
    desk, phone = web_desk.signed_in("trainee"), web_desk.signed_in("trainee")
    assert desk.post("/sign-out", everywhere="on").status == 303
    assert phone.get("/status").status == 303
    late = web_desk.signed_in("trainee")
    web_desk.clock.advance(timedelta(days=30))
    assert late.get("/status").status == 303


def test_who_is_no_reader_any_more_is_out(web_desk: WebDesk) -> None:
    client = web_desk.signed_in("somebody-else")
    assert client.get("/status").status == 303


def test_the_first_link_is_for_whoever_sets_up_and_a_later_one_for_an_admin(
    new_web_desk: Callable[..., WebDesk],
) -> None:
    fresh, old = new_web_desk(people=[]), new_web_desk()

    def offered(desk: WebDesk, *, always: bool = False) -> str:
        def made(store: Store) -> str:
            return start_link(store, desk.settings, desk.clock(), always=always)

        return desk.stored(made)

    first, second = offered(fresh), offered(fresh)
    assert first.startswith("http://127.0.0.1:8010/come-in/")
    held = fresh.stored(lambda store: store.console_keys(kind="link", now=fresh.clock()))
    assert [key.hash for key in held] == [hash_of(second.rpartition("/")[2])]
    assert held[0].reader_id == FIRST
    assert offered(old)
    old.signed_in("chief")
    assert not offered(old)
    assert offered(old, always=True)


def test_the_first_one_is_nobody_once_there_is_an_admin(web_desk: WebDesk) -> None:
    assert web_desk.signed_in(FIRST).get("/status").status == 303
