"""A newsroom's folder and database, and its commands as somebody would type them.

    desk = Desk(tmp_path)
    desk.files("Mayor skips capital meeting", text="... sanctuary cities ...")
    desk.watches()
    assert desk("status").out.startswith("Metro Desk")

What comes in and goes out goes through the store's contract; nothing here knows a table.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alerts.schedule import declared_digests
from alerts.watching import compiled_watchlists, decide
from config.load import load
from config.settings import Settings
from news.nouns import Correction, Placement
from news.telling import Alert
from nightdesk.cli.context import Around
from nightdesk.cli.root import run
from storage.contract import Filed, Store
from storage.open import open_store
from tests.fakes.clock import FakeClock
from tests.nouns import (
    NOON,
    FieldValue,
    a_clipping,
    a_fetch_state,
    a_filing,
    a_passage,
    a_receipt,
    a_sentence,
    an_article,
    an_outcome,
)
from tests.ready import ready
from tests.shared_reader import shared_reader

CHANNEL = "#immigration-desk"
MAILBOX = "metro-desk@newsroom.test"
DESK = {"at_once": f"slack:{CHANNEL}", "digest": f"email:{MAILBOX}", "digest_at": "06:30"}
#: What a newsroom has when nothing else is said.
SOURCES = (
    {"id": "channel4", "name": "Channel 4 Ellery", "url": "https://channel4.test/feed"},
    {"id": "ellery31", "name": "Ellery 31", "url": "https://ellery31.test/feed"},
    {"id": "coast", "name": "Coast Public Radio", "url": "https://coast.test/feed"},
)
SANCTUARY: Mapping[str, Any] = {
    "id": "sanctuary-cities",
    "name": "Sanctuary cities",
    "match": {
        "any": ["sanctuary city", "=ICE NEAR/15 jail", "detainer"],
        "never": ["animal sanctuary", "elephant NEAR/3 sanctuary"],
    },
    "priority": {"default": "normal", "high": ['"Justice Department"'], "low": ["source:kind=opinion"]},
    "deliver": "desk",
}
NAMES = {source["id"]: source["name"] for source in SOURCES}
TEXT = "The Justice Department warned sanctuary cities on Wednesday.\nThe council meets again on Monday."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What it printed, line by line."""
        return self.out.splitlines()

    @property
    def flat(self) -> str:
        """What it printed, in one line: wrapping does not matter."""
        return " ".join(self.out.split())

    @property
    def last(self) -> str:
        """The last line of its messages: after an error, the next command."""
        return self.err.splitlines()[-1]

    @property
    def records(self) -> list[dict[str, Any]]:
        """The objects it printed with --json."""
        return [json.loads(line) for line in self.lines]


