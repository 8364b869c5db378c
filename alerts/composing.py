"""What must be read from the store to put an alert in words?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alerts.compose import compose, compose_root
from alerts.decided import decided_of
from alerts.developments import as_it_stands, corrected, has_news
from alerts.grouping import compose_group
from alerts.health import compose_health
from alerts.message import Message, Outgoing
from alerts.remembering import Remembered
from alerts.withdrawals import goes_on
from alerts.words import Telling
from config.settings import Settings
from news.nouns import Clock, Story
from news.telling import Alert, Thread

if TYPE_CHECKING:
    from storage.contract import Store
    from storage.threads import StoreThreads


class NothingLeftError(Exception):
    """What a follow-up was to say stands no more, or is told by another story."""


class Composer:
    """Reads, then lets the pure functions speak."""

    def __init__(self, settings: Settings, store: StoreThreads, clock: Clock) -> None:
        """Keep where to read and in whose words to write."""
        self._settings = settings
        self._store = store
        self._clock = clock
        self._installation = ""
        self._remembered = Remembered()

    def forget(self) -> None:
        """Read anew what was read for an earlier round of digests."""
        self._remembered.forget()

    async def outgoing(self, alert: Alert, thread: Thread | None, *, threaded: bool) -> Outgoing | None:
        """Return an alert in words, or None when what it was about is no longer there.

        Raises:
            NothingLeftError: a follow-up has nothing left to say.
        """
        match alert.kind:
            case "health":
                return compose_health(alert)
            case "digest":
                return await self._digest(alert)
            case "group":
                return await self._group(alert)
            case _:
                return await self._told(alert, thread, threaded=threaded)

    async def root(self, thread: Thread, *, link: str = "") -> Message | None:
        """Return what a story's own message should show now; `link` leads to the one where it goes on."""
        if thread.goes_on_in is None:
            telling = await self.telling(thread.story_id, thread, at=thread.wanted_revision)
            return compose_root(telling) if telling else None
        # What it said last, as the story stood then: an edit is wanted once more than it was changed.
        story_id = await self._told_as(thread)
        telling = await self.telling(story_id, thread, at=thread.wanted_revision - 1)
        kept = await self._store.read(lambda store: store.thread(thread.goes_on_in or 0))
        now = await self.telling(kept.story_id, kept) if kept else None
        return goes_on(compose_root(telling), now, link) if telling and now else None

    async def _told_as(self, thread: Thread) -> int:
        """Return the story whose revisions a message that was left counts."""
        alerts = await self._store.read(lambda store: store.alerts(thread_id=thread.id))
        return next((alert.story_id for alert in alerts if alert.story_id), thread.story_id)

    async def _told(self, alert: Alert, thread: Thread | None, *, threaded: bool) -> Message | None:
        """Put a story in words as it stood then: what came later has an alert of its own."""
        story_id = alert.story_id or 0
        now = await self._store.read(lambda store: store.story(story_id))
        telling = await self.telling(story_id, thread, at=alert.revision)
        if telling is None and alert.kind == "root":
            # What it was to tell first is another story's now: it tells what is left.
            telling = await self.telling(story_id, thread)
        if telling is None and now is None:
            return None
        if telling is None or _is_moot(alert, telling.story):
            raise NothingLeftError("its article tells another story now")
        if alert.kind == "reply":
            telling = replace(telling, story=_standing(alert, telling.story, now))
        before = await self._store.read(lambda store: store.story(story_id, at=alert.from_revision))
        return compose(alert, replace(telling, before=before), threaded=threaded)

    async def telling(self, story_id: int, thread: Thread | None, *, at: int | None = None) -> Telling | None:
        """Return what the store knows of a story, for one destination; with `at`, as of that revision."""
        installation = await self._known_installation()
        story = await self._store.read(lambda store: store.story(story_id, at=at))
        if story is None or not story.articles:
            return None
        matches = await self._store.read(lambda store: store.story_matches(story_id))
        acts = await self._store.read(lambda store: store.acts_of(story_id))
        now = self._clock()
        # Only what this destination's watchlists found: another's may be private.
        heard = thread.watchlist_ids if thread else ()
        return Telling(
            story=story,
            matches=tuple(each for each in matches if each.watchlist_id in heard),
            thread=thread,
            settings=(settings := self._settings.as_read_at(thread.destination if thread else "")),
            installation=installation,
            now=now,
            decided=decided_of(acts, settings, now=now),
        )

    async def _group(self, alert: Alert) -> Message | None:
        listed = alert.facts.get("stories")
        stories = [int(each) for each in listed] if isinstance(listed, list | tuple) else []
        told = [await self._grouped(story_id, alert.destination) for story_id in stories]
        # Two of them may have become one story since.
        there = list({each.story.id: each for each in told if each is not None}.values())
        settings = self._settings.as_read_at(alert.destination)
        return compose_group(alert, there, settings, now=self._clock()) if there else None

    async def _grouped(self, story_id: int, destination: str) -> Telling | None:
        story = await self._store.read(lambda store: store.story(story_id))
        if story is None:
            return None
        threads = await self._store.read(lambda store: store.threads_of(story.id))
        return await self.telling(story.id, next((t for t in threads if t.destination == destination), None))

    async def _digest(self, alert: Alert) -> Outgoing | None:
        return await self._store.read(lambda store: self._digest_words(alert, store))

    def _digest_words(self, alert: Alert, store: Store) -> Outgoing | None:
        from alerts.schedule import digest_words

        digest = store.digest(alert.digest_id or 0)
        return None if digest is None else digest_words(digest, self._settings, store, self._remembered)

    async def _known_installation(self) -> str:
        if not self._installation:
            self._installation = await self._store.read(lambda store: store.installation())
        return self._installation


def _standing(alert: Alert, then: Story, now: Story | None) -> Story:
    """Return a reply's story without what was taken back since.

    Raises:
        NothingLeftError: that was all its news.
    """
    standing = as_it_stands(then, now)
    span = {"after": alert.from_revision, "up_to": alert.revision}
    if has_news(then, **span) and not has_news(standing, **span):
        raise NothingLeftError("its outlet withdrew the article before it was told")
    return standing


def _is_moot(alert: Alert, story: Story) -> bool:
    """Return whether a follow-up has nothing to say; one that is loud says why, and a root always speaks."""
    span = {"after": alert.from_revision, "up_to": alert.revision}
    if alert.kind == "correction":
        return not corrected(story, **span)
    return alert.kind == "reply" and not alert.broadcast and not has_news(story, **span)
