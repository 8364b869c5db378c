"""What does a list say of its stories? For people and for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from news.nouns import Grade
from news.telling import AlertState
from news.wording import GRADE_WORDS, PRIORITY_WORDS, joined, when
from nightdesk.handovers import place_of
from storage.list_contract import StoryChoice, StoryLine, ToldLine

_NOT_SENT = {
    AlertState.MUTED: "muted for {place}",
    AlertState.GROUPED: "grouped with others in {place}",
    AlertState.FAILED: "{place} refuses it",
    AlertState.HELD: "{place}: a person must decide",
    AlertState.WITHDRAWN: "{place} is not told any more",
    AlertState.MERGED: "told in another message, {place}",
}
_KEPT_BACK = {
    AlertState.MUTED: "somebody muted it for {place}",
    AlertState.GROUPED: "{place} had its messages of that time, so it was grouped with others",
}


def told_words(line: StoryLine, zone: str, *, now: datetime) -> str:
    """Return what became of a story: "sent to #immigration-desk 12:02 pm"."""
    sent = [
        f"{place_of(each.destination)} {when(each.sent_at, zone, now=now)}"
        for each in line.told
        if each.sent_at is not None
    ]
    words = [f"sent to {joined(sent)}"] if sent else []
    words += [_not_sent(each, zone, now) for each in line.told if each.sent_at is None]
    return "; ".join(words) or "no message of its own"


def _not_sent(each: ToldLine, zone: str, now: datetime) -> str:
    place = place_of(each.destination)
    if each.state in _NOT_SENT:
        return _NOT_SENT[each.state].format(place=place)
    if each.due_at > now:
        return f"waiting until {when(each.due_at, zone, now=now)}, {place}"
    return f"on its way to {place}"


def why_kept_out(line: StoryLine, names: Mapping[str, str], choice: StoryChoice) -> str:
    """Return what kept a story from being told: a word under "never", a mute, a limit, a hold, or no rule."""
    return "; ".join(_kept_out(line, names, choice))


def _kept_out(line: StoryLine, names: Mapping[str, str], choice: StoryChoice) -> Iterator[str]:
    has = {each.watchlist_id: each for each in line.matches}
    for kept in line.kept_out:
        if kept.watchlist_id not in has:
            yield f"your line “{kept.clause}” stands under “never” in {_name(kept.watchlist_id, names)}"
    for told in line.told:
        if told.sent_at is None and told.state in _KEPT_BACK:
            yield _KEPT_BACK[told.state].format(place=place_of(told.destination))
    if line.id in choice.on_hold:
        yield "somebody holds it back"
    weak = [match for id_, match in has.items() if id_ in choice.told_nowhere and not match.backlog]
    if weak and not line.told:
        how = (
            "a passing mention"
            if weak[0].grade is Grade.MENTIONS
            else PRIORITY_WORDS[weak[0].priority].lower()
        )
        yield f"{how}: too little for a message, and {_name(weak[0].watchlist_id, names)} has no digest"


def _name(watchlist_id: str, names: Mapping[str, str]) -> str:
    return names.get(watchlist_id, watchlist_id)


def line_facts(line: StoryLine) -> dict[str, object]:
    """Return a story of a list for machines."""
    return {
        "story": line.id,
        "title": line.title,
        "created": line.created.isoformat(),
        "updated": line.updated.isoformat(),
        "outlets": list(line.outlets),
        "articles": line.articles,
        "corrected": line.corrected_at.isoformat() if line.corrected_at else None,
        "claimed_by": line.claimed_by or None,
        "latest": {
            "outlet": line.latest.outlet,
            "at": line.latest.at.isoformat(),
            "details": line.latest.details,
            "sentence": line.latest.sentence,
        }
        if line.latest
        else None,
        "matches": [
            {
                "watchlist": each.watchlist_id,
                "grade": GRADE_WORDS[each.grade].lower(),
                "priority": PRIORITY_WORDS[each.priority].lower(),
                "words": each.words,
                "since": each.first_matched.isoformat(),
            }
            for each in line.matches
        ],
        "kept_out": [
            {"watchlist": each.watchlist_id, "line": each.clause, "words": each.words}
            for each in line.kept_out
        ],
        "told": [
            {
                "to": each.destination,
                "state": each.state.value,
                "sent": each.sent_at.isoformat() if each.sent_at else None,
            }
            for each in line.told
        ],
    }
