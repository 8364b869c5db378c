"""What is known of one story, whole? Who told it when, why it is one, what people decided, what was sent.

`read_page` asks the store; `page_lines` and `page_facts` (nightdesk/story_facts.py) say it to people and to
machines. The articles and the decisions stand in the order in which they came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from alerts.corrections import changes_of
from alerts.decided import name_of
from alerts.developments import all_it_said, is_withdrawn, versions
from alerts.disagreements import Disagreement, disagreements_in
from alerts.shares import (
    corroboration_words,
    credited_to,
    is_own_reporting,
    is_the_source,
    shared_percent,
    shared_words,
)
from alerts.words import outlet_of, told_at
from config.settings import Settings
from news.gist import StorySentence, gist
from news.nouns import Story, StoryArticle
from news.wording import counted, when
from nightdesk.acts.holding import held
from nightdesk.archive_words import Listed, listed
from nightdesk.handovers import Handover, handovers_of
from nightdesk.story_decisions import headlines
from storage.acts_contract import Act
from storage.contract import Store
from storage.gathering_contract import Decision, MergedStory

#: Shared and new sentences that the page shows of one article.
MOST_SENTENCES = 3
WHOLE = 100  # percent
#: Higher than any revision: a story that became part of another, as it was at its end.
AT_ITS_END = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """An earlier story of the same saga: this one repeats sentences of it as background."""

    story_id: int
    title: str
    sentences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage:
    """One story, whole."""

    listed: Listed
    # Every version of every article, in the order in which they were filed.
    entries: tuple[StoryArticle, ...]
    disagreements: tuple[Disagreement, ...]
    decisions: tuple[Decision, ...]
    # The headlines of a decision's two sides, by its id.
    sides: dict[int, tuple[str, ...]]
    merged: tuple[MergedStory, ...]
    earlier: tuple[Linked, ...]
    told: tuple[Handover, ...]
    hold: Act | None

    @property
    def story(self) -> Story:
        """The story."""
        return self.listed.story


def read_page(store: Store, settings: Settings, story: Story, *, now: datetime) -> StoryPage:
    """Read everything that is known of a story; nothing of what private watchlists found and sent."""
    decisions = store.decisions(story_id=story.id)
    merged = store.merged_into(story.id)
    return StoryPage(
        listed=listed(store, story, settings),
        entries=entries_of(story),
        disagreements=disagreements_in(story),
        decisions=decisions,
        sides={decision.id: headlines(store, decision) for decision in decisions},
        merged=merged,
        earlier=tuple(_earlier(store, story)),
        told=tuple(_told(store, settings, story, merged, now=now)),
        hold=held(store, story.id, now=now),
    )


def entries_of(story: Story) -> tuple[StoryArticle, ...]:
    """Return every version of every article of a story, in the order in which they were filed."""
    found = [place for each in story.articles for place in versions(each)]
    return tuple(sorted(found, key=lambda each: (each.filed_at or story.created, each.revision)))


def gist_of(story: Story) -> tuple[StorySentence, ...]:
    """Return the sentences that tell the story best, across its articles; none of what was withdrawn."""
    return gist(each.article for each in story.articles if not is_withdrawn(each))


def _earlier(store: Store, story: Story) -> Iterator[Linked]:
    """Yield the stories whose sentences this one repeats, those most repeated first."""
    passages = [passage for each in story.articles for passage in each.placement.shared]
    places = store.places(sorted({passage.article_id for passage in passages}))
    repeated = {
        (places[passage.article_id], passage.sentence.text)
        for passage in passages
        if places.get(passage.article_id, story.id) != story.id
    }
    for story_id, sentences in Counter(story_id for story_id, _ in repeated).most_common():
        other = store.story(story_id)
        if other is not None and other.created <= story.created:
            yield Linked(story_id=other.id, title=other.title, sentences=sentences)


def _told(
    store: Store, settings: Settings, story: Story, merged: Sequence[MergedStory], *, now: datetime
) -> Iterator[Handover]:
    """Yield every message that tells of the story, once; those of what became part of it too."""
    gone = (store.story(each.story_id, at=AT_ITS_END) for each in merged)
    yield from dict.fromkeys(
        handover
        for each in (story, *(other for other in gone if other is not None))
        for handover in handovers_of(
            store, settings, each, [entry.revision for entry in entries_of(each)], now=now
        )
    )


# ── For people ────────────────────────────────────────────────────────────────────────────────────────────


def page_lines(page: StoryPage, settings: Settings, *, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield (time, words) for each line; the time stands at the first line of an entry."""
    zone = settings.timezone
    for number, (_, at, lines) in enumerate(_entries(page)):
        if number:
            yield "", ""
        for place, words in enumerate(lines):
            yield "" if place else when(at, zone, now=now), words


