"""Which sentences should an editor read?

Only sentences that stand in the article, in their order. News is told with the most important thing first,
so the first real sentence is the summary; one more from the opening is added when it carries more of the
headline or a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from news.nouns import Article, Sentence
from news.text import each_sentence, tokens

MOST = 2  # sentences
CHARACTERS = 320
OPENING = 7  # sentences in which the second one is looked for
FEWEST_WORDS = 6  # a shorter one is a label, a byline or a cry
_ENOUGH = 0.6  # of the headline's words: a line that is all headline is the headline again
_ENDS = '.!?”"'
_GAP = " … "
_CUT = "…"
# Lines that stand in articles and tell nothing of the story.
_NOT_THE_STORY = re.compile(
    r"read more|advertis|subscribe|sign up|click here|follow us|copyright|©|this is an archived"
    r"|editor'?s note|getty images|the associated press contributed",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:by|photos?|file photo|image|video|watch|related|updated|published|posted|credit"
    r"|(?:strictly |under )?embargo(?:ed)?|not for (?:publication|release)|sperrfrist"
    r"|(?:hold )?for (?:immediate )?release)\b",
    re.IGNORECASE,
)
# Such as DENVER (AP) —
_DATELINE = re.compile(r"[A-Z][A-Z .,'\u2019]{2,40}(?:\([^)]{2,40}\) ?)?[—\u2013-]{1,2}\s")
_QUOTATION = re.compile(r"[\"“][^\"“”]*[\"”]?\Z")


def summarize(article: Article, *, most: int = MOST, characters: int = CHARACTERS) -> tuple[Sentence, ...]:
    """Return up to `most` sentences of the article that fit into so many characters once `quoted`.

    None of an article whose source allows its headline only. A first sentence that is too long alone is cut
    after a word; `quoted` shows the cut.
    """
    if article.excerpt == "headline" or most < 1:
        return ()
    title = {token.word for token in tokens(article.title)}
    first = opening(article)
    chosen = first[:1]
    if chosen and len(chosen[0].text) > characters:
        return _cut(chosen[0], characters)
    for sentence in sorted(first[1:], key=lambda each: _worth(each, first.index(each), title)):
        longer = sorted([*chosen, sentence], key=lambda each: each.start)
        if len(chosen) < most and len(quoted(longer, article.text)) <= characters:
            chosen = longer
    return tuple(chosen)


def opening(article: Article) -> list[Sentence]:
    """Return the first telling sentences, from the dateline on if there is one; else whatever comes first."""
    text = article.text
    title = {token.word for token in tokens(article.title)}
    telling = list(islice(_telling(text, title), OPENING))
    for place, sentence in enumerate(telling[:3]):
        if _DATELINE.match(sentence.text):
            return telling[place:]
    return telling or list(islice(each_sentence(text), 1))


def quoted(chosen: Sequence[Sentence], text: str) -> str:
    """Return the sentences as one quotation, with "…" where something was left out and after a cut."""
    if not chosen:
        return ""
    pieces = [_one_line(chosen[0].text)]
    for before, after in pairwise(chosen):
        together = not text[before.end : after.start].strip()
        pieces += [" " if together else _GAP, _one_line(after.text)]
    return "".join(pieces) + (f" {_CUT}" if _is_cut(chosen[-1], text) else "")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _is_cut(sentence: Sentence, text: str) -> bool:
    """Say whether the sentence goes on in the text."""
    for whole in each_sentence(text):
        if sentence.start < whole.end:
            return whole.start <= sentence.start and sentence.end < whole.end
    return False


def _telling(text: str, title: set[str]) -> Iterator[Sentence]:
    """Yield the sentences that tell the story: no bylines, labels, captions, nor the headline again."""
    for sentence in each_sentence(text):
        words = {token.word for token in tokens(sentence.text)}
        again = len(words & title) >= _ENOUGH * len(words)
        label = sentence.text[-1] not in _ENDS and (again or _LABEL.match(sentence.text))
        if len(words) >= FEWEST_WORDS and not label and not _NOT_THE_STORY.match(sentence.text):
            yield sentence


def _worth(sentence: Sentence, place: int, title: set[str]) -> float:
    """Return how late a sentence should come: its place, less what it has of the headline and of numbers."""
    words = {token.word for token in tokens(sentence.text)}
    of_the_title = len(words & title) / (len(title) or 1)
    numbers = any(word[0].isdigit() for word in words)
    only_a_quotation = _QUOTATION.match(sentence.text) is not None
    return place - 2 * of_the_title - numbers + 2 * only_a_quotation


def _cut(sentence: Sentence, characters: int) -> tuple[Sentence, ...]:
    """Return the beginning of a sentence, ending after a word, with room for the sign of the cut."""
    room = sentence.text[: max(characters - len(_CUT) - 1, 0) + 1]
    kept = room[: max(room.rfind(" "), room.rfind("\n"))].rstrip(" ,;:\n") if " " in room else room[:-1]
    return (Sentence(text=kept, start=sentence.start, end=sentence.start + len(kept)),) if kept else ()
