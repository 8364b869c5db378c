"""Does the ground hold that every test stands on?"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import sqlalchemy

if TYPE_CHECKING:
    from pathlib import Path

ELSEWHERE = ("192.0.2.1", 9)  # an address that is set aside for documentation


@pytest.mark.parametrize("way", ["connect", "connect_ex"])
def test_no_test_can_connect_to_another_machine(way: str) -> None:
    with socket.socket() as door, pytest.raises(RuntimeError, match="stay on this machine"):
        getattr(door, way)(ELSEWHERE)


def test_no_test_can_send_a_datagram_to_another_machine() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as door, pytest.raises(RuntimeError, match="stay on this"):
        door.sendto(b"hello", ELSEWHERE)


@pytest.mark.parametrize("name", ["news.test", b"news.test"])
def test_no_test_can_look_up_a_name(name: str | bytes) -> None:
    with pytest.raises(RuntimeError, match="stay on this machine"):
        socket.getaddrinfo(name, 80)


def test_a_test_can_talk_to_a_server_of_its_own() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as door:
            door.sendall(b"hello")
        with server.accept()[0] as visitor:
            assert visitor.recv(5) == b"hello"


def test_the_newsroom_s_own_secrets_are_out_of_sight(tmp_path: Path) -> None:
    """In a run of its own, since the scrubbing happens once, before any test."""
    (tmp_path / "test_sight.py").write_text(
        "import os\ndef test_it():\n assert 'SLACK_BOT_TOKEN' not in os.environ\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", str(tmp_path / "test_sight.py")]
    done = subprocess.run(
        [*command, f"--rootdir={tmp_path}", "-c", os.devnull],
        env=os.environ | {"SLACK_BOT_TOKEN": "a secret"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_each_database_is_real_and_empty(database_url: str) -> None:
    engine = sqlalchemy.create_engine(database_url)
    try:
        assert sqlalchemy.inspect(engine).get_table_names() == []
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("CREATE TABLE left_behind (id integer)"))
    finally:
        engine.dispose()


@pytest.mark.parametrize("turn", [1, 2])
def test_a_database_is_dropped_after_its_test(postgres_url: str, turn: int) -> None:
    engine = sqlalchemy.create_engine(postgres_url)
    with engine.connect() as connection:
        names = connection.execute(
            sqlalchemy.text("SELECT datname FROM pg_database WHERE datname ~ '^test_'")
        )
        assert names.scalars().all() == [engine.url.database], f"in turn {turn}"
    engine.dispose()
