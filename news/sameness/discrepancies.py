"""In what do the outlets of one story disagree?

Numbers and names that differ between two outlets although both speak of the same thing, each with the
sentence it stands in. "Roughly two dozen" against "23" is more exact, no conflict. What an outlet says
anywhere in its own articles is held for it: it disagrees with nobody whose number it prints too. Nothing is
decided here: both sides are shown.

    for each in discrepancies(articles):
        each.label, each.about      # "differs", "letters"
        each.sides                  # who says what, with the sentence and its place
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from news.nouns import Article, Sentence
from news.sameness.amounts import ABOUT, FAR, Amount, amounts
from news.sameness.spelling import Name, names, spelled_apart
from news.text import each_sentence, fold

ROUND = 0.05  # of a number of three digits or more: 200 against 197 is a round number
ROUND_FROM = 100
# Words the two sentences have in common besides what is counted; and their share of the shorter sentence.
# More where nothing says what is counted (a sum, a share), or where one number is a multiple of the other.
AROUND, SHARE = 2, 0.3
AROUND_UNSAID, SHARE_UNSAID = 3, 0.6
MULTIPLE = 3
PARTICULAR = (
    10  # from there on a number that fits "roughly two dozen" of the same thing is not there by chance
)
ROUGHLY = 0.1  # how sure that alone makes it
MOST = 5  # discrepancies of one story; a story with more is two

Label = Literal["differs", "more exact", "spelled differently"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One side: what an outlet says."""

    article_id: int
    outlet: str
    # All outlets that say the same, this one first.
    outlets: tuple[str, ...]
    # The words in question, at [start, end) of the article's text, and the sentence they stand in.
    words: str
    start: int
    end: int
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """Two sides that do not say the same of one thing."""

    label: Label
    # "letters"; "$" and "%" for sums and shares; the name for a spelling.
    about: str
    # Which was published first stands first; where one is more exact, it stands last.
    sides: tuple[Said, Said]


@dataclass(frozen=True, slots=True)
class _Claim:
    """An amount and who says so."""

    article: Article
    amount: Amount

    @property
    def outlet(self) -> str:
        return _outlet(self.article)


def discrepancies(articles: Iterable[Article]) -> tuple[Discrepancy, ...]:
    """Return in what the outlets of one story disagree, the plain differences first.

    Give it the newest version of each article. Articles of one outlet are never held against each other.
    """
    told = sorted(articles, key=lambda article: (article.published or article.first_seen, article.id))
    found = [*_numbers(told), *_spellings(told)]
    order = ("differs", "spelled differently", "more exact")
    return tuple(sorted(found, key=lambda each: order.index(each.label))[:MOST])


def _outlet(article: Article) -> str:
    return fold(article.outlet or article.source_id)


# ── Numbers ───────────────────────────────────────────────────────────────────────────────────────


def _numbers(articles: Sequence[Article]) -> Iterator[Discrepancy]:
    claims = [
        _Claim(article, amount)
        for article in articles
        for sentence in each_sentence(article.text)
        for amount in amounts(sentence, article.language)
    ]
    by_kind: dict[int, list[_Claim]] = defaultdict(list)
    for claim in claims:
        for kind in claim.amount.kinds:
            by_kind[kind].append(claim)
    told: set[tuple[str, frozenset[float]]] = set()
    for alike in by_kind.values():
        for one, other in _pairs(alike):
            label = _verdict(one.amount, other.amount)
            if label is None or _agree_elsewhere(one, other, alike):
                continue
            rough = {each.amount.value for each in (one, other) if each.amount.is_rough}
            values = one.amount.unit, frozenset(rough or {one.amount.value, other.amount.value})
            if values not in told:
                told.add(values)
                yield _of_numbers(label, one, other, alike)


def _pairs(claims: Sequence[_Claim]) -> Iterator[tuple[_Claim, _Claim]]:
    """Yield the claims of two outlets that speak of the same thing: each the other's best counterpart."""
    scores = {
        (a, b): score
        for a, b in combinations(range(len(claims)), 2)
        if (score := _sameness(claims[a], claims[b]))
    }
    for (a, b), score in scores.items():
        rivals = (
            other
            for pair, other in scores.items()
            if pair != (a, b) and (_rivals(claims, pair, a, b) or _rivals(claims, pair, b, a))
        )
        if all(other < score for other in rivals):
            yield claims[a], claims[b]


def _rivals(claims: Sequence[_Claim], pair: tuple[int, int], kept: int, left: int) -> bool:
    """Say whether the pair holds the same claim against another number of the same article."""
    if kept not in pair:
        return False
    other = claims[pair[0] if pair[1] == kept else pair[1]]
    return other.article is claims[left].article and other.amount.value != claims[left].amount.value


def _sameness(one: _Claim, other: _Claim) -> float:
    """Return how sure it is that two amounts count the same thing; 0 when it is not."""
    a, b = one.amount, other.amount
    if one.outlet == other.outlet or a.is_aside or b.is_aside:
        return 0.0
    near, around = a.near & b.near, a.around & b.around
    shorter = min(len(a.around), len(b.around))
    multiple = max(a.value, b.value) > MULTIPLE * min(a.value, b.value) and not (a.is_vague or b.is_vague)
    unsaid = a.unit in "$%" or multiple
    least, share = (AROUND_UNSAID, SHARE_UNSAID) if unsaid else (AROUND, SHARE)
    if near and len(around) >= max(least, share * shorter):
        return 1 + len(near) + len(around) / shorter
    return ROUGHLY if _is_within(a, b) else 0.0


