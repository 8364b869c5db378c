"""What does the page of a story say to machines?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alerts.shares import is_own_reporting, share_label, shared_percent
from nightdesk.facts import Facts, handover_facts, listed_facts
from nightdesk.story_decisions import decision_facts
from nightdesk.story_page import entries_of, gist_of

if TYPE_CHECKING:
    from news.nouns import Story, StoryArticle
    from nightdesk.story_page import StoryPage
    from storage.acts_contract import Act


def page_facts(page: StoryPage) -> Facts:
    """Return a whole story for machines."""
    return {
        **listed_facts(page.listed),
        "revision": page.story.revision,
        "in_short": [{"outlet": told.outlet, "sentence": told.sentence.text} for told in gist_of(page.story)],
        "articles": timeline_facts(page.story),
        "differences": [
            {
                "label": each.label,
                "sides": [
                    {"outlets": side.outlets, "words": side.words, "url": side.url} for side in each.sides
                ],
            }
            for each in page.disagreements
        ],
        "held_back": hold_facts(page.hold) if page.hold else None,
        "decisions": [decision_facts(each) for each in page.decisions],
        "merged": [
            {"story": each.story_id, "at": each.at.isoformat(), "who": each.who, "reason": each.reason}
            for each in page.merged
        ],
        "earlier_stories": [
            {"story": each.story_id, "headline": each.title, "sentences": each.sentences}
            for each in page.earlier
        ],
        "messages": [handover_facts(handover) for handover in page.told],
    }


def hold_facts(hold: Act) -> Facts:
    """Return who or what holds a story back, until when, and the words that say so."""
    return {
        "who": hold.who,
        "until": hold.until.isoformat() if hold.until else None,
        "note": hold.note or None,
    }


def timeline_facts(story: Story) -> list[Facts]:
    """Return every version of every article of a story, in the order in which they were filed."""
    return [_article_facts(each, story) for each in entries_of(story)]


def _article_facts(one: StoryArticle, story: Story) -> Facts:
    article = one.article
    ids = [each.article.id for each in story.articles]
    return {
        "number": ids.index(article.id) + 1,
        "outlet": article.outlet,
        "headline": article.title,
        "url": article.address,
        "published": article.published.isoformat() if article.published else None,
        "filed": one.filed_at.isoformat() if one.filed_at else None,
        "revision": one.revision,
        "version": article.version,
        "reason": one.placement.reason,
        "shared_percent": shared_percent(one),
        "share": share_label(one, story),
        "own_reporting": is_own_reporting(one, story),
        "shared": [passage.sentence.text for passage in one.placement.shared],
        "whats_new": [sentence.text for sentence in one.placement.whats_new],
        "corrections": [
            {"before": change.before, "after": change.after, "label": change.label}
            for change in one.corrections
        ],
    }
