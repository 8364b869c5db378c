"""What is an article compared by?

A `Fingerprint` is all that a window keeps of an article: numbers that stand for its words and for its runs
of five words, never the text. A `Reading` is the fingerprint of an article in hand together with its
sentences.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from news.nouns import Article, Sentence
from news.sameness.refrains import is_furniture
from news.sameness.words import carrier, code
from news.text import Token, each_sentence, fold, lead_end, tokens

RUN = 5  # words; five in a row are rarely the same by chance
TITLE_WEIGHT = 3  # a headline's word counts like three in the body (measured against 1, 2, 5)
HEAD_TITLE_WEIGHT = 2  # and like two in the lead
_KEYS = 2  # entries in the index for each sentence
_MIX = 0x9E3779B1  # an odd number that scatters 32 bits: the second key is the least after scattering
_MASK = 0xFFFFFFFF

_QUOTES = re.compile('["“”«»„\n]')
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Bag:
    """Words and how often they stand there, as 1 + log(count): ten mentions weigh little more than five."""

    __slots__ = ("codes", "counts", "norm", "norm_at")

    def __init__(self, counted: Counter[int]) -> None:
        self.codes = array("I", counted.keys())
        self.counts = array("f", (1 + math.log(count) for count in counted.values()))
        # The vector's length, and how many articles the background knew when it was worked out.
        self.norm = 0.0
        self.norm_at = 0

    def __len__(self) -> int:
        """How many different words there are."""
        return len(self.codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What a window keeps of an article."""

    article_id: int
    address: str
    # Folded; "" when the outlet is not known.
    outlet_key: str
    outlet: str
    title: str
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
    runs: array[int]
    run_sentences: array[int]
    run_spoken: bytes
    distinct_runs: int
    # Words of each sentence that carry something, one after the other, and where each sentence begins there.
    content: array[int]
    content_starts: array[int]
    # How many words stand before each sentence, and after the last one in total.
    places: array[int]
    # Each sentence as one number.
    lines: array[int]
    # What the index finds it by.
    keys: array[int]


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(slots=True)
class _Line:
    """A sentence taken apart."""

    words: list[Token]
    codes: tuple[int, ...]
    spoken: list[bool]
    is_refrain: bool = False


def read(article: Article, is_refrain: Callable[[str, int], bool] = lambda _outlet, _line: False) -> Reading:
    """Take an article apart, without the sentences that are known to be its outlet's refrains."""
    outlet_key = fold(article.outlet or article.source_id)
    sentences = tuple(each_sentence(article.text))
    lines = _lines(article.text, sentences)
    hashes = array("q", (hash(line.codes) for line in lines))
    for line, number, sentence in zip(lines, hashes, sentences, strict=True):
        line.is_refrain = is_furniture(sentence.text) or is_refrain(outlet_key, number)
    names = _names(article.text, lines)
    numbers = {word: code(word) for word in _numbers(article.title, lines)}
    print_ = _fingerprint(article, outlet_key, lines, hashes, names, frozenset(numbers.values()))
    return Reading(
        article=article,
        print=print_,
        sentences=sentences,
        refrains=frozenset(at for at, line in enumerate(lines) if line.is_refrain),
        names=tuple((name, codes) for (name, codes), _ in names.most_common()),
        numbers=tuple(numbers.items()),
    )


def _fingerprint(
    article: Article,
    outlet_key: str,
    lines: list[_Line],
    hashes: array[int],
    names: Counter[tuple[str, tuple[int, ...]]],
    numbers: frozenset[int],
) -> Fingerprint:
    language = article.language
    title = [word.word for word in tokens(article.title)]
    runs, run_sentences, run_spoken = _runs(lines)
    content, content_starts = _content(lines, language)
    heading = _bag(title, language)
    head = _bag(_lead_words(article.text, lines), language)
    body = Counter(content)
    for word, count in heading.items():
        body[word] += TITLE_WEIGHT * count
        head[word] += HEAD_TITLE_WEIGHT * count
    called: Counter[int] = Counter()
    for (_, codes), count in names.items():
        for word in codes:
            called[word] += count
    return Fingerprint(
        article_id=article.id,
        address=article.address,
        outlet_key=outlet_key,
        outlet=article.outlet,
        title=article.title,
        day=(article.published or article.first_seen).timestamp() / 86400,
        first_seen=article.first_seen,
        exact=hash((tuple(map(code, title)), *(line.codes for line in lines))),
        body=Bag(body),
        heading=Bag(heading),
        head=Bag(head),
        names=Bag(called),
        numbers=numbers,
        runs=runs,
        run_sentences=run_sentences,
        run_spoken=run_spoken,
        distinct_runs=len(frozenset(runs)),
        content=content,
        content_starts=content_starts,
        places=_places(lines),
        lines=hashes,
        keys=_keys(runs, run_sentences),
    )