def _is_within(one: Amount, other: Amount) -> bool:
    """Say whether one is a rough number of something particular and the other lies in it: no chance."""
    rough, exact = (one, other) if one.is_rough else (other, one)
    sure = rough.is_rough and not exact.is_rough and not rough.is_vague and not one.is_general
    return sure and exact.value >= PARTICULAR and rough.low <= exact.value <= rough.value * (1 + ABOUT)


def _verdict(one: Amount, other: Amount) -> Label | None:
    """Say what two amounts of one thing are to each other; None when they say the same."""
    if one.is_rough and other.is_rough:
        apart = max(one.low, other.low) > min(one.high, other.high)
        return "differs" if apart and not (one.is_vague or other.is_vague) else None
    if not one.is_rough and not other.is_rough:
        if one.value == other.value:
            return None
        return "more exact" if _is_round(one.value, other.value) else "differs"
    rough, exact = (one, other) if one.is_rough else (other, one)
    if rough.low <= exact.value <= rough.high:
        return "more exact" if rough.value != exact.value and exact.value <= FAR * rough.high else None
    return None if rough.is_vague else "differs"


def _is_round(one: float, other: float) -> bool:
    """Say whether one of them is the other, rounded."""
    coarse = max(one, other, key=_zeros)
    near = abs(one - other) <= ROUND * max(one, other)
    return near and coarse >= ROUND_FROM and _zeros(one) != _zeros(other)


def _zeros(number: float) -> int:
    digits = f"{number:.6f}".rstrip("0").rstrip(".")
    return len(digits) - len(digits.rstrip("0")) if "." not in digits else -1


def _agree_elsewhere(one: _Claim, other: _Claim, claims: Sequence[_Claim]) -> bool:
    """Say whether one of the two outlets prints the other's number of the same, somewhere."""
    return any(
        each.outlet == here.outlet and each.amount.value == there.amount.value
        for here, there in ((one, other), (other, one))
        for each in claims
    )


def _of_numbers(label: Label, one: _Claim, other: _Claim, claims: Sequence[_Claim]) -> Discrepancy:
    first, last = one, other
    if label == "more exact" and _exactness(one.amount) > _exactness(other.amount):
        first, last = other, one
    sides = (_of_amount(first, claims), _of_amount(last, claims))
    return Discrepancy(label=label, about=one.amount.unit, sides=sides)


def _exactness(amount: Amount) -> tuple[bool, int]:
    return not amount.is_rough, -_zeros(amount.value)


def _of_amount(claim: _Claim, claims: Sequence[_Claim]) -> Said:
    amount = claim.amount
    same = [
        each
        for each in claims
        if (each.amount.value, each.amount.is_rough) == (amount.value, amount.is_rough)
        and (each.outlet == claim.outlet or _sameness(each, claim))
    ]
    return Said(
        article_id=claim.article.id,
        outlet=claim.article.outlet,
        outlets=_named(claim.article, [each.article for each in same]),
        words=amount.words,
        start=amount.start,
        end=amount.end,
        sentence=amount.sentence,
    )


def _named(first: Article, others: Iterable[Article]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([first.outlet, *(article.outlet for article in others)]))


# ── Names ─────────────────────────────────────────────────────────────────────────────────────────

_Spelling = tuple[Article, Name]


def _spellings(articles: Sequence[Article]) -> Iterator[Discrepancy]:
    said: dict[tuple[str, ...], list[_Spelling]] = defaultdict(list)
    words: dict[str, set[str]] = defaultdict(set)
    for article in articles:
        for sentence in each_sentence(article.text):
            for name in names(sentence):
                said[name.parts].append((article, name))
                words[_outlet(article)].update(name.parts)
    told: set[tuple[str, str]] = set()
    for one, other in combinations(said, 2):
        first, last = said[one][0], said[other][0]
        apart = spelled_apart(first[1], last[1])
        if apart is None or apart in told or _prints_both(apart, said[one], said[other], words):
            continue
        told.add(apart)
        sides = (_of_name(first, said[one]), _of_name(last, said[other]))
        yield Discrepancy(label="spelled differently", about=first[1].words, sides=sides)


def _prints_both(
    apart: tuple[str, str],
    one: Sequence[_Spelling],
    other: Sequence[_Spelling],
    words: dict[str, set[str]],
) -> bool:
    """Say whether an outlet prints both words: then they are two names, or its own slip."""
    outlets = {_outlet(article) for article, _ in (*one, *other)}
    return any(words[outlet].issuperset(apart) for outlet in outlets)


def _of_name(spelling: _Spelling, all_of_them: Sequence[_Spelling]) -> Said:
    article, name = spelling
    return Said(
        article_id=article.id,
        outlet=article.outlet,
        outlets=_named(article, [each for each, _ in all_of_them]),
        words=name.words,
        start=name.start,
        end=name.end,
        sentence=name.sentence,
    )
