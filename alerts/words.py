"""What do the pieces of a message say?

Each function puts one fact in the words that every message uses for it. Sentences are those of the source;
agencies are named only when the credits name them; Nightdesk vouches for nothing ("adds 2 details", never
"facts").
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain

from alerts.decided import NOTHING, Decided
from config.settings import Settings
from news.nouns import Article, Evidence, Grade, Match, Priority, Sentence, Story, StoryArticle, StoryMatch
from news.sentences import sentences
from news.summary import quoted, summarize
from news.telling import Thread
from news.wording import GRADE_WORDS, PRIORITY_WORDS, counted, joined, when

REMEMBERED = 512  # articles whose quotation is kept: a day of them goes to many readers
MOST_QUOTED = 320  # characters of one article in one message
MOST_SENTENCES = 2
LONGEST_HEADLINE = 250  # characters; longer ones are not headlines
LONGEST_CREDIT = 160  # characters
MOST_WORDS = 2  # different pieces of the evidence that are shown
LONGEST_EVIDENCE = 4  # words of one piece
LONGEST_QUOTED_EVIDENCE = 60  # characters, when none is that short
SHORTEST_CUT = 40  # characters; less than that of a sentence says nothing

#: What is not news says so.
KIND = {"release": "press release", "opinion": "opinion", "advocacy": "advocacy", "research": "research"}
PLACE = {"url": "the address", "author": "the byline", "source": "the source"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What one message is composed of: what the store knew when it was put in words."""

    story: Story
    matches: tuple[StoryMatch, ...]
    thread: Thread | None
    settings: Settings
    # The random id of the database: ids that leave the house are derived from it.
    installation: str
    now: datetime
    # The story as it stood before what a follow-up tells.
    before: Story | None = None
    # What people decided about it.
    decided: Decided = NOTHING

    @property
    def first(self) -> StoryArticle:
        """The article that the story began with."""
        return self.story.articles[0]

    def time(self, instant: datetime) -> str:
        """Return "1:12 pm" for today and "Wednesday 11:58 am" for another day."""
        return when(instant, self.settings.timezone, now=self.now)

    @property
    def root_time(self) -> str:
        """When the story's first message went out, or nothing before it did."""
        sent = self.thread.root_sent_at if self.thread else None
        return self.time(sent) if sent else ""

    @property
    def watchlists(self) -> tuple[str, ...]:
        """The names of the watchlists that this destination hears of."""
        ids = self.thread.watchlist_ids if self.thread else tuple(each.watchlist_id for each in self.matches)
        return names_of(ids, self.settings)


def names_of(watchlist_ids: Iterable[str], settings: Settings) -> tuple[str, ...]:
    """Return the names of watchlists, each once; an id stands for one that is no longer there."""
    names = {watchlist.id: watchlist.name for watchlist in settings.watchlists}
    return tuple(dict.fromkeys(names.get(each, each) for each in watchlist_ids))


def opaque(kind: str, number: int, installation: str) -> str:
    """Return an id that says nothing: "st_w6xpgfqy4n5r5m24n5soesj2ss"."""
    digest = hashlib.sha256(f"{installation}:{kind}:{number}".encode()).digest()
    return f"{kind}_{base64.b32encode(digest).decode().lower()[:26]}"


# ── The article ─────────────────────────────────────────────────────────────────────────────────────────


def headline_of(article: Article) -> str:
    """Return an article's headline, cut when it is none."""
    return cut(article.title, LONGEST_HEADLINE)


def outlet_of(article: Article) -> str:
    """Return the outlet, and what the article is when it is not news."""
    return f"{article.outlet} ({KIND[article.kind]})" if article.kind in KIND else article.outlet


def told_at(article: Article) -> datetime:
    """Return when the outlet published it, or when it was first seen here."""
    return article.published or article.first_seen


def credit_of(article: Article) -> str:
    """Return the credit line, or nothing when it only repeats the outlet."""
    return "" if article.credit == article.outlet else cut(article.credit, LONGEST_CREDIT)


@lru_cache(maxsize=REMEMBERED)
def quote_of(article: Article) -> str:
    """Return the sentences an editor should read, as they stand there; nothing where that is not allowed."""
    if article.excerpt == "headline":
        return ""
    return cut(quoted(summarize(article), article.text), MOST_QUOTED)


def details_of(each: StoryArticle) -> tuple[str, ...]:
    """Return the first new sentences of an article that may be quoted."""
    room, found = MOST_QUOTED, list[str]()
    if each.article.excerpt == "headline":
        return ()
    for sentence in each.placement.whats_new[:MOST_SENTENCES]:
        if room >= min(SHORTEST_CUT, len(sentence.text)):
            found.append(cut(sentence.text, room))
            room -= len(found[-1])
    return tuple(found)


def adds_words(each: StoryArticle) -> str:
    """Return "Ellery 31 adds 2 details"."""
    return f"{outlet_of(each.article)} adds {counted(len(each.placement.whats_new), 'detail')}"


