"""What is PostgreSQL's own way? Everything in which it differs from SQLite is here, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import psycopg
from sqlalchemy import create_engine, event, text
from sqlalchemy.dialects.postgresql import insert

from news.matching.searching import OVERLONG, AllOf, Key, OneOf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from sqlalchemy import URL, Connection, Engine, Select, Table
    from sqlalchemy.dialects.postgresql import Insert

    from news.matching.searching import Wanted

#: Our corner of the advisory locks, and what is locked in it.
LOCKS = 0x6E69_6768  # "nigh"
WRITERS = 1
SERVICE = 2

#: A machine that died says no goodbye; its locks are free after half a minute, not after two hours.
NOTICE_THE_DEAD = (
    "-c tcp_keepalives_idle=15",
    "-c tcp_keepalives_interval=5",
    "-c tcp_keepalives_count=3",
)

#: Options of a connection. A read of several tables sees one moment. Writers to stories and to the outbox
#: stand in line, as in SQLite; what touches only rows of its own (a source, its clippings) goes beside
#: them.
READING: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
WRITING: dict[str, Any] = {"isolation_level": "READ COMMITTED", "nightdesk_in_line": True}
WRITING_BESIDE: dict[str, Any] = {"isolation_level": "READ COMMITTED"}

DRIVER_ERROR: type[Exception] = psycopg.Error

_CREATE_SEARCH = """
    CREATE TABLE search (
        article_id BIGINT NOT NULL CONSTRAINT search_key PRIMARY KEY REFERENCES articles (id),
        words TSVECTOR NOT NULL
    )
"""
CREATE_SEARCH: tuple[str, ...] = (_CREATE_SEARCH, "CREATE INDEX search_words ON search USING gin (words)")

_STAND_IN_LINE = f"SELECT pg_advisory_xact_lock({LOCKS}, {WRITERS})"
_PUT_WORDS = text(
    "INSERT INTO search (article_id, words) VALUES (:article_id, to_tsvector('simple', :words))"
    " ON CONFLICT (article_id) DO UPDATE SET words = excluded.words"
)
_FORGET_WORDS = text("DELETE FROM search WHERE article_id = :article_id")
_FIND = text(
    "SELECT a.story_id FROM search JOIN articles AS a ON a.id = search.article_id,"
    " CAST(:asked AS tsquery) AS query"
    " WHERE search.words @@ query ORDER BY ts_rank(search.words, query) DESC, a.id DESC"
)
#: The articles that are filed under what is asked.
HOLDERS = text("SELECT article_id FROM search WHERE words @@ CAST(:asked AS tsquery)")

_BUSY = "The database is busy: another program has been writing to it for too long. Try again in a moment."
_AWAY = "PostgreSQL does not answer. Is it running, and is the address under `database` right?"
#: By SQLSTATE, or by its first two characters.
_SENTENCES = {
    "55P03": _BUSY,
    "57014": _BUSY,
    "40": _BUSY,
    "53100": "The disk that holds the database is full. Make room: nothing that was stored is lost.",
    "53": "PostgreSQL has no room for another connection. Try again in a moment.",
    "28": "PostgreSQL refuses the name or the password. Look at the address under `database`.",
    "3D": "There is no such database in PostgreSQL. Make it first: createdb NAME",
    "42501": "PostgreSQL refuses: this name may not read or write here. Look at its rights.",
    "25006": "This PostgreSQL only reads: it is a copy of another one. Look at the address under `database`.",
    "57P": _AWAY,
    "08": _AWAY,
    "23": "The database refused a row that contradicts another one.",
}


def open_engine(url: URL, *, patience: timedelta) -> Engine:
    """Return an engine on a server; one writer waits for another as long as `patience`."""
    milliseconds = int(patience.total_seconds() * 1000)
    given = str(url.query.get("options", ""))
    options = " ".join(
        [given, "-c TimeZone=UTC", f"-c lock_timeout={milliseconds}", *NOTICE_THE_DEAD]
    ).strip()
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"options": options, "connect_timeout": 10, "application_name": "nightdesk"},
        pool_size=1,
        max_overflow=1,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("nightdesk_in_line"):
            connection.exec_driver_sql(_STAND_IN_LINE)

    return engine


def explain(error: BaseException) -> str:
    """Return what a driver's error means to a person."""
    if isinstance(error, psycopg.Error):
        state = error.sqlstate or ("08" if isinstance(error, psycopg.OperationalError) else "")
        for length in (5, 3, 2):
            if sentence := _SENTENCES.get(state[:length]):
                return sentence
    return f"The database refused: {error}"


