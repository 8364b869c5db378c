"""A watchlist is tried on the archive, or on one article, by what judges live; nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nightdesk.rehearsal import rehearse
from nightdesk.rehearsal_steps import How, Rehearsal
from tests.fakes.day import the_day
from tests.nightdesk.conftest import Town
from tests.nightdesk.desk import SANCTUARY, TEXT, Desk

HEADLINE = "Mayor skips capital meeting after warning to sanctuary cities"
OFF_THE_BEAT = "Nothing in here is on any list. The council meets again on Monday."
LOW_KEY = "The council was briefed on detainer policy. It meets again on Monday."


@pytest.fixture
def day(desk: Desk) -> Desk:
    """Return a newsroom after a day: one story at once with a follow-up, one for the email, one left out."""
    desk.at("2026-03-18 10:31")
    desk.files("Council committee posts agenda with detainer briefing", text=LOW_KEY, source_id="coast")
    desk.at("2026-03-18 11:58")
    story = desk.files(HEADLINE).story_id
    desk.files("Oyster season opens", text=OFF_THE_BEAT, source_id="coast")
    desk.at("2026-03-18 13:12")
    desk.grows(
        story, "Letter names jurisdictions", text=OFF_THE_BEAT, details=["There are 23.", "One is here."]
    )
    desk.files("Elephant sanctuary welcomes two", text="A sanctuary city? An animal sanctuary.")
    desk.at("2026-03-18 17:05")
    return desk


def rehearsed(desk: Desk, **options: Any) -> Rehearsal:  # noqa: ANN401 - spans and settings of any kind
    """Return what the first watchlist would have done."""
    settings, now, store = desk.settings, desk.clock(), desk.store
    since = now - options.pop("last", timedelta(days=7))
    return rehearse(store, settings.watchlists[0], settings, since=since, until=now)


def hows(rehearsal: Rehearsal) -> list[tuple[str, How]]:
    return [(step.article.article.title.partition(" ")[0], step.how) for step in rehearsal.steps]


# ── The archive ───────────────────────────────────────────────────────────────────────────────────────────


def test_last_week_is_told_hour_by_hour(day: Desk) -> None:
    ran = day("test", "sanctuary-cities", "--last", "7d")
    assert ran.code == 0
    assert ran.lines[:2] == [
        "Sanctuary cities on the last 7 days, to Wednesday March 18, 5:05 pm.",
        "Nothing is sent.",
    ]
    assert "Wed 10:31 am in the email Council committee posts agenda with detainer briefing" in ran.flat
    assert "Coast Public Radio; main topic, normal priority “detainer” in the headline" in ran.flat
    assert f"11:58 am at once {HEADLINE} Channel 4 Ellery; main topic, high priority" in ran.flat
    assert "1:12 pm in its thread Ellery 31 adds 2 details" in ran.flat
    assert (
        "Wed left out Elephant sanctuary welcomes two Channel 4 Ellery; never: animal sanctuary" in ran.flat
    )
    assert (
        "5 articles, 2 stories, 1 alert and 1 follow-up in threads: about 0.3 stories and 0.1 alerts a day,"
        " 1 email a day. Noise: never: left out 1." in ran.flat
    )
    assert "Oyster" not in ran.out


def test_trying_changes_nothing(day: Desk) -> None:
    before = day.contents()
    assert day("test", "sanctuary-cities", "--all").code == 0
    assert day.contents() == before


def test_it_is_the_watchlist_as_it_is_written_now(day: Desk) -> None:
    day.write("watchlists/sanctuary-cities.yaml", {**SANCTUARY, "match": ["oyster"]})
    assert hows(rehearsed(day)) == [("Oyster", How.IN_EMAIL)]


def test_a_rehearsal_tells_what_was_told_live(desk: Desk) -> None:
    for hour in range(9, 24):
        desk.at(f"2026-03-18 {hour:02}:00")
        desk.files(f"Sanctuary cities hear news of hour {hour}", text=f"{TEXT} It is {hour}.")
        desk.files(f"Detainer policy at hour {hour}", text=f"{LOW_KEY} It is {hour}.", source_id="coast")
        desk.watches()
    desk.clock.advance(timedelta(minutes=1))
    live = {(alert.story_id, alert.due_at) for alert in desk.store.alerts(limit=100) if alert.kind == "root"}
    steps = [step for step in rehearsed(desk).steps if step.destination]
    assert {(step.story.id, step.due_at) for step in steps} == live
    assert len(live) == 15


def test_a_story_of_the_night_waits_for_the_morning(desk: Desk) -> None:
    desk.at("2026-03-17 23:10")
    desk.files(HEADLINE)
    desk.at("2026-03-18 17:05")
    (step,) = rehearsed(desk).steps
    assert step.how is How.LATER
    assert f"Tue 11:10 pm at 6:00 am {HEADLINE}" in desk("test", "sanctuary-cities").flat


def test_what_is_too_much_for_an_hour_is_grouped(desk: Desk) -> None:
    for number in range(7):
        desk.files(f"Sanctuary cities, letter {number}", text=f"{TEXT} Letter {number}.")
    desk.clock.advance(timedelta(hours=1))
    found = rehearsed(desk)
    assert [how for _, how in hows(found)] == [How.AT_ONCE] * 4 + [How.GROUPED] * 3
    assert found.alerts == 5


def test_a_night_of_stories_is_one_message_in_the_morning(desk: Desk) -> None:
    desk.at("2026-03-17 23:10")
    for number in range(3):
        desk.files(f"Sanctuary cities, letter {number}", text=f"{TEXT} Letter {number}.")
    desk.at("2026-03-18 17:05")
    found = rehearsed(desk)
    assert {how for _, how in hows(found)} == {How.GROUPED}
    assert found.alerts == 1


def test_what_was_new_while_the_first_message_waited_goes_into_it(desk: Desk) -> None:
    desk.at("2026-03-17 23:10")
    story = desk.files(HEADLINE).story_id
    desk.at("2026-03-18 01:00")
    desk.grows(story, "Letter names jurisdictions", details=["There are 23."])
    desk.at("2026-03-18 17:05")
    assert hows(rehearsed(desk)) == [("Mayor", How.LATER)]


def test_a_story_that_becomes_important_is_told_then(desk: Desk) -> None:
    story = desk.files("Council hears of detainer policy", text=LOW_KEY, source_id="coast").story_id
    desk.at("2026-03-18 14:00")
    desk.grows(story, HEADLINE, text=TEXT, details=["The Justice Department wrote."])
    desk.at("2026-03-18 17:05")
    assert [how for _, how in hows(rehearsed(desk))] == [How.IN_EMAIL, How.AT_ONCE]


def test_a_correction_stands_in_the_thread(desk: Desk) -> None:
    filed = desk.files(HEADLINE, text=f"{TEXT} It reached two dozen of them.")
    desk.at("2026-03-18 14:05")
    desk.corrects(filed, "two dozen", "23")
    desk.at("2026-03-18 17:05")
    assert "2:05 pm in its thread Channel 4 Ellery corrected “… two dozen …” to “… 23 …”" in (
        desk("test", "sanctuary-cities").flat
    )


def test_what_came_with_the_first_check_is_tried_at_the_hour_it_was_published(desk: Desk) -> None:
    desk.files(HEADLINE, backlog=True, published=desk.clock() - timedelta(days=2))
    desk.clock.advance(timedelta(minutes=1))
    ran = desk("test", "sanctuary-cities")
    assert f"Mon 12:00 pm at once {HEADLINE}" in ran.flat
    assert "1 article came with the first check of a source: tried here, but never sent" in ran.flat


def test_what_is_older_than_asked_is_left_alone(day: Desk) -> None:
    assert rehearsed(day, last=timedelta(hours=2)).steps == ()


def test_a_screen_shows_the_latest_stories_and_all_when_asked(desk: Desk) -> None:
    for number in range(12):
        desk.files(f"Detainer policy, part {number}", text=f"{LOW_KEY} Part {number}.")
        desk.clock.advance(timedelta(minutes=1))
    ran = desk("test", "sanctuary-cities")
    assert "4 more stories: add --all" in ran.out
    assert "part 3" not in ran.out
    assert "part 3" in desk("test", "sanctuary-cities", "--all").out


def test_a_watchlist_that_tells_nobody_says_so(new_desk: Callable[..., Desk]) -> None:
    nowhere = {"to": "slack:#immigration-desk", "send": "at once", "when": "priority >= urgent"}
    desk = new_desk(watchlists=[{**SANCTUARY, "deliver": [nowhere]}])
    desk.files(HEADLINE)
    desk.clock.advance(timedelta(minutes=1))
    assert hows(rehearsed(desk)) == [("Mayor", How.NOT_TOLD)]


def test_machines_get_every_step_and_the_totals(day: Desk) -> None:
    *steps, total = day("test", "sanctuary-cities", "--json").records
    assert [step["how"] for step in steps] == ["in the email", "at once", "in its thread", "left out"]
    assert steps[1]["evidence"][0]["words"] == "sanctuary cities"
    assert steps[3]["reason"] == "left out, because of never: animal sanctuary"
    assert (total["articles"], total["stories"], total["alerts"], total["follow_ups"]) == (5, 2, 1, 1)


def test_the_noise_is_told_passing_mentions_left_out_and_nearly_caught(day: Desk) -> None:
    day.at("2026-03-18 16:00")
    day.files(
        "Ferry fares rise", text=f"{'The port is open all year. ' * 40}\nA sanctuary city was named once."
    )
    day.files("Bird sanctuary opens", text="The city paid for it.")
    day.at("2026-03-18 17:05")
    said = day("test", "sanctuary-cities").flat
    assert "Noise: 1 of 3 stories only in passing (33 %); never: left out 1; 1 story nearly caught." in said
    assert "nearly Bird sanctuary opens Channel 4 Ellery; its words, apart: sanctuary city" in said
    found = rehearsed(day)
    assert (found.passing, found.left_out) == (1, 1)
    (near,) = found.near_misses
    assert near.where.startswith("watchlists/sanctuary-cities.yaml:")


def test_the_latest_message_is_shown_as_it_would_look(day: Desk) -> None:
    shown = day("test", "sanctuary-cities").flat
    assert f"The latest one, as it would look in #immigration-desk: {HEADLINE}" in shown
    assert "High priority · Main topic · Sanctuary cities" in shown


def test_an_edit_is_held_against_the_version_in_force_story_by_story(day: Desk) -> None:
    lines = {"any": ["sanctuary city", "oyster*"], "never": ["animal sanctuary"]}
    day.write(
        "watchlists/sanctuary-cities.yaml", {**SANCTUARY, "match": lines, "priority": {"default": "low"}}
    )
    said = day("test", "sanctuary-cities").flat
    assert "Against the version in force since 10:31 am: 3 stories differ: 1 gained, 1 lost, 1 told" in said
    assert "gained Oyster season opens Coast Public Radio; in the email; “Oyster” in the headline" in said
    assert "lost Council committee posts agenda with detainer briefing" in said
    assert f"moved {HEADLINE} Channel 4 Ellery; at once → in the email" in said


def test_an_edit_that_was_made_meanwhile_is_held_against_the_version_before(day: Desk) -> None:
    day.write("watchlists/sanctuary-cities.yaml", {**SANCTUARY, "match": ["sanctuary city", "detainer"]})
    assert day.store.kept_watchlists("sanctuary-cities")[0].who == "test"
    said = day("test", "sanctuary-cities", "--last", "2d").flat
    assert "Against the version before 5:05 pm: 1 story differs: 1 gained. Wed gained Elephant" in said


def test_an_edit_that_changes_much_shows_the_first_of_it(desk: Desk) -> None:
    for number in range(15):
        desk.files(f"Oyster season, part {number}", text=f"{OFF_THE_BEAT} Part {number}.", source_id="coast")
    desk.clock.advance(timedelta(minutes=1))
    desk.write("watchlists/sanctuary-cities.yaml", {**SANCTUARY, "match": ["oyster"]})
    ran = desk("test", "sanctuary-cities")
    assert ran.out.count("gained") == 1 + 12
    assert "3 more stories that differ: add --all" in ran.out
    assert desk("test", "sanctuary-cities", "--all").out.count("gained") == 1 + 15


def test_what_an_edit_changes_is_told_to_machines(day: Desk) -> None:
    day.write("watchlists/sanctuary-cities.yaml", {**SANCTUARY, "match": ["oyster"]})
    *_, total = day("test", "sanctuary-cities", "--json").records
    assert [(each["what"], each["headline"]) for each in total["changes"]] == [
        ("gained", "Oyster season opens"),
        ("lost", "Council committee posts agenda with detainer briefing"),
        ("lost", HEADLINE),
    ]
    assert total["against"] == ["the version in force since 10:31 am"]
    assert (total["passing"], total["left_out"], total["near_misses"]) == (0, 0, [])


def test_a_watchlist_without_words_is_tried_on_everything(day: Desk) -> None:
    day.write("watchlists/sanctuary-cities.yaml", {**SANCTUARY, "match": ["source:coast"]})
    assert [step.story.title for step in rehearsed(day).steps] == [
        "Council committee posts agenda with detainer briefing",
        "Oyster season opens",
    ]


def test_words_that_an_article_once_had_are_rehearsed_too(desk: Desk) -> None:
    filed = desk.files("Council meets", text="The sanctuary city policy was read.")
    desk.at("2026-03-18 14:05")
    desk.corrects(filed, "sanctuary city policy", "budget")
    desk.at("2026-03-18 17:05")
    assert hows(rehearsed(desk))[0] == ("Council", How.IN_EMAIL)


# ── One article ───────────────────────────────────────────────────────────────────────────────────────────


def test_words_that_somebody_typed_are_judged(desk: Desk) -> None:
    ran = desk("test", "sanctuary-cities", "--text", "ICE asks for jail lists\nThe Justice Department asked.")
    assert ran.code == 0
    assert "Sanctuary cities: at once; main topic, high priority" in ran.flat
    assert "Found “ICE asks for jail” in the headline" in ran.flat


def test_words_that_are_on_no_list_say_why_not(desk: Desk) -> None:
    ran = desk("test", "sanctuary-cities", "--text", "Thin ice near the jail")
    assert "Sanctuary cities: not told Because none of its words are in the article" in ran.flat
    assert 'nearest: "jail" is there, "ICE" is not' in ran.flat


def test_a_saved_page_is_read_like_a_fetched_one(desk: Desk, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text = f"<p>{TEXT} " + "The mayor said so at length, and the council will talk of it again. " * 8 + "</p>"
    page.write_text(
        f"<!doctype html><html><head><title>{HEADLINE}</title></head>"
        f"<body><article><h1>{HEADLINE}</h1>{text}</article></body></html>",
        encoding="utf-8",
    )
    ran = desk("test", "sanctuary-cities", "--file", str(page))
    assert ran.lines[0] == HEADLINE
    assert "Sanctuary cities: at once; main topic, high priority" in ran.flat


def test_a_saved_text_has_its_headline_in_the_first_line(desk: Desk, tmp_path: Path) -> None:
    text = tmp_path / "story.txt"
    text.write_text(f"{HEADLINE}\n\n{TEXT}\n", encoding="utf-8")
    assert desk("test", "sanctuary-cities", "--file", str(text)).lines[0] == HEADLINE


def test_an_address_in_the_archive_is_not_fetched_again(desk: Desk) -> None:
    desk.files(HEADLINE)
    ran = desk("test", "sanctuary-cities", "--url", "https://channel4.test/2026/03/18/" + _slug(HEADLINE))
    assert ran.lines[0] == HEADLINE
    assert ran.code == 0


def test_a_file_that_is_not_there_is_trouble(desk: Desk) -> None:
    ran = desk("test", "sanctuary-cities", "--file", "/nowhere/page.html")
    assert ran.code == 1
    assert "cannot be read: no such file or directory" in ran.err


def test_machines_get_the_verdict_on_one_article(desk: Desk) -> None:
    (facts,) = desk("test", "sanctuary-cities", "--text", "Bake sale", "--json").records
    assert facts == {
        "how": "not told",
        "headline": "Bake sale",
        "reason": "none of its words are in the article",
    }


# ── Typed wrong ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_that_is_nearly_right_is_put_right(desk: Desk) -> None:
    ran = desk("test", "sanctury-cities")
    assert ran.code == 2
    assert 'there is no watchlist "sanctury-cities"; did you mean sanctuary-cities?' in ran.err
    assert ran.last == "Next: nightdesk test --help"


def test_a_watchlist_answers_to_its_name_as_well(day: Desk) -> None:
    assert day("test", "Sanctuary Cities").code == 0


def test_one_article_at_a_time(desk: Desk) -> None:
    ran = desk("test", "sanctuary-cities", "--text", "a", "--url", "https://a.test/b")
    assert ran.code == 2
    assert "write one of --url, --text and --file" in ran.err


def test_without_an_archive_it_says_what_to_run(desk: Desk) -> None:
    ran = desk("test", "sanctuary-cities")
    assert ran.code == 1
    assert ran.last.startswith("Next: nightdesk run")


def _slug(title: str) -> str:
    return title.lower().replace(" ", "-")


# ── One article, fetched ──────────────────────────────────────────────────────────────────────────────────


def page_of(town: Town, slug: str) -> str:
    (article,) = (each for each in the_day().articles if each.slug == slug)
    site = town.web.outlet(article.outlet)
    return site.url + site.outlet.path_of(article)


def test_an_article_that_nobody_filed_is_fetched_and_judged(town: Town) -> None:
    town.desk.at("2026-03-18 12:02")
    ran = town.desk("test", "sanctuary-cities", "--url", page_of(town, "mayor-skips-capital-meeting"))
    assert ran.code == 0
    assert ran.lines[0] == HEADLINE
    assert ran.lines[1].startswith("Channel 4 Ellery. ")
    assert "Sanctuary cities: at once; main topic, high priority" in ran.flat
    assert not (town.desk.folder / "data").exists()


def test_an_article_that_cannot_be_fetched_is_trouble(town: Town) -> None:
    address = town.web.outlet("channel4").url + "/nowhere"
    ran = town.desk("test", "sanctuary-cities", "--url", address)
    assert ran.code == 1
    assert ran.err.startswith("error: ")
    assert "Traceback" not in ran.err


def test_a_broken_watchlist_keeps_no_other_from_being_tried(desk: Desk) -> None:
    (desk.folder / "watchlists" / "jail.yaml").write_text("name: Jail\nmatch: [(jail]\ndeliver: desk\n")
    tried = desk("test", "sanctuary-cities", "--text", "Sanctuary city votes")
    assert tried.code == 0
    assert "watchlists/jail.yaml: 1 error, left out here; to see more: nightdesk check" in tried.err
    refused = desk("test", "jail", "--text", "The jail is full")
    assert refused.code == 1
    assert "  watchlists/jail.yaml:2:9\n    2 | match: [(jail]\n      |         ^ write )" in refused.err
    assert refused.err.splitlines()[-1].startswith("Next: nightdesk check")