# ── Why it is told ──────────────────────────────────────────────────────────────────────────────────────


def matched_words(matches: Sequence[StoryMatch]) -> str:
    """Return "Main topic, matched “Section 1373”"."""
    if not matches:
        return ""
    grade = GRADE_WORDS[best_grade(matches)]
    found = [each for match in _strongest(matches) for each in telling_evidence(match.evidence)[:1]]
    words = tuple({_quotable(each).lower(): f"“{_quotable(each)}”" for each in found}.values())
    return f"{grade}, matched {joined(words[:MOST_WORDS])}" if words else grade


def best_grade(matches: Sequence[StoryMatch]) -> Grade:
    """Return the better grade of several matches."""
    return Grade.ABOUT if any(match.grade is Grade.ABOUT for match in matches) else Grade.MENTIONS


def priority_words(telling: Telling) -> str:
    """Return "High priority"."""
    return PRIORITY_WORDS[highest(telling)]


def grade_words(telling: Telling) -> str:
    """Return "Main topic"."""
    return GRADE_WORDS[best_grade(telling.matches)]


def highest(telling: Telling) -> Priority:
    """Return the highest priority that a watchlist gives the story."""
    lowest = telling.thread.priority if telling.thread else Priority.LOW
    return max([lowest, *(match.priority for match in telling.matches)])


def evidence_words(telling: Telling) -> str:
    """Return "Matched “sanctuary cities” in the headline and the first sentence"."""
    places: dict[str, tuple[str, list[str]]] = {}
    for match in _strongest(telling.matches, prefer=telling.first.article.id):
        text = _text_of(match, telling.story)
        for evidence in telling_evidence(match.evidence):
            _, found = places.setdefault(_quotable(evidence).lower(), (_quotable(evidence), []))
            found.append(_place(evidence, text))
    phrases = [
        f"“{words}” in {joined(tuple(dict.fromkeys(found))[:2])}"
        for words, found in list(places.values())[:MOST_WORDS]
    ]
    return f"Matched {', '.join(phrases)}" if phrases else ""


def telling_evidence(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the pieces that tell a reader most: short ones, and none that lies over another.

    What stands between two words of a NEAR is evidence too, and reads like half a sentence.
    """
    short = [each for each in evidence if len(each.words.split()) <= LONGEST_EVIDENCE]
    often = Counter(_quotable(each).lower() for each in short)
    in_title = {_quotable(each).lower() for each in short if each.field == "title"}
    chosen: list[Evidence] = []
    for each in sorted(short, key=lambda one: _rank(_quotable(one).lower(), in_title, often)):
        if not any(_overlap(each, other) for other in chosen):
            chosen.append(each)
    return tuple(chosen or sorted(evidence, key=lambda each: len(each.words))[:1])


def _rank(words: str, in_title: set[str], often: Mapping[str, int]) -> tuple[bool, int]:
    """Order what stands in the headline first, then what stands there most often."""
    return words not in in_title, -often[words]


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end


def _quotable(evidence: Evidence) -> str:
    return cut(" ".join(evidence.words.split()), LONGEST_QUOTED_EVIDENCE)


def _strongest(matches: Sequence[StoryMatch], prefer: int | None = None) -> list[Match]:
    """Return one article's match for each watchlist: the preferred article's, or the strongest."""
    return [
        next((one for one in each.matches if one.article_id == prefer), each.matches[0])
        for each in matches
        if each.matches
    ]


def _text_of(match: Match, story: Story) -> str:
    return next((each.article.text for each in story.articles if each.article.id == match.article_id), "")


def _place(evidence: Evidence, text: str) -> str:
    if evidence.field == "title":
        return "the headline"
    if evidence.field != "text":
        return PLACE[evidence.field]
    opening = next(iter(sentences(text)), None)
    return "the first sentence" if opening and evidence.start < opening.end else "the text"


# ── Cutting ─────────────────────────────────────────────────────────────────────────────────────────────


def cut(words: str, most: int) -> str:
    """Return words that fit, cut between two words with "…"."""
    if len(words) <= most:
        return words
    kept = words[: most - 2]
    return f"{(kept.rpartition(' ')[0] or kept).rstrip(' ,;:')} …"


def stop(words: str) -> str:
    """Return words as a sentence: with a full stop unless they end one."""
    return (
        words
        if not words or words.endswith((".", "!", "?", "…", ".”", "!”", "?”", '."', '!"', '?"'))
        else f"{words}."
    )


def prose(pieces: Iterable[str]) -> str:
    """Return the pieces as sentences in a row; empty ones are left out."""
    return " ".join(stop(piece) for piece in pieces if piece)


def sentence_at(text: str, start: int) -> Sentence | None:
    """Return the sentence of a text that holds this place."""
    return next((each for each in sentences(text) if each.start <= start < each.end), None)


def flat(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return the words of several groups, each once, in order."""
    return tuple(dict.fromkeys(chain.from_iterable(groups)))
