"""An archive of a year in a minute: articles, stories, matches, messages, digests, many rows at once.

The texts are invented from a list of words, the same every time. What filing and watching would have made of
them is written straight into the tables; only the bench may do that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, Table, insert, text

from storage import schema
from storage.bulk import Bulk
from storage.database import Database
from storage.finding import search_words
from storage.open import PATIENCE, open_store

ROWS = 2_000  # at once
DAYS = 365
SOURCES = 100
TEXTS = 1_500  # different ones; each stands in many articles, under many headlines
MATCHED = 10  # one story in so many is on a watchlist
KEPT_OUT = 40  # a line under "never" kept one of so many out
TOLD = 4  # and one of so many of these has a message of its own
WATCHLISTS = ("sanctuary-cities", "county-jail", "courts")
WORDS = ("sanctuary city", "county jail", "appeals court")
NEARBY = 4  # one text of so many has words of the beat, far apart: a list must look at it and not find it
BEAT = (
    "Immigration officers spoke first {0}.",
    "Police of a new town in the county of York {0}, and for all of them the council votes.",
    "The law asks the sheriff to cooperate with every authority {0}.",
)
CHANNEL, MAILBOX = "slack:#immigration-desk", "email:metro-desk@newsroom.test"
_SYLLABLES = (
    "ba",
    "de",
    "fi",
    "go",
    "lu",
    "ma",
    "ne",
    "pi",
    "ro",
    "su",
    "ta",
    "ve",
    "wi",
    "zo",
    "kra",
    "sten",
)
_SEARCH = text("INSERT INTO search (rowid, words) VALUES (:article_id, :words)")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text, what the index files it under, and the sentence that a watchlist would find."""

    text: str
    words: str
    # The watchlist's number; -1: none would have it.
    watchlist: int
    sentence: str


def build(path: Path, *, articles: int, now: datetime, seed: int = 3) -> None:
    """Make a database of so many articles that came over the last year."""
    address = f"sqlite:///{path}"
    open_store(address, now=now).close()
    random = Random(seed)  # noqa: S311 - a bench's luck, the same every time
    database = Database(address, patience=PATIENCE)
    try:
        with database.write() as connection:
            _Builder(database, connection, random, articles, now).build()
        with database.write() as connection:
            connection.exec_driver_sql("ANALYZE")
    finally:
        database.close()


