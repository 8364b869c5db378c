"""Why was a story on a watchlist not told at once?"""

from __future__ import annotations

from collections.abc import Iterator

from alerts.rules import at_once_rules, meets
from news.nouns import DeliverRule, Grade, Priority, StoryMatch, Watchlist
from news.wording import PRIORITY_WORDS
from nightdesk.handovers import digest_name, place_of


def why_not_at_once(found: StoryMatch, watchlist: Watchlist) -> Iterator[str]:
    """Yield, for each place that is told at once, the rule that kept this story from it."""
    rules = at_once_rules(watchlist)
    if any(meets(rule, found) for rule in rules) or found.backlog:
        return
    for rule in rules:
        yield f"not at once to {place_of(rule.to)}: it asks for {' and '.join(_unmet(rule, found))}"
    if not rules:
        digests = dict.fromkeys(digest_name(rule.to) for rule in watchlist.deliver)
        only = f"nobody is told at once: only in the {' and the '.join(digests)}"
        yield only if digests else "sent to nobody"


def _unmet(rule: DeliverRule, found: StoryMatch) -> Iterator[str]:
    if found.priority < rule.at_least:
        wanted = PRIORITY_WORDS[rule.at_least].lower()
        yield f"{wanted} or more" if rule.at_least < Priority.URGENT else "urgent stories"
    if found.grade is not Grade.ABOUT and not rule.passing_mentions:
        yield "the main topic"
