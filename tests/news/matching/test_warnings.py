"""What `check` says about a line that can be read."""

from __future__ import annotations

import pytest

from news.matching.language import warnings


@pytest.mark.parametrize(
    ("line", "marked", "what", "write"),
    [
        ("ICE detainer", "ICE", 'ICE also finds "ice"', "=ICE to keep the capitals"),
        (
            "jail or sheriff",
            "or",
            'a small "or" is a word like any other',
            "OR, or quotation marks around the whole phrase",
        ),
        ('"sheriff" near "jail"', "near", 'a small "near" is a word like any other', "NEAR/15"),
        (
            "jail AND sheriff OR ICED",
            "OR",
            "AND is read before OR",
            "parentheses around what belongs together",
        ),
        ("jail OR the", "the", '"the" stands in nearly every article', "more words beside it"),
        (
            "one two three four five six seven",
            "one two three four five six seven",
            "all 7 words must stand side by side",
            "AND or OR between them, or quotation marks around them",
        ),
        (
            "jail AND NOT jail",
            "jail AND NOT jail",
            "NOT jail refuses every article with jail: this finds nothing",
            "it without one of the two",
        ),
        (
            "title:county jail AND NOT (jails OR sheriff)",
            "county jail AND NOT (jails OR sheriff",
            "NOT (jails OR sheriff) refuses every article with title:(county jail): this finds nothing",
            "it without one of the two",
        ),
        (
            "lang:en AND lang:es",
            "lang:en AND lang:es",
            "no article is both lang:en and lang:es: this finds nothing",
            "it without one of the two",
        ),
        (
            "about:jail AND mentions:jail",
            "jail AND mentions:jail",
            "no article is both about:jail and mentions:jail: this finds nothing",
            "it without one of the two",
        ),
        (
            "jail NEAR/5 jails",
            "jail NEAR/5 jails",
            "both sides find the same word: it must stand there twice",
            "two different words",
        ),
        (
            "ice*",
            "ice*",
            'ice* also finds "iceberg" and "Iceland"',
            "more letters before the star, or ice without it: its forms are found anyway",
        ),
        (
            "sanct* city",
            "sanct*",
            'sanct* also finds "sanction"',
            "more letters before the star, or sanct without it: its forms are found anyway",
        ),
        (
            "jail AND url:ice",
            "jail AND url:ice",
            'ice is also found inside longer words of an address ("justice", "police")',
            "url:/ice/",
        ),
        (
            "title: jail OR prison",
            "title: jail",
            "title: ends before OR: prison is found anywhere",
            "title:(… OR …)",
        ),
        (
            "jail AND lang:spanish",
            "jail AND lang:spanish",
            "no article has the language spanish: languages are codes of two letters",
            "lang:es",
        ),
        (
            "source:kind=opinon",
            "source:kind=opinon",
            "no source is of the kind opinon",
            "source:kind=opinion",
        ),
        ("lang:es", "lang:es", "every article in es will do", "words AND lang:es"),
        (
            "jail, sheriff, court",
            "jail, sheriff,",
            "a comma is no OR: jail and sheriff must stand side by side",
            "OR between them, or a line for each",
        ),
        ("jail,court", "jail,court", "jail,court finds these words side by side only", "(jail OR court)"),
        ("jail/prison", "jail/prison", "jail/prison finds these words side by side only", "(jail OR prison)"),
    ],
)
def test_a_line_that_may_not_mean_what_it_seems_gets_a_warning(
    line: str, marked: str, what: str, write: str
) -> None:
    [warning] = warnings(line)
    assert (line[warning.start : warning.end], warning.what, warning.write) == (marked, what, write)


@pytest.mark.parametrize(
    "line",
    [
        *["=ICE detainer", '"health or welfare"', "(jail AND x) OR y", "sanctuary city", "287(g)", "9/11"],
        *["Denver, Colorado", "detain*", "lang:es AND jail", "url:/ice/", "detained"],
        *["jail NEAR/5 sheriff", "county jail AND NOT county road", "about:jail OR mentions:sheriff"],
        *["title:jail OR prison", "title: (jail OR prison)", "jail AND lang:en-US", "source:kind=Opinion"],
        *["deny AND NOT denied*", "ice AND NOT =ICE", 'vote AND NOT "voting"', "SB 25-276 AND NOT SB"],
    ],
)
def test_a_plain_line_gets_no_warning(line: str) -> None:
    assert warnings(line) == ()
