"""The archive is listed, searched, shown with its reasons, and handed to a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.nightdesk.desk import Desk

HEADLINE = "Mayor skips capital meeting after warning to sanctuary cities"
LETTER = "Justice Department demands records of sanctuary cities"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Return a newsroom with a story that two stations tell, one off the beat, and a message that is out."""
    story = desk.files(HEADLINE).story_id
    desk.files("Oyster season opens", text="Oysters are thin this year.", source_id="coast")
    desk.watches()
    desk.clock.advance(timedelta(minutes=2))
    desk.sends()
    desk.at("2026-03-18 13:12")
    desk.grows(story, LETTER, details=["The 23 jurisdictions include Port Ellery."])
    desk.watches()
    return desk


def test_the_stories_on_the_watchlists_are_listed_newest_first(desk: Desk) -> None:
    desk.files("Judge halts ordinance in sanctuary cities", source_id="coast")
    desk.watches()
    ran = desk("stories", "list")
    assert ran.code == 0
    assert ran.flat.index("Judge halts ordinance") < ran.flat.index(HEADLINE)
    assert "Channel 4 Ellery, Ellery 31; Sanctuary cities; main topic; sent to #immigration-desk" in ran.flat
    assert "Oyster" not in ran.out


def test_every_story_is_listed_when_asked(desk: Desk) -> None:
    assert "Oyster season opens" in desk("stories", "list", "--all").out


def test_what_is_too_much_for_a_screen_is_counted(desk: Desk) -> None:
    ran = desk("stories", "list", "--all", "--limit", "1")
    assert len(ran.out.split("Channel 4 Ellery")) + len(ran.out.split("Coast Public Radio")) == 3
    assert "1 more: nightdesk stories list --limit 2" in ran.err


def test_old_stories_are_listed_only_when_asked_further_back(desk: Desk) -> None:
    desk.at("2026-03-28 12:00")
    said = desk("stories", "list").err
    assert "No story." in said
    assert "The newest in the archive is from March 18, 1:12 pm: nightdesk stories list --since 10d" in said
    assert HEADLINE in desk("stories", "list", "--since", "2 weeks").flat


def test_a_listing_for_machines_has_one_story_a_line(desk: Desk) -> None:
    (facts,) = desk("stories", "list", "--json").records
    assert facts["headline"] == HEADLINE
    assert facts["outlets"] == ["Channel 4 Ellery", "Ellery 31"]
    assert (facts["grade"], facts["priority"]) == ("about", "high")
    assert facts["sent"] == [{"to": "slack:#immigration-desk", "at": "2026-03-18T18:02:00+00:00"}]


def test_stories_from_before_the_first_check_are_counted_not_listed(desk: Desk) -> None:
    desk.files("Ferry fares rise in sanctuary cities", backlog=True, source_id="coast")
    desk.watches()
    ran = desk("stories", "list")
    assert "Ferry fares" not in ran.out
    assert "1 story on your watchlists was there before the first check of a source: add --all" in ran.err


def test_words_find_a_story_whatever_their_accents(desk: Desk) -> None:
    desk.files("Feria de empleo en José Martí", text="Hay empleos.", source_id="coast")
    assert "Feria de empleo en José Martí" in desk("stories", "search", "jose", "MARTI").out


def test_words_that_no_story_has_find_nothing(desk: Desk) -> None:
    ran = desk("stories", "search", "zeppelin")
    assert (ran.code, ran.out, ran.err) == (0, "", "No article.\n")


def test_a_story_is_shown_as_a_timeline_with_its_reasons(desk: Desk) -> None:
    ran = desk("stories", "show", "1")
    assert ran.lines[0] == f"1  {HEADLINE}"
    assert "Sanctuary cities: main topic, high priority" in ran.out
    above = ran.flat.partition("11:55 am")[0]
    assert "Channel 4 Ellery: “" in above
    assert f"11:55 am Channel 4 Ellery: {HEADLINE}" in ran.flat
    assert "begins the story: nothing like it in four days" in ran.flat
    assert f"1:07 pm Ellery 31: {LETTER}" in ran.flat
    assert "same story: 3 shared sentences with Channel 4 Ellery" in ran.flat
    assert "1 of 19 sentences also in Channel 4 Ellery" in ran.flat
    assert "= The council meets again on Monday." in ran.flat
    assert "adds 1 detail + The 23 jurisdictions include Port Ellery." in ran.flat
    assert "Sent new message, #immigration-desk, 12:02 pm" in ran.flat
    assert "Waiting reply in the thread, #immigration-desk, until 1:27 pm" in ran.flat


def test_a_correction_stands_in_the_timeline(desk: Desk) -> None:
    filed = desk.files("Council counts", text="Roughly two dozen cities got it, sanctuary cities among them.")
    desk.corrects(filed, "two dozen", "23")
    said = desk("stories", "show", str(filed.story_id)).flat
    assert "Corrected: corrected “Roughly two dozen" in said or "two dozen" in said
    assert "“… 23 …”" in said


def test_a_whole_story_goes_to_machines(desk: Desk) -> None:
    (facts,) = desk("stories", "show", "1", "--json").records
    _, second = facts["articles"]
    assert second["shared"] == ["The council meets again on Monday."]
    assert second["whats_new"] == ["The 23 jurisdictions include Port Ellery."]
    assert [message["state"] for message in facts["messages"]] == ["sent", "waiting", "waiting", "waiting"]


