"""`nightdesk people`: who signs in to the console, and how, from the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from news.wording import when
from nightdesk.backups import backups
from nightdesk.cli.context import Call, TroubleError, command, group

if TYPE_CHECKING:
    from config.settings import Reader, Settings
    from storage.contract import Store

ROLES = ("reader", "editor", "admin")


@group("people")
def people() -> None:
    """Who signs in to the console: list, add, link, role, password."""


@command("list", under=people)
def list_people(call: Call) -> None:
    """List the people of nightdesk.yaml, their roles, and when they were on the console last."""
    settings, now = call.settings(), call.now
    with _store(call, settings) as store:
        sessions = store.console_keys(kind="session", now=now)
        passwords = set(store.with_password())
    rows: list[tuple[str, str, str]] = []
    for each in settings.readers:
        seen = max((key.used_at or key.made_at for key in sessions if key.reader_id == each.id), default=None)
        last = f"seen {when(seen, settings.timezone, now=now)}" if seen else "not signed in"
        password = ", has a password" if each.id in passwords else ""
        rows.append((each.id, each.role.name.lower(), f"{each.name}: {last}{password}".removeprefix(": ")))
        call.printer.record(
            {
                "id": each.id,
                "name": each.name,
                "role": each.role.name.lower(),
                "seen": seen.isoformat() if seen else None,
                "password": each.id in passwords,
            }
        )
    call.printer.table(rows)
    if not rows:
        call.printer.say(f"Nobody yet. The first sign-in makes an admin: {call.typed('people link')}")


@command("add", under=people)
@click.argument("name")
@click.option(
    "--role", type=click.Choice(ROLES), default="reader", show_default=True, help="What they may do."
)
@click.option("--email", default="", help="Their mail address.")
def add(call: Call, name: str, *, role: str, email: str) -> None:
    """Write somebody into nightdesk.yaml, so that they can be given a link."""
    from config.readers import ROLES as KNOWN
    from config.settings import Reader
    from nightdesk.people_file import id_for, put_person

    settings = call.settings()
    reader = Reader(
        id=id_for(name, {each.id for each in settings.readers}),
        name=name,
        email=f"email:{email}" if email else "",
        role=KNOWN[role],
    )
    put_person(call.folder, call.around.environment, reader)
    call.printer.data(f"{reader.id} is there now, as {role}. Next: {call.typed(f'people link {reader.id}')}")


@command("link", under=people)
@click.argument("person", default="", required=False, metavar="[PERSON]")
def link(call: Call, person: str) -> None:
    """Print a link that signs a person in to the console, once, within a day.

    Without PERSON: the first admin, or whoever sets Nightdesk up. Hand the link over where only that person
    reads it.
    """
    from config.settings import Role
    from nightdesk.web.keys import FIRST
    from nightdesk.web.server import link_for

    settings = call.settings()
    if not settings.console.on:
        raise TroubleError("the console is off in nightdesk.yaml", then=call.typed("check"))
    admins = [each.id for each in settings.readers if each.role is Role.ADMIN] or [FIRST]
    reader_id = _person(call, settings, person).id if person else admins[0]
    with _store(call, settings) as store:
        made = link_for(store, settings, reader_id, now=call.now, what="from the command line")
        store.audit("made a link", who="command line", facts={"for": reader_id}, now=call.now)
    call.printer.data(made)
    call.printer.say(f"It signs {reader_id} in, once, within a day, while this runs: {call.typed('run')}")


@command("role", under=people)
@click.argument("person")
@click.argument("role", type=click.Choice(ROLES))
def role(call: Call, person: str, role: str) -> None:
    """Change what a person may do: reader, editor or admin."""
    from dataclasses import replace

    from config.readers import ROLES as KNOWN
    from nightdesk.people_file import is_last_admin, put_person

    settings = call.settings()
    reader = _person(call, settings, person)
    if KNOWN[role] != reader.role and is_last_admin(settings.readers, reader.id):
        what = f"{reader.id} is the last admin"
        raise TroubleError(what, then=call.typed("people role SOMEBODY admin"))
    put_person(call.folder, call.around.environment, replace(reader, role=KNOWN[role]))
    with _store(call, settings) as store:
        facts = {"person": reader.id, "role": role}
        store.audit("changed a role", who="command line", facts=facts, now=call.now)
    call.printer.data(f"{reader.id} is {role} now.")


@command("password", under=people)
@click.argument("person")
@click.option("--remove", is_flag=True, help="Take the password away; links go on working.")
def password(call: Call, person: str, *, remove: bool) -> None:
    """Ask for a person's new password, and end their sessions.

    It is typed twice and not shown; from a pipe it is one line.
    """
    from nightdesk.web.passwords import hash_of, weakness

    settings = call.settings()
    reader = _person(call, settings, person)
    given = "" if remove else _asked()
    if not remove and (why := weakness(given)):
        what = f"this password will not do: {why}"
        raise TroubleError(what, then=call.typed(f"people password {person}"))
    with _store(call, settings) as store:
        store.keep_password(reader.id, None if remove else hash_of(given), now=call.now)
        store.end_keys(reader.id, kind="session")
        what = "took a password away" if remove else "set a password"
        store.audit(what, who="command line", facts={"person": reader.id}, now=call.now)
    call.printer.data(f"{reader.id} has {'no' if remove else 'a new'} password now.")


def _asked() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more", err=True)
    return typed


def _person(call: Call, settings: Settings, wanted: str) -> Reader:
    from config.explain import nearest

    known = {each.id: each for each in settings.readers}
    if wanted not in known:
        meant = nearest(wanted, known)
        hint = f"; did you mean {meant}?" if meant else ""
        what = f'there is no person "{wanted}" in nightdesk.yaml{hint}'
        raise TroubleError(what, then=call.typed("people list"))
    return known[wanted]


@contextmanager
def _store(call: Call, settings: Settings) -> Iterator[Store]:
    """Give the newsroom's store, made when there is none yet: links are handed out before the first run."""
    from storage.open import open_store

    database = settings.database.reveal()
    if database.startswith("sqlite:///"):
        from pathlib import Path

        Path(database.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    store = open_store(database, now=call.now, backup_folder=backups(database))
    try:
        yield store
    finally:
        store.close()
