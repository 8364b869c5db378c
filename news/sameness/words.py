"""Which words carry what an article is about?

Grammar words and words that any news text uses are put aside; English and Spanish words are cut to their
stems, so that "threatens" meets "threatened". Other languages are compared by their words as they stand.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol
from zlib import crc32

_ENGLISH = """
a about above after again against all almost already also although always am among an and another any anyone
anything are around as at away back be became because become been before began behind being below best
better between both bring but by call called calling came can cannot cant come comes coming could day days
did didnt do does doesnt doing done dont down during each earlier early either else end enough even ever
every everyone everything far few first for former found from full further gave get gets getting give given
gives go goes going gone good got great had has have having he her here hers herself him himself his hour
hours how however i if im in including instead into is isnt it its itself ive just keep kept knew know known
knows last late later least left less let like likely little long look looking made make makes making many
may maybe me mean means meanwhile might minute minutes mr mrs ms more morning most much must my myself near
nearly need needs never new next night no nobody none nor not nothing now of off often old on once one ones
only onto or other others our ours out over own part people per perhaps place put quite rather really right
said same saw say saying says see seem seemed seems seen set several shall she should show since so some
someone something soon still such sure take taken takes taking tell telling ten than that thats the their
theirs them themselves then there these they theyre thing things think third this those though thought three
through thus time times to today together told tomorrow too took toward towards tried try trying turn two
under until up upon us use used using very want wanted wants was wasnt way ways we week weeks well went were
weve what whatever when where whether which while who whole whom whose why will with within without wont
would wouldnt year years yes yesterday yet you young your yours january february march april june july
august september october november december jan feb aug sept oct nov dec monday tuesday wednesday thursday
friday saturday sunday according added asked reported statement spokesman spokeswoman spokesperson news
story photo updated
"""

_SPANISH = """
a al algo algun alguna algunas alguno algunos alla alli ante antes aquel aquella aquellas aquello aquellos
aqui asi aun aunque bajo bien cada casi como con contra cosa cosas cual cuales cualquier cuando cuanto cuya
cuyo da dado dar de debe deben decir dejo del demas dentro desde despues dice dicen dicho dijeron dijo donde
dos durante e el ella ellas ello ellos en entonces entre era eran eres es esa esas ese eso esos esta estaba
estaban estado estamos estan estar estara estas este esto estos estoy etc fin fue fueron gran grandes ha
habia habian haber hace hacen hacer hacia han hasta hay hecho hizo hoy incluso la las le les lo los luego
mas mayor me mediante mejor menos mi mientras mis misma mismas mismo mismos mucha muchas mucho muchos muy
nada ni ningun ninguna ninguno no nos nosotros nuestra nuestras nuestro nuestros nueva nuevas nuevo nuevos
nunca o otra otras otro otros para parte pero poco por porque primer primera primero puede pueden pues que
quien quienes se segun ser sera seran si sido siempre sin sino sobre solo son su sus tal tambien tampoco tan
tanto te tenemos tener tenia tiene tienen toda todas todavia todo todos tras tres tu tus u ultima ultimas
ultimo ultimos un una unas uno unos usted ustedes va van varias varios ver vez veces ya yo ano anos ayer dia
dias hora horas lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio
julio agosto septiembre octubre noviembre diciembre
"""

COMMON: frozenset[str] = frozenset((_ENGLISH + _SPANISH).split())

_STEMMERS = {"en": "english", "es": "spanish"}


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # PyStemmer's own name


@lru_cache(maxsize=4)
def _stemmer(name: str) -> _Stemmer:
    import Stemmer

    stemmer: _Stemmer = Stemmer.Stemmer(name)
    return stemmer


@lru_cache(maxsize=1 << 17)
def code(word: str) -> int:
    """Return 32 bits that stand for the word, the same in every run."""
    return crc32(word.encode())


@lru_cache(maxsize=1 << 17)
def carrier(word: str, language: str) -> int:
    """Return the code of a word's stem, or 0 for a word that says nothing about the subject."""
    if word in COMMON or (len(word) < 2 and not word.isdigit()):  # noqa: PLR2004  # one letter names nothing
        return 0
    name = _STEMMERS.get(language[:2])
    return code(_stemmer(name).stemWord(word) if name else word)
