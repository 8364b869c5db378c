"""Does a running Nightdesk read what the newsroom saves, and does a broken file break nothing?"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from news.telling import AlertState
from nightdesk.last_saved import as_last_saved
from nightdesk.logs import EventFormatter
from tests.nightdesk.desk import Desk
from tests.nightdesk.serving import ON_THE_CONSOLE, Serving, serving
from tests.nightdesk.test_run_service import running

SANCTUARY = "watchlists/sanctuary-cities.yaml"
JAIL = {"id": "jail", "name": "County jail", "match": ["county jail"], "deliver": "console"}


@pytest.fixture
def house(new_desk: Callable[..., Desk], caplog: pytest.LogCaptureFixture) -> Desk:
    """A newsroom that reads no sources and shows everything on its console."""
    caplog.set_level(logging.INFO, logger="nightdesk")
    return new_desk(sources=(), watchlists=(watching("sanctuary city"),), **ON_THE_CONSOLE)


def watching(*words: str, **more: object) -> dict[str, Any]:
    usual: dict[str, Any] = {"id": "sanctuary-cities", "name": "Sanctuary cities", "deliver": "console"}
    return usual | {"match": list(words)} | more


def events(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, Any]]:
    return [vars(record) for record in caplog.records if record.getMessage() == event]


def test_a_saved_watchlist_concerns_what_is_filed_from_then_on_and_never_the_archive(
    house: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async def script(here: Serving) -> None:
        before = await here.files("A death in the county jail")
        await here.saves(SANCTUARY, watching("sanctuary city", "county jail"))
        after = await here.files("The county jail is full again")
        assert await here.told() == [after]
        assert before != after

    serving(house, script)
    (taken,) = events(caplog, "watchlist taken over")
    assert (taken["watchlist"], taken["how"]) == ("sanctuary-cities", "changed")


def test_a_match_says_which_version_of_the_watchlist_it_met(house: Desk) -> None:
    async def script(here: Serving) -> None:
        first = await here.files("A sanctuary city votes")
        await here.saves(SANCTUARY, watching("sanctuary city", "county jail"))
        second = await here.files("Another sanctuary city votes")
        (old,) = await here.rooms.store.read(lambda store: store.story_matches(first))
        (new,) = await here.rooms.store.read(lambda store: store.story_matches(second))
        assert old.watchlist_version != new.watchlist_version
        assert new.watchlist_version == here.rooms.settings.watchlists[0].version

    serving(house, script)


#: Where an alert stands whose channel is not set up.
WAITING = {AlertState.PENDING, AlertState.SENDING}
EMAIL = {"smtp": "${SMTP_URL}", "from": "desk@newsroom.test"}
HEAD = "id: sanctuary-cities\nname: Sanctuary cities\ndeliver: console\n"
BROKEN = {
    "not YAML": "id: sanctuary-cities\nname: [",
    "a line": f"{HEAD}match: [county jail, (never closed]\n",
    "its own example": f"{HEAD}match: [county jail]\nexpect_match: [A sanctuary city votes]\n",
    "empty": "",
    "a comment": "# nothing but a comment\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_leaves_the_version_before_in_force_and_is_told_once(
    house: Desk, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    async def script(here: Serving) -> None:
        await here.saves(SANCTUARY, text)
        await here.saves(SANCTUARY, text)  # saved again, no better
        told = [await here.files("The county jail is full"), await here.files("A sanctuary city votes")]
        assert await here.told() == told[1:]
        assert await here.warnings() == ["A change in the newsroom's files was not taken over"]
        await here.saves(SANCTUARY, watching("county jail"))
        assert (await here.warnings())[1:] == ["The newsroom's files are in order again"]
        told.append(await here.files("The county jail has a new roof"))
        assert await here.told() == told[1:]

    serving(house, script)
    (event,) = events(caplog, "file not taken over; what it said before holds")
    assert event["why"].startswith(SANCTUARY)
    assert len(events(caplog, "files mended")) == 1


def test_one_broken_watchlist_holds_up_no_other(house: Desk) -> None:
    async def script(here: Serving) -> None:
        await here.saves(SANCTUARY, "name: [")
        await here.saves("watchlists/jail.yaml", JAIL)
        jail, city = await here.files("The county jail is full"), await here.files("A sanctuary city votes")
        assert await here.told() == [jail, city]

    serving(house, script)


def test_what_is_broken_in_the_main_file_changes_nothing_at_all(house: Desk) -> None:
    main = (house.folder / "nightdesk.yaml").read_text(encoding="utf-8")

    async def script(here: Serving) -> None:
        live = here.rooms.settings
        await here.saves("nightdesk.yaml", "version: 1\nnewsroom: {name: Metro Desk\n")
        await here.saves("watchlists/jail.yaml", JAIL)
        assert here.rooms.settings is live
        assert len(await here.warnings()) == 1
        # What was saved meanwhile is taken over, and kept, when the main file is mended.
        await here.saves("nightdesk.yaml", main)
        assert [each.id for each in here.rooms.settings.watchlists] == ["jail", "sanctuary-cities"]
        assert len(await here.rooms.store.read(lambda store: store.saved_texts("jail"))) == 1

    serving(house, script)


def test_a_watchlist_that_is_paused_tells_nothing_and_resumed_tells_no_archive(
    house: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async def script(here: Serving) -> None:
        await here.saves(SANCTUARY, watching("sanctuary city", enabled=False))
        await here.files("A sanctuary city votes")
        await here.saves(SANCTUARY, watching("sanctuary city"))
        after = await here.files("Another sanctuary city votes")
        assert await here.told() == [after]

    serving(house, script)
    assert [event["how"] for event in events(caplog, "watchlist taken over")] == ["paused", "resumed"]


def test_what_waits_for_a_destination_that_is_gone_is_withdrawn(house: Desk) -> None:
    async def script(here: Serving) -> None:
        await here.saves(SANCTUARY, watching("sanctuary city", deliver="slack:#desk"))
        await here.files("A sanctuary city votes")
        assert [alert.state in WAITING for alert in await here.alerts()] == [True]
        await here.saves(SANCTUARY, watching("sanctuary city"))
        assert [alert.state for alert in await here.alerts()] == [AlertState.WITHDRAWN]

    house.write("nightdesk.yaml", main_file(house) | {"channels": {"slack": {"token": "${NO_TOKEN}"}}})
    serving(house, script)


def main_file(desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((desk.folder / "nightdesk.yaml").read_text(encoding="utf-8"))
    return found


def test_sources_that_come_and_go_are_declared(house: Desk) -> None:
    source = {"id": "coast", "name": "Coast Public Radio", "url": "https://127.0.0.1:9/feed"}

    async def declared(here: Serving) -> list[str]:
        states = await here.rooms.store.read(lambda store: store.fetch_states())
        return [state.source_id for state in states]

    async def script(here: Serving) -> None:
        assert await declared(here) == []
        await here.saves("sources/more.yaml", {"sources": [source]})
        assert await declared(here) == ["coast"]
        await here.saves("sources/more.yaml", {"sources": []})
        assert await declared(here) == []

    serving(house, script)


def test_what_only_a_start_can_change_is_said_and_the_rest_is_taken(
    house: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async def script(here: Serving) -> None:
        database = here.rooms.settings.database
        moved = main_file(house) | {"newsroom": {"name": "City Desk", "timezone": "America/Denver"}}
        moved |= {"database": "${ANOTHER}", "fetch": {"timeout": "5s"}}
        (house.folder / ".env").write_text("ANOTHER=sqlite:///elsewhere.db\n", encoding="utf-8")
        await here.saves("nightdesk.yaml", moved)
        assert here.rooms.settings.newsroom == "City Desk"
        assert here.rooms.settings.database == database
        assert await here.warnings() == ["A change waits until Nightdesk is started again"]

    serving(house, script)
    (event,) = events(caplog, "change waits for a restart")
    assert event["what"] == "the database, how sources are fetched"


def test_a_broken_private_watchlist_is_named_nowhere(house: Desk, caplog: pytest.LogCaptureFixture) -> None:
    quiet = {"id": "harbor-probe", "name": "Harbor probe", "match": ["dockside manifest"], "private": True}
    said: list[str] = []

    async def script(here: Serving) -> None:
        await here.saves("watchlists/harbor-probe.yaml", quiet | {"deliver": "email:one@newsroom.test"})
        await here.saves("watchlists/harbor-probe.yaml", quiet | {"deliver": "console"})
        said.append(here.out)
        said.extend(str(alert) for alert in await here.alerts())
        assert len(await here.warnings()) == 1

    house.write("nightdesk.yaml", main_file(house) | {"channels": {"email": EMAIL}})
    serving(house, script)
    said += [EventFormatter().format(record) for record in caplog.records]
    assert "private-" in " ".join(said)
    for word in ("harbor", "dockside", "manifest"):
        assert word not in " ".join(said).lower()


# ── Starting while something is broken ────────────────────────────────────────────────────────────────────


def test_a_start_goes_by_what_was_last_sound_when_a_watchlist_is_broken(house: Desk) -> None:
    sound, store = house.settings, house.store
    folder = house.folder
    text = (folder / SANCTUARY).read_text(encoding="utf-8")
    store.keep_text("sanctuary-cities", text, now=house.clock(), who="files")
    store.keep_text("sanctuary-cities", "match: [", now=house.clock(), who="files")
    (folder / SANCTUARY).write_text("name: [", encoding="utf-8")
    assert as_last_saved(folder, house.environment, store) == sound
    (folder / "watchlists" / "new.yaml").write_text("name: [", encoding="utf-8")
    assert as_last_saved(folder, house.environment, store) is None
    (folder / "watchlists" / "new.yaml").unlink()
    (folder / "nightdesk.yaml").write_text("version: [", encoding="utf-8")
    assert as_last_saved(folder, house.environment, store) is None


def test_what_was_taken_over_is_kept_and_what_is_broken_is_not(house: Desk) -> None:
    async def script(here: Serving) -> None:
        await here.saves(SANCTUARY, watching("sanctuary city", "county jail"))
        await here.saves(SANCTUARY, "name: [")
        await here.saves("watchlists/jail.yaml", JAIL)
        said = await here.rooms.store.read(lambda store: store.saved_texts("sanctuary-cities"))
        assert ["county jail" in each.text for each in said] == [True, False]

    serving(house, script)


@pytest.mark.slow
@pytest.mark.whole
def test_nightdesk_starts_beside_a_broken_watchlist_and_says_so(house: Desk) -> None:
    text = (house.folder / SANCTUARY).read_text(encoding="utf-8")
    house.store.keep_text("sanctuary-cities", text, now=house.clock(), who="files")
    house.close()
    (house.folder / SANCTUARY).write_text("name: [", encoding="utf-8")
    with running(house) as process:
        log = (house.folder / "log").read_text(encoding="utf-8")
        assert f"{SANCTUARY}:1" in log
        assert "what was saved before is in force." in " ".join(log.split())
        process.terminate()
        assert process.wait(timeout=10) == 0


@pytest.fixture(autouse=True)
def _no_handlers() -> Iterator[None]:
    """Leave the loggers as they were."""
    level = logging.getLogger("nightdesk").level
    yield
    logging.getLogger("nightdesk").setLevel(level)
