"""Which article is this clipping, and which story does it belong to?

    clipping ──canonical address──► known? ──yes──► said before: drop │ changed: new version, corrections
                                       └──no──► full text ──► Article ──Judge──► Story (transaction 1)

Pages are fetched several at a time. Filing is one at a time and in the order the clippings came, because the
story an article joins depends on what was filed before it; what is ready at one time is looked at together
first (`news/sameness/together.py`), then filed one by one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from config.settings import Settings
from crawler.engine import Engine
from crawler.filed import FilingReport, New, filed_in, ready_drafts
from crawler.fulltext import Desk, Draft, PutOffError, addresses_of, look_again, write_draft
from crawler.placing import Judge
from crawler.reading.children import Reader
from crawler.rechecking import MOST_AT_ONCE, REMEMBERED, Rechecks, worth_a_look
from crawler.versions import are_one_page, is_new_version, raises_revision
from crawler.withdrawing import PageMissingError, Withdrawal, taken_back, what_it_kills
from news.embargo import embargo_of
from news.nouns import Article, Clock, Hop, Placement, Source, StoredClipping, Story, no_hop
from news.sameness.changes import kill_notice
from news.timing import retry_at
from storage.contract import Filed, Filing
from storage.gathering_contract import Merged, Merger, SamePage

if TYPE_CHECKING:
    from news.sameness.kept import Kept
    from storage.contract import Store
    from storage.threads import StoreThreads

log = logging.getLogger("nightdesk.crawler")

TAKEN_AT_ONCE = 50  # clippings looked at together
FETCHED_AT_ONCE = 8  # pages on their way: 8 of 10 MiB at worst are in memory
MOST_DELIVERIES = 1_000  # of a day, looked through for stories to look at again
FIRST_WAIT = 4  # a put-off page is asked for again after 32 s, 64 s, 128 s


class Filer:
    """Files. There is one a database: which story an article joins depends on the one before it."""

    def __init__(  # noqa: PLR0913 - the rooms agreed on this signature
        self,
        settings: Settings,
        store: StoreThreads,
        engine: Engine,
        reader: Reader,
        *,
        clock: Clock,
        random: Random,
        hop: Hop = no_hop,
    ) -> None:
        """Keep what filing works with; `warm` before the first filing."""
        self._settings = settings
        self._sources = {source.id: source for source in settings.sources}
        self._store = store
        self._desk = Desk(engine=engine, reader=reader, clock=clock, hop=hop, language=settings.language)
        self._clock = clock
        self._random = random
        self._hop = hop
        self._judge = Judge(store)
        self._rechecks = Rechecks()
        self._gate = asyncio.Semaphore(FETCHED_AT_ONCE)

    async def warm(self) -> None:
        """Remember the last days' articles, as the store has them."""
        now = self._clock()
        await self._judge.warm(now=now)
        self._rechecks.recall(
            await self._store.read(lambda store: store.missing_pages(since=now - REMEMBERED))
        )

    def go_by(self, settings: Settings) -> None:
        """Go by what the newsroom decided since; called between two rounds of filing."""
        self._settings = settings
        self._sources = {source.id: source for source in settings.sources}
        self._desk = replace(self._desk, language=settings.language)

    async def file_waiting(self, *, limit: int) -> FilingReport:
        """File clippings that wait, until none does or `limit` articles were filed or put off.

        Raises:
            StorageError: the database refused; what was filed before stays.
        """
        await self._judge.follow()
        total = FilingReport()
        while total.filed + total.grown + total.put_off < limit:
            waiting = await self._store.read(_waiting(min(limit, TAKEN_AT_ONCE), self._clock()))
            if not waiting:
                break
            total += await self._file_all(waiting)
        total += await self._look_again()
        self._judge.drop_old(now=self._clock())
        return total

    async def _file_all(self, waiting: Sequence[StoredClipping]) -> FilingReport:
        """Write the drafts side by side; file them in order, those that are ready at one time together."""
        drafts = [asyncio.create_task(self._draft(stored)) for stored in waiting]
        total = FilingReport()
        done = 0
        try:
            while done < len(drafts):
                ready = await ready_drafts(drafts[done:])
                results = [draft.result() for draft in drafts[done : done + ready]]
                total += await self._file_some(list(zip(waiting[done:], results, strict=False)))
                done += ready
        finally:
            for draft in drafts:
                draft.cancel()
            await asyncio.gather(*drafts, return_exceptions=True)
        return total

    async def _draft(self, stored: StoredClipping) -> Draft | str | PutOffError:
        """Return a draft, or why there is nothing to file, or why it has to wait."""
        clipping = stored.clipping
        source = self._sources.get(clipping.source_id) or _forgotten(clipping.source_id)
        addresses = addresses_of(clipping, source)
        known = await self._store.read(lambda store: store.article_at(addresses))
        if known is not None and known.source_id != clipping.source_id and known.complete:
            return f"filed already, from {known.outlet}"
        async with self._gate:
            try:
                return await write_draft(stored, source, self._desk, concerns=self._concerns)
            except PutOffError as problem:
                return problem

    async def _file_some(
        self, some: Sequence[tuple[StoredClipping, Draft | str | PutOffError]]
    ) -> FilingReport:
        """File drafts in their order; the articles among them that are new are looked at together."""
        total = FilingReport()
        new: list[New] = []
        for stored, draft in some:
            if isinstance(draft, PutOffError):
                total += await self._put_off(stored, str(draft))
            elif isinstance(draft, str):
                total += await self._drop(stored, draft)
            elif not draft.article.title:
                total += await self._drop(stored, "has neither a headline nor a text")
            else:
                if any(each.shares_a_page(draft) for each in new):
                    total += await self._file_together(new)
                    new = []
                total += await self._file_one(stored, draft, new)
        return total + await self._file_together(new)

    async def _file_one(self, stored: StoredClipping, draft: Draft, new: list[New]) -> FilingReport:
        """File what an article that is filed says now; one that is new waits with those before it."""
        known = await self._known(draft)
        if known is None:
            new.append(New(stored, draft))
            if not kill_notice(draft.article):
                return FilingReport()
            report = await self._file_together(new[:-1]) + await self._file_notice(stored, draft)
            new.clear()
            return report
        if is_new_version(known, draft.article):
            return await self.file_version(known, draft, clipping_id=stored.id)
        return await self._drop(stored, "filed already, and nothing changed")

    async def _known(self, draft: Draft) -> Article | None:
        """Return the article of a draft. Two that turn out to stand at one address become one."""
        ids = await self._store.read(lambda store: store.articles_at(draft.addresses))
        for younger in ids[1:]:
            await self._join_pages(ids[0], younger, draft.article.address)
        if not ids:
            return None
        return await self._store.read(lambda store: store.article_at(draft.addresses))

    async def _join_pages(self, older: int, younger: int, address: str) -> None:
        """Make one article of two, unless what they say shows that a publisher mixes up its addresses."""
        one, other = [await self._store.read(_newest(article_id)) for article_id in (older, younger)]
        if one is None or other is None or not are_one_page(one, other):
            return
        same = SamePage(older=older, younger=younger, address=address, now=self._clock())
        joined = await self._store.write(lambda store: store.merge_articles(same))
        if joined is not None:
            await self._judge.follow(anyway=True)  # the window still knows both
            log.info("two articles are one page", extra={"article": older, "gone": younger})

    async def merge_stories(self, one: int, other: int, *, reason: str) -> Merged | None:
        """Join two stories that a late article shows to be one; None when a person decided otherwise."""
        merger = Merger(one=one, other=other, reason=reason, now=self._clock())
        merged = await self._store.write(lambda store: store.merge_stories(merger))
        if merged is not None:
            await self._judge.follow()
            log.info("two stories are one", extra={"story": merged.story_id, "gone": merged.gone_id})
        return merged

    async def _file_together(self, new: Sequence[New]) -> FilingReport:
        """Judge the new articles of one time together; file them in order, each in a transaction."""
        if not new:
            return FilingReport()
        if len(new) == 1:
            return await self._file_new(new[0], await self._judge.place(new[0].draft.article))
        total = FilingReport()
        done: list[tuple[Filed, Placement]] = []
        settling = await self._judge.place_together([each.draft.article for each in new])
        try:
            for at, each in enumerate(new):
                placement, kept = settling.place_of(at)
                filed = await self._file(self._filing(each, placement, kept))
                settling.filed(at, filed)
                done.append((filed, placement))
                total += filed_in(placement)
        finally:
            settling.close()
        for filed, placement in done:
            await self._join_bridged(filed, placement)
        return total

    async def _join_bridged(self, filed: Filed, placement: Placement) -> None:
        """Join two stories of which an article has the text of both."""
        found = await self._judge.bridge(filed, placement)
        if found is not None:
            await self.merge_stories(filed.story_id, found.story_id, reason=found.reason)

    async def _file_notice(self, stored: StoredClipping, draft: Draft) -> FilingReport:
        """File what an agency tells editors of one of its stories: that one is taken back."""
        placement = await self._judge.place(draft.article)
        killed = await what_it_kills(draft.article, placement, self._store)
        if killed is None:
            return await self._file_new(New(stored, draft), placement)
        withdrawn = taken_back(killed, notice=draft.article)
        return await self.withdraw(killed, withdrawn, addresses=draft.addresses, clipping_id=stored.id)

    async def _file_new(self, new: New, placement: Placement) -> FilingReport:
        window, article = self._judge.window, new.draft.article
        filed = await self._file(self._filing(new, placement, window.kept(article)))
        window.add(replace(article, id=filed.article_id), filed.story_id, placement=placement)
        await self._join_bridged(filed, placement)
        return filed_in(placement)

    def _filing(self, new: New, placement: Placement, kept: Kept) -> Filing:
        return Filing(
            clipping_id=new.stored.id,
            addresses=new.draft.addresses,
            article=new.draft.article,
            placement=placement,
            note=new.draft.note,
            kept=kept,
            embargo=new.embargo(now=self._clock(), zone=self._settings.timezone),
            now=self._clock(),
        )

    async def file_version(self, known: Article, draft: Draft, *, clipping_id: int) -> FilingReport:
        """File what an article that is filed says now; it stays in its story."""
        from news.sameness.changes import what_changed

        story = await self._store.read(lambda store: store.story_of(known.id))
        after = replace(
            draft.article,
            id=known.id,
            version=known.version + 1,
            address=known.address,
            first_seen=known.first_seen,
            backlog=known.backlog,
        )
        corrections = what_changed(known, after) if known.complete else ()
        raises = raises_revision(known, after, corrections)
        window = self._judge.window
        placement = await self._judge.place_again(after, story.id if story else None)
        filed = await self._file(
            Filing(
                clipping_id=clipping_id,
                addresses=draft.addresses,
                article=after,
                placement=placement,
                new_version=True,
                corrections=corrections,
                raises_revision=raises,
                kept=window.kept(after),
                embargo=embargo_of(after, now=self._clock(), zone=self._settings.timezone),
                now=self._clock(),
            )
        )
        window.replace(after, filed.story_id)
        await self._join_bridged(filed, placement)
        return FilingReport(grown=int(raises))

    async def withdraw(
        self, article: Article, withdrawn: Withdrawal, *, addresses: Sequence[str] = (), clipping_id: int = 0
    ) -> FilingReport:
        """File that an outlet took its article back; what it said is kept."""
        story = await self._store.read(lambda store: store.story_of(article.id))
        await self._file(
            Filing(
                clipping_id=clipping_id,
                addresses=(article.address, *addresses),
                article=article,
                placement=Placement(story_id=story.id if story else None, reason=withdrawn.reason),
                new_version=True,
                corrections=(withdrawn.correction,),
                now=self._clock(),
            )
        )
        return FilingReport(grown=1)

    async def _look_again(self) -> FilingReport:
        """Fetch articles of told stories again when it is time, and file what their outlets changed."""
        now = self._clock()
        total = FilingReport()
        if not self._rechecks.is_time(now):
            return total
        since = now - REMEMBERED
        told = await self._store.read(lambda store: store.deliveries(since=since, limit=MOST_DELIVERIES))
        for look in self._rechecks.due(told, now)[:MOST_AT_ONCE]:
            story = await self._store.read(_story(look.story_id))
            for article in worth_a_look(story, look) if story else ():
                total += await self._look_at(article, look.story_id)
            self._rechecks.took(look, now)
        return total

    async def _look_at(self, article: Article, story_id: int) -> FilingReport:
        """Look at one article again, and file what its outlet changed, or that it is gone."""
        source = self._sources.get(article.source_id) or _forgotten(article.source_id)
        try:
            draft = await look_again(article, self._desk, browser=source.browser)
        except PageMissingError as missing:
            now = self._clock()
            if not self._rechecks.is_gone(article, story_id, missing, now):
                await self._store.write(lambda store: store.page_is_missing(article.id, since=now))
                return FilingReport()
            report = await self.withdraw(article, taken_back(article, missing=missing))
            await self._store.write(lambda store: store.page_is_there(article.id))
            return report
        if draft is None:
            return FilingReport()
        if self._rechecks.is_missing(article):
            await self._store.write(lambda store: store.page_is_there(article.id))
            self._rechecks.is_there(article)
        if not draft.article.complete:
            return FilingReport()
        known = await self._known(draft)
        if known is not None and known.id == article.id and is_new_version(known, draft.article):
            return await self.file_version(known, draft, clipping_id=0)
        return FilingReport()

    async def _file(self, filing: Filing) -> Filed:
        filed = await self._store.write(lambda store: store.file(filing))
        self._hop("story filed")
        log.debug("article filed", extra={"article": filed.article_id, "story": filed.story_id})
        return filed

    async def _put_off(self, stored: StoredClipping, why: str) -> FilingReport:
        until = retry_at(stored.attempts + FIRST_WAIT, now=self._clock(), jitter=self._random.random())
        await self._store.write(lambda store: store.put_off_clipping(stored.id, until=until, why=why))
        return FilingReport(put_off=1)

    async def _drop(self, stored: StoredClipping, why: str) -> FilingReport:
        now = self._clock()
        await self._store.write(lambda store: store.drop_clipping(stored.id, why=why, now=now))
        return FilingReport(dropped=1)

    def _concerns(self, article: Article) -> bool:
        """Return whether any watchlist might match what the feed says of an article."""
        from news.matching.index import live_index

        return bool(live_index().following(self._settings.watchlists).candidates(article))


def _waiting(limit: int, now: datetime) -> Callable[[Store], tuple[StoredClipping, ...]]:
    return lambda store: store.unfiled_clippings(limit=limit, now=now)


def _story(story_id: int) -> Callable[[Store], Story | None]:
    return lambda store: store.story(story_id)


def _newest(article_id: int) -> Callable[[Store], Article | None]:
    def read(store: Store) -> Article | None:
        story = store.story_of(article_id)
        told = story.articles if story else ()
        return next((each.article for each in told if each.article.id == article_id), None)

    return read


def _forgotten(source_id: str) -> Source:
    """Return a source that is declared no more and whose clippings still wait: the feed's words are filed."""
    return Source(id=source_id, name=source_id, url="", full_text="never")
