"""Sentences an editor reads."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from news.nouns import Article, Sentence
from news.summary import quoted, summarize
from news.text import sentences

LEAD = "The council of Port Ellery voted on Tuesday to keep its rules on jail detainers."
SECOND = "The sheriff did not say what he would do."
NUMBER = "Officials sent letters about detainers to 23 jurisdictions on Monday."


def an_article(text: str, *, title: str = "Council keeps rules on detainers") -> Article:
    return Article(
        address="https://ledger.test/a",
        source_id="ledger",
        outlet="Ledger",
        title=title,
        text=text,
        first_seen=datetime(2026, 3, 18, tzinfo=UTC),
    )


def said(text: str) -> str:
    return quoted(summarize(an_article(text)), text)


def test_the_first_sentence_of_the_story_is_always_there() -> None:
    assert said(f"{LEAD} {SECOND}") == f"{LEAD} {SECOND}"


def test_a_sentence_with_more_of_the_headline_comes_before_one_that_merely_follows() -> None:
    assert said(f"{LEAD}\n{SECOND}\n{NUMBER}") == f"{LEAD} … {NUMBER}"


def test_bylines_captions_and_the_headline_again_are_not_the_story() -> None:
    byline = "By the county desk of the Port Ellery Ledger"
    assert said(f"Council keeps its rules on detainers\n{byline}\nFile photo of a jail\n{LEAD}") == LEAD


def test_the_notice_of_an_embargo_is_not_the_story() -> None:
    assert said(f"EMBARGOED UNTIL 6 a.m. ET Thursday, March 19\n{LEAD}") == LEAD
    assert said(f"Not for publication before 6 p.m. on Thursday\n{LEAD}") == LEAD


def test_the_story_begins_at_its_dateline() -> None:
    text = f"Please mind the date on this page before you share it.\nPORT ELLERY (NW) \u2014 {LEAD}"
    assert said(text).startswith("PORT ELLERY (NW) \u2014 The council")


def test_a_sentence_that_is_too_long_is_cut_after_a_word_and_shows_it() -> None:
    text = "The council " + "and the mayor " * 60 + "met."
    cut = said(text)
    assert cut.endswith(("mayor …", "and …", "the …"))
    assert len(cut) <= 320
    assert text.startswith(cut.removesuffix(" …"))


def test_a_line_broken_inside_a_sentence_is_healed_when_quoted() -> None:
    text = "The letter asks for every order on talking to officers, and\ntheir agents, the city said."
    assert said(text) == text.replace("\n", " ")


def test_a_source_that_allows_its_headline_only_is_not_quoted() -> None:
    article = Article(
        address="https://ledger.test/a",
        source_id="ledger",
        outlet="Ledger",
        title="Council votes",
        text=LEAD,
        first_seen=datetime(2026, 3, 18, tzinfo=UTC),
        excerpt="headline",
    )
    assert summarize(article) == ()


def test_an_article_without_text_has_no_summary() -> None:
    assert summarize(an_article("")) == ()
    assert quoted((), "") == ""


texts = st.lists(
    st.sampled_from(
        [LEAD, SECOND, NUMBER, "By a reporter", "x" * 400, "“No,” he said.", "word " * 90, "\n", "…"]
    )
    | st.text(max_size=30),
    max_size=8,
).map(" ".join)


@given(texts, st.text(max_size=40), st.integers(0, 3), st.integers(0, 330))
def test_every_sentence_of_a_summary_stands_in_the_article(
    text: str, title: str, most: int, characters: int
) -> None:
    chosen = summarize(an_article(text, title=title), most=most, characters=characters)
    assert len(chosen) <= most
    assert all(text[each.start : each.end] == each.text for each in chosen)
    assert [each.start for each in chosen] == sorted({each.start for each in chosen})
    assert len(quoted(chosen, text)) <= characters


@given(texts, st.data())
def test_a_quotation_shows_every_omission(text: str, data: st.DataObject) -> None:
    there = sentences(text)
    picked = data.draw(st.lists(st.sampled_from(there), unique=True) if there else st.just([]))
    chosen: list[Sentence] = sorted(picked, key=lambda each: each.start)
    pieces = quoted(chosen, text).split(" … ")
    assert all(piece.strip("… ") in " ".join(text.split()) for piece in pieces)
