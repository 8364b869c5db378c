"""What may a person change, about whom, and what does everybody see?"""

from __future__ import annotations

import re
from collections.abc import Callable

from config.edit_items import put_item, take_item
from config.settings import Role
from nightdesk.web.keys import hash_of
from nightdesk.web.pages.audit import safe_cell
from tests.web.serving import WebDesk

PASSWORD = "five quiet owls at dawn"


def test_an_admin_adds_a_person_and_hands_over_a_link_that_lets_in(web_desk: WebDesk) -> None:
    chief = web_desk.signed_in("chief")
    added = chief.post("/people", name="Weekend Editor", role="editor")
    assert added.goes_to == "/people/weekend-editor"
    shown = chief.post("/people/weekend-editor/link")
    link = re.search(r"http://127\.0\.0\.1:8010(/come-in/[\w-]+)", shown.text)
    assert link is not None
    assert link[1] not in chief.get("/people/weekend-editor").text, "it is shown once"
    guest = web_desk.visitor()
    guest.get(link[1])
    guest.post(link[1])
    assert "Weekend Editor" in guest.get("/people").flat
    person = web_desk.settings.reader("weekend-editor")
    assert person is not None
    assert person.role is Role.EDITOR


def test_a_reader_changes_the_own_clock_and_quiet_hours_and_nobody_elses(web_desk: WebDesk) -> None:
    trainee = web_desk.signed_in("trainee")
    fields = {"timezone": "Europe/Madrid", "quiet": "own", "quiet_from": "23:00", "quiet_to": "05:30"}
    mine = {**fields, "role": "admin", "name": "Boss", "email": "boss@newsroom.test"}
    assert trainee.post("/people/trainee", mine).status == 303
    person = web_desk.settings.reader("trainee")
    assert person is not None
    assert (person.role, person.name, person.email) == (
        Role.READER,
        "Trainee",
        "email:trainee@newsroom.test",
    )
    alone = web_desk.settings.as_read_at("email:trainee@newsroom.test")
    assert alone.timezone == "Europe/Madrid"
    assert alone.quiet_weekdays is not None
    assert alone.quiet_weekends is not None
    assert (alone.quiet_weekdays.start, alone.quiet_weekends.end) == ("23:00", "05:30")
    assert trainee.post("/people/chief", fields).status == 403
    assert trainee.get("/people/chief").status == 403
    assert "chief@newsroom.test" not in trainee.get("/people").text


def test_what_is_wrong_is_said_and_nothing_is_changed(web_desk: WebDesk) -> None:
    chief = web_desk.signed_in("chief")
    for fields, words in (
        ({"timezone": "Mars/Olympus"}, "This is no time zone"),
        ({"quiet": "own", "quiet_from": "25:00", "quiet_to": "6"}, "two times of day"),
        ({"quiet": "own", "quiet_from": "19:00", "quiet_to": "07:30"}, "at most 12 hours"),
        ({"email": "nobody"}, "This is no mail address"),
        ({"slack": "#desk"}, "looks like U04NIGHTED"),
        ({"role": "reader"}, "This is the last admin"),
    ):
        before = (web_desk.folder / "nightdesk.yaml").read_text(encoding="utf-8")
        kept = {"name": "Chief editor", "role": "admin", "email": "chief@newsroom.test"}
        answer = chief.post("/people/chief", {**kept, **fields})
        assert answer.status == 422
        assert words in answer.flat
        assert (web_desk.folder / "nightdesk.yaml").read_text(encoding="utf-8") == before
    assert chief.post("/people/chief/remove").status == 422


def test_whoever_is_taken_away_is_out_at_once(web_desk: WebDesk) -> None:
    chief, trainee = web_desk.signed_in("chief"), web_desk.signed_in("trainee")
    assert trainee.get("/people").status == 200
    assert chief.post("/people/trainee/remove").goes_to == "/people"
    assert web_desk.settings.reader("trainee") is None
    assert trainee.get("/people").status == 303
    assert web_desk.stored(lambda store: store.find_key(hash_of("x"), now=web_desk.clock())) is None


def test_a_new_password_signs_the_other_browsers_out(web_desk: WebDesk) -> None:
    here, there = web_desk.signed_in("trainee"), web_desk.signed_in("trainee")
    assert "12 characters" in here.post("/account/password", password="short").flat
    assert here.post("/account/password", password=PASSWORD).status == 303
    assert here.get("/people").status == 200
    assert there.get("/people").status == 303


def test_who_did_what_names_no_private_watchlist_and_shows_no_text(
    new_web_desk: Callable[..., WebDesk],
) -> None:
    desk = new_web_desk()
    secret = {
        "name": "Sheriff Dunmore",
        "match": ["sheriff dunmore"],
        "private": True,
        "deliver": [{"to": "reader:trainee"}],
    }
    desk.write("watchlists/dunmore.yaml", secret)
    now = desk.clock()
    desk.stored(lambda store: store.keep_text("dunmore", "match: [sheriff dunmore]", now=now, who="trainee"))
    desk.stored(lambda store: store.audit("muted", who="chief", facts={"watchlist": "dunmore"}, now=now))
    editor = desk.signed_in("night-editor")
    for address in ("/audit", "/audit.csv", "/api/audit.json"):
        told = editor.get(address)
        assert told.status == 200
        assert "dunmore" not in told.text.lower(), address
        assert "private-" in told.text
    assert safe_cell("=1+1") == "'=1+1"


def test_a_test_goes_only_where_the_newsroom_sends(web_desk: WebDesk) -> None:
    editor = web_desk.signed_in("night-editor")
    assert editor.post("/settings/test", to="email:stranger@elsewhere.test").status == 404
    answer = editor.post("/settings/test", to="slack:#immigration-desk")
    assert answer.status == 303
    assert "Not sent to #immigration-desk: Slack is not set up." in editor.get("/settings").flat


def test_how_long_things_are_kept_is_written_down_and_a_copy_is_made(web_desk: WebDesk) -> None:
    chief = web_desk.signed_in("chief")
    assert chief.post("/settings/keep", full_text="10", stories="200", activity="400").status == 303
    assert web_desk.settings.keep.full_text.days == 10
    assert chief.post("/settings/keep", full_text="0", stories="x", activity="1").status == 303
    assert web_desk.settings.keep.stories.days == 200
    assert chief.post("/settings/copy").status == 303
    assert len(list(web_desk.folder.glob("data/backups/*.jsonl.gz"))) == 1


def test_a_person_is_changed_in_the_file_and_everything_else_stays() -> None:
    before = (
        "# people\nreaders:\n  - {id: chief, role: admin}  # the boss\n  - id: trainee\n    role: reader\n"
    )
    after = put_item(before, ("readers",), {"id": "trainee", "role": "editor"})
    assert after == before.replace("id: trainee\n    role: reader", "{id: trainee, role: editor}")
    assert take_item(before, ("readers",), "trainee") == before.partition("  - id: trainee")[0]
    grown = put_item(before, ("readers",), {"id": "late", "role": "reader"})
    assert grown == before + "  - {id: late, role: reader}\n"
    alone = "readers:\n  - {id: chief}\nversion: 1\n"
    assert take_item(alone, ("readers",), "chief") == "readers: []\nversion: 1\n"
