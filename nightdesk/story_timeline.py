"""What happened to a story, in order: who told it, what was sent, what people decided, what comes next.

Everything is put in words here; the page only lays it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from alerts.corrections import Change, changes_of
from alerts.developments import all_it_said
from alerts.words import credit_of, outlet_of, quote_of, told_at
from news.nouns import StoryArticle
from news.wording import counted
from nightdesk.handovers import Handover, place_of
from nightdesk.story_page import StoryPage, decision_words, reason_words
from storage.acts_contract import Act, ActKind

MOST_DETAILS = 3  # of one article
_ACTS: Mapping[ActKind, str] = {
    "claim": "is on it",
    "release": "let it go",
    "not relevant": "says it is not relevant",
    "undo": "took the vote back",
    "mute story": "muted it",
    "unmute": "ended the mute",
    "hold": "holds its messages back",
    "let go": "let its messages go",
    "note": "noted",
    "not same story": "took articles out of it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened, or will."""

    at: datetime
    kind: Literal["article", "sent", "act", "coming"]
    # Who did it: an outlet, a place, a person.
    who: str
    # What they did: "changed its article".
    what: str = ""
    # In grey: the credit, why it is this story.
    note: str = ""
    # A word that stands out.
    chip: str = ""
    title: str = ""
    address: str = ""
    # Sentences as they stand in the article; new ones are details.
    sentence: str = ""
    details: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


def moments(
    page: StoryPage, acts: Sequence[Act], people: Mapping[str, str], watchlists: Mapping[str, str]
) -> tuple[Moment, ...]:
    """Return everything in the order in which it happened; what will happen stands at the end.

    `people` and `watchlists` are the names of those that the reader may know of.
    """
    first = page.entries[0] if page.entries else None
    found = [_article(each, is_first=each is first) for each in page.entries]
    found += [_sent(each) for each in page.told if each.at is not None and each.state != "not sent"]
    found += [_act(each, people, watchlists) for each in acts if each.kind in _ACTS]
    found += list(_joined(page, people))
    return tuple(sorted(found, key=lambda each: (each.kind == "coming", each.at)))


def _article(each: StoryArticle, *, is_first: bool) -> Moment:
    article = each.article
    changes = changes_of(each)
    credit = credit_of(article)
    notes = [f"credit: {credit}"] if credit else []
    if changes or article.version > 1:
        return Moment(
            at=each.filed_at or told_at(article),
            kind="article",
            who=outlet_of(article),
            what="changed its article",
            chip=changes[0].label if changes else "",
            address=article.address,
            changes=changes,
        )
    new = () if is_first else all_it_said(each).placement.whats_new
    why = "first report" if is_first else reason_words(each)
    return Moment(
        at=told_at(article),
        kind="article",
        who=outlet_of(article),
        note=" · ".join([why, *notes]),
        chip=f"Adds {counted(len(new), 'detail')}" if new else "",
        title="" if is_first else article.title,
        address=article.address,
        sentence=quote_of(article) if is_first and article.excerpt != "headline" else "",
        details=tuple(" ".join(one.text.split()) for one in new[:MOST_DETAILS])
        if article.excerpt != "headline"
        else (),
    )


def _sent(each: Handover) -> Moment:
    assert each.at is not None  # noqa: S101 - asked before
    coming = each.state == "waiting"
    return Moment(
        at=each.at,
        kind="coming" if coming else "sent",
        who=place_of(each.destination),
        what="Goes to" if coming else "Sent to",
        note=": ".join(filter(None, (each.what, each.why))),
    )


def _act(act: Act, people: Mapping[str, str], watchlists: Mapping[str, str]) -> Moment:
    who, meant = people.get(act.who, act.who), watchlists.get(act.watchlist_id, "")
    of = f" for {meant}" if meant else ""
    return Moment(at=act.at, kind="act", who=who, what=f"{_ACTS[act.kind]}{of}", note=act.note)


def _joined(page: StoryPage, people: Mapping[str, str]) -> Iterator[Moment]:
    for merged in page.merged:
        what = f"made story {merged.story_id} part of this one"
        who = people.get(merged.who, merged.who) or "Nightdesk"
        yield Moment(at=merged.at, kind="act", who=who, what=what, note=merged.reason)
    for decision in page.decisions:
        who = people.get(decision.who, decision.who)
        yield Moment(at=decision.at, kind="act", who=who, what="decided", note=decision_words(decision))
