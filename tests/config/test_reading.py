"""Is every mistake in YAML told in words, at the letter where it was made?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.reading import read_bytes, read_text
from config.tree import Scalar, Table, hidden, plain, walk

MISTAKES = {
    "a: b: c": ("1:4", "a colon and a space inside the words", "'b: c'"),
    "match:\n\t- jail": ("2:1", "a tab stands where spaces must be", "spaces instead of the tab"),
    '- "Section 1373" OR jail': (
        "1:3",
        "the quotation mark at the beginning is closed before the line ends",
        "'\"Section 1373\" OR jail'",
    ),
    "- 'jail' OR 'prison'": (
        "1:3",
        "the quotation mark at the beginning is closed before the line ends",
        "\"'jail' OR 'prison'\"",
    ),
    "a: 'it's'": (
        "1:4",
        "the quotation mark at the beginning is closed before the line ends",
        '"it\'s"',
    ),
    "a: [b, c\nd: e": (
        "1:4",
        "this [ is never closed, or a comma is missing after it",
        "] at the end of the list",
    ),
    "a: {b: c": ("1:4", "this { is never closed, or a comma is missing after it", "} at the end of the list"),
    "a: 'b\nc: d\n": ("1:4", "this quotation mark is never closed", "' at the end of the words"),
    'a: "06:30\nb: 1\nc: ""\n': ("1:4", "this quotation mark is never closed", '" at the end of the words'),
    "- *jail": ("1:3", "words cannot begin with * here", "'*jail', with the star after the word"),
    "- @desk": ("1:3", "words cannot begin with @ here", "'@desk'"),
    'a: "x\\d"': (
        "1:7",
        "inside double quotation marks \\ begins a special character",
        "single quotation marks around the words, or \\\\",
    ),
    "a: 1\na: 2": ("2:1", '"a" is written twice, first in line 1', "both under one of them"),
    "a\nb: c": ("2:1", "the line above this setting has no colon", "a colon after the name above"),
    "a: b\n c: d": (
        "2:2",
        "this setting stands under a line that already has a value",
        "it as far left as that line",
    ),
    "- a\nb: c": (
        "2:1",
        "this line does not stand under the ones it belongs to",
        "as many spaces before it as its neighbors have",
    ),
    "a:\n- b\n - c": (
        "3:2",
        "this is read as part of the line above it",
        "as many spaces before - as in the line above",
    ),
    "a: - b": ("1:4", "a list begins on the line of its name", "the - on a line of its own"),
    "a: 1\n---\nb: 2": ("2:1", "a second document begins here", "it in a file of its own"),
    "a: &x b\nc: *x": (
        "1:4",
        "another line's value is used here by its name",
        "the value itself; & and * are not read",
    ),
    "a: !!python/name:os.system x": (
        "1:4",
        "a tag (a word after !) means nothing here",
        "the value in quotation marks",
    ),
    "a: b\x07": ("1:5", "a character stands here that nobody can see", "the line again, without it"),
    "[a]: b": ("1:1", "a setting's name is one word", "a word and a colon"),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_each_mistake_is_told_with_its_place_and_what_to_write(text: str) -> None:
    (problem,) = read_text("x.yaml", text).problems
    where, what, write = MISTAKES[text]
    assert (problem.where, problem.what, problem.write) == (f"x.yaml:{where}", what, write)


def test_words_of_yaml_1_1_stay_words() -> None:
    said = plain(read_text("x.yaml", "a: 22:00\nb: no\nc: on\nd: 012:30\ne: =ICE\nf: 2026-03-18\n").root)
    assert said == {"a": "22:00", "b": "no", "c": "on", "d": "012:30", "e": "=ICE", "f": "2026-03-18"}


def test_numbers_truth_and_nothing_are_what_they_are() -> None:
    said = plain(read_text("x.yaml", "a: 4\nb: true\nc:\nd: 0.5\ne: ''\n").root)
    assert said == {"a": 4, "b": True, "c": None, "d": 0.5, "e": ""}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_places_are_the_same_whatever_the_line_ends_and_the_byte_order_mark(line_end: str, mark: str) -> None:
    text = f"{mark}name: Jail{line_end}match:{line_end}  - jail{line_end}"
    file = read_bytes("x.yaml", text.encode())
    assert file.problems == []
    jail = list(walk(file.root or pytest.fail("nothing was read")))[-1]
    assert (jail.value, jail.place.line, jail.place.column, jail.place.end_column) == ("jail", 3, 5, 9)


def test_a_file_that_is_not_utf_8_is_told_at_its_first_bad_letter() -> None:
    (problem,) = read_bytes("x.yaml", "name: Jail\nabout: a café, jail".encode("latin-1", "replace")).problems
    assert (problem.line, problem.column, problem.what) == (2, 13, "this letter is not in UTF-8")


def test_a_file_of_another_kind_is_refused_by_its_size() -> None:
    (problem,) = read_bytes("x.yaml", b"a: b\n" * 300_000).problems
    assert "larger than 1 MB" in problem.what


def test_a_file_nested_without_end_is_refused() -> None:
    (problem,) = read_text("x.yaml", "[" * 5000 + "]" * 5000).problems
    assert "nested too deeply" in problem.what


def test_a_setting_without_a_value_is_pointed_at_by_its_name() -> None:
    root = read_text("x.yaml", "keep:\n\n# a comment\nhealth: {}\n").root
    assert isinstance(root, Table)
    assert "keep" not in root
    assert root["keep"].place.line == 1


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-123456789012-abcDEF",
        "xapp-1-A012-34-abcdef",
        "https://hooks.slack.com/services/T000/B000/XXXX",
        "xoxe.xoxp-1-Mi0yLTE",
    ],
)
def test_what_looks_like_a_secret_is_never_shown(secret: str) -> None:
    file = read_text("x.yaml", f"# {secret}\nname: {secret}\nname: again\n")
    shown = "\n".join([*file.lines, *(f"{p.what}{p.write}{p.text}" for p in file.problems)])
    assert secret not in shown
    assert len(file.lines[0]) == len(secret) + 2


def test_a_password_in_an_address_is_hidden_and_the_address_is_not() -> None:
    assert hidden("smtp://desk:pa55@mail.test:587") == "smtp://•••••••••@mail.test:587"


@given(st.text())
def test_no_text_ever_stops_the_reader(text: str) -> None:
    file = read_text("x.yaml", text)
    for problem in file.problems:
        assert problem.what
        assert 0 <= problem.line <= len(file.lines)


@given(st.binary())
def test_no_bytes_ever_stop_the_reader(body: bytes) -> None:
    file = read_bytes("x.yaml", body)
    assert file.root is None or not any("UTF-8" in problem.what for problem in file.problems)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(alphabet="ab '\"#:-\n", max_size=12)
    )
)
def test_a_single_quoted_value_is_read_as_it_was_written(said: dict[str, str]) -> None:
    flat = {name: value.replace("\n", " ") for name, value in said.items()}
    text = "".join(f"{name}: '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in flat.items())
    file = read_text("x.yaml", text)
    assert (plain(file.root) or {}) == flat
    assert all(isinstance(one, Scalar) for one in (walk(file.root) if file.root else ()))
