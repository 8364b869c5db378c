"""Random nights: stories grow, senders die, answers are lost. Is anything lost, doubled or out of order?

The machine plays several senders over one store and a channel that remembers what was posted. It knows
nothing of the store's inside; it checks what a reader would see.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from news.telling import Alert, AlertKind, AlertState
from storage.contract import Store
from storage.open import open_store
from tests.nouns import DESK, METRO, MINUTE, NOON, a_receipt, a_tell
from tests.storage.steps import LEASE, a_story_is_filed, the_story_grows, the_story_is_watched

#: States that an alert may rest in when the night is over.
AT_REST = {AlertState.SENT, AlertState.MERGED}

#: Where files live in memory, on Linux: thousands of commits need not wait for a disk.
MEMORY = Path("/dev/shm")  # noqa: S108  a folder with a random name is made in it

senders = st.integers(min_value=0, max_value=1)
minutes = st.integers(min_value=0, max_value=3)
answers = st.sampled_from(
    ["heard", "heard", "lost", "died after", "died before", "busy", "put off", "refused", "held"]
)


@cache
def an_empty_archive() -> bytes:
    """Make a database once: to make its tables takes longer than a night."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "night.db"
        open_store(f"sqlite:///{file}", now=NOON, installation="port-ellery").close()
        return file.read_bytes()


class Channel:
    """What readers see: messages by key, in the order they were posted."""

    def __init__(self) -> None:
        self.posts: list[Alert] = []

    def post(self, alert: Alert) -> None:
        self.posts.append(alert)

    def find(self, key: str) -> bool:
        return any(post.key == key for post in self.posts)


