"""What did an outlet take back, or say more exactly, in an article it had published?

Two versions are aligned sentence by sentence, and sentence pairs word by word. A change counts when it
touches a number, a name or a "not"; a bumped date, a moved advert, a polished verb do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import islice

from news.nouns import Article, Correction
from news.sameness.words import carrier
from news.text import Token, normalize, sentences, tokens

SAME_SENTENCE = 0.5  # of the words in common; below that it was replaced, not corrected
ALIGNED = 3  # sentences that a changed one is held against word by word: those with the most words in common
SHOWN_AFTER = 1  # words shown behind the changed ones, so that "23" says of what
MOST = 5  # corrections of one version; an article rewritten from end to end is a new text
#: Words that make a number rough.
ROUGH = frozenset(
    (
        *("about", "almost", "approximately", "around", "dozen", "dozens", "few"),
        *("hundreds", "many", "millions", "nearly", "over", "roughly", "several", "some", "thousands"),
    )
)
#: Numbers as news writes them out.
COUNTED = frozenset(
    (
        *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        *(
            "dozen",
            "dozens",
            "hundred",
            "hundreds",
            "thousand",
            "thousands",
            "million",
            "millions",
            "billion",
        ),
        *(
            "dos",
            "tres",
            "cuatro",
            "cinco",
            "seis",
            "siete",
            "ocho",
            "nueve",
            "diez",
            "cien",
            "cientos",
            "mil",
        ),
    )
)
#: What outlets put before a headline.
LABELS = frozenset(("breaking", "exclusive", "latest", "live", "update", "updated", "video", "watch"))
NEGATIONS = frozenset(["no", "not", "never", "none", "without"])
#: A sentence with one of these is about the article, not about the event.
_CLOCK = re.compile(r"\b(?:updated|posted|published|last modified|\d{1,2}:\d{2})\b", re.IGNORECASE)
_NOTICE = re.compile(
    r"^\W*(?:corrections?|clarification|correcci[oó]n|aclaraci[oó]n)\b|\bearlier versions? of (?:this|the)\b"
    r"|\bversi[oó]n anterior de est[ea]\b",
    re.IGNORECASE,
)
OPENING = 400  # characters in which a notice says what it is
#: The label of a correction that takes the whole article back.
WITHDRAWN = "withdrawn"
#: How an agency tells its customers to drop a story, and outlets their readers, in a headline of its own.
_KILL = re.compile(
    r"^\W*(?:(?:attention|note to)\W+)?editors?\b\W.{0,60}\bkill(?:ed)?\b"
    r"|^\W*(?:bulletin|mandatory|urgent)\W+kill\b|^\W*kill notice\b"
    r"|^\W*(?:story|article|report) (?:withdrawn|retracted|killed)\b"
    r"|^\W*(?:withdrawn|retracted|retraction)\W{0,3}:"
    r"|^\W*(?:nota|noticia) (?:retirada|anulada)\b",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    r"\b(?:has been|have|has|is being|we are|was) (?:retracted?|withdrawn|withdrawing|retracting|removed)\b"
    r"|\b(?:retraction|story withdrawn|kill notice|bulletin kill)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What became of a run of words: the tokens, and the sentences they stand in."""

    before: Sequence[Token]
    after: Sequence[Token]
    old: str
    new: str

    @property
    def was(self) -> str:
        """The words as they stood."""
        return self.old[self.before[0].start : self.before[-1].end] if self.before else ""

    @property
    def now(self) -> str:
        """The words as they stand now."""
        return self.new[self.after[0].start : self.after[-1].end] if self.after else ""


def kill_notice(article: Article) -> str:
    """Return the words with which an article takes another one back: its headline or its first sentence."""
    opening = next((sentence.text for sentence in sentences(article.text[:OPENING])), "")
    return next((words for words in (article.title, opening) if _KILL.search(words)), "")


def what_changed(before: Article, after: Article) -> tuple[Correction, ...]:
    """Return what was corrected; the words stand in the two versions. Nothing new is no correction."""
    if withdrawn := _withdrawal(before, after):
        return (withdrawn,)
    in_text = list(islice(_text(before, after), MOST)) or list(_notices(before, after))
    return tuple(dict.fromkeys([*_headline(before, after), *in_text]))[:MOST]


def _withdrawal(before: Article, after: Article) -> Correction | None:
    """Find the sentence that takes the article back, if the earlier version had none."""
    if _WITHDRAWN.search(before.text) or _WITHDRAWN.search(before.title) or kill_notice(before):
        return None
    if killed := kill_notice(after):
        return Correction(before=before.title, after=killed, label=WITHDRAWN)
    if len(after.text) * 2 > len(before.text) and not _WITHDRAWN.search(after.title):
        return None  # the text still stands: it is somebody else who withdraws something
    for text in (after.title, *(sentence.text for sentence in sentences(after.text))):
        if _WITHDRAWN.search(text):
            return Correction(before=before.title, after=text, label=WITHDRAWN)
    return None