def insert_once(table: Table, keys: Sequence[str]) -> Insert:
    """Return an insert that leaves alone a row that is there already, by these keys or by any."""
    return insert(table).on_conflict_do_nothing(index_elements=list(keys) or None)


def put_words(connection: Connection, article_id: int, words: str) -> None:
    """Make an article's words findable, instead of those it had."""
    connection.execute(_PUT_WORDS, {"article_id": article_id, "words": words})


def forget_words(connection: Connection, article_id: int) -> None:
    """Make an article findable no more."""
    connection.execute(_FORGET_WORDS, {"article_id": article_id})


def fetch_bytes(
    connection: Connection, statement: Select[Any], values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Return all rows, as the driver gives them; bytes travel as they are, not as twice as many letters."""
    compiled = statement.compile(dialect=connection.dialect)
    driver = cast("psycopg.Connection[tuple[Any, ...]]", connection.connection.driver_connection)
    with driver.cursor(binary=True) as cursor:
        return cursor.execute(compiled.string, compiled.construct_params(dict(values))).fetchall()


def asked(wanted: Wanted) -> str:
    """Return what to ask the full-text index; what is too long to be filed whole is always found."""
    return f"{_asked(wanted)} | {OVERLONG}"


def _asked(wanted: Wanted) -> str:
    match wanted:
        case Key():
            return f"{wanted.text}{':*' if wanted.begins else ''}"
        case AllOf():
            return f"({' & '.join(map(_asked, wanted.parts))})"
        case OneOf():
            return f"({' | '.join(map(_asked, wanted.parts))})"


def find_stories(connection: Connection, wanted: Wanted) -> Any:  # noqa: ANN401  a scalar result
    """Return the story of every article that holds what is wanted, best first; a story may come twice."""
    return connection.execute(_FIND, {"asked": _asked(wanted)}).scalars()


def database_size(connection: Connection) -> int:
    """Return how many bytes the database takes."""
    return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def give_room_back(url: URL) -> None:
    """Leave it to PostgreSQL, which gives room back by itself."""


def take_service_lock(connection: Connection, *, who: str) -> bool:
    """Lock the database for one service, for as long as this connection lives; False when another has."""
    connection.execute(text("SELECT set_config('application_name', :who, false)"), {"who": who[:63]})
    return bool(connection.execute(_TAKE, _THE_LOCK).scalar_one())


def service_lock_holder(connection: Connection) -> str:
    """Return who holds the lock of the service, in words."""
    holder = connection.execute(_HOLDER, _THE_LOCK).one_or_none()
    return (
        "one that has just gone" if holder is None else f"{holder.application_name}, since {holder.since} UTC"
    )


def has_service_lock(connection: Connection) -> bool:
    """Return whether this very connection holds the lock of the service."""
    return connection.execute(_MINE, _THE_LOCK).first() is not None


def service_lock_since(connection: Connection) -> datetime | None:
    """Return since when somebody holds the lock of the service, or None."""
    holder = connection.execute(_HOLDER, _THE_LOCK).one_or_none()
    return None if holder is None else datetime.strptime(holder.since, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


_THE_LOCK = {"locks": LOCKS, "service": SERVICE}
_TAKE = text("SELECT pg_try_advisory_lock(:locks, :service)")
_HOLDER = text("""
    SELECT a.application_name, to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS since
    FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :locks AND l.objid = :service
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")
_MINE = text("""
    SELECT 1 FROM pg_locks AS l
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :locks AND l.objid = :service
        AND l.pid = pg_backend_pid()
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")