def _lines(text: str, sentences: Sequence[Sentence]) -> list[_Line]:
    words = tokens(text)
    spoken = _spoken(text, words)
    lines: list[_Line] = []
    at = 0
    for sentence in sentences:
        first = at
        while at < len(words) and words[at].start < sentence.end:
            at += 1
        line = words[first:at]
        lines.append(_Line(line, tuple(code(word.word) for word in line), spoken[first:at]))
    return lines


def _spoken(text: str, words: list[Token]) -> list[bool]:
    """Say for each word whether it stands inside quotation marks; a new paragraph begins outside them."""
    marks = iter([*_QUOTES.finditer(text)])
    mark = next(marks, None)
    inside = False
    spoken = []
    for word in words:
        while mark is not None and mark.start() < word.start:
            sign = mark.group()
            inside = sign in "“«„" or (sign == '"' and not inside)
            mark = next(marks, None)
        spoken.append(inside)
    return spoken


def _names(text: str, lines: list[_Line]) -> Counter[tuple[str, tuple[int, ...]]]:
    """Count the names: runs of capitalized words that do not open a sentence."""
    names: Counter[tuple[str, tuple[int, ...]]] = Counter()
    for line in lines:
        if line.is_refrain or _shouted(text, line.words):
            continue
        for first, last in _capitalized(text, line.words):
            words = line.words[first:last]
            name = text[words[0].start : words[-1].end]
            names[name, line.codes[first:last]] += 1
    return names


def _capitalized(text: str, words: list[Token]) -> Iterator[tuple[int, int]]:
    """Yield [first, last) of each run of capitalized words with nothing but a space between them."""
    first = None
    for at in range(1, len(words) + 1):
        word = words[at] if at < len(words) else None
        is_name = word is not None and text[word.start].isupper() and carrier(word.word, "") != 0
        glued = first is not None and word is not None and text[words[at - 1].end : word.start] == " "
        if first is not None and not (is_name and glued):
            yield first, at
            first = None
        if is_name and first is None:
            first = at


def _shouted(text: str, words: list[Token]) -> bool:
    """Say whether a line is set in capitals, or as a headline is: then capitals name nobody."""
    upper = sum(text[word.start].isupper() for word in words)
    return upper * 10 > len(words) * 7


def _numbers(title: str, lines: list[_Line]) -> Iterator[str]:
    for word in tokens(title):
        if _NUMBER.fullmatch(word.word) and not _YEAR.fullmatch(word.word):
            yield word.word
    for line in lines:
        for word in line.words:
            if not line.is_refrain and word.word.isdecimal() and not _YEAR.fullmatch(word.word):
                yield word.word


def _bag(words: Sequence[str], language: str) -> Counter[int]:
    counted = Counter(carrier(word, language) for word in words)
    del counted[0]
    return counted


def _lead_words(text: str, lines: list[_Line]) -> list[str]:
    end = lead_end(text)
    return [word.word for line in lines if not line.is_refrain for word in line.words if word.start < end]


def _runs(lines: list[_Line]) -> tuple[array[int], array[int], bytes]:
    runs, sentences, spoken = array("I"), array("H"), bytearray()
    for at, line in enumerate(lines[:65535]):
        if line.is_refrain:
            continue
        codes = line.codes
        for first in range(len(codes) - RUN + 1):
            runs.append(hash(codes[first : first + RUN]) & _MASK)
            sentences.append(at)
            spoken.append(line.spoken[first] and line.spoken[first + RUN - 1])
    return runs, sentences, bytes(spoken)


def _content(lines: list[_Line], language: str) -> tuple[array[int], array[int]]:
    content, starts = array("I"), array("I", [0])
    for line in lines:
        if not line.is_refrain:
            content.extend(filter(None, (carrier(word.word, language) for word in line.words)))
        starts.append(len(content))
    return content, starts


def _places(lines: list[_Line]) -> array[int]:
    places = array("I", [0])
    for line in lines:
        places.append(places[-1] + (0 if line.is_refrain else len(line.words)))
    return places


def _keys(runs: array[int], run_sentences: array[int]) -> array[int]:
    """Choose two runs of each sentence, the same wherever it stands: the least as it is and mixed."""
    least: dict[int, int] = {}
    mixed: dict[int, tuple[int, int]] = {}
    for run, sentence in zip(runs, run_sentences, strict=True):
        if run < least.get(sentence, _MASK + 1):
            least[sentence] = run
        scattered = (run * _MIX) & _MASK
        if sentence not in mixed or scattered < mixed[sentence][0]:
            mixed[sentence] = (scattered, run)
    return array("I", {*least.values(), *(run for _, run in mixed.values())})