def head_lines(page: StoryPage, settings: Settings, *, now: datetime) -> Iterator[str]:
    """Yield what is said of the whole story, above its timeline."""
    if page.hold is not None:
        yield from hold_lines(page.hold, page.story, settings, now=now)
    for told in gist_of(page.story):
        yield f"{told.outlet}: “{told.sentence.text}”"
    if own := corroboration_words(page.story):
        yield own
    for linked in page.earlier:
        again = counted(linked.sentences, "sentence")
        yield f"Earlier story: {linked.story_id}  {linked.title} ({again} of it in this one)"


def hold_lines(hold: Act, story: Story, settings: Settings, *, now: datetime) -> Iterator[str]:
    """Yield who or what holds a story back, until when, how it is let go, and the words that say so."""
    until = f" until {when(hold.until, settings.timezone, now=now)}" if hold.until else ""
    yield f"On hold{until}: {name_of(hold.who, settings)}. Let it go: nightdesk stories let-go {story.id}"
    if hold.note:
        yield hold.note


def difference_lines(page: StoryPage) -> Iterator[tuple[str, str]]:
    """Yield in what the outlets differ: the label, then each side with its words."""
    for each in page.disagreements:
        for number, side in enumerate(each.sides):
            yield "" if number else each.label, f"{side.outlets}: {side.words}"


def _entries(page: StoryPage) -> list[tuple[datetime, datetime, list[str]]]:
    """Return (when it came, the time that is shown, lines) of articles and decisions, in order."""
    story = page.story
    found = [
        (
            each.filed_at or story.created,
            each.filed_at if each.corrections and each.filed_at else told_at(each.article),
            list(_article_lines(each, story)),
        )
        for each in page.entries
    ]
    found += [(each.at, each.at, [_merger_words(each)]) for each in page.merged if not each.who]
    for decision in page.decisions:
        found.append((decision.at, decision.at, list(_decision_lines(decision, page))))
        if decision.released_at is not None:
            words = f"Decision {decision.id} was released by {decision.released_by}"
            found.append((decision.released_at, decision.released_at, [words]))
    return sorted(found, key=lambda entry: entry[0])


def _article_lines(each: StoryArticle, story: Story) -> Iterator[str]:
    yield f"{outlet_of(each.article)}: {each.article.title}"
    yield each.article.address
    changes = changes_of(each)
    for change in changes:
        yield f"{change.sentence[:1].upper()}{change.sentence[1:]}"
    if changes:
        if is_withdrawn(each) and each.placement.reason:
            yield each.placement.reason
        return
    yield reason_words(each)
    yield from shared_lines(each, story)
    new = all_it_said(each).placement.whats_new
    if new and each.placement.story_id is not None:
        yield f"adds {counted(len(new), 'detail')}"
        for sentence in new[:MOST_SENTENCES]:
            yield f"+ {' '.join(sentence.text.split())}"


def shared_lines(each: StoryArticle, story: Story) -> Iterator[str]:
    """Yield how much of an article is shared text, how much its own, and the sentences that are shared."""
    shared, percent = shared_words(each, story), shared_percent(each)
    if not shared:
        if len(story.articles) > 1:
            whose = credited_to(each.article, story)
            yield f"credited to {whose}" if whose else "own reporting"
        return
    if is_the_source(each, story):
        yield f"{shared}; own reporting"
    elif is_own_reporting(each, story):
        yield f"{shared}; {WHOLE - percent} % own reporting"
    else:
        yield shared
    sentences = dict.fromkeys(" ".join(passage.sentence.text.split()) for passage in each.placement.shared)
    for sentence in islice(sentences, MOST_SENTENCES):
        yield f"= {sentence}"
    more = len(sentences) - MOST_SENTENCES
    if more > 0:
        yield f"= and {counted(more, 'more sentence')}"


def reason_words(each: StoryArticle) -> str:
    """Return why an article is in its story: "same story: 3 shared sentences with Channel 4 Ellery"."""
    if each.article.version > 1:
        return f"version {each.article.version}: {each.placement.reason}"
    words = "begins the story" if each.placement.story_id is None else "same story"
    return f"{words}: {each.placement.reason}" if each.placement.reason else words


def _merger_words(each: MergedStory) -> str:
    return f"Story {each.story_id} became part of this one: {each.reason}"


def decision_words(decision: Decision) -> str:
    """Return "Decision 3, not the same story, by editor: two courts"."""
    said = "one story" if decision.verdict == "same" else "not the same story"
    why = f": {decision.reason}" if decision.reason else ""
    return f"Decision {decision.id}, {said}, by {decision.who}{why}"


def _decision_lines(decision: Decision, page: StoryPage) -> Iterator[str]:
    yield decision_words(decision)
    yield from (f'"{title}"' for title in page.sides.get(decision.id, ()))