class Night(RuleBasedStateMachine):
    """One night of a newsroom with clumsy senders."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.articles = count(1)
        self.now: datetime = NOON
        file = Path(self.folder.name) / "night.db"
        file.write_bytes(an_empty_archive())
        self.address = f"sqlite:///{file}"
        self.store: Store = open_store(self.address, now=NOON)
        self.channel = Channel()
        self.hands: dict[int, list[Alert]] = {0: [], 1: []}
        self.stories: list[int] = []
        self.let_go: set[int] = set()
        self.told_up_to: dict[int, int] = {}

    def teardown(self) -> None:
        try:
            self.finish_the_night()
        finally:
            self.store.close()
            self.folder.cleanup()

    # ── News ──────────────────────────────────────────────────────────────────────────────────────

    @initialize()
    def the_evening_begins(self) -> None:
        for _ in range(2):
            self.a_story_breaks()
        self.stories_are_watched(correction=False, again=False, wait=0)

    def a_story_breaks(self) -> None:
        self.stories.append(a_story_is_filed(self.store, f"Story {next(self.articles)}"))

    @rule(data=st.data(), more=st.integers(min_value=0, max_value=2), watched=st.booleans())
    def news_comes_in(self, data: st.DataObject, more: int, watched: bool) -> None:
        if not more:
            self.a_story_breaks()
        for _ in range(more):
            story_id = data.draw(st.sampled_from(self.stories))
            the_story_grows(self.store, story_id, f"Update {next(self.articles)}", now=self.now)
        if watched:
            self.stories_are_watched(correction=False, again=False, wait=0)

    @rule(
        correction=st.booleans(), again=st.booleans(), wait=st.sampled_from([0, 0, 1, 15]), late=st.booleans()
    )
    def stories_are_watched(self, correction: bool, again: bool, wait: int, late: bool = False) -> None:
        for story in self.store.unwatched_stories(limit=2):
            if late:  # an article comes in while the story is being judged
                the_story_grows(self.store, story.id, f"Update {next(self.articles)}", now=self.now)
            told = story.watched_revision
            kind: AlertKind = "root" if not told else "correction" if correction else "reply"
            due = self.now + (wait * MINUTE if told else 0 * MINUTE)
            tells = [
                a_tell(kind, from_revision=told, revision=story.revision, due_at=due, destination=where)
                for where in (DESK, METRO)
            ]
            for _ in range(1 + again):  # again because the answer of the database was lost
                the_story_is_watched(self.store, story.id, *tells, revision=story.revision)
            self.told_up_to[story.id] = story.revision

    # ── Senders ───────────────────────────────────────────────────────────────────────────────────

    @rule(answers=st.lists(answers, min_size=1, max_size=4), minutes=minutes)
    def alerts_are_sent(self, answers: list[str], minutes: int) -> None:
        """A sender claims what is due; each alert meets another fate."""
        self.now += minutes * MINUTE
        for alert, answer in zip(self.claimed(len(answers)), answers, strict=False):
            self.send(alert, answer)

    @rule(sender=senders, limit=st.integers(min_value=1, max_value=4))
    def a_sender_claims_and_falls_asleep(self, sender: int, limit: int) -> None:
        self.hands[sender] += self.claimed(limit)

    @rule(sender=senders, answer=answers, minutes=minutes)
    def a_sender_wakes_up_and_goes_on(self, sender: int, answer: str, minutes: int) -> None:
        self.now += minutes * MINUTE
        hand, self.hands[sender] = self.hands[sender], []
        for alert in hand:
            self.send(alert, answer)

    def claimed(self, limit: int) -> tuple[Alert, ...]:
        return self.store.claim_alerts(now=self.now, lease=LEASE, limit=limit)

    def send(self, alert: Alert, answer: str) -> None:
        if answer == "died before":
            return
        if alert.attempts > 1 and self.channel.find(alert.key):
            self.recorded(alert, "found")
        elif self.store.still_mine(alert, now=self.now):
            self.hand_over(alert, answer)

    def hand_over(self, alert: Alert, answer: str) -> None:
        if answer in {"heard", "lost", "died after"}:
            self.channel.post(alert)
        soon = self.now + MINUTE
        if answer == "heard":
            self.recorded(alert, "sent")
        elif answer == "lost":
            self.store.record_unknown(alert, error="no answer", look_at=soon)
        elif answer == "busy":
            self.store.record_retry(alert, error="busy", due_at=soon)
        elif answer == "put off":
            self.store.defer_alert(alert, due_at=soon, why="pace")
        elif answer == "refused":
            self.store.record_refused(alert, error="no such channel", now=self.now)
        elif answer == "held":
            self.store.record_held(alert, error="who knows", now=self.now)

    def recorded(self, alert: Alert, outcome: str) -> None:
        receipt = a_receipt(f"ts-{alert.key}")
        for _ in range(2):  # the second time because the first answer was lost
            self.store.record_sent(alert, receipt, outcome=outcome, headline="", now=self.now)

    @rule()
    def a_person_lets_go(self) -> None:
        resting = self.store.alerts(states=[AlertState.FAILED, AlertState.HELD], limit=10_000)
        self.let_go |= {alert.id for alert in resting}
        self.store.release_alerts(states=["failed", "held"], destination=None, now=self.now)

    @rule()
    def the_program_starts_again(self) -> None:
        self.store.close()
        self.store = open_store(self.address, now=self.now)
        self.hands = {0: [], 1: []}

    # ── What a reader would see ───────────────────────────────────────────────────────────────────

    @invariant()
    def all_is_well(self) -> None:
        posted = Counter(post.key for post in self.channel.posts)
        assert set(posted.values()) <= {1}, "a message is never posted twice"
        last: dict[int | None, int] = {}
        for post in self.channel.posts:
            assert post.kind == "root" or post.thread_id in last, "nothing comes before its root"
            if post.id not in self.let_go:  # a person's word may come late
                assert last.get(post.thread_id, 0) < post.id, "a thread goes on in order"
                last[post.thread_id] = post.id
            last.setdefault(post.thread_id, 0)
        told: dict[int | None, list[tuple[int, int]]] = {}
        being_sent: list[int | None] = []
        for alert in self.store.alerts(limit=10_000):
            if alert.kind != "correction" and alert.state is not AlertState.MERGED:
                told.setdefault(alert.thread_id, []).append((alert.from_revision, alert.revision))
            if alert.state is AlertState.SENDING and alert.lease_until is not None:
                being_sent += [alert.thread_id] * (alert.lease_until > self.now)
        assert len(being_sent) == len(set(being_sent)), "one alert of a thread at a time"
        for spans in told.values():
            ends = [end for span in sorted(spans) for end in span]
            assert ends == sorted(ends), "no revision is told by two of them"

    def finish_the_night(self) -> None:
        """Let one careful sender clean up, and look whether every revision was told everywhere."""
        self.hands = {0: [], 1: []}
        while self.store.unwatched_stories(limit=1):
            self.stories_are_watched(correction=False, again=False, wait=0)
        self.a_person_lets_go()
        while due := self.store.next_due_alert():
            self.now = max(self.now, due)
            claimed = self.claimed(3)
            assert claimed, "what is due can be claimed"
            for alert in claimed:
                self.send(alert, "heard")
            self.all_is_well()
        alerts = self.store.alerts(limit=10_000)
        assert {alert.state for alert in alerts} <= AT_REST
        sent = sorted(alert.key for alert in alerts if alert.state is AlertState.SENT)
        assert sorted(post.key for post in self.channel.posts) == sent
        arrived = [d.key for d in self.store.deliveries(limit=10_000) if d.outcome != "refused"]
        assert sorted(arrived) == sent
        for story_id, revision in self.told_up_to.items():
            for destination in (DESK, METRO):
                covered = [
                    a.revision for a in alerts if (a.story_id, a.destination) == (story_id, destination)
                ]
                assert max(covered) == revision


TestNight = Night.TestCase
#: A night takes a hundred examples' time. NIGHTDESK_TEST_EFFORT=deep plays 625 of them.
TestNight.settings = settings(max_examples=max(20, settings().max_examples // 8), stateful_step_count=25)
