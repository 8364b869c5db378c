"""Is there ever a second Nightdesk on one database, and does the second one learn who the first one is?"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from datetime import UTC
from pathlib import Path
from threading import Timer

import psycopg
import pytest

from news.errors import InUseError, StorageError
from storage.sole import SoleHold, held_since, hold

HOLDER = """
import sys
from storage.sole import hold
with hold(sys.argv[1], who="run"):
    print("held", flush=True)
    sys.stdin.read()
"""


def a_running_service(address: str) -> subprocess.Popen[str]:
    """Start a process that holds the database until its input ends."""
    service = subprocess.Popen(
        [sys.executable, "-c", HOLDER, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert service.stdout is not None
    assert service.stdout.readline() == "held\n"
    return service


def test_a_second_one_is_refused_and_told_who_runs_and_what_to_do(database_url: str) -> None:
    with hold(database_url, who="run") as first:
        assert first.still_held()
        with pytest.raises(InUseError) as refused:
            hold(database_url, who="db restore")
        assert first.still_held()
    said = str(refused.value)
    assert said.startswith("Nightdesk is running on this database already:")
    assert "run" in said
    assert " UTC" in said
    assert said.endswith("Stop that one first, or give this one a database of its own.")


def test_the_next_one_may_come_when_the_first_has_gone(database_url: str) -> None:
    for _ in range(2):
        with hold(database_url, who="run") as held:
            assert held.still_held()
        held.release()
        assert not held.still_held()


def test_after_a_process_was_killed_the_next_one_starts_at_once(database_url: str) -> None:
    service = a_running_service(database_url)
    with service:
        with pytest.raises(InUseError):
            hold(database_url, who="run")
        service.send_signal(signal.SIGKILL)
        service.wait()
        hold(database_url, who="run").release()


def test_two_databases_have_a_service_each(tmp_path: Path) -> None:
    with hold(f"sqlite:///{tmp_path / 'a.db'}", who="run"), hold(f"sqlite:///{tmp_path / 'b.db'}", who="run"):
        assert (tmp_path / "a.db.lock").exists()


def test_the_process_is_named_where_a_file_is_locked(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'nightdesk.db'}"
    with hold(address, who="run"), pytest.raises(InUseError, match=f"`run`, process {os.getpid()}, since"):
        hold(address, who="run")


def test_a_lock_file_that_says_nothing_yet_is_respected(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'nightdesk.db'}"
    with hold(address, who="run"):
        (tmp_path / "nightdesk.db.lock").write_text("")
        with pytest.raises(InUseError, match="already: since"):
            hold(address, who="run")


def test_a_lock_file_that_was_removed_holds_nothing_any_more(tmp_path: Path) -> None:
    """Another one could lock the new file: so this one must not send any more."""
    address = f"sqlite:///{tmp_path / 'nightdesk.db'}"
    with hold(address, who="run") as first:
        (tmp_path / "nightdesk.db.lock").unlink()
        assert not first.still_held()
        with hold(address, who="run") as second:
            assert second.still_held()
            assert not first.still_held()


def lose(held: SoleHold, address: str) -> None:
    """Take the hold away as a server that is started anew, or a person who tidies up, does."""
    if address.startswith("sqlite"):
        Path(f"{address.removeprefix('sqlite:///')}.lock").unlink()
    else:
        with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as door:
            door.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            )
    assert not held.still_held()


def test_a_hold_that_was_lost_is_taken_anew_and_keeps_others_out_again(database_url: str) -> None:
    with hold(database_url, who="run") as held:
        lose(held, database_url)
        held.regain()
        held.regain()
        assert held.still_held()
        with pytest.raises(InUseError):
            hold(database_url, who="run")


def test_a_hold_that_another_took_meanwhile_stays_with_the_other(database_url: str) -> None:
    with hold(database_url, who="run") as held:
        lose(held, database_url)
        with hold(database_url, who="run") as other:
            with pytest.raises(InUseError):
                held.regain()
            assert not held.still_held()
            assert other.still_held()
        held.regain()
        assert held.still_held()


def test_a_connection_that_was_cut_holds_nothing_any_more(postgres_url: str) -> None:
    with hold(postgres_url, who="run") as first:
        with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert not first.still_held()
        assert not first.still_held()
        with hold(postgres_url, who="run") as second:
            assert second.still_held()
            assert not first.still_held()


def test_whoever_asks_since_when_it_runs_keeps_nobody_out(database_url: str) -> None:
    assert held_since(database_url) is None
    with hold(database_url, who="run") as first:
        since = held_since(database_url)
        assert since is not None
        assert since.tzinfo is UTC
        assert first.still_held()
    assert held_since(database_url) is None


def test_a_look_at_the_lock_never_refuses_a_start(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'nightdesk.db'}"
    hold(address, who="run").release()
    looking = os.open(tmp_path / "nightdesk.db.lock", os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)
    gone = Timer(0.03, os.close, [looking])
    gone.start()
    with hold(address, who="run") as held:
        assert held.still_held()
    gone.join()


def test_a_database_that_cannot_be_reached_is_an_error_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for address in (
        f"sqlite:///{tmp_path / 'file' / 'x.db'}",
        "postgresql+psycopg://desk@127.0.0.1:1/nightdesk",
    ):
        with pytest.raises(StorageError) as refused:
            hold(address, who="run")
        assert type(refused.value) is StorageError
