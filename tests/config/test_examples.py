"""Does `check` try the examples that stand beside a watchlist's words, and keep what is private to people?"""

from __future__ import annotations

from pathlib import Path

import pytest

from config.load import load, read
from tests.config.folders import MAIN, SECRETS, a_folder, told

LINES = """\
name: County jail
match:
  any: [county jail, =ICE NEAR/15 (jail OR sheriff), jail death]
  never: [jailhouse rock]
deliver: desk
"""
PRIVATE = """\
name: Quiet matter
match: [county jail]
private: true
deliver: {deliver}
"""


def jail(*examples: str) -> str:
    return LINES + "\n".join(examples) + "\n"


def test_a_watchlist_that_keeps_its_examples_is_fine(tmp_path: Path) -> None:
    watchlist = jail(
        "expect_match:",
        "  - Two deaths at the County Jail",
        "  - {url: 'https://ellery31.test/a', title: Sheriff, text: The ICE agents met the sheriff.}",
        "expect_no_match: [Jailhouse rock at the county jail, Council meets]",
    )
    assert told(tmp_path, watchlist=watchlist) == []


def test_a_missed_example_is_named_with_the_line_that_came_nearest(tmp_path: Path) -> None:
    (line,) = told(tmp_path, watchlist=jail("expect_match:", "  - ICE asks the judge"))
    assert line == (
        "watchlists/sanctuary-cities.yaml:7 «ICE asks the judge» this example should match and does not: none"
        " of the 3 lines holds; the nearest is =ICE NEAR/15 (jail OR sheriff) (line 3): «=ICE» is there,"
        " «jail OR sheriff» is not | the line so that it holds, or take the example away"
    )


def test_a_missed_example_names_the_line_that_left_it_out(tmp_path: Path) -> None:
    (line,) = told(tmp_path, watchlist=jail("expect_match: [County jail plays jailhouse rock]"))
    assert (
        "should match and does not: never: jailhouse rock (line 4) holds on"
        ' "jailhouse rock" and leaves it out' in line
    )


def test_a_missed_example_names_the_line_that_must_also_hold(tmp_path: Path) -> None:
    watchlist = jail("expect_match: [The county jail is full]").replace(
        "  never:", "  all: [judge]\n  never:"
    )
    (line,) = told(tmp_path, watchlist=watchlist)
    assert "should match and does not: all: judge (line 4) does not hold" in line


def test_an_unwanted_match_is_named_with_the_line_and_its_words(tmp_path: Path) -> None:
    (line,) = told(tmp_path, watchlist=jail("expect_no_match:", "  - The county jails are full"))
    assert line == (
        "watchlists/sanctuary-cities.yaml:7 «The county jails are full» this example should not match and"
        ' does: county jail (line 3) holds on "county jails" | a line under never:, or take the example away'
    )


def test_an_example_in_another_language_is_not_caught_by_a_watchlist_that_leaves_it_out(
    tmp_path: Path,
) -> None:
    watchlist = jail("languages: [en]", "expect_match: [{title: county jail, language: es}]")
    (line,) = told(tmp_path, watchlist=watchlist)
    assert "should match and does not: it is not in en" in line


def test_an_example_that_names_its_source_tries_where_the_watchlist_looks(tmp_path: Path) -> None:
    elsewhere = jail("sources: {only: [ledger]}", "expect_match: [{title: county jail, source: ch4}]")
    (line,) = told(tmp_path, watchlist=elsewhere)
    assert "does not look at Channel 4 Ellery" in line
    anywhere = jail("sources: {only: [ledger]}", "expect_match: [county jail]")
    assert told(tmp_path, watchlist=anywhere) == []


@pytest.mark.parametrize(
    ("example", "what"),
    [
        ("https://ellery31.test/a", "an address alone cannot be tried: nothing is fetched here"),
        ("{url: 'https://ellery31.test/a'}", "an example needs words to try"),
        ("{title: county jail, source: nobody}", 'there is no source "nobody"'),
        ("{titel: county jail}", 'there is no setting "titel"'),
    ],
)
def test_an_example_that_cannot_be_tried_says_why(tmp_path: Path, example: str, what: str) -> None:
    (line, *_) = told(tmp_path, watchlist=jail("expect_match:", f"  - {example}"))
    assert what in line


def test_examples_of_lines_that_cannot_be_read_wait_until_they_can(tmp_path: Path) -> None:
    watchlist = jail("expect_match: [Nothing of the kind]").replace("jail death", "jail OR (death")
    problems = read(a_folder(tmp_path, watchlist=watchlist), SECRETS).problems
    assert not [problem for problem in problems if "example" in problem.what]


def test_an_example_does_not_change_what_a_watchlist_matches(tmp_path: Path) -> None:
    plain = load(a_folder(tmp_path / "a", watchlist=LINES), SECRETS).watchlists[0]
    tried = load(a_folder(tmp_path / "b", watchlist=jail("expect_match: [County jail]")), SECRETS).watchlists[
        0
    ]
    assert plain == tried


# ── Private ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "place", ["email:reporter@newsroom.test", "slack:D04NIGHTED", "[{to: 'slack:U04NIGHTED', send: at once}]"]
)
def test_a_private_watchlist_goes_to_named_people(tmp_path: Path, place: str) -> None:
    folder = a_folder(tmp_path, watchlist=PRIVATE.format(deliver=place))
    (watchlist,) = load(folder, SECRETS).watchlists
    assert watchlist.private


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("desk", "the desk: others read there"),
        ("'slack:#immigration-desk'", "a channel: others read there"),
        ("slack:C04NIGHTED", "a channel: others read there"),
        ("slack:@reporter", "a name: Slack's members are known by their ids"),
        ("console", "a place that others read"),
        ("email:metro-desk@newsroom.test", "the desk's own mailbox: others read there"),
        ("[{to: 'slack:#immigration-desk'}]", "a channel: others read there"),
    ],
)
def test_a_private_watchlist_is_refused_a_place_that_others_read(
    tmp_path: Path, place: str, why: str
) -> None:
    lines = told(tmp_path, main=MAIN, watchlist=PRIVATE.format(deliver=place))
    assert [
        line
        for line in lines
        if f"a private watchlist cannot go to {why} | email:person@your-newsroom" in line
    ]
