"""Is every route guarded? A walk over the whole table: what is added to it is walked too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Role
from nightdesk.web.app import pages
from nightdesk.web.page import Page
from tests.web.serving import Client, WebDesk

#: What stands for each piece of an address that a route leaves open.
PIECES = {"int": "1", "path": "x", "": "x"}
OPEN = re.compile(r"\{\w+:?(\w*)\}")
#: Routes that everybody may ask, signed in or not. Whoever adds one has to write it here.
PUBLIC = {
    "/sign-in", "/come-in/{key}", "/healthz", "/readyz", "/static/{stamp}/{name}", "/unsubscribe/{token}",
}  # fmt: skip
#: What a reader may change: the own votes, claims, notes, account, and nothing that others go by.
READERS_CHANGE = {
    "/account/key",
    "/account/key/end",
    "/account/password",
    "/keyboard",
    "/people/{id}",
    "/people/{id}/sign-out",
    "/sign-out",
    "/digests/pause",
    "/digests/resume",
    "/keywords/{id}/try",
    "/keywords/{id}/check",
    "/api/keywords/{id}/try",
    "/stories/{id:int}/claim",
    "/stories/{id:int}/release",
    "/stories/{id:int}/not-relevant",
    "/stories/{id:int}/votes/{act:int}/undo",
    "/stories/{id:int}/note",
    "/stories/{id:int}/send-me",
    "/api/stories/{id:int}/send-me",
}
#: What an admin alone may change: who comes in, how long things are kept, where everything goes.
ADMINS_CHANGE = (
    "/people",
    "/people/{id}/remove",
    "/people/{id}/link",
    "/settings/",
    "/setup/",
    "/quiet-hours",
)
EDITORS_SETTINGS = {"/settings/test"}
ROLES = {Role.READER: "trainee", Role.EDITOR: "night-editor", Role.ADMIN: "chief"}
EVERY = tuple(pages())
CHANGES = [(page, method) for page in EVERY for method in page.methods if method not in {"GET", "HEAD"}]
LOOKS = [page for page in EVERY if "GET" in page.methods]


def address(page: Page) -> str:
    return OPEN.sub(lambda found: PIECES.get(found[1], "x"), page.path)


def names(routes: list[Page]) -> list[str]:
    return [page.path for page in routes]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDesk]:
    made = WebDesk(Path(tmp_path_factory.mktemp("guard")))
    yield made
    made.close()


@pytest.fixture(scope="module")
def people(desk: WebDesk) -> dict[Role, Client]:
    """Everybody, signed in once."""
    return {role: desk.signed_in(id_) for role, id_ in ROLES.items()}


def test_only_these_routes_are_for_everybody() -> None:
    assert {page.path for page in EVERY if page.role is None} <= PUBLIC
    assert {page.path for page in EVERY if page.signed} <= {"/unsubscribe/{token}"}


def test_no_route_answers_a_look_with_a_change() -> None:
    for page in EVERY:
        assert set(page.methods) <= {"GET"} or "GET" not in page.methods, page.path


def test_whoever_is_not_signed_in_sees_nothing_anywhere(desk: WebDesk) -> None:
    stranger = desk.visitor()
    for page in EVERY:
        for method in page.methods:
            if page.role is None:
                continue
            answer = stranger.ask(method, address(page))
            turned_away = answer.goes_to.startswith("/sign-in") or answer.status == 401
            assert turned_away, (method, page.path, answer.status)
            assert answer.status in {303, 401}


def test_a_change_without_its_token_is_refused_everywhere(desk: WebDesk, people: dict[Role, Client]) -> None:
    for page, method in CHANGES:
        if page.signed:
            continue
        client = people[page.role or Role.READER]
        answer = client.ask(method, address(page), headers={"Origin": f"http://{client.host}"})
        assert answer.status == 403, (method, page.path)
        forged = {"Origin": f"http://{client.host}", "X-Nightdesk-Token": "0" * 64}
        assert client.ask(method, address(page), headers=forged).status == 403, (method, page.path)
        other = people[Role.READER if page.role is Role.ADMIN else Role.ADMIN]
        stolen = {"Origin": f"http://{client.host}", "X-Nightdesk-Token": other.token}
        assert client.ask(method, address(page), headers=stolen).status == 403, (method, page.path)
    assert not desk.nudged


def test_a_change_that_another_site_sends_is_refused_everywhere(people: dict[Role, Client]) -> None:
    for page, method in CHANGES:
        if page.signed:
            continue
        client = people[page.role or Role.READER]
        for headers in (
            {"Origin": "https://evil.test"},
            {"Origin": "null"},
            {"Origin": f"http://{client.host}.evil.test"},
            {"Sec-Fetch-Site": "cross-site"},
        ):
            told = {**headers, "X-Nightdesk-Token": client.token}
            assert client.ask(method, address(page), headers=told).status == 403, (page.path, headers)


def test_a_role_is_asked_for_on_every_route(people: dict[Role, Client]) -> None:
    for page in EVERY:
        if page.role is None or page.role is Role.READER:
            continue
        client = people[Role(page.role - 1)]
        headers = {"Origin": f"http://{client.host}", "X-Nightdesk-Token": client.token}
        for method in page.methods:
            assert client.ask(method, address(page), headers=headers).status == 403, (method, page.path)


def test_each_change_asks_for_the_role_that_it_should() -> None:
    for page, _ in CHANGES:
        if page.role is None:
            continue
        wanted = Role.READER if page.path in READERS_CHANGE else Role.EDITOR
        if page.path in ADMINS_CHANGE[:3] or page.path.startswith(ADMINS_CHANGE[3:]):
            wanted = Role.EDITOR if page.path in EDITORS_SETTINGS else Role.ADMIN
        assert page.role is wanted, page.path


def test_a_reader_changes_only_the_own_page_and_never_the_own_role(people: dict[Role, Client]) -> None:
    trainee = people[Role.READER]
    for change in ("", "/sign-out"):
        assert trainee.post(f"/people/chief{change}", name="Nobody").status == 403
    assert trainee.get("/people/chief").status == 403
    told = trainee.post("/people/trainee", role="admin", email="other@elsewhere.test", name="Chief", quiet="")
    assert told.status == 303
    again = trainee.get("/people/trainee").flat
    assert "other@elsewhere.test" not in again
    assert trainee.post("/people", name="Friend", role="admin").status == 403


def test_numbers_beyond_all_counting_are_no_page(people: dict[Role, Client]) -> None:
    for page in LOOKS:
        if ":int" in page.path:
            huge = OPEN.sub(lambda found: str(2**64) if found[1] == "int" else "x", page.path)
            assert people[Role.ADMIN].get(huge).status == 404, page.path


def test_a_host_that_is_none_is_turned_away(desk: WebDesk) -> None:
    for host in ("", "evil.test", "[::1", "127.0.0.1:8010@evil.test", "127.0.0.1.evil.test"):
        stranger = desk.visitor()
        stranger.host = host
        assert stranger.get("/healthz").status == 421, host


def test_nothing_may_be_loaded_from_elsewhere_on_any_page(people: dict[Role, Client]) -> None:
    for page in LOOKS:
        answer = people[Role.ADMIN].get(address(page))
        assert answer.status < 500, page.path
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'"), page.path
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY"
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        nonce = re.search(r"script-src 'nonce-([\w-]+)'", policy)
        for tag in re.findall(r"<(?:script|link rel=\"stylesheet\"|style)[^>]*>", answer.text):
            assert nonce is not None
            assert f'nonce="{nonce[1]}"' in tag, page.path
        assert not re.search(r"<[^>]* (?:on\w+|style)=", answer.text), page.path
        assert not re.search(r"(?:src|href)=\"(?!/|#|https?:)", answer.text), page.path
        loaded = re.findall(r"<(?:script|img|link|iframe)[^>]* (?:src|href)=\"([^\"]*)\"", answer.text)
        assert all(each.startswith("/") for each in loaded), page.path


def test_two_answers_never_share_a_nonce(people: dict[Role, Client]) -> None:
    client = people[Role.READER]
    nonces = {client.get("/status").headers["content-security-policy"] for _ in range(3)}
    assert len(nonces) == 3


def test_whatever_is_no_page_says_so_in_words(people: dict[Role, Client], desk: WebDesk) -> None:
    for client in (people[Role.READER], desk.visitor()):
        answer = client.get("/no/such/<script>alert(1)</script>")
        assert answer.status == 404
        assert "There is no such page." in answer.flat
        assert "<script>alert" not in answer.text
    assert people[Role.READER].ask("DELETE", "/status").status == 405


def test_more_than_fits_is_not_listened_to(people: dict[Role, Client]) -> None:
    client = people[Role.READER]
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{client.host}"}
    assert client.ask("POST", "/keyboard", headers=headers, body=b"a=" + b"x" * 2_000_001).status == 413


def test_a_program_with_a_key_needs_no_token_and_no_cookie(desk: WebDesk) -> None:
    client = desk.signed_in("trainee")
    shown = client.post("/account/key", what="the CMS")
    assert "the CMS" in shown.flat
    key = re.search(r"<code>([\w-]{40,})</code>", shown.text)
    assert key is not None
    program = desk.visitor()
    told = {"Authorization": f"Bearer {key[1]}"}
    assert program.ask("GET", "/metrics", headers=told).status == 200
    assert program.ask("POST", "/keyboard", headers=told).status == 303
    assert program.ask("POST", "/settings/keep", headers=told).status == 403
    assert program.ask("GET", "/metrics", headers={"Authorization": "Bearer x"}).status == 303


def test_by_https_cookies_are_for_this_host_alone_when_the_proxy_is_trusted(tmp_path: Path) -> None:
    console = {
        "address": "0.0.0.0:8010", "public_url": "https://desk.newsroom.test", "trusted_proxy": "192.0.2.1",
    }  # fmt: skip
    desk = WebDesk(tmp_path, console=console)
    visitor = desk.visitor()
    visitor.host = "desk.newsroom.test"
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
    visitor.client = "192.0.2.1"
    answer = visitor.ask("GET", "/sign-in", headers=told)
    (cookie,) = answer.cookies
    assert cookie.startswith("__Host-nightdesk_visitor=")
    assert "Secure" in cookie
    assert answer.headers["strict-transport-security"]
    stranger = desk.visitor()
    stranger.host, stranger.client = "desk.newsroom.test", "192.0.2.2"
    # Beside the proxy others would read along; whoever says so without being the proxy is not believed.
    for headers in ({}, told):
        beside = stranger.ask("GET", "/sign-in", headers=headers)
        assert (beside.status, beside.cookies) == (421, ())
    stranger.client = "127.0.0.1"
    assert "Secure" not in stranger.ask("GET", "/sign-in", headers=told).cookies[0]
    desk.close()
