"""An editor says that a story does not concern the watchlist; the watchlist learns, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from config.settings import KeepSettings
from storage.upkeep import prune
from tests.nightdesk.desk import SANCTUARY, Desk

MONDAY = "The council meets again on Monday. Nobody said anything else."
JAIL: Mapping[str, Any] = {
    **SANCTUARY,
    "id": "county-jail",
    "name": "County jail",
    "match": {"any": ["ICE NEAR/15 jail"]},
}
FILE = """\
# The jail beat
id: county-jail
name: County jail
match:
  any:
    - ICE NEAR/15 jail   # who is let in
deliver: desk            # as everybody
"""


@pytest.fixture
def jail(new_desk: Callable[..., Desk]) -> Desk:
    """Return a newsroom whose jail watchlist took thin ice for the agency, once, and was right twice."""
    desk = new_desk(watchlists=[JAIL])
    path = desk.folder / "watchlists" / "county-jail.yaml"
    path.write_text(FILE, encoding="utf-8")
    desk.files("Thin ice closes skating pond", text=f"Thin ice near the jail closed it.\n{MONDAY}")
    desk.files("Agents wait at the door", text=f"Agents of ICE waited at the jail.\n{MONDAY}")
    desk.files("Sheriff shuts the door", text=f"The jail turned ICE away.\n{MONDAY}")
    desk.watches()
    return desk


def test_a_word_on_a_story_is_kept_with_who_and_when(jail: Desk) -> None:
    ran = jail("stories", "mark", "1", "--not-relevant", "--who", "night editor")
    assert ran.code == 0
    assert ran.lines[:2] == ["Marked: not relevant to County jail", "Thin ice closes skating pond"]
    (mark,) = jail.store.marks("county-jail")
    assert (mark.story_id, mark.relevant, mark.who, mark.at) == (1, False, "night editor", jail.clock())
    assert mark.watchlist_version == jail.settings.watchlists[0].version


def test_the_same_word_twice_is_kept_once_and_another_word_is_added(jail: Desk) -> None:
    jail("stories", "mark", "1", "--not-relevant")
    assert jail("stories", "mark", "1", "--not-relevant").lines[0].startswith("Marked already: ")
    jail("stories", "mark", "1", "--relevant")
    assert [mark.relevant for mark in jail.store.marks("county-jail")] == [False, True]


def test_the_smallest_change_comes_first_with_what_it_would_cost(jail: Desk) -> None:
    said = jail("stories", "mark", "thin", "ice", "--not-relevant").flat
    assert "tried on 2 other stories that County jail caught" in said
    assert "With so few to try it on, a change may still lose stories that are to come." in said
    assert "1 only with these capitals: - =ICE NEAR/15 jail in place of ICE NEAR/15 jail" in said
    assert "watchlists/county-jail.yaml:6:7 loses no other story" in said
    assert "- thin ice loses no other story" in said


def test_a_watchlist_that_caught_nothing_else_says_that_nothing_was_tried(
    new_desk: Callable[..., Desk],
) -> None:
    desk = new_desk(watchlists=[JAIL])
    desk.files("Thin ice closes skating pond", text=f"Thin ice near the jail closed it.\n{MONDAY}")
    desk.watches()
    ran = desk("stories", "mark", "1", "--not-relevant")
    assert "What would keep it off; County jail caught no other story to try it on:" in ran.flat
    assert "tried_on" in desk("stories", "mark", "1", "--not-relevant", "--json").records[1]


def test_a_change_that_would_lose_other_stories_names_them(jail: Desk) -> None:
    deep = f"{MONDAY}\n" * 12
    jail.files("Council counts chairs", text=f"{deep}Somebody said jail, ICE and chairs.")
    jail.files("Harbor opens", text=f"{deep}The jail turned ICE away.")
    jail.watches()
    ran = jail("stories", "mark", "4", "--not-relevant")
    assert "- title:(ICE NEAR/15 jail) OR lead:(ICE NEAR/15 jail) in place of" in ran.flat
    assert "loses 1 story that nobody marked: Harbor opens" in ran.flat


def test_a_change_that_loses_a_story_marked_as_relevant_is_not_offered(jail: Desk) -> None:
    both = jail.files("Jail", text=f"Thin ice at the jail, and ICE at the jail.\n{MONDAY}")
    jail.watches()
    jail("stories", "mark", str(both.story_id), "--relevant")
    ran = jail("stories", "mark", "1", "--not-relevant")
    assert "- thin ice" not in ran.out
    assert "- =ICE NEAR/15 jail" in ran.out
    assert "would lose stories that are marked as relevant." in ran.flat


def test_a_change_that_is_accepted_goes_into_the_file_and_the_comments_stay(jail: Desk) -> None:
    ran = jail("stories", "mark", "1", "--not-relevant", "--accept", "1")
    assert ran.code == 0
    assert "Changed watchlists/county-jail.yaml:" in ran.out
    written = (jail.folder / "watchlists" / "county-jail.yaml").read_text(encoding="utf-8")
    assert written == FILE.replace("- ICE NEAR/15 jail   #", '- "=ICE NEAR/15 jail" #') + (
        "expect_no_match:\n"
        "  - {title: Thin ice closes skating pond, text: Thin ice near the jail closed it.}\n"
    )
    jail.close()
    assert jail("check").code == 0


def test_words_are_put_under_never_where_there_was_none(jail: Desk) -> None:
    said = jail("stories", "mark", "1", "--not-relevant", "--json").records
    number = next(each["change"] for each in said if each.get("kind") == "never")
    assert jail("stories", "mark", "1", "--not-relevant", "--accept", str(number)).code == 0
    written = (jail.folder / "watchlists" / "county-jail.yaml").read_text(encoding="utf-8")
    assert "  never:\n    - thin ice\n" in written
    jail.close()
    assert jail("check").code == 0


def test_an_accepted_change_keeps_what_it_promised(jail: Desk) -> None:
    jail("stories", "mark", "1", "--not-relevant", "--accept", "1")
    jail.close()
    said = jail("stories", "mark", "1", "--not-relevant").flat
    assert "No small change would keep it off." in said


def test_a_change_that_breaks_an_example_is_not_written(jail: Desk) -> None:
    path = jail.folder / "watchlists" / "county-jail.yaml"
    path.write_text(FILE + "expect_match: [Thin ice at the jail]\n", encoding="utf-8")
    jail.close()
    before = path.read_bytes()
    ran = jail("stories", "mark", "1", "--not-relevant", "--accept", "1")
    assert ran.code == 1
    assert "this example should match and does not" in ran.err
    assert "watchlists/county-jail.yaml was not changed" in ran.err
    assert path.read_bytes() == before


def test_an_accepted_change_is_kept_with_who_and_can_be_taken_back(jail: Desk) -> None:
    jail("stories", "mark", "1", "--not-relevant", "--accept", "1", "--who", "night editor")
    saved = jail.store.saved_texts("county-jail")
    assert (saved[0].who, saved[0].how) == ("night editor", "learned")
    jail.close()
    assert jail("watchlists", "undo", "county-jail").code == 0
    assert (jail.folder / "watchlists" / "county-jail.yaml").read_text(encoding="utf-8") == FILE


def test_a_number_that_was_not_offered_changes_nothing(jail: Desk) -> None:
    ran = jail("stories", "mark", "1", "--not-relevant", "--accept", "9")
    assert ran.code == 1
    assert "there is no change 9" in ran.err
    assert (jail.folder / "watchlists" / "county-jail.yaml").read_text(encoding="utf-8") == FILE


def test_a_missed_story_that_is_relevant_says_what_keeps_it_off(jail: Desk) -> None:
    jail.files("Prison opens", text=MONDAY)
    jail.watches()
    ran = jail("stories", "mark", "prison", "opens", "--relevant", "--watchlist", "county-jail")
    assert "The watchlist does not catch it: none of its words are in the article" in ran.flat


def test_a_story_on_two_watchlists_needs_the_name_of_one(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(watchlists=[JAIL, SANCTUARY])
    desk.files("ICE detainer at the jail", text=MONDAY)
    desk.watches()
    ran = desk("stories", "mark", "1", "--not-relevant")
    assert ran.code == 2
    assert "say which watchlist: --watchlist county-jail or sanctuary-cities" in ran.err


def test_neither_word_is_typed_wrong(jail: Desk) -> None:
    ran = jail("stories", "mark", "1")
    assert ran.code == 2
    assert "write --relevant or --not-relevant" in ran.err


def test_an_address_that_never_came_in_cannot_be_marked(jail: Desk) -> None:
    ran = jail("stories", "mark", "https://elsewhere.test/1", "--not-relevant")
    assert ran.code == 1
    assert ran.last == "Next: nightdesk explain https://elsewhere.test/1 --config " + str(jail.folder)


def test_a_story_whose_text_is_gone_is_held_against_what_was_kept_of_it(jail: Desk) -> None:
    database = jail.database
    jail("stories", "mark", "2", "--relevant")
    jail.close()
    prune(database, KeepSettings(), now=jail.clock() + timedelta(days=31))
    ran = jail("stories", "mark", "1", "--not-relevant", "--json")
    offered = [each["lines"][0]["after"] for each in ran.records if "change" in each]
    assert "=ICE NEAR/15 jail" in offered
    assert all("title:" not in each for each in offered)
