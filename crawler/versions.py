"""Does a second reading of an article change anything, and should anybody hear of it?"""

from __future__ import annotations

from news.nouns import Article, Correction
from news.sentences import sentences
from news.text import normalize

SAME_PAGE = 0.3  # of the sentences of the shorter one; an article that is rewritten keeps more
SHORTEST_NEWS = 8  # words; a new sentence below that is a label ("Updated 2:15 p.m.") or a link


def is_new_version(before: Article, after: Article) -> bool:
    """Return whether `after` says something else than `before`, on the outlet's own word.

    Another source's wording of the same address is no version of it, unless it brings the text that was
    missing.
    """
    if after.content_hash == before.content_hash:
        return False
    if after.complete and not before.complete:
        return True
    return after.source_id == before.source_id and after.complete == before.complete


def are_one_page(one: Article, other: Article) -> bool:
    """Return whether two articles at one address say the same: else the address says nothing of them.

    A publisher may name its front page as the address of everything it has.
    """
    if one.content_hash == other.content_hash or _bare(one.title) == _bare(other.title):
        return True
    if one.complete and other.complete:
        mine, theirs = ({_bare(each.text) for each in sentences(article.text)} for article in (one, other))
        return len(mine & theirs) >= SAME_PAGE * max(1, min(len(mine), len(theirs)))
    words, known = (set(_bare(article.title).split()) for article in (one, other))
    return len(words & known) * 2 >= min(len(words), len(known)) > 0


def raises_revision(before: Article, after: Article, corrections: tuple[Correction, ...]) -> bool:
    """Return whether the new version says what nobody could have read before."""
    if corrections or (after.complete and not before.complete):
        return True
    known = {_bare(sentence.text) for sentence in sentences(before.text)}
    fresh = (sentence.text for sentence in sentences(after.text) if _bare(sentence.text) not in known)
    return any(len(sentence.split()) >= SHORTEST_NEWS for sentence in fresh)


def _bare(sentence: str) -> str:
    return " ".join(normalize(sentence).lower().split())
