"""No match that cannot be explained, no miss that cannot be explained."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from storage.contract import Filed
from tests.nightdesk.conftest import Town
from tests.nightdesk.desk import SANCTUARY, Desk
from tests.nightdesk.test_rehearse import page_of

HEADLINE = "Mayor skips capital meeting after warning to sanctuary cities"
LETTER = "Justice Department demands records, threatens subpoena"
NO_WORDS = "Nothing in here is on any list. The council meets again on Monday."
LETTER_AT = "https://ellery31.test/2026/03/18/justice-department-demands-records-threatens-subpoena"


@pytest.fixture
def told(desk: Desk) -> Desk:
    """Return a newsroom in which a story was told, and a second station's details under it."""
    story = desk.files(HEADLINE).story_id
    desk.watches()
    desk.clock.advance(timedelta(minutes=2))
    desk.sends()
    desk.at("2026-03-18 13:12")
    desk.grows(story, LETTER, text=NO_WORDS, details=["The 23 jurisdictions include Port Ellery."])
    desk.watches()
    desk.at("2026-03-18 13:29")
    desk.sends()
    return desk


def test_an_article_that_was_told_says_where_and_what_was_new(told: Desk) -> None:
    ran = told("explain", LETTER_AT)
    assert ran.code == 0
    assert ran.lines[:2] == [f"Told: {LETTER}", "Ellery 31, Wednesday March 18, 1:07 pm."]
    assert (
        f"Same story as {HEADLINE} Channel 4 Ellery, 11:55 am 5 % shared text (1 of 19 sentences also in"
        in ran.flat
    )
    assert "Sanctuary cities main topic, high priority" in ran.flat
    assert "“sanctuary cities” in the story's first headline" in ran.flat
    assert "watchlists/sanctuary-cities.yaml:" in ran.out
    assert "this article alone is not on it; its story is" in ran.flat
    assert "Story 1 11:55 am Channel 4 Ellery: begins the story: nothing like it in four days" in ran.flat
    assert "1:07 pm Ellery 31: same story: 3 shared sentences with Channel 4 Ellery" in ran.flat
    assert "What is new 1 detail > The 23 jurisdictions include Port Ellery." in ran.flat
    assert "Sent reply in the thread, #immigration-desk, 1:29 pm" in ran.flat
    assert ran.lines[-1].startswith("To change it: nightdesk watchlists edit sanctuary-cities")


def test_the_first_article_says_who_else_told_it(told: Desk) -> None:
    said = told("explain", "mayor", "skips").flat
    assert "Also told by Ellery 31, 1:07 pm" in said
    assert "Sent new message, #immigration-desk, 12:02 pm" in said


def test_tracking_parameters_do_not_hide_an_article(told: Desk) -> None:
    assert told("explain", f"{LETTER_AT}?utm_source=mail").lines[0] == f"Told: {LETTER}"


def test_an_address_may_be_typed_without_its_scheme(told: Desk) -> None:
    assert told("explain", LETTER_AT.removeprefix("https://")).lines[0] == f"Told: {LETTER}"


def test_the_number_of_a_story_explains_its_first_article(told: Desk) -> None:
    assert told("explain", "1").lines[0] == f"Told: {HEADLINE}"


def test_other_stories_with_the_same_words_are_named(told: Desk) -> None:
    told.files("Mayor skips capital meeting once more", text=NO_WORDS)
    assert "Also has these words: " in told("explain", "mayor skips capital").err


def test_a_line_under_never_is_quoted_with_its_place(desk: Desk) -> None:
    desk.files("Elephant sanctuary welcomes two", text="A sanctuary city? An animal sanctuary.")
    desk.watches()
    ran = desk("explain", "elephant sanctuary")
    assert ran.lines[0] == "Not told: Elephant sanctuary welcomes two"
    assert "left out, because of never: animal sanctuary" in ran.flat
    assert "watchlists/sanctuary-cities.yaml:" in ran.out


def test_a_near_miss_says_what_was_there_and_what_was_not(desk: Desk) -> None:
    desk.files("Thin ice near the jail closes skating pond", text=NO_WORDS)
    desk.watches()
    said = desk("explain", "thin ice").flat
    assert "none of its words are in the article" in said
    assert 'nearest: "jail" is there, "ICE" is not' in said