def _headline(before: Article, after: Article) -> Iterator[Correction]:
    if _says(before) != _says(after):
        yield Correction(before=before.title, after=after.title, label="headline changed")


def _says(article: Article) -> frozenset[str]:
    """Return the words of a headline that say something: without grammar, outlet, "Update:" and "Watch:"."""
    outlet = {token.word for token in tokens(article.outlet)}
    words = {_key(token, article.title) for token in tokens(article.title)}
    return frozenset(word for word in words if carrier(word, "") or word in NEGATIONS) - outlet - LABELS


def _text(before: Article, after: Article) -> Iterator[Correction]:
    old = [sentence.text for sentence in sentences(before.text)]
    new = [sentence.text for sentence in sentences(after.text)]
    known = {_bare(sentence) for sentence in new}
    gone = [sentence for sentence in old if _bare(sentence) not in known]
    was = {_bare(sentence) for sentence in old}
    come = {
        sentence: [token.word for token in tokens(sentence)] for sentence in new if _bare(sentence) not in was
    }
    for sentence in gone:
        other = _counterpart(sentence, come)
        if other is None or _CLOCK.search(other):
            continue
        del come[other]
        for change in _changes(sentence, other):
            if _counts(change):
                yield _correction(change)


def _notices(before: Article, after: Article) -> Iterator[Correction]:
    """Yield the notes in which the outlet itself says what it corrected, if they were not there before."""
    known = {_bare(sentence.text) for sentence in sentences(before.text)}
    for sentence in sentences(after.text):
        if _NOTICE.search(sentence.text) and _bare(sentence.text) not in known:
            yield Correction(before="", after=sentence.text, label="corrected")


def _counterpart(sentence: str, others: Mapping[str, Sequence[str]]) -> str | None:
    """Return the one of the other sentences (and their words) that this one became, or None."""
    words = [token.word for token in tokens(sentence)]
    own = set(words)

    def common(other: str) -> int:
        return len(own.intersection(others[other]))

    def likeness(other: str) -> float:
        return SequenceMatcher(None, words, others[other], autojunk=False).ratio()

    best = max(nlargest(ALIGNED, others, key=common), key=likeness, default=None)
    return best if best is not None and likeness(best) >= SAME_SENTENCE else None


def _changes(before: str, after: str) -> Iterator[_Change]:
    """Yield the runs of words that differ; words put in or taken out are shown with their neighbors."""
    old, new = tokens(before), tokens(after)
    was, now = ([_key(token, text) for token in side] for side, text in ((old, before), (new, after)))
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    for what, i, j, k, m in matcher.get_opcodes():
        if what == "equal":
            continue
        lead = 1 if what != "replace" and i and k else 0
        yield _Change(
            before=old[i - lead : j + SHOWN_AFTER],
            after=new[k - lead : m + SHOWN_AFTER],
            old=before,
            new=after,
        )


def _counts(change: _Change) -> bool:
    """Say whether a change touches what a reader would want to know: a number, a name, a "not"."""
    before = {_key(token, change.old) for token in change.before}
    after = {_key(token, change.new) for token in change.after}
    touched = before ^ after
    if any(word[0].isdigit() for word in touched) or touched & (NEGATIONS | COUNTED):
        return True
    renamed = _names(change.before, change.old) ^ _names(change.after, change.new)
    return bool(before - after and after - before and renamed)


def _names(side: Sequence[Token], text: str) -> frozenset[str]:
    """Return the capitalized words that do not open the sentence."""
    return frozenset(token.word for token in side if token.start > 1 and text[token.start].isupper())


def _correction(change: _Change) -> Correction:
    rough = any(token.word in ROUGH for token in change.before)
    still = any(token.word in ROUGH for token in change.after)
    counted = any(token.word[0].isdigit() or token.word in COUNTED for token in change.after)
    exact = counted and rough and not still
    label = "more exact" if exact else "corrected"
    return Correction(before=change.was, after=change.now, label=label)


def _key(token: Token, text: str) -> str:
    """Return what a word is compared by; a number keeps its point, else 1.2 million would be 12 million."""
    return text[token.start : token.end].replace(",", "") if token.word[0].isdigit() else token.word


def _bare(sentence: str) -> str:
    return " ".join(normalize(sentence).lower().split())
