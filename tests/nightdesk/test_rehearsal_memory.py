"""A rehearsal that remembers the one before says what one that starts anew says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from news.nouns import Clause, DeliverRule, Watchlist
from nightdesk.rehearsal import rehearse
from nightdesk.rehearsal_memory import Memory, Patience, bare
from nightdesk.rehearsal_steps import Rehearsal
from tests.nightdesk.desk import Desk
from tests.nouns import DAY, NOON

HEADLINES = (
    "Sanctuary cities sued",
    "Elephant sanctuary opens",
    "Sheriff ends jail detainer deal",
    "Council hears of oysters",
    "ICE agents at the jail",
)


def lines(*texts: str) -> tuple[Clause, ...]:
    return tuple(Clause(text=text, where="watchlists/a.yaml:1:1") for text in texts)


def drafts(saved: Watchlist) -> Iterable[Watchlist]:
    """What an editor may try one after the other."""
    yield saved
    yield replace(saved, any=(*saved.any, *lines("oysters")))
    yield replace(saved, any=(*saved.any, *lines("oysters")), never=(*saved.never, *lines("council")))
    yield replace(saved, any=saved.any[1:])
    yield replace(saved, any=tuple(reversed(saved.any)))
    yield replace(saved, never=())
    yield replace(saved, all=lines("jail"))
    yield replace(saved, any=lines("source:channel4"))
    yield replace(saved, priority=replace(saved.priority, high=lines("sheriff")))
    yield replace(saved, deliver=(DeliverRule(to="console:", passing_mentions=True),))
    yield saved


def said(rehearsal: Rehearsal) -> Rehearsal:
    return replace(rehearsal, near_misses=())


def test_each_draft_is_told_what_a_rehearsal_from_the_beginning_tells(tmp_path: Path) -> None:
    desk, memory = Desk(tmp_path), Memory()
    filed = []
    for number, headline in enumerate(HEADLINES * 2):
        desk.clock.advance(timedelta(minutes=50))
        filed.append(
            desk.files(
                headline, text=f"{headline}. It is report {number}.", address=f"https://a.test/{number}"
            )
        )
    desk.grows(filed[1].story_id, "The jail answers", text="The detainer stays.", address="https://a.test/x")
    span = {"since": NOON - DAY, "until": NOON + DAY}
    (saved,) = desk.settings.watchlists
    for number, draft in enumerate(drafts(saved)):
        if number == 5:  # something changes between two letters
            desk.corrects(filed[0], "It is report 0", "Oysters, too")
            desk.files("Oysters at the jail", address="https://a.test/new")
        expected = rehearse(desk.store, bare(draft), desk.settings, **span)
        assert memory.rehearse(desk.store, draft, desk.settings, **span) == said(expected)
        assert expected.steps or number == 6
    # Who has no patience hears of one story more each time, the newest first; nothing else changes.
    hurry, spans, impatient = Patience(seconds=0, clock=lambda: 0.0), [span["until"]], Memory()
    both, words = (saved, replace(saved, any=saved.any[1:])), (span["since"], span["until"])
    while spans[-1] > span["since"]:
        found = impatient.so_far(desk.store, both, desk.settings, words, hurry)
        spans.append(found[0].since)
        so_far = {"since": spans[-1], "until": span["until"]}
        for watchlist, each in zip(both, found, strict=True):
            assert each == said(rehearse(desk.store, bare(watchlist), desk.settings, **so_far))
    assert len(spans) > len(HEADLINES)
    assert spans == sorted(spans, reverse=True)
    desk.close()


def test_only_stories_that_a_changed_line_could_touch_are_judged_again(tmp_path: Path) -> None:
    desk, memory = Desk(tmp_path), Memory()
    for number, headline in enumerate(HEADLINES):
        desk.files(headline, text=headline, address=f"https://a.test/{number}")
    (saved,) = desk.settings.watchlists
    span = {"since": NOON - DAY, "until": NOON + DAY}
    memory.rehearse(desk.store, saved, desk.settings, **span)
    before = memory.judged
    memory.rehearse(desk.store, replace(saved, any=(*saved.any, *lines("oysters"))), desk.settings, **span)
    assert (before, memory.judged - before) == (3, 1)
    desk.close()