class Desk:
    """A newsroom. It is Wednesday noon in Port Ellery until `clock` is moved."""

    def __init__(
        self,
        folder: Path,
        *,
        sources: Sequence[Mapping[str, Any]] = SOURCES,
        watchlists: Sequence[Mapping[str, Any]] = (SANCTUARY,),
        environment: Mapping[str, str] | None = None,
        clock: FakeClock | None = None,
        **settings: object,
    ) -> None:
        """Write its folder; there is no database yet."""
        self.folder = folder / "newsroom"
        self.clock = clock or FakeClock(NOON)
        self.environment = {
            "SLACK_BOT_TOKEN": "xoxb-of-a-test",
            "SMTP_URL": "smtp+plain://127.0.0.1:9",
            **(environment or {}),
        }
        self._settings: Settings | None = None
        self._store: Store | None = None
        self.write("nightdesk.yaml", {**MAIN, **settings})
        self.write("sources/local.yaml", {"sources": list(sources)})
        for watchlist in watchlists:
            self.write(f"watchlists/{watchlist['id']}.yaml", watchlist)

    def write(self, name: str, content: object) -> None:
        """Write a file of the newsroom; JSON is YAML."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False), encoding="utf-8")
        self.close()

    def __call__(self, *words: str) -> Ran:
        """Type a command."""
        out, err = io.StringIO(), io.StringIO()
        around = Around(
            environment=self.environment, clock=self.clock, out=out, err=err, reader=shared_reader()
        )
        code = run([*words, "--config", str(self.folder)], around)
        return Ran(code=code, out=out.getvalue(), err=err.getvalue())

    def at(self, local: str) -> None:
        """Set the clock: "2026-03-18 17:05" in Port Ellery."""
        self.clock.set(datetime.fromisoformat(f"{local}-06:00").astimezone(UTC))

    @property
    def settings(self) -> Settings:
        """What its files say."""
        if self._settings is None:
            self._settings = load(self.folder, self.environment)
        return self._settings

    @property
    def database(self) -> str:
        """Where its archive is."""
        return self.settings.database.reveal()

    @property
    def store(self) -> Store:
        """Its archive, as a running Nightdesk leaves it: everything is declared."""
        if self._store is None:
            settings, now = self.settings, self.clock()
            self._store = store = open_store(ready(self.database), now=now)
            store.declare_sources(settings.sources, now=now)
            store.keep_watchlists(settings.watchlists, now=now, who="test")
            store.declare_digests(declared_digests(settings), now=now)
        return self._store

    def close(self) -> None:
        """Let go of the archive, and of what the files said."""
        self._settings = None
        if self._store is not None:
            self._store.close()
            self._store = None

    # ── What comes in ─────────────────────────────────────────────────────────────────────────────────

    def sees(self, address: str, *, source_id: str = "channel4") -> int:
        """Let a source bring an address; return the clipping that waits to be filed."""
        store = self.store
        return self._clip(store, address, source_id)

    def _clip(self, store: Store, address: str, source_id: str) -> int:
        now = self.clock()
        state = replace(a_fetch_state(source_id), last_checked=now, last_ok=now)
        clipping = a_clipping(source_id=source_id, address=address, title=f"Seen at {address}")
        store.record_fetch(replace(an_outcome(clipping), state=state, now=now))
        waiting = store.unfiled_clippings(limit=1000, now=now + timedelta(days=1))
        return next(each.id for each in waiting if each.clipping.address == address)

    def files(self, title: str, **fields: FieldValue) -> Filed:
        """File an article in a story of its own, with a clipping that brought it."""
        return self._file(title, Placement(story_id=None, reason="nothing like it in four days"), fields)

    def grows(self, story_id: int, title: str, *, details: Sequence[str] = (), **fields: FieldValue) -> Filed:
        """File another outlet's article in a story, with these new sentences."""
        placement = Placement(
            story_id=story_id,
            reason="3 shared sentences with Channel 4 Ellery",
            shared=(a_passage(outlet="Channel 4 Ellery"),),
            whats_new=tuple(map(a_sentence, details)),
            sentences=19,
        )
        return self._file(title, placement, {"source_id": "ellery31"} | fields)

    def corrects(self, filed: Filed, before: str, after: str) -> Filed:
        """File a new version of an article in which some words were changed."""
        store = self.store
        story = store.story(filed.story_id)
        assert story is not None
        known = next(each.article for each in story.articles if each.article.id == filed.article_id)
        text = known.text.replace(before, after)
        changed = replace(known, text=text, version=known.version + 1, content_hash=text)
        filing = a_filing(
            0,
            changed,
            placement=Placement(story_id=filed.story_id, reason="the outlet changed its article"),
            new_version=True,
            corrections=(Correction(before=before, after=after, label="corrected"),),
            now=self.clock(),
        )
        return store.file(filing)

    def _file(self, title: str, placement: Placement, fields: Mapping[str, FieldValue]) -> Filed:
        now = self.clock()
        source_id = str(fields.get("source_id", "channel4"))
        usual = {
            "source_id": source_id,
            "outlet": NAMES[source_id],
            "text": TEXT,
            "published": now - timedelta(minutes=5),
            "first_seen": now,
        }
        article = an_article(title, **{**usual, **fields})
        store = self.store
        clipping = self._clip(store, article.address, source_id)
        return store.file(a_filing(clipping, article, placement=placement, now=now))

    # ── What goes out ─────────────────────────────────────────────────────────────────────────────────

    def watches(self) -> tuple[Alert, ...]:
        """Hold every story nobody looked at against the watchlists; return the new alerts."""
        settings, made = self.settings, list[Alert]()
        store = self.store
        for story in store.unwatched_stories(limit=1000):
            watching = decide(
                story,
                compiled_watchlists(settings),
                settings,
                store.threads_of(story.id),
                store.story_matches(story.id),
                now=self.clock(),
            )
            made += store.record_watching(watching)
        return tuple(made)

    def sends(self) -> int:
        """Let everything that is due arrive; return how many messages that was."""
        store = self.store
        claimed = self.claimed(store)
        for alert in claimed:
            self._arrives(store, alert)
        return len(claimed)

    def claimed(self, store: Store) -> tuple[Alert, ...]:
        """Claim what is due."""
        return store.claim_alerts(now=self.clock(), lease=timedelta(minutes=1), limit=100)

    def _arrives(self, store: Store, alert: Alert) -> None:
        story = store.story(alert.story_id) if alert.story_id else None
        headline = story.title if story else "The day"
        receipt = a_receipt(f"{alert.id}.0")
        store.record_sent(alert, receipt, outcome="sent", headline=headline, now=self.clock())

    def refuses(self, why: str) -> None:
        """Let everything that is due be refused."""
        store = self.store
        for alert in self.claimed(store):
            store.record_refused(alert, error=why, now=self.clock())

    def contents(self) -> list[object]:
        """Return all that stands in the archive that a command could have changed."""
        store = self.store
        return [
            store.stories(since=NOON - timedelta(days=400), limit=1000),
            store.alerts(limit=1000),
            store.deliveries(limit=1000),
            store.fetch_states(),
        ]


MAIN: Mapping[str, object] = {
    "console": "off",
    "version": 1,
    "newsroom": {"name": "Metro Desk", "timezone": "America/Denver", "language": "en"},
    "desk": DESK,
    "channels": {
        "slack": {"token": "${SLACK_BOT_TOKEN}"},
        "email": {"smtp": "${SMTP_URL}", "from": "Nightdesk <nightdesk@newsroom.test>"},
    },
}
