"""What do the everyday commands print for machines? One object a line, with --json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from news.nouns import Evidence
from news.telling import Delivery
from nightdesk.archive_words import Listed, best
from nightdesk.explaining import Account, Judgement
from nightdesk.handovers import Handover
from nightdesk.previewing import Previewed
from nightdesk.rehearsal_steps import Change, Rehearsal, Step

if TYPE_CHECKING:
    from nightdesk.searching import Found

#: One line, before it is written as JSON.
Facts = Mapping[str, object]


def listed_facts(each: Listed) -> Facts:
    """Return a story of a listing for machines."""
    story = each.story
    first = story.articles[0].article if story.articles else None
    return {
        "id": story.id,
        "headline": story.title,
        "url": first.address if first else None,
        "outlets": list(dict.fromkeys(one.article.outlet for one in story.articles)),
        "created": story.created.isoformat(),
        "updated": story.updated.isoformat(),
        "watchlists": [match.watchlist_id for match in each.matches],
        "grade": best(each.matches).grade.value if each.matches else None,
        "priority": max(match.priority for match in each.matches).name.lower() if each.matches else None,
        "sent": [{"to": to, "at": at.isoformat()} for to, at in each.told],
    }


def handover_facts(handover: Handover) -> Facts:
    """Return a message for machines."""
    return {
        "state": handover.state,
        "what": handover.what,
        "to": handover.destination,
        "at": handover.at.isoformat() if handover.at else None,
        "why": handover.why,
        "ts": handover.ts,
    }


def delivery_facts(each: Delivery) -> Facts:
    """Return a message for machines."""
    return {
        "at": each.at.isoformat(),
        "to": each.destination,
        "kind": each.kind,
        "outcome": each.outcome,
        "headline": each.headline,
        "story": each.story_id,
        "digest": each.digest_id,
        "error": each.error,
        "key": each.key,
    }


def account_facts(account: Account) -> Facts:
    """Return an account for machines."""
    article, story, place = account.article, account.story, account.place
    return {
        "verdict": account.verdict.lower(),
        "stage": account.stage.value,
        "url": account.trace.address,
        "headline": article.title if article else None,
        "outlet": article.outlet if article else None,
        "story": story.id if story else None,
        "same_story_as": story.title if story and place and place.placement.story_id is not None else None,
        "reason": place.placement.reason if place else None,
        "whats_new": [sentence.text for sentence in place.placement.whats_new] if place else [],
        "watchlists": [_judgement_facts(each) for each in account.judgements],
        "messages": [handover_facts(each) for each in account.handovers],
        "seen": [
            {
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in each.items()
            }
            for each in account.trace.trail
        ],
    }


def _judgement_facts(judgement: Judgement) -> Facts:
    found = judgement.found
    return {
        "watchlist": judgement.watchlist.id,
        "on_it": found is not None,
        "grade": found.grade.value if found else None,
        "priority": found.priority.name.lower() if found else None,
        "reason": judgement.explanation.reason if judgement.match is None else None,
        "marked": judgement.mark.relevant if judgement.mark else None,
        "evidence": [evidence_facts(each) for match in found.matches for each in match.evidence]
        if found
        else [],
    }


def evidence_facts(evidence: Evidence) -> Facts:
    """Return a piece of evidence for machines."""
    return {
        "line": evidence.clause,
        "where": evidence.where,
        "words": evidence.words,
        "field": evidence.field,
        "sentence": evidence.sentence,
        "start": evidence.start,
        "end": evidence.end,
    }


def found_facts(found: Found) -> Facts:
    """Return an article that a search found for machines."""
    article = found.article
    return {
        "story": found.story_id,
        "headline": article.title,
        "url": article.address,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "first_seen": article.first_seen.isoformat(),
        "grade": found.match.grade.value,
        "evidence": [evidence_facts(each) for each in found.match.evidence],
    }


def step_facts(step: Step, *, reason: str | None = None) -> Facts:
    """Return a step for machines."""
    article = step.article.article
    return {
        "when": step.at.isoformat(),
        "how": step.how.value,
        "due": step.due_at.isoformat(),
        "to": step.destination or None,
        "story": step.story.id,
        "headline": step.story.title,
        "article": {"headline": article.title, "url": article.address, "outlet": article.outlet},
        "grade": step.match.grade.value if step.match else None,
        "priority": step.match.priority.name.lower() if step.match else None,
        "evidence": [
            evidence_facts(evidence)
            for match in (step.match.matches if step.match else ())
            for evidence in match.evidence
        ],
        "reason": reason or step.reason or None,
        "never": step.never or None,
    }


def rehearsal_facts(
    rehearsal: Rehearsal, changes: Sequence[tuple[Change, str]], sample: Previewed | None
) -> Facts:
    """Return the totals of a rehearsal, its noise, what changed and a message, for machines."""
    return {
        **total_facts(rehearsal),
        "near_misses": [
            {
                "when": near.at.isoformat(),
                "story": near.story.id,
                "headline": near.story.title,
                "url": near.article.article.address,
                "line": near.line,
                "where": near.where,
            }
            for near in rehearsal.near_misses
        ],
        "changes": [
            {
                "against": since_when,
                "what": what,
                "was": was.value if was is not None else None,
                "how": step.how.value,
                "story": step.story.id,
                "headline": step.story.title,
            }
            for changed, since_when in changes
            for what, step, was in changed
        ],
        "against": [since_when for _, since_when in changes],
        "sample": {"to": sample.destination, "text": sample.message.text} if sample is not None else None,
    }


def total_facts(rehearsal: Rehearsal) -> Facts:
    """Return the totals for machines."""
    return {
        "watchlist": rehearsal.watchlist.id,
        "since": rehearsal.since.isoformat(),
        "until": rehearsal.until.isoformat(),
        "articles": rehearsal.articles,
        "backlog": rehearsal.backlog,
        "stories": rehearsal.stories,
        "alerts": rehearsal.alerts,
        "follow_ups": rehearsal.follow_ups,
        "digests": rehearsal.digests,
        "passing": rehearsal.passing,
        "left_out": rehearsal.left_out,
    }
