"""Watchlists from the command line: comments stay, nothing breaks, every change can be undone."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config.reading import read_text
from config.watchlist_file import read_watchlist
from nightdesk.watchlists import Wishes, edited, with_line
from tests.nightdesk.desk import Desk, Ran

JAIL = """\
# What the night desk wants of the jail
name: County jail      # as in the digest
match:
  any:
    # The place itself
    - county jail
    - jail death       # since March
  never: [jailhouse rock]
expect_match: [Two deaths at the county jail]
deliver: desk
"""
PATH = "watchlists/county-jail.yaml"


def test_a_list_called_none_is_read_and_grows_under_its_own_name() -> None:
    none = JAIL.replace("never: [jailhouse rock]", "none: [jailhouse rock]  # the song")
    grown = edited(none, Wishes(add_never=("jail break",)))
    assert grown == none.replace("rock]", "rock, jail break]")
    (one, other) = (
        read_watchlist(read_text(PATH, text), desk=(), digest_at="").watchlist
        for text in (grown, grown.replace("none:", "never:"))
    )
    assert [clause.text for clause in one.never] == ["jailhouse rock", "jail break"]
    assert one.version == other.version
    assert edited(grown, Wishes(remove=("jail break",))) == none


@pytest.mark.parametrize("match", ["match: [county jail]", "match:\n  - county jail"])
def test_words_to_leave_out_find_room_beside_a_bare_list(match: str) -> None:
    text = f"name: County jail\n{match}\ndeliver: desk\n"
    grown = with_line(text, ("match", "never"), "jail break")
    watchlist = read_watchlist(read_text(PATH, grown), desk=(), digest_at="").watchlist
    assert [clause.text for clause in watchlist.any] == ["county jail"]
    assert [clause.text for clause in watchlist.never] == ["jail break"]


@pytest.fixture
def jail(desk: Desk) -> Desk:
    """A newsroom in which somebody wrote a watchlist with comments."""
    (desk.folder / PATH).write_text(JAIL, encoding="utf-8")
    desk.environment["USER"] = "night-desk"
    return desk


def text(desk: Desk, path: str = PATH) -> str:
    return (desk.folder / path).read_text(encoding="utf-8")


def typed(desk: Desk, *words: str) -> Ran:
    ran = desk("watchlists", *words)
    assert ran.code == 0, ran.err
    return ran


def refused(desk: Desk, *words: str, code: int = 1) -> Ran:
    before = {path: path.read_bytes() for path in desk.folder.rglob("*.yaml")}
    ran = desk("watchlists", *words)
    assert ran.code == code
    assert {path: path.read_bytes() for path in desk.folder.rglob("*.yaml")} == before
    return ran


# ── Adding ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_of_words_becomes_a_file_in_the_short_form(desk: Desk) -> None:
    ran = typed(desk, "add", "Cárcel del Condado", "county jail", "=ICE NEAR/15 jail", 'jail, "death row"')
    assert text(desk, "watchlists/carcel-del-condado.yaml") == (
        "# yaml-language-server: $schema=../.schema/watchlist.schema.json\n"
        "name: Cárcel del Condado\n"
        'match: [county jail, "=ICE NEAR/15 jail", \'jail, "death row"\']\n'
        "deliver: desk\n"
    )
    assert "test carcel-del-condado --last 7d" in ran.last
    assert desk("check").code == 0


def test_a_long_list_of_words_has_a_line_for_each(desk: Desk) -> None:
    typed(desk, "add", "Many", *(f"the line with the number {n}" for n in range(9)), "--to", "console")
    written = text(desk, "watchlists/many.yaml")
    assert "match:\n  - the line with the number 0\n" in written
    assert written.endswith("  - the line with the number 8\ndeliver: console\n")


def test_a_line_that_cannot_be_read_makes_no_file(desk: Desk) -> None:
    ran = refused(desk, "add", "Jail", "county jail", "(sheriff")
    assert "error: this parenthesis is never closed\n  watchlists/jail.yaml:3" in ran.err
    assert "error: watchlists/jail.yaml was not changed" in ran.err


def test_a_name_that_is_taken_is_refused_and_says_how_to_change_it(jail: Desk) -> None:
    assert refused(jail, "add", "County Jail", "jail").last.startswith(
        "Next: nightdesk watchlists edit county-jail"
    )
    assert refused(jail, "add", "!?", "jail", code=2).err.startswith('error: "!?" has no letter')


def test_what_a_new_line_may_not_mean_is_said(desk: Desk) -> None:
    assert "warning: ICE also finds" in typed(desk, "add", "Raids", "ICE raid").err


# ── Changing ──────────────────────────────────────────────────────────────────────────────────────────────


def test_lines_are_added_and_taken_away_and_every_comment_stays(jail: Desk) -> None:
    options = ("--add-any", "287(g)", "--add-never", "mail drop", "--remove", "jail death")
    ran = typed(jail, "edit", "county-jail", *options, "--priority", "high")
    assert (
        text(jail)
        == JAIL.replace("    - jail death       # since March\n", "    - 287(g)\n").replace(
            "[jailhouse rock]", "[jailhouse rock, mail drop]"
        )
        + "priority:\n  default: high\n"
    )
    assert ran.lines[1:] == [
        "  any: added 287(g)",
        "  any: removed jail death",
        "  never: added mail drop",
        "  priority: normal, now high",
    ]


def test_a_short_list_makes_room_for_what_must_not_be_there(desk: Desk) -> None:
    typed(desk, "add", "Jail", "county jail")
    typed(
        desk, "edit", "jail", "--add-never", "jailhouse rock", "--add-all", "sheriff", "--add-high", "death"
    )
    said = typed(desk, "show", "Jail", "--json").records[0]["text"]
    assert "match:\n  any: [county jail]\n  never:\n    - jailhouse rock\n" in said.replace(
        "  all:\n    - sheriff\n", ""
    )
    assert desk("check").code == 0


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--add-any", "jail OR ("), "this parenthesis is never closed"),
        (("--remove", "county jail"), "this example should match and does not"),
        (("--add-never", "two deaths"), "two deaths (line 8) holds"),
        (("--add-any", "county jail"), 'the line "county jail" is there already'),
        (("--remove", "county courthouse"), 'the line "county courthouse" is not in the file'),
        (("--add-any", " "), "a line needs words"),
    ],
)
def test_a_change_that_breaks_something_is_refused_with_the_reason(
    jail: Desk, options: tuple[str, ...], why: str
) -> None:
    ran = refused(jail, "edit", "county-jail", *options)
    assert why in " ".join(ran.err.split())
    assert "watchlists/county-jail.yaml was not changed" in ran.err
    assert jail("watchlists", "history", "county-jail").lines == []


def test_the_last_line_cannot_be_taken_away(desk: Desk) -> None:
    typed(desk, "add", "Jail", "county jail")
    assert 'nothing is in the list "match"' in refused(desk, "edit", "jail", "--remove", "county jail").err


def test_a_mistake_elsewhere_in_the_folder_keeps_nobody_from_a_change(jail: Desk) -> None:
    jail.write("watchlists/broken.yaml", {"name": "Broken", "match": ["("], "deliver": "desk"})
    typed(jail, "edit", "county-jail", "--add-any", "sheriff")
    assert "- sheriff\n" in text(jail)


def test_a_broken_watchlist_can_be_mended_step_by_step(jail: Desk) -> None:
    (jail.folder / PATH).write_text(JAIL.replace("- jail death", "- jail (death"), encoding="utf-8")
    typed(jail, "edit", "county-jail", "--add-never", "mail drop")
    typed(jail, "edit", "county-jail", "--remove", "jail (death")
    assert jail("check").code == 0


def test_pausing_and_resuming_is_one_line_in_the_file(jail: Desk) -> None:
    typed(jail, "pause", "county-jail")
    assert text(jail) == f"{JAIL}enabled: false\n"
    assert "is paused already" in typed(jail, "pause", "County jail").err
    typed(jail, "resume", "county-jail")
    assert text(jail) == f"{JAIL}enabled: true\n"


def test_a_watchlist_that_is_not_there_is_guessed(jail: Desk) -> None:
    assert "did you mean county-jail?" in refused(jail, "pause", "county-jial", code=2).err


# ── History ───────────────────────────────────────────────────────────────────────────────────────────────


def test_history_says_when_who_and_what_and_undo_goes_back_step_by_step(jail: Desk) -> None:
    typed(jail, "edit", "county-jail", "--add-any", "sheriff", "--who", "city desk")
    second = text(jail)
    typed(jail, "pause", "county-jail")
    rows = typed(jail, "history", "county-jail").lines
    assert [" ".join(row.split()) for row in rows] == [
        "3 12:00 pm night-desk paused",
        "2 12:00 pm city desk any: added sheriff",
        "1 12:00 pm files first kept",
    ]
    typed(jail, "undo", "county-jail")
    assert text(jail) == second
    typed(jail, "undo", "county-jail")
    assert text(jail) == JAIL
    assert "there is nothing to take back" in refused(jail, "undo", "county-jail").err
    typed(jail, "undo", "county-jail", "--to", "3")
    assert text(jail) == f"{second}enabled: false\n"
    assert "there is no version 9" in refused(jail, "undo", "county-jail", "--to", "9").err


def test_what_was_changed_in_a_text_editor_can_be_brought_back_too(jail: Desk) -> None:
    typed(jail, "edit", "county-jail", "--add-any", "sheriff")
    by_hand = text(jail).replace("sheriff", "deputy")
    (jail.folder / PATH).write_text(by_hand, encoding="utf-8")
    typed(jail, "edit", "county-jail", "--add-any", "warden")
    typed(jail, "undo", "county-jail")
    assert text(jail) == by_hand


def test_only_comments_is_a_difference_too(jail: Desk) -> None:
    typed(jail, "pause", "county-jail")
    (jail.folder / PATH).write_text(text(jail).replace("since March", "since April"), encoding="utf-8")
    typed(jail, "resume", "county-jail")
    assert "files only comments or spaces" in typed(jail, "history", "county-jail").flat


# ── Listing ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_says_how_each_is_and_who_saved_it_last_the_broken_ones_first(jail: Desk) -> None:
    typed(jail, "pause", "county-jail")
    jail.write("watchlists/broken.yaml", {"name": "Broken", "match": ["("], "deliver": "desk"})
    ran = typed(jail, "list")
    assert [" ".join(line.split()) for line in ran.lines] == [
        "state watchlist id lines last saved",
        "broken Broken broken 1 -",
        "paused County jail county-jail 3 12:00 pm, night-desk",
        "on Sanctuary cities sanctuary-cities 5 -",
    ]
    assert "3 watchlists: 1 broken, 1 on, 1 paused" in ran.err
    assert [each["state"] for each in typed(jail, "list", "--json").records] == ["broken", "paused", "on"]


def test_a_private_watchlist_is_listed_by_its_number_alone(jail: Desk) -> None:
    jail.write(
        "watchlists/harbor-probe.yaml",
        {"name": "Harbor probe", "match": ["pier"], "private": True, "deliver": "email:one@newsroom.test"},
    )
    typed(jail, "pause", "harbor-probe")
    for words in (("list",), ("list", "--json"), ("list", "--verbose")):
        ran = typed(jail, *words)
        assert "private-" in ran.out
        assert "harbor" not in (ran.out + ran.err).lower()
    assert "harbor" not in refused(jail, "show", "harbor-prob", code=2).err.replace("harbor-prob", "").lower()
    assert "private" in typed(jail, "show", "harbor-probe").lines[0]


# ── The text editor ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def terminal(jail: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Give a terminal at which somebody's editor writes one text after the other, and answers are typed."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def sit_down(*texts: str, answers: str = "") -> None:
        for number, each in enumerate(texts):
            (tmp_path / f"next{number}").write_text(each, encoding="utf-8")
        editor = tmp_path / "editor.py"
        editor.write_text(
            "import pathlib, sys\n"
            f"texts = sorted(pathlib.Path({str(tmp_path)!r}).glob('next*'))\n"
            "pathlib.Path(sys.argv[1]).write_bytes(texts[0].read_bytes())\n"
            "texts[0].unlink()\n",
            encoding="utf-8",
        )
        jail.environment["EDITOR"] = f"{sys.executable} {editor}"
        monkeypatch.setattr("sys.stdin", Terminal(answers))

    return sit_down


def test_what_is_written_in_the_editor_is_taken(jail: Desk, terminal: Callable[..., None]) -> None:
    terminal(JAIL.replace("jail death", "jail riot"))
    ran = typed(jail, "edit", "county-jail")
    assert ran.lines[1:] == ["  any: added jail riot", "  any: removed jail death"]
    assert "- jail riot       # since March" in text(jail)


def test_a_mistake_in_the_editor_is_told_and_the_editor_opens_again(
    jail: Desk, terminal: Callable[..., None]
) -> None:
    terminal(JAIL.replace("jail death", "jail (riot"), JAIL.replace("jail death", "jail riot"), answers="y\n")
    ran = typed(jail, "edit", "county-jail")
    assert "this parenthesis is never closed" in ran.err
    assert "- jail riot" in text(jail)


def test_what_is_given_up_in_the_editor_is_kept_beside_the_file(
    jail: Desk, terminal: Callable[..., None]
) -> None:
    broken = JAIL.replace("jail death", "jail (riot")
    terminal(broken, answers="n\n")
    ran = refused(jail, "edit", "county-jail")
    assert "what you wrote is kept in" in ran.err
    assert (jail.folder / "watchlists" / ".county-jail.yaml.not-taken").read_text(encoding="utf-8") == broken
    assert jail("check").code == 0


def test_an_editor_that_changes_nothing_changes_nothing(jail: Desk, terminal: Callable[..., None]) -> None:
    terminal(JAIL)
    assert "Nothing was changed." in typed(jail, "edit", "county-jail").err


def test_without_a_terminal_there_is_no_editor(jail: Desk) -> None:
    assert "only a terminal has a text editor" in refused(jail, "edit", "county-jail", code=2).err
