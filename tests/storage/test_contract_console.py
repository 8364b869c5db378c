"""Who may come in to the console, on both databases?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from storage.console_contract import Key
from storage.contract import Store
from tests.nouns import NOON

DAY = timedelta(days=1)


def a_key(hash_: str = "hash", **changed: object) -> Key:
    """Return a link of the night editor's that holds for a day."""
    key = Key(hash=hash_, kind="link", reader_id="night-editor", made_at=NOON, expires_at=NOON + DAY)
    return replace(key, **changed)  # type: ignore[arg-type]  # any of its fields


def test_a_link_is_used_once_and_in_its_time(store: Store) -> None:
    store.keep_key(a_key("link"))
    store.keep_key(a_key("session", kind="session"))
    used = store.use_link("link", now=NOON)
    assert used is not None
    assert (used.reader_id, used.used_at) == ("night-editor", NOON)
    assert store.use_link("link", now=NOON) is None
    assert store.use_link("session", now=NOON) is None
    store.keep_key(a_key("late"))
    assert store.use_link("late", now=NOON + DAY) is None


def test_an_expired_key_lets_nobody_in_and_is_forgotten(store: Store) -> None:
    store.keep_key(a_key())
    assert store.find_key("hash", now=NOON + DAY - timedelta(seconds=1)) is not None
    assert store.find_key("hash", now=NOON + DAY) is None
    store.keep_key(a_key("younger", made_at=NOON + DAY, expires_at=NOON + 2 * DAY))
    assert store.find_key("hash", now=NOON) is None


def test_a_person_signs_out_everywhere_but_here(store: Store) -> None:
    for name in ("desk", "phone", "library"):
        store.keep_key(a_key(name, kind="session"))
    store.keep_key(a_key("chief", kind="session", reader_id="chief"))
    store.keep_key(a_key("cms", kind="program"))
    assert store.end_keys("night-editor", kind="session", but="desk") == 2
    assert {key.hash for key in store.console_keys(kind="session", now=NOON)} == {"desk", "chief"}
    store.end_key("chief")
    assert store.end_keys("night-editor") == 2
    assert store.console_keys(kind="session", now=NOON) == ()


def test_the_first_person_keeps_session_and_password_under_a_name(store: Store) -> None:
    store.keep_key(a_key("desk", kind="session", reader_id="first"))
    store.keep_password("first", "argon", now=NOON)
    store.move_keys("first", "night-editor")
    found = store.find_key("desk", now=NOON)
    assert found is not None
    assert (found.reader_id, store.password_of("night-editor")) == ("night-editor", "argon")
    assert store.with_password() == ("night-editor",)
    store.keep_password("night-editor", None, now=NOON)
    assert store.password_of("night-editor") is None


def test_a_choice_is_kept_changed_and_forgotten(store: Store) -> None:
    store.choose("set up", "channel", now=NOON)
    store.choose("set up", "done", now=NOON)
    assert store.chosen("set up") == "done"
    store.choose("set up", None, now=NOON)
    assert store.chosen("set up") is None


def test_what_was_done_is_told_newest_first_page_by_page(store: Store) -> None:
    for hours, what in enumerate(("muted", "claimed", "sent")):
        who, now = "chief" if what == "sent" else "editor", NOON + timedelta(hours=hours)
        store.audit(what, who=who, facts={"story": 1}, now=now)
    newest, *_ = lines = store.audit_lines(limit=2)
    assert [line.what for line in lines] == ["sent", "claimed"]
    assert [line.what for line in store.audit_lines(before=lines[-1].at)] == ["muted"]
    assert [line.what for line in store.audit_lines(who="editor")] == ["claimed", "muted"]
    assert newest.facts == {"story": 1}


def test_a_door_is_shut_after_five_tries_for_a_quarter_of_an_hour(store: Store) -> None:
    def tried(*doors: str, minute: int = 0) -> datetime | None:
        at = NOON + timedelta(minutes=minute)
        return store.try_door(doors, forgiven=5, span=timedelta(minutes=15), now=at)

    assert [tried("machine", "chief", minute=minute) for minute in range(5)] == [None] * 5
    assert tried("elsewhere", "chief", minute=5) == NOON + timedelta(minutes=15)
    assert tried("machine", "trainee", minute=5) == NOON + timedelta(minutes=15)
    # What was refused was not counted: neither for that machine nor for that person.
    assert [tried("elsewhere", "trainee", minute=minute) for minute in range(6, 11)] == [None] * 5
    assert tried("machine", "chief", minute=15) is None
    assert tried("machine", minute=15) == NOON + timedelta(minutes=16)
    store.forget_tries(["machine", "chief"])
    assert tried("machine", "chief", minute=15) is None
