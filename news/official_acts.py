"""What did a public body do, and do two outlets say so?

An official act is something done, in a sentence: who may do it (a court, a department, a mayor) and a verb of
doing it in the past (signed, sued, ordered), with nothing before it that makes it a wish, a plan or a denial.
"Could order", "threatened to sue" and "has not ruled" are no acts. It reads English; other languages have no
acts here, so nothing is told aloud because of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from news.sentences import sentences
from news.text import tokens

REMEMBERED = 512  # articles
#: Words before the verb in which its actor, and what would undo it, are looked for.
BEFORE, UNDOING = 14, 4
AFTER = 8  # words after "by" or "filed"
SHORTEST_SHARED = 4  # letters of a word that two reports may have in common
MOST_SHARED_NEEDED, LEAST_SHARED_NEEDED = 4, 2  # words, without and with the same actor

#: Words that every second sentence of news has.
_COMMON = (
    "about after against also been before from have having into more over said saying says than that their "
    "them then there they this those under were when which while will with would could should monday tuesday "
    "wednesday thursday friday saturday sunday year years week"
)
#: Who may do it → the words of it; two reports may name one body differently.
ACTORS = {
    "court": "court judge judges justices jury tribunal magistrate",
    "executive": "president governor mayor administration cabinet secretary minister ministry attorney",
    "department": "department dhs doj ice agency agencies commission bureau office officials prosecutors",
    "legislature": "council councils legislature senate house congress assembly parliament lawmakers "
    "senators committee commissioners supervisors board aldermen",
    "police": "police sheriff sheriffs marshals deputies",
    "government": "government city county state authorities",
}
#: What is done → the words that say it was.
VERBS = {
    "sue": "sued sues",
    "sign": "signed",
    "veto": "vetoed vetoes",
    "pass": "passed approved adopted enacted ratified",
    "reject": "rejected",
    "order": "ordered decreed mandated instructed",
    "rule": "ruled",
    "block": "blocked halted enjoined suspended froze stayed",
    "ban": "banned barred prohibited outlawed",
    "end": "repealed rescinded revoked terminated canceled cancelled ended",
    "withhold": "withheld",
    "subpoena": "subpoenaed",
    "charge": "charged indicted",
    "arrest": "arrested detained deported",
    "convict": "convicted sentenced acquitted",
    "dismiss": "dismissed fired ousted",
    "resign": "resigned",
    "appoint": "appointed",
}
#: What is filed or issued → the words of it, and what is done by it.
PAPERS = {
    "sue": "suit suits lawsuit lawsuits complaint",
    "charge": "charges",
    "appeal": "appeal",
    "subpoena": "subpoena subpoenas",
    "order": "order orders injunction warrant warrants proclamation",
}
HANDED = frozenset({"filed", "issued", "served", "brought"})
_UNDONE = (
    "not never no nobody neither nor without could would may might should will can must shall cannot if "
    "whether unless to plans planned wants wanted threatened threatens expected asked urged considered "
    "denied refused failed declined didnt wasnt werent hasnt havent hadnt isnt wont"
)
COMMON, UNDONE = frozenset(_COMMON.split()), frozenset(_UNDONE.split())

_ACTOR = {word: actor for actor, words in ACTORS.items() for word in words.split()}
_VERB = {word: verb for verb, words in VERBS.items() for word in words.split()}
_PAPER = {word: verb for verb, words in PAPERS.items() for word in words.split()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something a public body did, as one sentence says it."""

    # "sue"
    what: str
    # "executive"
    actor: str
    sentence: str
    # The other words of the sentence, for comparing two reports.
    words: frozenset[str]


@lru_cache(maxsize=REMEMBERED)
def acts_in(text: str, language: str = "en") -> tuple[Act, ...]:
    """Return the acts that a text reports, each once for each kind and actor of a sentence."""
    if not language.startswith("en"):
        return ()
    return tuple(act for each in sentences(text) for act in _acts(each.text))


def same_act(one: Act, other: Act) -> bool:
    """Return whether two sentences report one act, in words that are not a copy of each other."""
    if one.what != other.what or one.words == other.words:
        return False
    needed = LEAST_SHARED_NEEDED if one.actor == other.actor else MOST_SHARED_NEEDED
    return len(one.words & other.words) >= needed


def _acts(sentence: str) -> Iterator[Act]:
    words = [token.word for token in tokens(sentence)]
    found: dict[tuple[str, str], Act] = {}
    for place, what in _done(words):
        actor = _actor_of(words, place)
        if actor and not _is_undone(words, place):
            rest = frozenset(_telling(words, but=what))
            found.setdefault((what, actor), Act(what=what, actor=actor, sentence=sentence, words=rest))
    yield from found.values()


def _done(words: list[str]) -> Iterator[tuple[int, str]]:
    """Yield where something is done, and what."""
    for place, word in enumerate(words):
        if word in _VERB:
            yield place, _VERB[word]
        elif word in HANDED:
            after = (_PAPER[each] for each in words[place + 1 : place + AFTER] if each in _PAPER)
            yield from ((place, what) for what in list(after)[:1])


def _actor_of(words: list[str], place: int) -> str:
    """Return who did it: who stands nearest before the verb, or behind "by"."""
    behind = words[place + 1 : place + AFTER]
    passive = behind[behind.index("by") + 1 :] if "by" in behind else []
    before = reversed(words[max(0, place - BEFORE) : place])
    return next((_ACTOR[word] for word in (*passive, *before) if word in _ACTOR), "")


def _is_undone(words: list[str], place: int) -> bool:
    close = words[max(0, place - UNDOING) : place]
    return not UNDONE.isdisjoint(close)


def _telling(words: Iterable[str], *, but: str) -> Iterator[str]:
    """Yield the beginnings of the words that say which act it is."""
    for word in words:
        if (
            len(word) >= SHORTEST_SHARED
            and word not in COMMON
            and word not in _ACTOR
            and _VERB.get(word) != but
        ):
            yield word[:6]
