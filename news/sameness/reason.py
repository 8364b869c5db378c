"""Why is the article in this story? In words a person can read.

"4 shared sentences with Channel 4; Coldwater, Justice Department; 23 letters"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from news.sameness.fingerprint import Fingerprint, Reading
from news.sameness.joining import Candidate, Relation
from news.sameness.words import COMMON
from news.wording import counted

WHOLE = 0.8  # of the sentences; what is left is a dateline, short words and a sentence cut in two
MOST_NAMES = 3  # names and numbers told; the rest would be a list
SMALLEST_NUMBER = 2  # digits; every text has a 3 somewhere


def reason(reading: Reading, chosen: Candidate | None, relations: Sequence[Relation]) -> str:
    """Return why it joined, or why it did not although it shares text; "" when nothing is near."""
    if chosen is None:
        recycled = [relation for relation in relations if relation.is_recycled]
        if not recycled:
            return ""
        outlet = _outlet(max(recycled, key=lambda relation: len(relation.copying.here)))
        return f"a story of its own: it shares only background with {outlet}"
    closest = max(chosen.relations, key=lambda relation: (len(relation.copying.here), relation.nearness))
    return "; ".join(_pieces(reading, closest))


def _pieces(reading: Reading, closest: Relation) -> Iterator[str]:
    shared = len(closest.copying.here)
    if closest.is_copy and shared >= WHOLE * len(reading.sentences):
        yield f"the same text as {_outlet(closest)}"
    elif shared:
        yield f"{counted(shared, 'shared sentence')} with {_outlet(closest)}"
    else:
        yield f"tells the same as {_outlet(closest)}"
    named = _names_in_both(reading, closest.filed.print)
    if named:
        yield ", ".join(named)
    numbers = [word for word, code in reading.numbers if code in closest.filed.print.numbers]
    if told := [word for word in dict.fromkeys(numbers) if len(word) >= SMALLEST_NUMBER][:MOST_NAMES]:
        yield ", ".join(_with_what_it_counts(number, reading.article.text) for number in told)


def _with_what_it_counts(number: str, text: str) -> str:
    """Return "23 letters" where the text says so; else the number alone."""
    written = f"{number}|{int(number):,}" if number.isascii() else re.escape(number)
    for found in re.finditer(rf"(?<![\w.,:$€£-])(?:{written})(?: [a-z]+)?? ([a-z]{{3,}}s)\b", text):
        before = _CAPITALIZED.search(text, max(0, found.start() - LONGEST), found.start())
        is_name = before and before[1].lower() not in COMMON
        if not is_name and found[1] not in COMMON:
            return found.group()
    return number


LONGEST = 20  # letters of a word before a number
_CAPITALIZED = re.compile(r"([A-Z]\w*)[.]? \Z")  # Highway 40, March 15


def _names_in_both(reading: Reading, other: Fingerprint) -> list[str]:
    theirs = other.names.words()
    both = [(name, frozenset(codes)) for name, codes in reading.names if theirs.issuperset(codes)]
    whole = [name for name, words in both if not any(words < others for _, others in both)]
    return list(dict.fromkeys(whole))[:MOST_NAMES]


def _outlet(relation: Relation) -> str:
    return relation.filed.print.outlet or "another outlet"
