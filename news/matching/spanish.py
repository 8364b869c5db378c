"""Are these two Spanish words one word: deporta, deportado, deportaciones?

Snowball takes the endings off, after the plural; a table puts right what it would make one word and a
newsroom means as two (a university is no universe, a raid no network, an ordinance no order), and brings
together the verbs that change inside (detener, detiene, detuvo).
"""

from __future__ import annotations

from functools import cache
from typing import Protocol, cast

_SHORTEST_STEM = 4  # letters; casa and caso, red and redada would be one word with less
_LONG_ENOUGH = 6  # letters; a word that keeps its endings still loses a last vowel: demanda, demando
# The stem, then the words, as they come out of `fold_word` and without the plural's s.
_CORRECTED = """
cerrar: cerrar cierra cierran cerro cerraron cerrado cerrada
corto: corto corta
decir: decir dice dicen dijo dijeron dicho
deporte: deporte deportivo deportiva deportista
derecha: derecha
deten: detener detiene detienen detuvo detuvieron detenido detenida deteniendo detendra detendran detenga
fondo: fondo
impedir: impedir impide impiden impidio impidieron impedido
manten: mantener mantiene mantienen mantuvo mantuvieron mantenido mantendra
morir: morir muere mueren murio murieron muerto muerta
negar: negar niega niegan nego negaron negado
ordenanz: ordenanza
organiz: organizacion organizacione
partid: partido partida
perseguir: perseguir persigue persiguen persiguio perseguido perseguida
pide: pedir pide piden pidio pidieron pedido pidiendo
plaza: plaza
puerta: puerta
refugiad: refugiado refugiada
retir: retirar retira retiran retiro retiraron retirado
seguir: seguir sigue siguen siguio siguieron seguido
universidad: universidad universidade
votar: votar vota votan voto votaron votado votando votara votaran
"""
#: A form → the stem that is written for it here.
STEM_OF = {
    form: line.partition(":")[0]
    for line in _CORRECTED.strip().splitlines()
    for form in line.partition(":")[2].split()
}


def spanish_stem(word: str) -> str:
    """Return what the forms of a folded Spanish word have in common."""
    bare = word[:-1] if word[-1] == "s" and word[-2] in "aeiou" else word
    known = STEM_OF.get(bare)
    if known:
        return known
    single = _singular(bare)
    cut = _snowball().stemWord(single)
    if len(cut) >= _SHORTEST_STEM:
        return cut
    return single[:-1] if len(single) >= _LONG_ENOUGH and single[-1] in "ao" else single


def _singular(bare: str) -> str:
    base = bare[:-1] if bare[-1] == "e" else bare
    return f"{base[:-1]}c" if base[-1] == "z" else base


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 (PyStemmer's name)


@cache
def _snowball() -> _Stemmer:
    import Stemmer

    # Without a cache of its own: `stem` keeps one, and this one is not made for threads.
    return cast("_Stemmer", Stemmer.Stemmer("spanish", 0))
