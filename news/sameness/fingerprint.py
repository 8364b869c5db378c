"""What is an article compared by?

A `Fingerprint` is all that a window keeps of an article: numbers that stand for its words and for its runs
of five words, never the text. A `Reading` is the fingerprint of an article in hand together with its
sentences. Words become numbers once, and everything after that is arithmetic on whole arrays: a text of a
thousand words costs a millisecond or two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from news.nouns import Article, Sentence
from news.sameness.refrains import is_furniture
from news.sameness.taking import Codes, Flags, Floats, Places, Small, Taken, Wide, take
from news.sameness.words import carrier, code
from news.text import each_sentence, fold, lead_end, tokens

RUN = 5  # words; five in a row are rarely the same by chance
TITLE_WEIGHT = 3  # a headline's word counts like three in the body (measured against 1, 2, 5)
HEAD_TITLE_WEIGHT = 2  # and like two in the lead
_MIX, _UNMIX = (
    0x9E3779B1,
    0x0E8B2F51,
)  # an odd number that scatters 32 bits, and the one that gathers them again
_FACTOR = 0x9E3779B97F4A7C15  # odd, so that the powers of it never run out


class Bag:
    """Words and how often they stand there, as 1 + log(count): ten mentions weigh little more than five."""

    __slots__ = ("codes", "counts")

    def __init__(self, words: Codes) -> None:
        codes, counts = np.unique(words, return_counts=True)
        self.codes: Codes = codes
        self.counts: Floats = (1 + np.log(counts)).astype(np.float32)

    def __len__(self) -> int:
        """How many different words there are."""
        return len(self.codes)

    def words(self) -> frozenset[int]:
        """Return the words, without their counts."""
        return frozenset(self.codes.tolist())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fingerprint:
    """What a window keeps of an article."""

    article_id: int
    # Folded; "" when the outlet is not known.
    outlet_key: str
    outlet: str
    # When it was published, else first seen; in days.
    day: float
    first_seen: datetime
    # Stands for title and words: equal for exact copies.
    exact: int
    body: Bag
    heading: Bag
    head: Bag
    names: Bag
    numbers: frozenset[int]
    # Runs of five words: for each, its code, the sentence it stands in, and whether it is inside a quotation.
    runs: Codes
    run_sentences: Small
    run_spoken: Flags
    distinct_runs: int
    # Words of each sentence that carry something, one after the other, and where each sentence begins there.
    content: Codes
    content_starts: Codes
    # How many words stand before each sentence, and after the last one in total.
    places: Codes
    # Each sentence as one number.
    lines: Places
    # What the index finds it by.
    keys: Codes

    def content_of(self, at: int) -> list[int]:
        """Return the words of one sentence that carry something."""
        words: list[int] = self.content[self.content_starts[at] : self.content_starts[at + 1]].tolist()
        return words


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """An article in hand."""

    article: Article
    print: Fingerprint
    sentences: tuple[Sentence, ...]
    # Sentences that the outlet repeats in every article.
    refrains: frozenset[int]
    # Names as the article writes them, the most frequent first, and the codes of their words.
    names: tuple[tuple[str, tuple[int, ...]], ...]
    numbers: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Runs:
    codes: Codes
    sentences: Small
    spoken: Flags


_Names = Counter[tuple[str, tuple[int, ...]]]


def read(article: Article, is_refrain: Callable[[str, int], bool] = lambda _outlet, _line: False) -> Reading:
    """Take an article apart, without the sentences that are known to be its outlet's refrains."""
    outlet_key = fold(article.outlet or article.source_id)
    sentences = tuple(each_sentence(article.text))
    taken = take(article.text, sentences, article.language)
    lines = _line_codes(taken)
    kept = np.array(
        [
            not (is_furniture(sentence.text) or is_refrain(outlet_key, line))
            for sentence, line in zip(sentences, lines.tolist(), strict=True)
        ],
        dtype=np.bool_,
    )
    names = _names(article.text, taken, kept)
    numbers = {word: code(word) for word in _numbers(article.title, taken, kept)}
    print_ = _fingerprint(article, outlet_key, taken, (lines, kept), names, frozenset(numbers.values()))
    return Reading(
        article=article,
        print=print_,
        sentences=sentences,
        refrains=frozenset(np.flatnonzero(~kept).tolist()),
        names=tuple((name, codes) for (name, codes), _ in names.most_common()),
        numbers=tuple(numbers.items()),
    )


def _fingerprint(
    article: Article,
    outlet_key: str,
    taken: Taken,
    lined: tuple[Places, Flags],
    names: _Names,
    numbers: frozenset[int],
) -> Fingerprint:
    lines, kept = lined
    title = [word.word for word in tokens(article.title)]
    heading = _carriers(title, article.language)
    runs = _runs(taken, kept)
    content, content_starts = _content(taken, kept)
    lead = taken.carriers[(np.array(taken.starts) < lead_end(article.text)) & kept[taken.lines]]
    called = [word for (_, codes), count in names.items() for word in codes * count]
    return Fingerprint(
        article_id=article.id,
        outlet_key=outlet_key,
        outlet=article.outlet,
        day=(article.published or article.first_seen).timestamp() / 86400,
        first_seen=article.first_seen,
        exact=hash((tuple(map(code, title)), lines.tobytes())),
        body=Bag(np.concatenate([content, np.repeat(heading, TITLE_WEIGHT)])),
        heading=Bag(heading),
        head=Bag(np.concatenate([lead[lead > 0], np.repeat(heading, HEAD_TITLE_WEIGHT)])),
        names=Bag(np.array(called, dtype=np.uint32)),
        numbers=numbers,
        runs=runs.codes,
        run_sentences=runs.sentences,
        run_spoken=runs.spoken,
        distinct_runs=len(np.unique(runs.codes)),
        content=content,
        content_starts=content_starts,
        places=_sums(np.where(kept, np.diff(taken.bounds), 0)),
        lines=lines,
        keys=_keys(runs),
    )


