"""Forms of one word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.matching.forms import OWN_WORDS, STEM_OF
from news.matching.inflection import stem

ENGLISH = """
    add added adding adds
    admit admitted admitting
    agree agreed agrees agreeing
    argue argued argues arguing
    arrange arranged arranging
    attorney attorneys
    ban bans banned banning
    begin began begun beginning
    box boxes
    boycott boycotted boycotts
    bus buses
    cancel canceled cancelled cancelling cancels
    case cases
    charge charged charging charges
    child children
    choose chose chosen choosing chooses
    church churches
    city cities
    congressman congressmen
    control controlled controls
    cooperate cooperated cooperating cooperates
    crisis crises
    deny denies denied denying
    deport deported deporting deports
    detain detains detained detaining
    die died dies dying
    enroll enrolled enrolling enrolls
    flee fled fleeing
    fly flies flew flying
    focus focused focuses focusing
    force forced
    free freed
    free freeing frees
    give gave given giving gives
    glass glasses
    hearing hearings
    hire hired hires hiring
    house houses
    install installed installing
    kill killed killing
    lose lost losing loses
    movie movies
    ngo ngos
    override overrode overridden overriding
    oversee oversaw overseeing oversees
    notify notified notifies notifying
    owe owed owes owing
    pass passes passed passing
    plan plans planned planning
    refer referred refers referring
    release releases released releasing
    seek sought seeking
    seize seized seizing seizes
    sue sues sued suing
    take took taken taking takes
    tax taxes taxed taxing
    tie ties tied tying
    traffic trafficking trafficked
    try tries tried trying
    uphold upheld upholds upholding
    use used using uses
    valley valleys
    veto vetoes vetoed vetoing
    vote votes voted voting
    undertake undertook undertaking undertakes
    wear wore worn wearing wears
    wife wives
    win won winning wins
    withhold withheld withholding withholds
    write wrote written writing writes
"""
APART = """
    plan plane
    car care
    new news
    police policy
    detainer detained
    bus bush
    gas ga
    ice icy
    sanctuary sanction
    state stated
    united unite
    census cens
    congress congre
    university universe
    general generous
    organ organization
    immigrant immigration
    deport deportation
    evening even
    hearing hear
    housing house
    acting act
    wedding wed
    herring her
    hundred hundr
    bar bare
    star stare
    fill file
    hop hope
    use us
    aide aid
    aides aids
    maine main
    suite suit
    marine marin
    unite unit
    basis base
    manning man
    1373 137
    287 (g)
"""
SPANISH = """
    deporta deportado deportaciones deportar deporto deportan deportada
    detiene detener detenido detuvo detenidos detuvieron
    redada redadas
    caso casos
    ciudad ciudades
    ley leyes
    juez jueces
    clase clases
    santuario santuarios
    demanda demandas demando demandar demandado
    voto votos votar votaron votan
    arresto arrestos arrestaron arrestado
    protege protegen proteger protegido
    murio muertos mueren
    impide impidieron
    orden ordenes
    ordenanza ordenanzas
    universidad universidades
    mujer mujeres
"""
SPANISH_APART = """
    universidad universo
    red redada
    casa caso
    corte corto
    orden ordenanza
    puerto puerta
    general generoso
    organo organizacion
    partido parte
    refugio refugiado
    ciudad ciudadano
    derecho derecha
    deportar deporte
"""


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


@pytest.mark.parametrize("forms", rows(ENGLISH), ids=" ".join)
def test_the_forms_of_an_english_word_are_one_word(forms: list[str]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize("words", rows(APART), ids=" ".join)
def test_different_words_stay_different(words: list[str]) -> None:
    one, other = words
    assert stem(one) != stem(other)


@pytest.mark.parametrize("forms", rows(SPANISH), ids=" ".join)
def test_the_forms_of_a_spanish_word_are_one_word_in_spanish(forms: list[str]) -> None:
    assert len({stem(form, "es") for form in forms}) == 1


@pytest.mark.parametrize("words", rows(SPANISH_APART), ids=" ".join)
def test_different_spanish_words_stay_different(words: list[str]) -> None:
    one, other = words
    assert stem(one, "es") != stem(other, "es")


def test_an_irregular_form_belongs_to_one_word_only_and_to_none_that_is_read_by_itself() -> None:
    assert not OWN_WORDS & STEM_OF.keys()
    assert all(STEM_OF[word] == word for word in STEM_OF.values())
    assert all(stem(form) == stem(word) == word for form, word in STEM_OF.items())


@given(st.text(max_size=12), st.sampled_from(["en", "es", "es-MX", "de", ""]))
def test_any_word_has_a_stem(word: str, language: str) -> None:
    assert isinstance(stem(word, language), str)
    assert len(stem(word, language)) <= len(word) + 1
