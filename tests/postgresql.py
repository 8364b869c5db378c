"""A PostgreSQL of the tests' own: where are its programs, and how does one run for as long as it is needed?

`python -m tests.postgresql` prints the folder of the programs, or says in one line what is missing.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Where Debian, Red Hat and Homebrew put the programs that they keep off PATH.
USUAL_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
PROGRAMS = ("initdb", "postgres")
MISSING = (
    "PostgreSQL is missing. Debian, Ubuntu: apt-get install postgresql. macOS: brew install postgresql@15"
)
PATIENCE = 30  # seconds for a new server to answer; it takes about one

#: What a throw-away server can do without: safety after a power cut.
HURRY = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_connections=60",
    "listen_addresses=",
)

#: The shell lives exactly as long as its standard input is open, so that the server and its files go away
#: with the tests, however they end. It is the shell of the server's own user.
KEEPER = '"$@" & cat >/dev/null; kill -INT $! && wait $!; cd / && rm -rf "$KEPT_FOLDER"/*'


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server that speaks through a socket in its own folder."""

    folder: Path

    def url(self, database: str) -> str:
        """Return the address of a database, as SQLAlchemy writes it."""
        return f"postgresql+psycopg://nightdesk@/{database}?host={self.folder}"

    def say(self, statement: str) -> None:
        """Run a statement that stands outside of any transaction."""
        import psycopg

        with psycopg.connect(
            host=str(self.folder), user="nightdesk", dbname="postgres", autocommit=True
        ) as door:
            door.execute(statement.encode())


def find_programs() -> Path | None:
    """Return the folder that has every program a server needs; the newest, if there are several."""
    told = os.environ.get("NIGHTDESK_TEST_POSTGRES", "")
    on_path = shutil.which("initdb")
    folders = [Path(told)] if told.startswith("/") else []
    folders += [Path(on_path).resolve().parent] if on_path else []
    for pattern in USUAL_FOLDERS:
        folders += sorted(Path("/").glob(pattern.lstrip("/")), key=_version, reverse=True)
    return next((f for f in folders if all(os.access(f / p, os.X_OK) for p in PROGRAMS)), None)


@contextmanager
def open_server(programs: Path) -> Iterator[Server]:
    """Run a new, empty server in a folder of its own until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="nightdesk-postgresql-"))
    user = _lesser_user()
    if user is not None:
        shutil.chown(folder, user)
    try:
        _fill(folder, programs, user)
        with _running(folder, programs, user):
            yield Server(folder=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _version(folder: Path) -> tuple[int, ...]:
    """Return the numbers of a folder's name, so that 15 comes after 9."""
    return tuple(int(digits) for digits in "".join(c if c.isdigit() else " " for c in str(folder)).split())


def _lesser_user() -> str | None:
    """Return who runs the server: PostgreSQL refuses root, so somebody with fewer rights does."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def _fill(folder: Path, programs: Path, user: str | None) -> None:
    command = [
        str(programs / "initdb"), "--pgdata", str(folder / "data"), "--username", "nightdesk",
        "--auth", "trust", "--encoding", "UTF8", "--no-sync",
        "--locale", "C.UTF-8" if sys.platform == "linux" else "C",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=folder, user=user, group=_group(user), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"initdb refused: {done.stderr}")  # noqa: EM102


@contextmanager
def _running(folder: Path, programs: Path, user: str | None) -> Iterator[None]:
    log = folder / "log"
    options = [word for setting in (*HURRY, f"unix_socket_directories={folder}") for word in ("-c", setting)]
    with log.open("wb") as out:
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "sh", str(programs / "postgres"), "-D", str(folder / "data"), *options],
            cwd=folder, user=user, group=_group(user), env={**os.environ, "KEPT_FOLDER": str(folder)},
            stdin=subprocess.PIPE, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        _wait_until_it_answers(Server(folder=folder), log)
        yield
    finally:
        with suppress(BrokenPipeError):
            keeper.communicate()


def _group(user: str | None) -> int | None:
    return None if user is None else pwd.getpwnam(user).pw_gid


def _wait_until_it_answers(server: Server, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            server.say("SELECT 1")
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}") from None  # noqa: EM102
            time.sleep(0.05)  # for a real server to start, before any test
        else:
            return


if __name__ == "__main__":
    found = find_programs()
    print(found or MISSING, file=sys.stdout if found else sys.stderr)
    sys.exit(0 if found else 1)
