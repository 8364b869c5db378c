"""Does a text, or the article at an address, match these words, and in which sentence?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.settings import Settings
from news.nouns import Article, Watchlist
from news.wording import GRADE_WORDS
from nightdesk.explaining_words import never_words
from nightdesk.rehearsal import try_on
from nightdesk.rehearsal_steps import How

MOST_SENTENCES = 2
PLACES = {"title": "the headline", "text": "the text", "url": "the address", "author": "the byline"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, in words."""

    yes: bool
    # Such as: Yes, main topic, would be sent at once.
    said: str
    title: str
    outlet: str
    # The sentences that hold the words, and the words.
    sentences: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


def verdict(article: Article, watchlist: Watchlist, settings: Settings) -> Verdict:
    """Return whether a watchlist would have an article, and why.

    Raises:
        QueryError: a line of the watchlist cannot be read.
    """
    from news.matching.compiled import compile_watchlist
    from news.matching.explaining import explain

    step = try_on(article, watchlist, settings)
    explanation = explain(article, compile_watchlist(watchlist))
    if step is None or step.match is None:
        left_out = never_words(explanation) if explanation.outcome == "never" else ""
        why = f"“{left_out}” under “never” leaves it out." if left_out else _sentence(explanation.reason)
        return Verdict(
            yes=False,
            said="No: it would not be sent.",
            title=article.title,
            outlet=article.outlet,
            why=(why,),
        )
    evidence = [each for match in step.match.matches for each in match.evidence]
    told = {How.AT_ONCE: "sent at once", How.LATER: "sent when quiet hours end"}
    how = told.get(step.how, step.how.value)
    grade = GRADE_WORDS[step.match.grade].lower()
    said = f"Yes: {grade}, would be {how}." if how != "not told" else f"Yes: {grade}, and sent to nobody."
    texts = [" ".join(each.sentence.split()) for each in evidence if each.field == "text"]
    places = dict.fromkeys((each.clause, PLACES.get(each.field, "the source")) for each in evidence)
    return Verdict(
        yes=True,
        said=said,
        title=article.title,
        outlet=article.outlet,
        sentences=tuple(dict.fromkeys(texts))[:MOST_SENTENCES],
        words=tuple(dict.fromkeys(each.words for each in evidence)),
        why=(*_found(list(places)), "Nothing under “never” stands in it."),
    )


def _found(places: list[tuple[str, str]]) -> Iterator[str]:
    for clause in dict.fromkeys(clause for clause, _ in places):
        where = [place for each, place in places if each == clause]
        yield f"“{clause}” stands in {' and in '.join(where)}."


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
