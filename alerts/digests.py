"""What does a day look like in words?

`compose_digest` is pure: a digest's row and what the store knew of its stories become a `DigestMessage`,
which a channel lays out. Order: Corrected, New, Developed, Also mentioned; every story stands once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.compose import matched_words, same_text_outlets, shared_words
from alerts.day import SECTIONS, Chart, CorrectionWords, DigestMessage, Entry, Section, Update
from config.settings import Settings
from news.nouns import FetchState, Grade, Health, Source, Story, StoryArticle, StoryMatch
from news.summary import quoted, summarize
from news.telling import Digest, DigestItem, Thread
from news.wording import clock_time, counted, joined, long_date, weekday, weekday_time

#: Sentences of one follow-up that a digest quotes.
MOST_DETAILS = 2
#: Sources named one by one in the note at the end; the rest are counted.
MOST_SOURCES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFacts:
    """What the store knew when the digest was put in words."""

    stories: Mapping[int, Story]
    matches: Mapping[int, tuple[StoryMatch, ...]]
    threads: Mapping[int, tuple[Thread, ...]]
    states: tuple[FetchState, ...]
    # Local midnights and the number of stories of the day that begins there, oldest first.
    days: tuple[tuple[datetime, int], ...] = ()


def compose_digest(digest: Digest, facts: DigestFacts, settings: Settings) -> DigestMessage:
    """Put a day in words."""
    words = _Words(digest, facts, settings)
    sections = words.sections()
    checked, note = words.source_note()
    counts = words.counts(sections) if sections else f"Nothing new; {checked}."
    return DigestMessage(
        newsroom=settings.newsroom,
        names=words.names,
        recipient=digest.destination.partition(":")[2],
        headline=sections[0].entries[0].headline if sections else counts.rstrip("."),
        date=long_date(digest.due_at, words.zone),
        covers=words.covers(),
        counts=counts,
        sections=sections,
        chart=words.chart() if sections else None,
        sources=note,
        facts={"digest_id": digest.id, "stories": len(digest.items)},
    )


class _Words:
    """The words of one digest: everything here only reads."""

    def __init__(self, digest: Digest, facts: DigestFacts, settings: Settings) -> None:
        self.digest = digest
        self.facts = facts
        self.settings = settings
        self.zone = ZoneInfo(settings.timezone)
        every = {watchlist.id: watchlist.name for watchlist in settings.watchlists}
        self.every_name = every
        self.names = tuple(every[each] for each in digest.watchlist_ids if each in every) or ("Nightdesk",)

    def sections(self) -> tuple[Section, ...]:
        """Return the sections that have entries, in order."""
        sorted_in: dict[str, list[Entry]] = {name: [] for name in SECTIONS}
        items = sorted(self.digest.items, key=self._rank)
        for item in items:
            if item.story_id in self.facts.stories:
                sorted_in[self._section(item)].append(self._entry(item))
        return tuple(Section(name=name, entries=tuple(found)) for name, found in sorted_in.items() if found)

    def _rank(self, item: DigestItem) -> tuple[int, int]:
        return -max((match.priority for match in self._matches(item)), default=0), item.story_id

    def _matches(self, item: DigestItem) -> tuple[StoryMatch, ...]:
        return self.facts.matches.get(item.story_id, ())

    def _story(self, item: DigestItem) -> Story:
        return self.facts.stories[item.story_id]

    def _fresh(self, item: DigestItem) -> tuple[StoryArticle, ...]:
        return tuple(each for each in self._story(item).articles if each.revision > item.from_revision)

    def _section(self, item: DigestItem) -> str:
        if any(each.corrections for each in self._fresh(item)):
            return "Corrected"
        if all(match.grade is Grade.MENTIONS for match in self._matches(item)):
            return "Also mentioned"
        return "Developed" if item.from_revision else "New"

    def _entry(self, item: DigestItem) -> Entry:
        story = self._story(item)
        first = story.articles[0]
        quote = ""
        if self._section(item) != "Also mentioned" and first.article.excerpt != "headline":
            quote = quoted(summarize(first.article), first.article.text)
        return Entry(
            headline=story.title,
            url=first.article.address,
            about=self._about(item, first),
            told=self._told(story),
            corrections=self._corrections(item),
            quote=quote,
            updates=tuple(self._updates(item)),
        )

    def _about(self, item: DigestItem, first: StoryArticle) -> str:
        story, article = self._story(item), first.article
        pieces = [f"{article.outlet}, {weekday_time(article.published or article.first_seen, self.zone)}"]
        if article.credit:
            pieces.append(f"Credit: {article.credit}")
        outlets = same_text_outlets(story)
        if outlets > 1:
            pieces.append(f"{outlets} outlets, same text")
        pieces.append(matched_words(self._matches(item)))
        others = self._other_names(item)
        if others:
            pieces.append(f"Also on the {counted(len(others), 'watchlist', number=False)} {joined(others)}")
        return ". ".join(piece for piece in pieces if piece) + "."

    def _other_names(self, item: DigestItem) -> tuple[str, ...]:
        mine = set(self.digest.watchlist_ids)
        found = [match.watchlist_id for match in self._matches(item) if match.watchlist_id not in mine]
        return tuple(self.every_name[each] for each in dict.fromkeys(found) if each in self.every_name)

    def _told(self, story: Story) -> str:
        for thread in self.facts.threads.get(story.id, ()):
            if thread.root_sent_at is not None and thread.destination != self.digest.destination:
                where = thread.destination.partition(":")[2] or "the console"
                return f"Sent to {where} {clock_time(thread.root_sent_at, self.zone)}"
        return ""

    def _corrections(self, item: DigestItem) -> tuple[CorrectionWords, ...]:
        return tuple(
            CorrectionWords(
                heading=f"{change.label.capitalize()}, {each.article.outlet}, "
                f"{clock_time(each.article.first_seen, self.zone)}",
                before=change.before,
                after=change.after,
            )
            for each in self._fresh(item)
            for change in each.corrections
        )

    def _updates(self, item: DigestItem) -> Sequence[Update]:
        story = self._story(item)
        later = [each for each in self._fresh(item) if each is not story.articles[0] and not each.corrections]
        return [self._update(each, story) for each in later if each.placement.whats_new]

    def _update(self, each: StoryArticle, story: Story) -> Update:
        details = each.placement.whats_new
        article = each.article
        when = clock_time(article.published or article.first_seen, self.zone)
        quotes = () if article.excerpt == "headline" else tuple(one.text for one in details[:MOST_DETAILS])
        return Update(
            heading=f"{article.outlet} adds {counted(len(details), 'detail')}, {when}",
            headline=article.title,
            url=article.address,
            quotes=quotes,
            shared=shared_words(each, story),
        )

    def counts(self, sections: Sequence[Section]) -> str:
        """Return "4 stories: 1 corrected, 2 new, 0 developed, 1 also mentioned. 2 of them were sent."."""
        numbers = {section.name: len(section.entries) for section in sections}
        total = sum(numbers.values())
        parts = ", ".join(f"{numbers.get(name, 0)} {name.lower()}" for name in SECTIONS)
        told = sum(bool(entry.told) for section in sections for entry in section.entries)
        sent = f" {told} of them {'was' if told == 1 else 'were'} sent at once." if told else ""
        return f"{counted(total, 'story')}: {parts}.{sent}"

    def covers(self) -> str:
        """Return the span, and whether the digest comes late."""
        digest = self.digest
        late = (digest.covers_to - digest.due_at).total_seconds() >= _LATE
        since, until = (weekday_time(each, self.zone) for each in (digest.covers_from, digest.covers_to))
        span = f"Covers {since} to {until}."
        due = clock_time(digest.due_at, self.zone)
        return f"{span} Late: it was due at {due}." if late else span

    def chart(self) -> Chart | None:
        """Return the beat's last days, or None without a past to compare with."""
        days = self.facts.days
        if len(days) < _SHORTEST_CHART or not any(stories for _, stories in days[:-1]):
            return None
        past = sorted(stories for _, stories in days[:-1])
        usual = past[len(past) // 2]
        last, stories = days[-1]
        return Chart(days=days, words=f"{stories} on {weekday(last, self.zone)}, usually {usual}.")

    def source_note(self) -> tuple[str, tuple[str, ...]]:
        """Return "56 of 58 sources checked" and, when some were not, sentences that say which and why."""
        states = {state.source_id: state for state in self.facts.states}
        on = [source for source in self.settings.sources if source.enabled and source.id in states]
        poor = [source for source in on if states[source.id].health not in {Health.OK, Health.NEW}]
        checked = f"{len(on) - len(poor)} of {counted(len(on), 'source')} checked"
        if not poor:
            return checked, ()
        need = "needs" if len(poor) == 1 else "need"
        lines = [f"{len(poor)} of {counted(len(on), 'source')} {need} attention."]
        lines += [self._source_line(source, states[source.id]) for source in poor[:MOST_SOURCES]]
        if len(poor) > MOST_SOURCES:
            lines.append(f"{len(poor) - MOST_SOURCES} more: nightdesk sources list")
        return checked, tuple(lines)

    def _source_line(self, source: Source, state: FetchState) -> str:
        since = f" since {weekday_time(state.health_since, self.zone)}" if state.health_since else ""
        if state.health is Health.QUIET:
            return f"{source.name}: nothing new{since}."
        why = f" {state.reason[:1].upper()}{state.reason[1:]}." if state.reason else ""
        return f"{source.name}: {'stopped' if state.health is Health.STOPPED else 'not checked'}{since}.{why}"


_LATE = 1800.0  # seconds after the hour from which a digest says that it is late
_SHORTEST_CHART = 3  # days; fewer bars say nothing
