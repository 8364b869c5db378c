"""Which story do several outlets report themselves while nobody is on it? Another place is told, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.health import health_facts
from alerts.shares import own_reporting
from alerts.words import names_of
from config.settings import EscalationSettings, Settings
from news.wording import counted, joined

if TYPE_CHECKING:
    from news.nouns import Story
    from storage.contract import Store

#: A story that reached the number while nothing looked is told of for so long after.
LATE = timedelta(hours=1)


def escalate(store: Store, settings: Settings, *, now: datetime) -> bool:
    """Put what nobody is on in the outbox; return whether there was something new."""
    rule = settings.escalation
    if not rule.to:
        return False
    public = {each.id for each in settings.watchlists if not each.private}
    found = store.matches(since=now - rule.within - LATE)
    ids = sorted({match.story_id for match in found if match.watchlist_id in public})
    done = [_escalate(store, settings, story_id, public, now) for story_id in ids]
    return any(done)


def _escalate(store: Store, settings: Settings, story_id: int, public: set[str], now: datetime) -> bool:
    rule = settings.escalation
    keys = [_key(each) for each in (story_id, *(gone.story_id for gone in store.merged_into(story_id)))]
    if any(store.has_health(destination=rule.to, key=key) for key in keys):
        return False
    story = store.story(story_id)
    outlets = reporting_together(story, rule, now) if story else ()
    if story is None or not outlets or store.claim_of(story.id) is not None:
        return False
    if any(act.kind in {"mute story", "hold"} and act.stands(now) for act in store.acts_of(story.id)):
        return False
    names = names_of(
        [match.watchlist_id for match in store.story_matches(story.id) if match.watchlist_id in public],
        settings,
    )
    facts = health_facts(
        story.title,
        f"Own reporting at {counted(len(outlets), 'outlet')}: {joined(outlets)}.",
        "Nobody is on it yet.",
        story.articles[0].article.address,
        note=" · ".join(names),
        ids={"state": "escalated"},
    )
    return store.enqueue_health(destination=rule.to, key=_key(story.id), facts=facts, now=now)


def reporting_together(story: Story, rule: EscalationSettings, now: datetime) -> tuple[str, ...]:
    """Return the outlets that reported a story themselves within the time, when they are enough; else ()."""
    own = set(own_reporting(story))
    first: dict[str, datetime] = {}
    for each in story.articles:
        if each.article.outlet in own and not each.article.backlog:
            first.setdefault(each.article.outlet, each.article.first_seen)
    came = sorted(first.items(), key=lambda one: one[1])
    for number in range(len(came) - rule.outlets + 1):
        together = came[number : number + rule.outlets]
        begin, end = together[0][1], together[-1][1]
        if end - begin <= rule.within and now - end <= LATE:
            return tuple(outlet for outlet, at in came if begin <= at <= begin + rule.within)
    return ()


def _key(story_id: int) -> str:
    return f"escalation {story_id}"
