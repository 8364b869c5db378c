"""Is a problem shown so that a person finds it and knows what to write?"""

from __future__ import annotations

from config.explain import Problem, count, in_reading_order, nearest, render


def a_problem(**fields: object) -> Problem:
    given = {"path": "watchlists/jail.yaml", "what": 'there is no setting "nevr"'} | fields
    return Problem(**given)  # type: ignore[arg-type]  # fields by name


def test_a_problem_shows_the_line_and_a_caret_under_the_wrong_words() -> None:
    problem = a_problem(line=7, column=3, end=7, write="never", text="  nevr:")
    assert render([problem]) == (
        'error: there is no setting "nevr"\n'
        "  watchlists/jail.yaml:7:3\n"
        "    7 |   nevr:\n"
        "      |   ^^^^ write never"
    )


def test_a_long_line_is_cut_around_the_caret() -> None:
    text = "x" * 300 + "WRONG" + "y" * 300
    shown = render([a_problem(line=1200, column=301, end=306, text=text)]).splitlines()
    assert max(len(line) for line in shown) < 110
    start = shown[3].index("^")
    assert shown[2][start : start + 5] == "WRONG"
    assert shown[2].count("…") == 2


def test_wide_letters_and_tabs_keep_the_caret_under_its_word() -> None:
    shown = render([a_problem(line=1, column=5, end=8, text="日本\t bad")]).splitlines()
    assert shown[3].index("^") - shown[2].index("日") == 6  # two wide letters, a tab, a space


def test_no_control_letter_of_a_file_reaches_the_terminal() -> None:
    shown = render([a_problem(line=1, column=1, end=2, text="\x1b[31mred\u202e")])
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    assert render([a_problem(what="nothing is written here", write="name:")]) == (
        "error: nothing is written here\n  watchlists/jail.yaml\n    write name:"
    )


def test_errors_come_before_warnings_and_files_in_order() -> None:
    first = a_problem(path="a.yaml", line=9, severity="warning")
    second = a_problem(path="b.yaml", line=2)
    third = a_problem(path="a.yaml", line=10)
    assert in_reading_order([first, second, third]) == [third, second, first]


def test_problems_are_counted_in_words() -> None:
    assert count([]) == "ok"
    assert count([a_problem()]) == "1 error"
    assert count([a_problem(), a_problem(), a_problem(severity="warning")]) == "2 errors, 1 warning"


def test_the_nearest_known_word_is_found_whatever_its_capitals() -> None:
    assert nearest("Desk", ["desk", "email"]) == "desk"
    assert nearest("quite_hours", ["quiet_hours", "limits"]) == "quiet_hours"
    assert nearest("xyzzy", ["quiet_hours", "limits"]) is None
