"""What a person says of stories is done, told, kept, and only lifted by a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.nightdesk.desk import Desk

HEADLINE = "Mayor skips capital meeting after warning to sanctuary cities"
OTHER = "Judge halts ordinance in sanctuary cities"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Return a newsroom with two stories that are out, one after the other."""
    for title, source in ((HEADLINE, "channel4"), (OTHER, "ellery31")):
        desk.files(title, source_id=source)
        desk.watches()
        desk.clock.advance(timedelta(minutes=2))
        desk.sends()
    return desk


def test_two_stories_are_made_one_and_the_page_says_who_said_so(desk: Desk) -> None:
    tried = desk("stories", "merge", "2", "1", "--dry-run")
    assert (tried.code, tried.lines[0]) == (0, "Would be merged: story 2 into 1")
    assert "Nothing was changed." in tried.out
    ran = desk("stories", "merge", "2", "1", "--reason", "one hearing", "--who", "desk lead")
    assert ran.lines[:3] == ["Merged: story 2 into 1", f"1  {HEADLINE}", "   1 article came with it"]
    assert "#immigration-desk: the older message stays, the younger one says where" in ran.flat
    assert "Nothing is sent again. To lift it: nightdesk stories release 1" in ran.flat
    shown = desk("stories", "show", "2")
    assert "Story 2 is part of story 1 now." in shown.err
    assert shown.lines[0] == f"1  {HEADLINE}"
    assert f'Decision 1, one story, by desk lead: one hearing "{HEADLINE}"' in shown.flat
    assert "same story: one hearing" in shown.flat
    assert shown.flat.count("Sent new message, #immigration-desk") == 2
    again = desk("stories", "merge", "1", "2")
    assert (again.code, again.last[:30]) == (1, "Next: nightdesk stories show 1")


def test_an_article_is_taken_out_and_a_person_lets_go_first(desk: Desk) -> None:
    desk("stories", "merge", "1", "2", "--who", "desk lead", "--reason", "one hearing")
    refused = desk("stories", "split", "1", "2")
    assert refused.code == 1
    assert "desk lead decided that these belong together: one hearing" in refused.err
    assert refused.last.startswith("Next: nightdesk stories release 1")
    released = desk("stories", "release", "1", "--who", "editor")
    assert released.lines[0] == "Released: decision 1, one story, by desk lead"
    assert released.lines[1].startswith("To part them: nightdesk stories split 1 2")
    assert desk("stories", "release", "1").lines[0].startswith("Released already")
    (facts,) = desk("stories", "split", "1", "2", "--reason", "two hearings", "--json").records
    assert (facts["story"], facts["new"], facts["articles"], facts["told"]) == (1, 3, 1, False)
    shown = desk("stories", "show", "3")
    assert shown.lines[0] == f"3  {OTHER}"
    assert "Sent told in the message of another story, #immigration-desk" in shown.flat
    refused = desk("stories", "merge", "1", "3")
    assert "decided that these are not one story: two hearings" in refused.err


def test_what_is_kept_apart_is_listed_and_goes_to_whoever_measures(desk: Desk) -> None:
    assert "Nobody decided anything yet." in desk("stories", "decisions").err
    ran = desk("stories", "apart", "1", "2", "--who", "editor", "--reason", "two courts")
    assert f"Kept apart: 1 {HEADLINE} and 2 {OTHER}" in ran.flat
    assert (
        f'1 not one story, "{HEADLINE}" and "{OTHER}"; editor, 12:04 pm: two courts'
        in desk("stories", "decisions").flat
    )
    (facts,) = desk("stories", "decisions", "--json", "--texts").records
    assert (facts["same"], facts["stands"], facts["reason"]) == (False, True, "two courts")
    assert [one["title"] for one in facts["one"]] == [HEADLINE]
    assert facts["other"][0]["text"].startswith("The Justice Department warned")
    assert "Decided Decision 1, not the same story, by editor: two courts" in desk("explain", "2").flat
    shown = desk("stories", "show", "1", "--json").records[0]
    assert [each["verdict"] for each in shown["decisions"]] == ["apart"]
    assert "To make them one: nightdesk stories merge 1 2" in desk("stories", "release", "1").out


@pytest.mark.parametrize(
    ("typed", "error", "code"),
    [
        (("merge", "1", "1"), "name two stories", 1),
        (("merge", "1", "99"), "there is no story 99", 1),
        (("split", "1", "1"), "a story keeps at least one article", 2),
        (("split", "1", "https://ellery31.test/elsewhere"), "is no article of story 1", 1),
        (("release", "7"), "there is no decision 7", 1),
    ],
)
def test_what_cannot_be_done_says_why_and_what_to_run(
    desk: Desk, typed: tuple[str, ...], error: str, code: int
) -> None:
    ran = desk("stories", *typed)
    assert (ran.code, error in ran.err) == (code, True)
    assert ran.last.startswith("Next: nightdesk stories")


def test_the_page_names_the_earlier_story_and_how_much_of_an_article_is_its_own(desk: Desk) -> None:
    desk.grows(2, "Order is out", details=["The order takes effect on Monday."], source_id="coast")
    said = desk("stories", "show", "2").flat
    assert f"Earlier story: 1 {HEADLINE} (1 sentence of it in this one)" in said
    assert "Own reporting at 2 outlets" in said
    assert "(1 of 19 sentences also in Channel 4 Ellery); 95 % own reporting" in said
    (facts,) = desk("stories", "show", "2", "--json").records
    assert [(each["number"], each["shared_percent"]) for each in facts["articles"]] == [(1, 0), (2, 5)]
    assert facts["earlier_stories"] == [{"story": 1, "headline": HEADLINE, "sentences": 1}]
