"""Random nights in which stories turn out to be one: is anything lost or told twice?

The nights of the outbox, and people who join stories at any moment, with messages out, waiting and on their
way. What counts is what a reader of one destination sees: no article twice, and no story without a message.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from news.telling import Alert, AlertState
from tests.nouns import DESK, METRO, a_merger
from tests.storage.test_outbox_machine import AT_REST, Night


class Gathering(Night):
    """A night in which stories are joined."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[str, Counter[int]] = defaultdict(Counter)

    @rule(data=st.data())
    def two_stories_turn_out_to_be_one(self, data: st.DataObject) -> None:
        if len(self.stories) > 1:
            one, other = data.draw(st.permutations(self.stories))[:2]
            merged = self.store.merge_stories(a_merger(one, other, now=self.now))
            assert merged is not None
            self.stories.remove(merged.gone_id)

    def hand_over(self, alert: Alert, answer: str) -> None:
        before = len(self.channel.posts)
        super().hand_over(alert, answer)
        if len(self.channel.posts) > before and alert.kind != "correction":
            self.is_read(alert)

    def is_read(self, alert: Alert) -> None:
        """Let the readers of a destination read a message, as it is composed from what was claimed."""
        story = self.store.story(alert.story_id or 0, at=alert.revision)
        assert story is not None
        articles = {each.article.id for each in story.articles if each.revision > alert.from_revision}
        assert articles, "no message says nothing"
        if alert.kind == "reply":
            again = articles & self.seen[alert.destination].keys()
            assert not again, "a follow-up says only what nobody said there"
        self.seen[alert.destination].update(articles)

    @invariant()
    def all_is_well(self) -> None:
        posted = Counter(post.key for post in self.channel.posts)
        assert set(posted.values()) <= {1}, "a message is never posted twice"
        for story_id in self.stories:
            places = [thread.destination for thread in self.store.threads_of(story_id)]
            assert len(places) == len(set(places)), "one thread a story and destination"
            assert all(thread.goes_on_in is None for thread in self.store.threads_of(story_id))

    def finish_the_night(self) -> None:
        """Let one careful sender clean up; every story has one message everywhere, and shows it all."""
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
        alerts = self.store.alerts(limit=10_000)
        assert {alert.state for alert in alerts} <= AT_REST
        sent = sorted(alert.key for alert in alerts if alert.state is AlertState.SENT)
        assert sorted(post.key for post in self.channel.posts) == sent
        for story_id in self.stories:
            story = self.store.story(story_id)
            assert story is not None
            told = {thread.destination: thread for thread in self.store.threads_of(story_id)}
            assert set(told) == {DESK, METRO}
            for thread in told.values():
                assert thread.root_ts is not None
                assert thread.wanted_revision >= story.watched_revision


TestGathering = Gathering.TestCase
#: A night takes a hundred examples' time. NIGHTDESK_TEST_EFFORT=deep plays 625 of them.
TestGathering.settings = settings(max_examples=max(6, settings().max_examples // 8), stateful_step_count=25)
