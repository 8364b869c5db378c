"""How does one story read in a digest?

Pure. A story stands in one section and says only what this digest has not said: all of a new story, the new
sentences and corrections of one that was told before. Watchlists that are private are named to their own
readers only, and so are the places their stories were sent to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.channels.registry import address_of
from alerts.corrections import changes_of
from alerts.day import CorrectionWords, Difference, Entry, Update
from alerts.developments import HEADLINE, is_withdrawn, together
from alerts.disagreements import MOST_SHOWN, disagreements_in
from alerts.shares import corroboration_words, is_copy, same_text_outlets, shared_words
from alerts.withdrawals import standing_quote
from alerts.words import (
    adds_words,
    credit_of,
    details_of,
    headline_of,
    matched_words,
    outlet_of,
    prose,
    stop,
    told_at,
)
from config.settings import Settings
from news.nouns import Grade, Priority, Story, StoryArticle, StoryMatch, Watchlist
from news.telling import Digest, DigestItem, Thread
from news.timing import local
from news.wording import clock_time, counted, joined, month_day, weekday_time, when

MOST_QUOTED_UPDATES = (
    5  # articles of one story whose new sentences are quoted; the others have their headline
)
MOST_OUTLETS = 3  # named one by one; the rest are counted
A_WEEK = 7  # days; longer ago, a weekday alone would mislead
LONGEST_ADDRESS = 2000  # characters; what is longer is no address a reader could follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Who reads a digest, and what they may know."""

    digest: Digest
    settings: Settings

    def time(self, moment: datetime, beside: datetime | None = None) -> str:
        """Return "Wednesday 2:05 pm", or "2:05 pm" beside a time of the same day."""
        zone = self.settings.timezone
        if beside is not None:
            return when(moment, zone, now=beside)
        apart = local(self.digest.covers_to, zone).date() - local(moment, zone).date()
        here = local(moment, zone)
        if abs(apart.days) < A_WEEK:
            return weekday_time(moment, zone)
        return f"{month_day(here.date())}, {here.year}, {clock_time(moment, zone)}"

    def names_of(self, watchlist_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the names of those watchlists that these readers may know of, each once."""
        known = {each.id: each.name for each in self.settings.watchlists if self._may_know(each)}
        return tuple(dict.fromkeys(known[each] for each in watchlist_ids if each in known))

    def _may_know(self, watchlist: Watchlist) -> bool:
        if not watchlist.private or watchlist.id in self.digest.watchlist_ids:
            return True
        return self.digest.destination in {rule.to for rule in watchlist.deliver}

    def may_know_of(self, thread: Thread) -> bool:
        """Return whether they may know what was sent there: not when only others' private watchlists did."""
        mine = thread.destination == self.digest.destination
        return mine or not thread.watchlist_ids or bool(self.names_of(thread.watchlist_ids))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryOfTheDay:
    """A story, and what of it is news to these readers."""

    item: DigestItem
    story: Story
    # What the digest has not told yet, in the order it came: articles, and versions of articles.
    grown: tuple[StoryArticle, ...]
    # By the digest's own watchlists.
    matches: tuple[StoryMatch, ...]
    # Other watchlists it is on.
    elsewhere: tuple[StoryMatch, ...] = ()
    threads: tuple[Thread, ...] = ()

    @property
    def first(self) -> StoryArticle:
        """The article that the story began with."""
        return self.story.articles[0]

    @property
    def is_new(self) -> bool:
        """Whether the digest never told it."""
        return self.item.from_revision == 0

    @property
    def priority(self) -> Priority:
        """The highest priority that the digest's watchlists give it."""
        return max((match.priority for match in self.matches), default=Priority.LOW)

    @property
    def section(self) -> str:
        """The section it stands in."""
        if any(each.corrections for each in self.grown):
            return "Corrected"
        if self.matches and all(match.grade is Grade.MENTIONS for match in self.matches):
            return "Also mentioned"
        return "New" if self.is_new else "Developed"

    @property
    def updates(self) -> tuple[StoryArticle, ...]:
        """The articles that add something, each once with all its new sentences that still stand in it."""
        newest = {each.article.id: each for each in self.grown}
        if self.is_new:
            newest.pop(self.first.article.id, None)
        added = (self._with_all_details(each) for each in newest.values())
        return tuple(each for each in added if each.placement.whats_new and not is_withdrawn(each))

    def _with_all_details(self, newest: StoryArticle) -> StoryArticle:
        versions = (each for each in self.grown if each.article.id == newest.article.id)
        return together(newest, versions)

    @property
    def carriers(self) -> tuple[str, ...]:
        """Outlets that came with nothing new, in order; the copies of a new story are counted apart."""
        telling = {self.first.article.outlet, *(each.article.outlet for each in self.updates)}
        silent = (each.article.outlet for each in self.grown if not (self.is_new and is_copy(each)))
        return tuple(dict.fromkeys(outlet for outlet in silent if outlet not in telling))


def compose_entry(day: StoryOfTheDay, readers: Readers) -> Entry:
    """Put one story in words."""
    article = day.first.article
    sent = _sent(day, readers)
    quoting = day.is_new and day.section != "Also mentioned"
    return Entry(
        headline=headline_of(article),
        url=_address(article.address),
        about=_about(day, readers),
        told=_told(sent, told_at(article), readers),
        told_at=min((at for _, at in sent), default=None),
        corrections=tuple(_corrections(day, readers)),
        quote=standing_quote(day.first) if quoting else "",
        updates=tuple(_updates(day, readers)),
        differences=tuple(_differences(day)),
    )


def _address(address: str) -> str:
    return address if len(address) <= LONGEST_ADDRESS else ""


def _about(day: StoryOfTheDay, readers: Readers) -> str:
    article = day.first.article
    copies = same_text_outlets(day.story)
    credit = credit_of(article)
    return prose(
        (
            f"{outlet_of(article)}, {readers.time(told_at(article))}",
            f"Credit: {credit}" if credit else "",
            f"{copies} outlets, same text" if copies > 1 else "",
            _carried(day),
            corroboration_words(day.story),
            *_why(day, readers),
        )
    )


def _carried(day: StoryOfTheDay) -> str:
    """Return who else tells it without saying anything new."""
    outlets = day.carriers
    if not outlets:
        silent = not (day.is_new or day.updates or any(each.corrections for each in day.grown))
        return "Changed since, without new details" if silent else ""
    if len(outlets) > MOST_OUTLETS:
        outlets = (*outlets[: MOST_OUTLETS - 1], f"{len(outlets) - MOST_OUTLETS + 1} more")
    return f"Also in {joined(outlets)}" if day.is_new else f"Now also in {joined(outlets)}, nothing new there"


def _why(day: StoryOfTheDay, readers: Readers) -> Iterator[str]:
    """Yield on which watchlists it is, and by which words."""
    ranked = sorted(day.matches, key=lambda match: (match.grade is not Grade.ABOUT, -match.priority))
    own = readers.names_of(match.watchlist_id for match in ranked)
    words = matched_words(ranked[:1])
    if words and len(readers.names_of(readers.digest.watchlist_ids)) > 1 and own:
        words = f"{own[0]}: {words[0].lower()}{words[1:]}"
    yield words
    elsewhere = readers.names_of(match.watchlist_id for match in day.elsewhere)
    others = tuple(name for name in dict.fromkeys((*own[1:], *elsewhere)) if name not in own[:1])
    if others:
        yield f"Also on the {counted(len(others), 'watchlist', number=False)} {joined(others)}"


def _sent(day: StoryOfTheDay, readers: Readers) -> list[tuple[str, datetime]]:
    """Return where the story was told at once, and when, as far as the readers may know."""
    return sorted(
        (
            (address_of(thread.destination) or "the console", thread.root_sent_at)
            for thread in day.threads
            if thread.root_sent_at is not None
            and thread.root_sent_at <= readers.digest.covers_to
            and readers.may_know_of(thread)
        ),
        key=lambda place_and_time: place_and_time[1],
    )


def _told(sent: Sequence[tuple[str, datetime]], reported: datetime, readers: Readers) -> str:
    places = [f"{place} {readers.time(at, beside=reported)}" for place, at in sent]
    return f"Sent to {joined(places)}" if places else ""


def _corrections(day: StoryOfTheDay, readers: Readers) -> Iterator[CorrectionWords]:
    reported = told_at(day.first.article)
    for each in day.grown:
        at = readers.time(each.filed_at or day.story.updated, beside=reported)
        for change in changes_of(each):
            quotable = each.article.excerpt != "headline" or change.label.lower() == HEADLINE
            yield CorrectionWords(
                heading=f"{change.label}, {outlet_of(each.article)}, {at}",
                before=change.was if quotable else "",
                after=change.now if quotable else "",
            )


def _differences(day: StoryOfTheDay) -> Iterator[Difference]:
    """Yield where outlets disagree, if an article that is news to these readers has a side."""
    grown = {each.article.id for each in day.grown}
    for each in disagreements_in(day.story, among=grown)[:MOST_SHOWN]:
        yield Difference(
            label=each.label, sides=tuple(f"{side.outlets}: {side.words}" for side in each.sides)
        )


def _updates(day: StoryOfTheDay, readers: Readers) -> Iterator[Update]:
    reported = told_at(day.first.article)
    first_versions = {each.article.id: each for each in reversed(day.grown)}
    for number, each in enumerate(day.updates):
        article = each.article
        came = first_versions[article.id]
        at = told_at(article) if came.article.version == 1 else came.filed_at or day.story.updated
        yield Update(
            heading=f"{adds_words(each)}, {readers.time(at, beside=reported)}",
            headline=headline_of(article),
            url=_address(article.address),
            quotes=details_of(each) if number < MOST_QUOTED_UPDATES else (),
            shared=stop(shared_words(each, day.story)),
        )