def test_an_address_is_never_broken_over_two_lines(desk: Desk) -> None:
    address = "https://channel4.test/2026/03/18/a-very-long-address-that-does-not-fit-into-a-line-at-all"
    filed = desk.files("Long address", address=address)
    assert address in desk("stories", "show", str(filed.story_id)).out


def test_a_story_that_is_not_there_is_trouble_and_says_what_to_run(desk: Desk) -> None:
    ran = desk("stories", "show", "99")
    assert ran.code == 1
    assert "error: there is no story 99" in ran.err
    assert ran.last.startswith("Next: nightdesk stories list --all")


@pytest.mark.parametrize("number", ["0", "-1", "abc", "99999999999999999999"])
def test_what_is_no_number_of_a_story_is_typed_wrong(desk: Desk, number: str) -> None:
    ran = desk("stories", "show", number)
    assert ran.code == 2
    assert ran.last == "Next: nightdesk stories show --help"


def test_a_span_that_is_none_is_typed_wrong(desk: Desk) -> None:
    ran = desk("stories", "list", "--since", "soon")
    assert ran.code == 2
    assert '"soon" is not a length of time; write 24h, 7d or 2w' in ran.err


def test_a_spreadsheet_gets_a_table_and_no_formula(desk: Desk) -> None:
    desk.files('=HYPERLINK("http://evil.test","sanctuary cities")', source_id="coast")
    desk.watches()
    rows = list(csv.DictReader(io.StringIO(desk("stories", "export").out)))
    assert [row["headline"] for row in rows] == [
        HEADLINE,
        '\'=HYPERLINK("http://evil.test","sanctuary cities")',
    ]
    assert rows[0]["outlets"] == "Channel 4 Ellery; Ellery 31"


def test_without_an_archive_there_is_nothing_to_list(new_desk: Callable[..., Desk]) -> None:
    ran = new_desk()("stories", "list")
    assert ran.code == 1
    assert "nothing was watched yet" in ran.err
    assert ran.last.startswith("Next: nightdesk run")


# ── Search ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_of_a_watchlist_finds_what_it_would_find_there_newest_first(desk: Desk) -> None:
    ran = desk("stories", "search", "(oyster* OR 'sanctuary cities') AND NOT title:letter".replace("'", '"'))
    assert ran.code == 0
    assert ran.flat.index(LETTER) < ran.flat.index(HEADLINE)
    assert "Ellery 31; main topic" in ran.flat
    assert "“Oysters are thin this year.”" in ran.flat


def test_a_search_shows_the_sentence_that_has_the_words(desk: Desk) -> None:
    filler = "The council heard many speakers on the budget of the port and on its roads, " * 4
    desk.files("Long meeting", text=f"It began at nine. {filler}and a detainer policy, {filler}and more.")
    said = desk("stories", "search", "detainer policies").flat
    assert "“… " in said
    assert "and a detainer policy, " in said
    assert " …”" in said


def test_a_search_can_be_kept_to_the_last_days(desk: Desk) -> None:
    desk.at("2026-03-28 12:00")
    desk.files("Oyster season ends", text="No more oysters.", source_id="coast")
    desk.clock.advance(timedelta(minutes=1))
    assert len(desk("stories", "search", "oysters", "--json").records) == 2
    assert len(desk("stories", "search", "oysters", "--last", "2d", "--json").records) == 1
    assert "There are more: add --limit 5" in desk("stories", "search", "oysters", "--limit", "1").err


def test_a_search_for_machines_says_where_the_words_stand(desk: Desk) -> None:
    (facts,) = desk("stories", "search", "thin NEAR/3 year", "--json").records
    assert (facts["headline"], facts["story"], facts["grade"]) == ("Oyster season opens", 2, "about")
    (evidence,) = facts["evidence"]
    assert evidence["words"] == "thin this year"
    assert evidence["sentence"] == "Oysters are thin this year."


def test_words_that_stand_apart_are_found_wherever_they_stand_when_asked(desk: Desk) -> None:
    ran = desk("stories", "search", "oysters", "year")
    assert "No article." in ran.err
    assert "Wherever they stand: nightdesk stories search 'oysters AND year'" in ran.err
    assert "Oyster season opens" in desk("stories", "search", "oysters AND year").out


def test_a_search_that_finds_nothing_says_what_may_have_been_meant(desk: Desk) -> None:
    ran = desk("stories", "search", "oysters or zeppelins")
    assert 'Careful: a small "or" is a word like any other; write OR' in ran.err


@pytest.mark.parametrize(
    ("typed", "what", "below", "write"),
    [
        ("(sanctuary OR city", "this parenthesis is never closed", "^", ") at the end of the line"),
        ("sanctuary AND", "AND needs words", "^^^", "words after it"),
        ("NOT sanctuary", "this line only says what must not be there", "^^^", "under never:"),
    ],
)
def test_a_search_that_cannot_be_read_has_a_caret_and_no_file(
    desk: Desk, typed: str, what: str, below: str, write: str
) -> None:
    ran = desk("stories", "search", typed)
    assert ran.code == 2
    assert ran.err.startswith(f"error: {what}")
    assert f"      | {typed}" in ran.err
    assert below in ran.err
    assert write in ran.err
    assert ran.last == "Next: nightdesk stories search --help"
