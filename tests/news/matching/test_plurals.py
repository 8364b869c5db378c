"""Singular and plural."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.matching.plurals import stem


@pytest.mark.parametrize(
    ("one", "many"),
    [
        *[("city", "cities"), ("policy", "policies"), ("county", "counties"), ("valley", "valleys")],
        *[
            ("church", "churches"),
            ("box", "boxes"),
            ("case", "cases"),
            ("course", "courses"),
            ("bus", "buses"),
        ],
        *[
            ("house", "houses"),
            ("judge", "judges"),
            ("glass", "glasses"),
            ("veto", "vetoes"),
            ("movie", "movies"),
        ],
        *[("crisis", "crises"), ("wife", "wives"), ("child", "children"), ("congressman", "congressmen")],
        *[
            ("tie", "ties"),
            ("attorney", "attorneys"),
            ("ngo", "ngos"),
            ("sheriff", "sheriffs"),
            ("man", "men"),
        ],
    ],
)
def test_singular_and_plural_are_one_word(one: str, many: str) -> None:
    assert stem(one) == stem(many)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *[
            ("plan", "plane"),
            ("car", "care"),
            ("new", "news"),
            ("police", "policy"),
            ("detainer", "detained"),
        ],
        *[("bus", "bush"), ("gas", "ga"), ("ice", "icy"), ("sanctuary", "sanction"), ("state", "stated")],
        *[("census", "cens"), ("congress", "congre"), ("1373", "137"), ("287", "(g)")],
    ],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert stem(one) != stem(other)


SPANISH = {
    "ciudad": "ciudades",
    "ley": "leyes",
    "juez": "jueces",
    "clase": "clases",
    "santuario": "santuarios",
}


@pytest.mark.parametrize(("one", "many"), SPANISH.items())
def test_spanish_plurals_are_one_word_in_spanish(one: str, many: str) -> None:
    assert stem(one, "es") == stem(many, "es")


@given(st.text(max_size=12), st.sampled_from(["en", "es", "es-MX", "de", ""]))
def test_any_word_has_a_stem(word: str, language: str) -> None:
    assert isinstance(stem(word, language), str)
    assert len(stem(word, language)) <= len(word) + 1
