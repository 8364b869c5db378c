"""Does each check find what it is there to find, and nothing else?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check import budgets, habits

FILE = Path("news/timing.py")


def a_function(lines: int) -> str:
    return "def poll():\n" + "    pass\n" * (lines - 1)


@pytest.mark.parametrize(
    ("lines", "found"), [(budgets.LONGEST_FUNCTION, 0), (budgets.LONGEST_FUNCTION + 1, 1)]
)
def test_a_function_is_too_long_from_one_line_over_the_budget(lines: int, found: int) -> None:
    functions = list(budgets.find_functions(FILE, a_function(lines)))
    assert [f.length for f in functions] == [lines]
    assert len(list(budgets.find_long_functions(functions))) == found


@pytest.mark.parametrize(("lines", "found"), [(budgets.LONGEST_FILE, 0), (budgets.LONGEST_FILE + 1, 1)])
def test_a_file_is_too_long_from_one_line_over_the_budget(lines: int, found: int) -> None:
    assert len(list(budgets.find_long_file(FILE, "\n" * lines))) == found


def test_methods_and_functions_inside_functions_are_measured_too() -> None:
    code = "class A:\n    def one(self):\n        async def two():\n            pass\n"
    assert {f.name: f.length for f in budgets.find_functions(FILE, code)} == {"one": 3, "two": 2}


def test_the_usual_length_is_told_in_a_sentence() -> None:
    functions = [f for n in (2, 4, 6) for f in budgets.find_functions(FILE, a_function(n))]
    assert budgets.tell_lengths(functions).startswith("3 functions: median 4 lines")
    assert budgets.tell_lengths([]) == "0 functions"


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # type: ignore",
        "x = 1  # type: ignore[arg-type]",
        "from unittest.mock import patch",
        "import unittest.mock",
        "from unittest import mock",
    ],
)
def test_a_habit_that_the_style_rules_out_is_found(line: str) -> None:
    assert len(list(habits.find_in_code(FILE, f"{line}\n"))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # type: ignore[arg-type]  # the library's stub is wrong",
        'said = "# type: ignore"',
        "import mockups",
        "from news import nouns",
    ],
)
def test_a_good_line_is_left_alone(line: str) -> None:
    assert list(habits.find_in_code(FILE, f"{line}\n")) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("poll()", 1),
        ("asserted = poll()", 1),
        ("assert poll()", 0),
        ("with pytest.raises(SourceError): poll()", 0),
        ("assert_told_once(poll())", 0),
    ],
)
def test_a_test_that_cannot_fail_is_found(body: str, found: int) -> None:
    code = f"def test_polling():\n    {body}\n"
    assert len(list(habits.find_in_code(Path("tests/crawler/test_polling.py"), code))) == found
    assert list(habits.find_in_code(FILE, code)) == []


def test_a_file_that_is_not_python_is_told_with_its_line() -> None:
    assert list(habits.find_broken_code(FILE, "x = 1\nits mind\n")) == [
        "news/timing.py:2: not Python: invalid syntax"
    ]
    assert list(habits.find_broken_code(FILE, "x = 1\n")) == []


def test_a_file_named_after_nothing_is_found() -> None:
    assert len(list(habits.find_in_code(Path("news/utils.py"), ""))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://" + "pypi." + "org/simple",
        "see /ro" + "ot/notes.txt",
        "open('/wo" + "rk/story.txt')",
        "cd /srv/desk/news",
        "# TO" + "DO: later",
    ],
)
def test_a_line_that_speaks_of_one_machine_or_of_later_is_found(line: str) -> None:
    assert len(list(habits.find_in_text(FILE, f"fine\n{line}\n", here=("/srv/desk/",)))) == 1


@pytest.mark.parametrize(
    "line", ["https://valley.test/wo" + "rk/story", "/etc/nightdesk", "mytodo", "./ro" + "ot/x"]
)
def test_an_address_on_the_web_is_no_machine_s_folder(line: str) -> None:
    assert list(habits.find_in_text(FILE, line, here=("/srv/desk/",))) == []
