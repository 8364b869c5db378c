"""Where sentences end in a news text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.text import sentences


def spoken(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "DENVER (AP) \u2014 The council met.",
        "Gov. R. Ellery met Sen. Marsh, Rep. Holt and Dr. Low.",
        "The U.S. Conference of Mayors left the U.S. Capitol.",
        "It begins at 6 p.m. Monday at No. 5 Main St. near the jail.",
        "He was born Jan. 5 in Aurora, Colo. (the city).",
        "\u201cStop!\u201d he said, \u201cor what?\u201d she asked.",
        "The city ... Denver among them ... will sue.",
        "8 U.S.C. 1373 and Sec. 5 cost $3.5 million.",
        "1. Go home",
        "or the officers\nand their agents, the letter said.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(whole: str) -> None:
    assert spoken(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("We won\u2019t.\u201d The mayor left.", ["We won\u2019t.\u201d", "The mayor left."]),
        ("\u201cWe will.\u201d \u201cWhen?\u201d", ["\u201cWe will.\u201d", "\u201cWhen?\u201d"]),
        ("He left the U.S. They stayed.", ["He left the U.S.", "They stayed."]),
        ("He said no. Then he left.", ["He said no.", "Then he left."]),
        ("It ended at 6 p.m. The mayor left.", ["It ended at 6 p.m.", "The mayor left."]),
        ("He was ill. Marsh was not.", ["He was ill.", "Marsh was not."]),
        ("Charges were dropped.Police left.", ["Charges were dropped.", "Police left."]),
        ("He waited\u2026 The door opened.", ["He waited\u2026", "The door opened."]),
        ("Headline without a stop\nThe text.", ["Headline without a stop", "The text."]),
        ("What now? Nobody knows! 23 cities wait.", ["What now?", "Nobody knows!", "23 cities wait."]),
        ("***\nOne.\n\n\u2014\nTwo.", ["One.", "Two."]),
        (
            "\u5e02\u957f\u6765\u4e86\u3002\u4ed6\u8d70\u4e86\u3002",
            ["\u5e02\u957f\u6765\u4e86\u3002", "\u4ed6\u8d70\u4e86\u3002"],
        ),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, parts: list[str]) -> None:
    assert spoken(text) == parts


@given(
    st.text(alphabet='aA1.!?\u2026"\u201d\u2019( )\n\r\u00a0\u2028U.S.', max_size=40) | st.text(max_size=60)
)
def test_sentences_stand_where_they_say_and_miss_no_word(text: str) -> None:
    end = 0
    for sentence in sentences(text):
        assert end <= sentence.start < sentence.end <= len(text)
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip()
        assert not any(character.isalnum() for character in text[end : sentence.start])
        end = sentence.end
    assert not any(character.isalnum() for character in text[end:])