def test_every_line_is_answered_when_asked(desk: Desk) -> None:
    desk.files("Thin ice near the jail closes skating pond", text=NO_WORDS)
    desk.watches()
    said = desk("explain", "thin ice", "--full").flat
    assert "any: no, sanctuary city" in said
    assert 'no, "ICE" yes, "jail"' in said
    assert "never: no, animal sanctuary" in said


def test_an_address_nobody_brought_is_never_seen(desk: Desk) -> None:
    assert desk.store is not None
    ran = desk("explain", "https://elsewhere.test/news/1")
    assert ran.lines[0] == "Never seen: https://elsewhere.test/news/1"
    assert "none of your sources publishes at elsewhere.test" in ran.out
    assert "nightdesk test WATCHLIST --url https://elsewhere.test/news/1" in ran.lines[-1]


def test_an_address_of_a_source_that_was_not_in_its_feed_says_how_the_source_does(desk: Desk) -> None:
    desk.sees("https://channel4.test/another")
    desk.clock.advance(timedelta(minutes=4))
    said = desk("explain", "https://www.channel4.test/missing").flat
    assert "Channel 4 Ellery is one of your sources; this address was not in its feed" in said
    assert "last checked 4 minutes ago" in said


def test_a_clipping_that_waits_says_what_it_waits_for(desk: Desk) -> None:
    clipping = desk.sees("https://channel4.test/late")
    again = desk.clock() + timedelta(minutes=3)
    desk.store.put_off_clipping(clipping, until=again, why="the server is busy")
    said = desk("explain", "https://channel4.test/late").flat
    assert said.startswith("Waiting: Seen at https://channel4.test/late")
    assert "its page did not come: the server is busy tried 1 time tried again 12:03 pm" in said


def test_a_clipping_that_was_dropped_says_why(desk: Desk) -> None:
    clipping = desk.sees("https://channel4.test/again")
    desk.store.drop_clipping(clipping, why="filed already, from Ellery 31", now=desk.clock())
    ran = desk("explain", "https://channel4.test/again")
    assert ran.lines[0].startswith("Not told: ")
    assert "not filed: filed already, from Ellery 31" in ran.flat


def test_an_article_nobody_looked_at_yet_waits(desk: Desk) -> None:
    desk.files(HEADLINE)
    said = desk("explain", "mayor").flat
    assert said.startswith("Waiting: ")
    assert "Sanctuary cities will catch it: main topic" in said
    assert "not yet compared with the watchlists" in said


def test_what_was_there_before_the_first_check_is_not_told(desk: Desk) -> None:
    desk.files(HEADLINE, backlog=True)
    desk.watches()
    said = desk("explain", "mayor").flat
    assert said.startswith("Not told: ")
    assert "it was there before Nightdesk first checked its source" in said


def test_quiet_hours_are_named_with_the_hour_they_end(desk: Desk) -> None:
    desk.at("2026-03-18 23:10")
    desk.files(HEADLINE)
    desk.watches()
    said = desk("explain", "mayor").flat
    assert "Waiting new message, #immigration-desk, until Thursday 6:00 am: quiet hours" in said
    assert "Waiting next daily email, metro-desk@newsroom.test, until Thursday 6:30 am" in said


def test_a_story_that_a_group_shows_is_found_in_the_group(desk: Desk) -> None:
    desk.files(HEADLINE)
    desk.watches()
    (root,) = desk.store.alerts()
    now = desk.clock()
    until = now + timedelta(hours=1)
    desk.store.record_grouped([root.id], destination=root.destination, why="hour", until=until, now=now)
    desk.sends()
    said = desk("explain", "mayor").flat
    assert said.startswith("Told: ")
    assert "Sent in a grouped message of 1 story, #immigration-desk, 12:00 pm" in said


def test_a_refusal_is_told_in_the_words_of_the_channel(desk: Desk) -> None:
    desk.files("Sanctuary cities get a letter from the Justice Department")
    desk.watches()
    desk.refuses("the channel is archived")
    ran = desk("explain", "letter")
    assert "Not sent new message, #immigration-desk: the channel is archived" in ran.flat


def test_a_mention_waits_for_the_next_email(desk: Desk) -> None:
    desk.files("Council counts its chairs", text=f"{NO_WORDS} " * 12 + "Sanctuary cities came up once.")
    desk.watches()
    said = desk("explain", "council counts").flat
    assert "passing mention, normal priority" in said
    assert "Waiting next daily email" in said
    assert "new message" not in said


