"""One normalizer for everybody."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from news.text import clean_line, clean_text, fold, html_text, lead, normalize, normalized, tokens

#: Letters, accents, jamo, ligatures, invisible and odd characters: everything that makes normalizing hard.
TROUBLE = (
    "aeE 1(g).'\n\t\x00\x85\u00a0\u00ad\u0301\u0308\u0323\u0338=<\u1100\u1161\u11a8\uac00\u3131\u314f"
    "\uff76\uff9e\ufb01\u200b\u200d\u2019\u201c\u2026\u2028\u2033\u202e\u212b\u0130\u00df\u0149\u01c4\u1e9e"
    "\u0345\u03b1\ufe0f\ufeff\U0001f468\u3099\u304b\u09c7\u09be\u0f73\u0f71\u0f72\u00b4\u037a\ufdfa\u2122\ud800"
)
trouble = st.text(alphabet=TROUBLE, max_size=12) | st.text(max_size=40)


@given(trouble)
@example("e\u200d\u0301")
@example("e\x00\u0301")
@example("\u1100\u00ad\u1161")
def test_a_normalized_text_stays_as_it_is(text: str) -> None:
    plain = normalize(text)
    assert normalize(plain) == plain
    assert unicodedata.is_normalized("NFKC", plain)


@given(trouble, st.data())
def test_every_plain_character_knows_where_it_came_from(text: str, data: st.DataObject) -> None:
    plain = normalized(text)
    end = data.draw(st.integers(0, len(plain.text)))
    start = data.draw(st.integers(0, end))
    first, last = plain.origin(start, end)
    assert 0 <= first <= last <= len(text)
    assert plain.text[start:end] in normalize(text[first:last]) or not plain.text[start:end].strip()


@given(trouble)
def test_the_whole_plain_text_comes_from_the_whole_original(text: str) -> None:
    plain = normalized(text)
    first, last = plain.origin(0, len(plain.text))
    assert normalize(text[first:last]) == plain.text


def test_a_non_breaking_space_and_curly_quotes_read_as_plain_ones() -> None:
    assert normalize("so-called\u00a0\u201csanctuary\u201d cities\u2026") == 'so-called "sanctuary" cities...'


def test_dashes_primes_and_soft_hyphens_do_not_hide_a_word() -> None:
    assert normalize("the may\u00ador\u2019s long\u2011standing\u200b order \u2014 5\u2032") == (
        "the mayor's long-standing order - 5'"
    )


def test_the_place_of_a_word_after_an_ellipsis_is_its_place_in_the_article() -> None:
    text = "Wait\u2026 the may\u00ador left"
    plain = normalized(text)
    start = plain.text.index("mayor")
    first, last = plain.origin(start, start + len("mayor"))
    assert text[first:last] == "may\u00ador"


@given(trouble)
def test_a_folded_text_stays_as_it_is(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded


def test_accents_and_case_do_not_matter_in_the_archive() -> None:
    assert fold("BOGOT\u00c1 Stra\u00dfe Malm\u00f6 \u0141\u00f3d\u017a") == "bogota strasse malmo lodz"


@given(trouble)
@example("<\u00ad\u0338")
def test_a_clean_line_can_stand_in_any_header(text: str) -> None:
    line = clean_line(text)
    assert line == clean_line(line)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    line.encode()
    assert not any(unicodedata.category(character) == "Cc" for character in line)
    assert not set(line) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2069\u200b\u2028")


def test_a_clean_line_keeps_the_typography_of_the_outlet() -> None:
    line = "Mayor:\u2028 \u201cWe won\u2019t\u201d\x0b\u202egnp\u202c"
    assert clean_line(line) == "Mayor: \u201cWe won\u2019t\u201d gnp"


@given(trouble)
def test_clean_text_is_paragraphs_and_nothing_else(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert all(clean_line(paragraph) == paragraph != "" for paragraph in cleaned.split("\n") if cleaned)


@given(trouble)
def test_tokens_stand_where_they_say(text: str) -> None:
    start = 0
    for token in tokens(text):
        assert start <= token.start < token.end <= len(text)
        assert letters(token.word) in letters(fold(text[token.start : token.end]))
        start = token.start


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFD", text.replace("\u00a7", "section")))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("287(g) and 287 (g)", ["287", "(g)", "and", "287", "(g)"]),
        ("\u00a71373, Section 1373(a)", ["section", "1373", "section", "1373", "(a)"]),
        ("8 U.S.C. 1373", ["8", "usc", "1373"]),
        ("Senate Bill SB25-276", ["senate", "bill", "sb25", "276"]),
        ("The mayor\u2019s so-called plan", ["the", "mayor", "so", "called", "plan"]),
        ("AT&T paid 1,000 (or so)", ["at&t", "paid", "1000", "or", "so"]),
        ("enforcement_enough", ["enforcement", "enough"]),
        ("l\u2019\u00e9tat d\u2019urgence", ["l", "etat", "d", "urgence"]),
        ("He doesn't know it's 24 (ICE) detainees", ["he", "doesnt", "know", "it", "24", "ice", "detainees"]),
        ("\u79fb\u6c11 officials", ["\u79fb", "\u6c11", "officials"]),
    ],
)
def test_signs_are_part_of_words_where_they_matter(text: str, words: list[str]) -> None:
    assert [token.word for token in tokens(text)] == words


def test_the_lead_is_the_first_paragraph() -> None:
    first = "The council of Port Ellery voted on Tuesday to keep its policy. It will be read again in May."
    assert lead(f"{first}\nThe mayor was not there.") == first


def test_a_label_alone_is_not_a_lead() -> None:
    text = "PORT ELLERY\nThe council voted on Tuesday to keep its policy, nine to two, late at night.\nMore."
    assert lead(text) == text.removesuffix("\nMore.")


def test_the_lead_of_an_article_on_one_line_stops_at_a_sentence() -> None:
    text = " ".join(["The council of the city voted again."] * 40)
    assert lead(text).endswith("again.")
    assert 60 <= len(lead(text).split()) < 75


@given(trouble)
def test_a_lead_opens_its_text(text: str) -> None:
    assert text.startswith(lead(text))


def test_html_reads_as_its_words_and_paragraphs() -> None:
    html = (
        '<p>Jail &amp; <b>sheri</b>ff<br/>agree<script>if (a < b) "</p>"</script></p>'
        '<a title="x > y">Read</a><!-- no'
    )
    assert html_text(html) == "Jail & sheriff\nagree\nRead"


def test_plain_text_with_signs_is_not_taken_for_html() -> None:
    assert html_text("5 < 6 and AT&T > 3, 287(g)") == "5 < 6 and AT&T > 3, 287(g)"


@given(st.text(alphabet="<>!-/ab\"'=&#;x9 scriptyle\n", max_size=60) | st.text(max_size=60))
@example("&#" + "9" * 5000 + ";")
@example("&#xD800; &#x110000;")
def test_no_scrap_of_html_is_too_broken_to_read(html: str) -> None:
    assert html_text(html) == clean_text(html_text(html))


BROKEN = ["<!--", '<a "', "<", "<a b='", "&", "<script>", "&#9", "</", "<p>", "<![", "<!-->"]


@pytest.mark.parametrize("piece", BROKEN)
def test_a_long_run_of_broken_html_is_read_in_a_moment(piece: str) -> None:
    assert len(html_text(piece * (300_000 // len(piece)))) <= 300_000