def _sums(lengths: Places) -> Codes:
    """Return how much stands before each, and after the last one in total."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint32)


def _line_codes(taken: Taken) -> Places:
    """Return each sentence as one number that stands for its words in their order."""
    places = np.arange(len(taken.codes)) - taken.bounds[taken.lines]
    powers = _powers(int(places.max(initial=0)) + 1)
    sums = np.zeros(len(taken.codes) + 1, dtype=np.uint64)
    np.cumsum((taken.codes + np.uint64(1)) * powers[places], out=sums[1:])
    mixed = (sums[taken.bounds[1:]] - sums[taken.bounds[:-1]]) * np.uint64(_FACTOR)
    return (mixed ^ (mixed >> np.uint64(29))).astype(np.int64)


def _powers(many: int) -> Wide:
    powers: Wide = np.multiply.accumulate(np.full(many, _FACTOR, dtype=np.uint64))
    return powers


_RUN_POWERS = _powers(RUN)


def _runs(taken: Taken, kept: Flags) -> _Runs:
    """Return the runs of five words that stand within one sentence."""
    many = max(0, len(taken.codes) - RUN + 1)
    wide = taken.codes.astype(np.uint64)
    mixed = np.zeros(many, dtype=np.uint64)
    for at, power in enumerate(_RUN_POWERS):
        mixed += wide[at : at + many] * power
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(_FACTOR)
    lines = taken.lines[:many]
    whole = (lines == taken.lines[RUN - 1 : RUN - 1 + many]) & kept[lines] & (lines < 65535)  # noqa: PLR2004  # 16 bits
    spoken = taken.spoken[:many] & taken.spoken[RUN - 1 : RUN - 1 + many]
    return _Runs(
        codes=(mixed[whole] >> np.uint64(32)).astype(np.uint32),
        sentences=lines[whole].astype(np.uint16),
        spoken=spoken[whole],
    )


def _content(taken: Taken, kept: Flags) -> tuple[Codes, Codes]:
    carries = (taken.carriers > 0) & kept[taken.lines]
    lengths = np.bincount(taken.lines[carries], minlength=len(kept))
    return taken.carriers[carries], _sums(lengths)


def _keys(runs: _Runs) -> Codes:
    """Choose two runs of each sentence, the same wherever it stands: the least as it is and mixed."""
    if not len(runs.codes):
        return runs.codes
    firsts = np.flatnonzero(np.diff(runs.sentences, prepend=runs.sentences[0] + 1))
    least = np.minimum.reduceat(runs.codes, firsts)
    scattered = np.minimum.reduceat(runs.codes * np.uint32(_MIX), firsts)
    return np.unique(np.concatenate([least, scattered * np.uint32(_UNMIX)]))


def _carriers(words: Sequence[str], language: str) -> Codes:
    return np.array([it for it in (carrier(word, language) for word in words) if it], dtype=np.uint32)


def _names(text: str, taken: Taken, kept: Flags) -> _Names:
    """Count the names: runs of capitalized words that do not open a sentence."""
    lengths = np.diff(taken.bounds)
    # A line set in capitals, or as a headline is: there capitals name nobody.
    shouted = np.bincount(taken.lines[taken.upper], minlength=len(kept)) * 10 > lengths * 7
    opens = np.zeros(len(taken.codes) + 1, dtype=np.bool_)
    opens[taken.bounds] = True
    is_name = taken.upper & (taken.carriers > 0) & ~opens[:-1] & (kept & ~shouted)[taken.lines]
    names: _Names = Counter()
    starts, ends, codes = taken.starts, taken.ends, taken.codes
    run: list[int] = []
    for at in [*np.flatnonzero(is_name).tolist(), -1]:
        if run and not (at == run[-1] + 1 and text[ends[run[-1]] : starts[at]] == " " and not opens[at]):
            name = text[starts[run[0]] : ends[run[-1]]]
            names[name, tuple(codes[run[0] : run[-1] + 1].tolist())] += 1
            run = []
        run.append(at)
    return names


def _numbers(title: str, taken: Taken, kept: Flags) -> Iterator[str]:
    """Yield what is written in digits, but for years."""
    for word in tokens(title):
        if word.word.isdecimal() and not _is_year(word.word):
            yield word.word
    for at in np.flatnonzero(taken.decimal & kept[taken.lines]).tolist():
        if not _is_year(taken.words[at]):
            yield taken.words[at]


def _is_year(word: str) -> bool:
    return len(word) == 4 and word[:2] in {"19", "20"}  # noqa: PLR2004  # digits