def test_a_corrected_article_was_told_in_its_first_words(told: Desk) -> None:
    first = told.store.story(1)
    assert first is not None
    filed = told.store.article_at([first.articles[0].article.address])
    assert filed is not None
    told.corrects(Filed(article_id=filed.id, story_id=1, revision=1), "Monday", "Tuesday")
    said = told("explain", "mayor skips").flat
    assert said.startswith("Told: ")
    assert "Changed corrected: Monday → Tuesday" in said
    assert "Sent new message, #immigration-desk, 12:02 pm" in said


def test_a_watchlist_that_was_changed_since_says_so(new_desk: Callable[..., Desk]) -> None:
    watchlist: Mapping[str, Any] = {**SANCTUARY, "match": {"any": ["zeppelin"]}}
    desk = new_desk(watchlists=[watchlist])
    desk.files(HEADLINE)
    desk.watches()
    desk.write("watchlists/sanctuary-cities.yaml", SANCTUARY)
    said = desk("explain", "mayor").flat
    assert said.startswith("Not told: ")
    assert "would catch it as main topic: it was changed after the story was judged" in said


def test_a_watchlist_that_sends_nowhere_says_so(new_desk: Callable[..., Desk]) -> None:
    nowhere = {"to": "slack:#immigration-desk", "send": "at once", "when": "priority >= urgent"}
    desk = new_desk(watchlists=[{**SANCTUARY, "deliver": [nowhere]}])
    desk.files(HEADLINE)
    desk.watches()
    assert "its watchlists send nowhere what is like this" in desk("explain", "mayor").flat


def test_machines_get_the_whole_account(told: Desk) -> None:
    (facts,) = told("explain", LETTER_AT, "--json").records
    assert (facts["verdict"], facts["stage"], facts["story"]) == ("told", "sent", 1)
    assert facts["same_story_as"] == HEADLINE
    (watchlist,) = facts["watchlists"]
    assert (watchlist["on_it"], watchlist["grade"], watchlist["priority"]) == (True, "about", "high")
    assert watchlist["evidence"][0]["words"] == "sanctuary cities"
    assert facts["messages"][0]["what"] == "reply in the thread"


def test_a_number_that_is_no_story_is_taken_for_words(desk: Desk) -> None:
    desk.files("The hotline is 99999999999999999999", text=NO_WORDS)
    desk.watches()
    assert desk("explain", "99999999999999999999").lines[0] == "Not told: The hotline is 99999999999999999999"


def test_words_that_are_nowhere_are_trouble(desk: Desk) -> None:
    assert desk.store is not None
    ran = desk("explain", "zeppelin", "lands")
    assert ran.code == 1
    assert 'no story in the archive has all of these words: "zeppelin lands"' in ran.err
    assert ran.last.startswith("Next: nightdesk stories list --all")


@pytest.mark.slow
def test_every_step_of_a_story_that_was_really_fetched_is_told(town: Town) -> None:
    """Feed and page come over the wire, the outbox is drained by the service's own rounds."""
    path = town.desk.folder / "nightdesk.yaml"
    quiet = {"weekdays": {"from": "11:00", "to": "13:00"}, "weekends": "off"}
    town.desk.write("nightdesk.yaml", json.loads(path.read_text(encoding="utf-8")) | {"quiet_hours": quiet})
    address = page_of(town, "mayor-skips-capital-meeting")

    town.desk("run", "--once")
    assert f"Never seen: {address}" in town.desk("explain", address).flat
    town.desk.at("2026-03-18 12:02")
    town.desk("run", "--once")
    held = town.desk("explain", f"{address}?utm_source=feed", "--full")
    town.desk.at("2026-03-18 13:01")
    town.desk("run", "--once")
    told = town.desk("explain", address)

    steps = [
        f"Waiting: {HEADLINE} Channel 4 Ellery, Wednesday March 18, 11:58 am.",
        "Came in the feed of Channel 4 Ellery, 12:02 pm the whole text: 451 words filed 12:02 pm",
        "Sanctuary cities main topic, high priority in the headline and the first sentence",
        "“sanctuary cities” in the headline watchlists/sanctuary-cities.yaml:",
        'high priority, because of "Justice Department"',
        'any: no, =ICE NEAR/15 jail no, "ICE" yes, "jail": “jail” in the text',
        "Waiting new message, #immigration-desk, until 1:00 pm: quiet hours",
    ]
    places = [held.flat.find(step) for step in steps]
    assert -1 not in places, held.out
    assert places == sorted(places)
    assert f"Told: {HEADLINE}" in told.flat
    assert "Sent new message, #immigration-desk, 1:01 pm" in told.flat
