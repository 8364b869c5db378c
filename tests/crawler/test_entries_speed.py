"""A headline must not occupy the reader, whatever stands at its end."""

from __future__ import annotations

from crawler.reading.entries import plain_line


def test_a_long_headline_that_ends_in_a_curly_quote_is_read_at_once() -> None:
    title = "Judge halts sanctuary ordinance in attorney general" * 40 + "\u2019s lawsuit"
    assert plain_line(title) == title  # a pattern with two ways to cut a word would take years
