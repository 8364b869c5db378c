"""Does a caret stand under the very words, whichever way a value is written?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.places import place_of
from config.reading import read_text
from config.tree import File, Scalar, walk

WRITTEN = {
    "plain": "a: sheriff AND WRONG words # a comment",
    "single quotes": "a: 'it''s the sheriff''s WRONG words'",
    "double quotes": 'a: "a \\"tab\\"\\t and \\u00e9 WRONG words"',
    "in a list in one line": "a: [x, 'it''s', sheriff WRONG]",
    "folded": "a: >\n  sheriff AND\n  WRONG words\n",
    "folded, without an end": "a: >-\n  sheriff\n  AND\n\n  WRONG",
    "as it stands": "a: |\n  sheriff\n  WRONG\n",
    "with every end kept": "a: |+\n  sheriff WRONG\n\n\n",
    "plain on two lines": "a: sheriff AND\n  WRONG words",
    "quoted on two lines": "a: 'sheriff\n\n   WRONG words'",
    "joined by a backslash": 'a: "sheriff \\\n   WRONG words"',
    "other line ends": "a: sheriff\r\n  WRONG\r\n",
}


def only_value(file: File) -> Scalar:
    assert file.root is not None
    return next(one for one in walk(file.root) if "WRONG" in str(one.value))


@pytest.mark.parametrize("way", WRITTEN)
def test_the_wrong_words_are_found_in_every_way_of_writing(way: str) -> None:
    file = read_text("x.yaml", WRITTEN[way])
    value = only_value(file)
    start = str(value.value).index("WRONG")
    place = place_of(file, value, start, start + 5)
    assert file.lines[place.line - 1][place.column - 1 : place.end_column - 1] == "WRONG"
    assert place.end_line == place.line


def test_a_missing_end_is_pointed_at_behind_the_last_letter() -> None:
    file = read_text("x.yaml", "a: (sheriff OR WRONG")
    value = only_value(file)
    length = len(str(value.value))
    assert place_of(file, value, length, length).column == 4 + length


def test_a_way_of_writing_nobody_foresaw_is_pointed_at_as_a_whole() -> None:
    file = read_text("x.yaml", "a: >\n  sheriff\n    indented WRONG\n  words\n")
    value = only_value(file)
    assert place_of(file, value, 3, 5) == value.place


@given(st.lists(st.text(alphabet="ab ÄÜ'\"\\日", min_size=1, max_size=6), min_size=1, max_size=5), st.data())
def test_every_letter_of_a_quoted_value_is_found_where_it_is_written(
    parts: list[str], data: st.DataObject
) -> None:
    value = " ".join(part.strip() or "x" for part in parts)
    double = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    single = "'" + value.replace("'", "''") + "'"
    file = read_text("x.yaml", f"a: {data.draw(st.sampled_from([double, single]))}")
    assert file.root is not None
    (scalar,) = walk(file.root)
    number = data.draw(st.integers(0, len(value) - 1))
    place = place_of(file, scalar, number, number + 1)
    written = file.lines[0][place.column - 1 : place.end_column - 1]
    assert written in {value[number], f"\\{value[number]}", "\\"}