class _Builder:
    """Rows for every table, in the order in which they lean on each other."""

    def __init__(
        self, database: Database, connection: Connection, random: Random, articles: int, now: datetime
    ) -> None:
        self._database, self._connection, self._random = database, connection, random
        self._articles, self._now = articles, now
        self._step = timedelta(days=DAYS) / articles
        self._vocabulary = ["".join(random.choices(_SYLLABLES, k=random.randint(2, 4))) for _ in range(6_000)]
        self._texts = [self._text(number) for number in range(TEXTS)]
        # Of each story: its first article's number and how many it has.
        self._stories = list(self._shares())

    def build(self) -> None:
        self._put(schema.sources, map(self._source, range(SOURCES)))
        self._put(schema.stories, map(self._story, range(len(self._stories))))
        self._put(schema.articles, self._each(self._article))
        self._put(schema.article_addresses, self._each(self._address))
        self._put(schema.article_versions, self._each(self._version))
        self._put(schema.story_articles, self._each(self._place))
        self._index()
        matched = [story for story in range(len(self._stories)) if self._watchlist(story) >= 0]
        self._put(schema.story_matches, map(self._story_match, matched))
        self._put(schema.matches, map(self._match, matched))
        kept = [story for story in range(len(self._stories)) if self._watchlist(story) < 0]
        self._put(schema.kept_out, map(self._kept_out, kept[::KEPT_OUT]))
        told = matched[::TOLD]
        self._put(schema.threads, (self._thread(number, story) for number, story in enumerate(told)))
        self._put(schema.thread_watchlists, map(self._thread_watchlist, range(len(told)), told))
        self._digests(matched)
        self._put(schema.alerts, (self._alert(number, story) for number, story in enumerate(told)))
        self._put(schema.deliveries, (self._delivery(number, story) for number, story in enumerate(told)))

    # ── What came in ──────────────────────────────────────────────────────────────────────────────────────

    def _shares(self) -> Iterator[tuple[int, int]]:
        at = 0
        while at < self._articles:
            share = min(self._random.choice((1, 1, 1, 1, 2, 2, 3, 6)), self._articles - at)
            yield at, share
            at += share

    def _each(self, row: Any) -> Iterator[Row]:  # noqa: ANN401 - any of the row makers below
        for story, (first, share) in enumerate(self._stories):
            for number in range(share):
                yield row(story, first, number)

    def _text(self, number: int) -> _Text:
        watchlist = (number // MATCHED) % len(WATCHLISTS) if number % MATCHED == 0 else -1
        sentences = [
            " ".join(self._random.choices(self._vocabulary, k=self._random.randint(9, 22))).capitalize() + "."
            for _ in range(self._random.randint(9, 19))
        ]
        found = ""
        if watchlist >= 0:
            found = f"The {WORDS[watchlist]} {sentences[1][:-1].lower()}."
            sentences[1] = found
        if number % NEARBY == 1:
            places = range(1, len(sentences), 3)
            for at, words in zip(places, BEAT, strict=False):
                sentences[at] = words.format(sentences[at][:-1].lower())
        body = "\n".join(sentences)
        return _Text(text=body, words=search_words("", body), watchlist=watchlist, sentence=found)

    def _text_of(self, story: int) -> _Text:
        return self._texts[(story * 7919) % TEXTS]

    def _watchlist(self, story: int) -> int:
        return self._text_of(story).watchlist

    def _title(self, story: int, number: int) -> str:
        start = (story * 31 + number * 17) % 5_900
        words = self._vocabulary[start : start + 7]
        return f"{' '.join(words).capitalize()} {story}"

    def _at(self, article: int) -> datetime:
        return self._now - timedelta(days=DAYS) + self._step * article

    def _last(self, story: int) -> datetime:
        first, share = self._stories[story]
        return self._at(first + share - 1)

    def _source(self, number: int) -> Row:
        id_ = f"source-{number}"
        return {
            "id": id_, "name": f"Outlet {number}", "url": f"https://{id_}.test/feed", "host": f"{id_}.test",
            "declared": True, "enabled": True, "failures": 0, "health": "ok", "reason": "",
            "last_checked": self._now, "last_ok": self._now, "last_new": self._now,
            "baseline_at": self._at(0),
            "next_due": self._now, "health_since": self._at(0),
        }  # fmt: skip

    def _story(self, story: int) -> Row:
        first, share = self._stories[story]
        return {
            "id": story + 1, "title": self._title(story, 0), "revision": share, "watched_revision": share,
            "created": self._at(first), "updated": self._last(story),
        }  # fmt: skip

    def _article(self, story: int, first: int, number: int) -> Row:
        return {
            "id": first + number + 1, "story_id": story + 1, "version": 1,
            "first_seen": self._at(first + number), "backlog": False,
        }  # fmt: skip

    def _address(self, story: int, first: int, number: int) -> Row:
        address = f"https://source-{(story + number) % SOURCES}.test/{first + number}"
        return {"address_key": address, "address": address, "article_id": first + number + 1}

    def _version(self, story: int, first: int, number: int) -> Row:
        source, at = (story + number) % SOURCES, self._at(first + number)
        return {
            "article_id": first + number + 1, "version": 1, "content_hash": f"{first + number:064x}",
            "seen_at": at, "address": f"https://source-{source}.test/{first + number}",
            "source_id": f"source-{source}", "outlet": f"Outlet {source}",
            "title": self._title(story, number),
            "text": self._text_of(story).text, "authors": "[]", "credit": "", "published": at,
            "language": "en",
            "kind": "news", "source_group": "local", "complete": True, "excerpt": "two_sentences",
            "pruned": False,
        }  # fmt: skip

    def _place(self, story: int, first: int, number: int) -> Row:
        sentence = self._text_of(story).text.partition("\n")[0]
        shared = [
            {"sentence": _sentence(sentence), "article_id": first + 1, "outlet": f"Outlet {story % SOURCES}"}
        ]
        return {
            "id": first + number + 1, "story_id": story + 1, "article_id": first + number + 1, "version": 1,
            "revision": number + 1, "filed_at": self._at(first + number), "reason": "1 shared sentence",
            "shared": json.dumps(shared if number else []), "whats_new": json.dumps([_sentence(sentence)]),
            "sentences": 12,
        }  # fmt: skip

    def _index(self) -> None:
        rows = (
            {"article_id": first + number + 1, "words": f"{_title_words(self._title(story, number))} {words}"}
            for story, (first, share) in enumerate(self._stories)
            for words in (self._text_of(story).words,)
            for number in range(share)
        )
        while page := list(islice(rows, ROWS)):
            self._connection.execute(_SEARCH, page)

    # ── What was found and told ───────────────────────────────────────────────────────────────────────────

    def _story_match(self, story: int) -> Row:
        return {
            "story_id": story + 1, "watchlist_id": WATCHLISTS[self._watchlist(story)],
            "watchlist_version": "0123456789ab", "grade": "about" if story % 3 else "mentions",
            "priority": 2 if story % 5 == 0 else 1, "revision": self._stories[story][1],
            "first_matched": self._at(self._stories[story][0]), "changed": self._last(story),
            "backlog": False,
        }  # fmt: skip

    def _match(self, story: int) -> Row:
        found, words = self._text_of(story), WORDS[self._watchlist(story)]
        start = found.text.find(words)
        evidence = {
            "clause": words, "where": "", "words": words, "field": "text", "start": start,
            "end": start + len(words), "sentence": found.sentence,
        }  # fmt: skip
        return {
            "id": story + 1, "story_id": story + 1, "watchlist_id": WATCHLISTS[self._watchlist(story)],
            "watchlist_version": "0123456789ab", "article_id": self._stories[story][0] + 1,
            "article_version": 1,
            "grade": "about" if story % 3 else "mentions", "grade_reason": "in the second sentence",
            "priority": 1, "priority_reason": "", "evidence": json.dumps([evidence]),
        }  # fmt: skip

    def _kept_out(self, story: int) -> Row:
        return {
            "story_id": story + 1, "watchlist_id": WATCHLISTS[story % len(WATCHLISTS)],
            "article_id": self._stories[story][0] + 1, "clause": "animal NEAR court", "words": "animal court",
            "at": self._last(story),
        }  # fmt: skip

    def _thread(self, number: int, story: int) -> Row:
        at = self._last(story)
        return {
            "id": number + 1, "story_id": story + 1, "destination": CHANNEL,
            "root_ts": f"{at.timestamp():.6f}",
            "root_place": "C09DESKIMMI", "root_sent_at": at, "priority": 2, "grade": "about",
            "wanted_revision": self._stories[story][1], "shown_revision": self._stories[story][1],
            "edits_closed": False, "last_broadcast": None,
        }  # fmt: skip

    def _thread_watchlist(self, number: int, story: int) -> Row:
        return {"thread_id": number + 1, "watchlist_id": WATCHLISTS[self._watchlist(story)], "position": 0}

    def _alert(self, number: int, story: int) -> Row:
        at, share = self._last(story), self._stories[story][1]
        return _alert(number + 1, "root", CHANNEL, at) | {
            "thread_id": number + 1, "story_id": story + 1, "revision": share,
        }  # fmt: skip

    def _delivery(self, number: int, story: int) -> Row:
        at = self._last(story)
        return _delivered(number + 1, "root", CHANNEL, at) | {
            "story_id": story + 1, "headline": self._title(story, 0),
        }  # fmt: skip

    def _digests(self, matched: Sequence[int]) -> None:
        days: dict[int, list[int]] = {}
        for story in matched:
            days.setdefault((self._now - self._last(story)).days, []).append(story)
        ids = {day: number for number, day in enumerate(sorted(days, reverse=True), start=1)}
        name = MAILBOX  # as alerts/schedule.py calls it
        self._put(schema.digest_declarations, [
            {"name": name, "destination": MAILBOX, "declared": True, "declared_at": self._at(0)},
        ])  # fmt: skip
        self._put(schema.digests, (self._digest(ids[day], day, name) for day in days))
        self._put(schema.digest_items, (
            {
                "digest_id": ids[day], "position": place, "name": name, "local_date": self._date(day),
                "destination": MAILBOX, "story_id": story + 1, "from_revision": 0,
                "revision": self._stories[story][1],
            }
            for day, stories in days.items() for place, story in enumerate(stories)
        ))  # fmt: skip
        first = 1_000_000
        alerts = [(first + ids[day], ids[day], self._now - timedelta(days=day)) for day in days]
        self._put(schema.alerts, (
            _alert(id_, "digest", MAILBOX, at) | {"digest_id": digest} for id_, digest, at in alerts
        ))  # fmt: skip
        self._put(schema.deliveries, (
            _delivered(id_, "digest", MAILBOX, at) | {"digest_id": digest} for id_, digest, at in alerts
        ))  # fmt: skip

    def _date(self, day: int) -> str:
        return f"{self._now - timedelta(days=day):%Y-%m-%d}"

    def _digest(self, id_: int, day: int, name: str) -> Row:
        to = self._now - timedelta(days=day)
        return {
            "id": id_, "name": name, "destination": MAILBOX, "local_date": self._date(day), "due_at": to,
            "covers_from": to - timedelta(days=1), "covers_to": to, "watchlist_ids": json.dumps(WATCHLISTS),
            "created": to,
        }  # fmt: skip

    def _put(self, table: Table, rows: Any) -> None:  # noqa: ANN401 - any rows
        """Put rows in, some thousands at once; a column that a row does not name stays empty."""
        left = iter(rows)
        bulk: Bulk | None = None
        while page := [self._whole(table, row) for row in islice(left, ROWS)]:
            bulk = bulk or self._database.bulk(
                insert(table), f"bench {table.name}", names=[each.name for each in table.columns]
            )
            bulk.run(self._connection, page)

    def _whole(self, table: Table, row: Row) -> Row:
        return {each.name: _kept(row.get(each.name)) for each in table.columns}


def _alert(id_: int, kind: str, destination: str, at: datetime) -> dict[str, Any]:
    return {
        "id": id_, "key": f"key-{id_}", "kind": kind, "destination": destination, "state": "sent",
        "from_revision": 0, "revision": 1, "priority": 2, "broadcast": False, "due_at": at, "created": at,
        "attempts": 1, "last_error": "", "facts": "{}",
    }  # fmt: skip


def _delivered(alert: int, kind: str, destination: str, at: datetime) -> dict[str, Any]:
    return {
        "id": alert, "alert_id": alert, "key": f"key-{alert}", "kind": kind, "destination": destination,
        "outcome": "sent", "ts": f"{at.timestamp():.6f}", "place": "C09DESKIMMI", "refused": "{}", "at": at,
        "headline": "", "error": "",
    }  # fmt: skip


def _sentence(words: str) -> dict[str, object]:
    return {"text": words, "start": 0, "end": len(words)}


def _title_words(title: str) -> str:
    """Return what the index files a headline under; its words are plain, and have no other forms."""
    return title.lower()


def _kept(value: object) -> object:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value
