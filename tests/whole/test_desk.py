"""What people click in Slack becomes a row before it is shown, and outlives what happens to the program."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.effort import DATABASES
from tests.fakes.slack_people import View
from tests.fakes.slack_workspace import SlackMessage, SlackThread
from tests.whole.house import CHANNEL, HEALTH, House, write_yaml

pytestmark = pytest.mark.whole

NIGHT, METRO, GUEST, STRANGER = "U09NIGHTED", "U09METRODESK", "U09GUESTDESK", "U09STRANGER"
READERS = (
    {"id": "night-editor", "name": "Night editor", "slack": NIGHT, "role": "editor"},
    {"id": "metro-desk", "name": "Metro desk", "slack": "D09METROTALK", "role": "editor"},
    {"id": "guest", "name": "Guest", "slack": GUEST, "role": "reader"},
)


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    house = House(tmp_path, database_url, ("channel4", "ellery31"), readers=READERS)
    house.slack.add_conversation("D09METROTALK", user=METRO)
    meeting = {
        "name": "Capital meeting",
        "match": ["capital meeting"],
        "deliver": "desk",
        "priority": {"default": "high"},
    }
    write_yaml(house.newsroom / "watchlists" / "capital-meeting.yaml", meeting)
    yield house
    house.close()


def opened(house: House) -> None:
    """Start the program; return when it listens and the first story is out with its buttons."""
    house.start()
    house.wait_for(lambda: house.slack.people.line.listeners > 0, "a line to Slack")
    house.wait_until_read()
    house.set_clock("2026-03-18 12:02")
    house.wait_for(lambda: bool(house.slack.threads(CHANNEL)), "the first message")
    house.wait_for(lambda: "claim" in buttons(house) and house.unsent() == 0, "its buttons and its row")


def thread(house: House) -> SlackThread:
    return house.slack.threads(CHANNEL)[0]


def root(house: House) -> SlackMessage:
    return thread(house).root


def buttons(house: House) -> list[str]:
    """Return what stands under the story."""
    blocks = root(house).blocks
    return [str(each["action_id"]) for b in blocks if b["type"] == "actions" for each in b["elements"]]


def says(house: House, words: str) -> Callable[[], bool]:
    return lambda: words in root(house).text


def whispered(house: House, user: str) -> str:
    return "\n".join(each.text for each in house.slack.people.whispers(user))


def drawn(house: House, action: str) -> bool:
    return action in buttons(house)


def told(house: House, user: str, words: str) -> Callable[[], bool]:
    return lambda: words in whispered(house, user)


def blocks(house: House) -> str:
    return json.dumps(root(house).blocks)


def form(house: House, user: str) -> View:
    """Return the form that a person has open."""
    found = house.slack.people.form(user)
    assert found is not None, f"{user} has no form open\n{house.log()[-2000:]}"
    return found


@pytest.mark.parametrize("database_url", DATABASES, indirect=True)
def test_a_night_at_the_desk_from_claim_to_keywords(house: House) -> None:
    opened(house)
    assert buttons(house) == ["read", "claim", "not_relevant", "more"]
    take_it_at_once(house)
    vote_and_take_it_back(house)
    ask_and_be_answered(house)
    mute_and_unmute(house)
    edit_keywords(house)
    type_commands(house)
    assert house.stop() == 0
    late = house.slack.people.click(root(house), "claim", user=NIGHT)
    assert not late.done  # Slack itself says that nobody answers
    assert "Traceback" not in house.log()


def take_it_at_once(house: House) -> None:
    people = house.slack.people
    # Two at once: one wins, and both see who.
    with ThreadPoolExecutor(2) as hands:
        message = root(house)
        clicks = [hands.submit(people.click, message, "claim", user=user) for user in (NIGHT, METRO)]
    assert all(click.result().done for click in clicks)
    house.wait_for(says(house, "is on it"), "who is on it")
    (claim,) = house.store.open_claims()
    winner, loser = (NIGHT, METRO) if claim.who == "night-editor" else (METRO, NIGHT)
    house.wait_for(lambda: "is on it since" in whispered(house, loser), "word to the one who came second")
    assert f"<@{winner}>" in blocks(house)
    assert buttons(house)[1] == "release"

    # Who is no editor cannot take it away; who is on it can.
    people.click(root(house), "release", user=GUEST)
    house.wait_for(lambda: "you must be an editor" in whispered(house, GUEST), "a refusal")
    people.click(root(house), "release", user=winner)
    house.wait_for(lambda: "is on it" not in root(house).text, "the release")


def vote_and_take_it_back(house: House) -> None:
    people = house.slack.people
    people.click(root(house), "not_relevant", user=GUEST)
    house.wait_for(says(house, "1 vote: not relevant"), "the vote")
    house.wait_for(lambda: "10 minutes" in whispered(house, GUEST), "a way back")
    people.click_whisper(people.whispers(GUEST)[-1], "undo")
    house.wait_for(lambda: "not relevant." not in root(house).text, "the vote to be gone")
    assert people.whispers(GUEST)[-1].replaces


def ask_and_be_answered(house: House) -> None:
    people = house.slack.people
    people.click(root(house), "more", choose="why", user=GUEST)
    house.wait_for(lambda: "Sanctuary cities:" in whispered(house, GUEST), "the reason")
    assert people.press_unknown(root(house), user=GUEST).done
    house.wait_for(lambda: "does not know this button" in whispered(house, GUEST), "an answer")
    people.click(root(house), "claim", user=STRANGER)
    house.wait_for(lambda: STRANGER in whispered(house, STRANGER), "how to be known")
    people.click(root(house), "claim", user=NIGHT, value="of another newsroom")
    house.wait_for(lambda: "another Nightdesk" in whispered(house, NIGHT), "word that it is not ours")
    assert house.store.open_claims() == ()


def mute_and_unmute(house: House) -> None:
    people = house.slack.people
    people.click(root(house), "more", choose="mute_story", user=GUEST)
    house.wait_for(lambda: "To mute a story you must be an editor" in whispered(house, GUEST), "a refusal")
    people.click(root(house), "more", choose="mute_outlet", user=NIGHT)
    house.wait_for(lambda: "Channel 4 Ellery here" in form(house, NIGHT).words, "what it would have lost")
    assert "it would have kept back 1 message of 1" in form(house, NIGHT).words
    assert people.send(form(house, NIGHT), {"until": "24h"}).done
    house.wait_for(lambda: "muted here until Thursday" in form(house, NIGHT).words, "the mute")
    house.wait_for(lambda: len(house.slack.threads(CHANNEL)) > 1, "word to the channel")
    assert "Night editor muted Channel 4 Ellery here" in house.slack.threads(CHANNEL)[1].root.text
    people.click(root(house), "more", choose="mute_story", user=NIGHT)
    house.wait_for(lambda: form(house, NIGHT).name == "mute_story", "the form")
    assert people.send(form(house, NIGHT), {"until": "pinned"}).done
    house.wait_for(says(house, "Muted by Night editor"), "the mute to be shown")
    people.click(root(house), "more", choose="unmute_story", user=METRO)
    house.wait_for(lambda: "Muted by" not in root(house).text, "the mute to be over")


def edit_keywords(house: House) -> None:
    people, path = house.slack.people, house.newsroom / "watchlists" / "sanctuary-cities.yaml"
    before = path.read_text(encoding="utf-8")
    people.click(root(house), "more", choose="edit", user=NIGHT)
    house.wait_for(lambda: form(house, NIGHT).name == "which_keywords", "to be asked of which watchlist")
    people.send(form(house, NIGHT), {"watchlist": "sanctuary-cities"})
    house.wait_for(lambda: "The last 7 days" in form(house, NIGHT).words, "what last week would have sent")
    typed = {"any": 'jail AND "', "never": "sanctuary lamp"}
    people.send(form(house, NIGHT), typed)
    assert "any" in form(house, NIGHT).errors
    people.send(form(house, NIGHT), {"any": "sanctuary cities", "never": "sanctuary lamp"})
    house.wait_for(
        lambda: "Save" in str(form(house, NIGHT).json.get("submit")), "to be tried before it is saved"
    )
    assert path.read_text(encoding="utf-8") == before
    people.send(form(house, NIGHT))
    house.wait_for(lambda: "Saved." in form(house, NIGHT).words, "the save")
    assert "sanctuary lamp" in path.read_text(encoding="utf-8")
    assert house.store.saved_texts("sanctuary-cities")[0].who == "night-editor"


def type_commands(house: House) -> None:
    people = house.slack.people
    for words, answer in (
        ("help", "/nightdesk watch WORDS"),
        ("", "This can be typed"),
        ("status", "Nobody is on a story"),
        ("why https://nowhere.test/story", "Never seen"),
        ("quiet until 14:00", "Quiet here until 2:00 pm"),
        ("quiet off", "It is no longer quiet here"),
        ("digest now", "1 digest on the way"),
    ):
        assert people.command(words, user=METRO, channel=CHANNEL).done
        house.wait_for(told(house, METRO, answer), answer)
    house.wait_for(lambda: bool(house.mail.messages), "the digest")
    people.command("watch county jail", user=NIGHT, channel=CHANNEL)
    house.wait_for(lambda: "The last 7 days" in form(house, NIGHT).words, "what last week would have sent")
    people.send(form(house, NIGHT))
    house.wait_for(
        lambda: "Save" in str(form(house, NIGHT).json.get("submit")), "to be tried before it is saved"
    )
    people.send(form(house, NIGHT))
    house.wait_for(lambda: "Saved." in form(house, NIGHT).words, "the save")
    assert "county jail" in (house.newsroom / "watchlists" / "county-jail.yaml").read_text(encoding="utf-8")


def test_a_kill_between_click_decision_and_edit_loses_nothing(house: House) -> None:
    opened(house)
    people = house.slack.people
    # Before the decision: nobody acknowledged, and Slack tells the person so.
    house.arm("clicked")
    assert not people.click(root(house), "claim", user=NIGHT).done
    begin_again(house)
    assert house.store.open_claims() == ()
    # After it: the row is there, and the message follows.
    house.arm("acted")
    people.click(root(house), "claim", user=NIGHT)
    house.wait_for_death()
    assert [claim.who for claim in house.store.open_claims()] == ["night-editor"]
    assert "is on it" not in root(house).text
    begin_again(house)
    assert "Night editor is on it" in root(house).text
    # After Slack took the edit, before we wrote that down: it is made again, and says the same.
    house.arm("edited")
    people.click(root(house), "not_relevant", user=GUEST)
    house.wait_for_death()
    begin_again(house)
    assert "1 vote: not relevant" in root(house).text
    (claim,) = house.store.open_claims()
    assert [act.kind for act in house.store.acts_of(claim.story_id)] == ["claim", "not relevant"]
    assert len(house.slack.threads(CHANNEL)) == 1


def begin_again(house: House) -> None:
    """Start the program anew, once it is dead."""
    if (house.folder / "armed").exists():
        house.wait_for_death()
    logged = len(house.log().encode())
    house.start()
    # Also under what was changed before the line stood: then no edit is left that a kill could fall into.
    house.wait_for(lambda: "buttons drawn" in house.log(logged), "a line to Slack")
    house.wait_for(lambda: is_shown(house), "the buttons")
    assert buttons(house)


def is_shown(house: House) -> bool:
    """Whether no message is still to be changed."""
    return not house.store.threads_to_edit(limit=1)


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Let somebody else hold the database for a while."""
    with closing(sqlite3.connect(house.database.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.fixture
def sqlite_house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path, f"sqlite:///{tmp_path / 'nightdesk.db'}", ("channel4",), readers=READERS)
    house.slack.add_conversation("D09METROTALK", user=METRO)
    yield house
    house.close()


def test_a_line_that_is_renewed_or_cut_or_refused_costs_no_click(sqlite_house: House) -> None:
    house = sqlite_house
    opened(house)
    people, line = house.slack.people, house.slack.people.line
    # Slack renews its lines every hour or so: the new one is open before the old one ends.
    line.refresh()
    house.wait_for(lambda: line.connected == 2, "another line")
    for action, who in (("claim", NIGHT), ("release", NIGHT), ("claim", METRO)):
        house.wait_for(partial(drawn, house, action), action)
        assert people.click(root(house), action, user=who).done
    house.wait_for(says(house, "Metro desk is on it"), "who is on it")
    # Cut, it is called again; what is clicked meanwhile Slack says has failed.
    line.drop()
    house.wait_for(lambda: line.connected == 3 and line.listeners > 0, "a third line")
    house.wait_for(lambda: people.click(root(house), "not_relevant", user=GUEST).done, "an answered click")
    # The database does not answer: acknowledged all the same, and the person is told.
    with locked(house):
        done = people.click(root(house), "not_relevant", user=NIGHT)
        assert done.done
        assert done.seconds < 1
        house.wait_for(told(house, NIGHT, "Nightdesk is busy"), "word that it takes long")
    house.wait_for(says(house, "2 votes: not relevant"), "the vote that waited")
    # Refused for good: no button stays whose handler is gone, and the health channel is told once.
    people.app_token = "xapp-revoked"
    line.drop()
    house.wait_for(lambda: not buttons(house), "the buttons to be gone")
    house.wait_for(lambda: len(house.slack.threads(HEALTH)) == 1, "word to the health channel")
    assert "Buttons in Slack do not work" in house.slack.threads(HEALTH)[0].root.text
