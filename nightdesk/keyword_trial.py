"""What would these words have sent lately, and what should their editor know before saving them?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from config.settings import Settings
from news.errors import QueryError
from news.nouns import Evidence, Grade, Story, Watchlist
from nightdesk.keyword_drafts import BOXES, Box, Difference, Draft, differing, drafted
from nightdesk.keyword_fixes import Fix, meant, mended
from nightdesk.keyword_places import misplaced
from nightdesk.rehearsal_memory import Memory, Patience
from nightdesk.rehearsal_steps import Change, How, Rehearsal, Step, change
from storage.contract import Store

MANY = 4  # stories that one new word brings before it is worth a remark
MOST_OF_THEM = 0.5  # of these only in passing, and the word is very broad
MOST_SHOWN = 6  # stories of each kind
MOST_REMARKS = 6
PIECES = 24  # of evidence that a match names at most
BOX_NAMES = {"any": "any of these", "all": "must also have", "never": "never"}
_LISTS = re.compile(r"(?<= )(any|all|never):(?!\S*\w)")
SHORTEST = 1 / 24  # of a day: what happened in less says nothing about a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something to know before saving, and what can be done about it."""

    what: str
    more: str = ""
    # It keeps the words from being saved.
    wrong: bool = False
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A story as the pane shows it."""

    story: Story
    outlet: str
    how: str
    # The words that found it.
    words: tuple[str, ...]
    # What is said below the headline.
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the words would have done."""

    # That were asked for.
    days: int
    # The newest so many of them were tried so far, or all.
    days_tried: float
    whole: bool
    articles: int
    stories: int
    stories_a_day: float
    alerts_a_day: float
    # The saved version's; None while nothing was saved yet.
    stories_before: int | None
    alerts_before: float
    gained: tuple[Shown, ...]
    lost: tuple[Shown, ...]
    stays: int
    gained_all: int
    lost_all: int
    # The last ones it caught.
    examples: tuple[Shown, ...]
    remarks: tuple[Remark, ...]
    silent: tuple[str, ...]


def _every(draft: Draft) -> Iterator[tuple[Box, str]]:
    for box in BOXES:
        for line in draft.lines(box):
            yield box, line


def mistakes(draft: Draft) -> tuple[Remark, ...]:
    """Return what keeps the words from being read."""
    from news.matching.parsing import parse

    found: list[Remark] = []
    for box, line in _every(draft):
        try:
            parse(line)
        except QueryError as error:
            more = _in_boxes(f"Write {error.write}.") if error.write else ""
            found.append(
                Remark(
                    what=_in_boxes(f"“{line}”: {error.what}."),
                    more=more,
                    wrong=True,
                    fix=mended(box, line, error),
                )
            )
    found += (Remark(what=what, more=more, wrong=True) for what, more in misplaced(draft.places))
    if not (draft.any or draft.all):
        found.append(Remark(what="Nothing is looked for yet.", more="Write a word or a phrase.", wrong=True))
    return tuple(found)


def _in_boxes(words: str) -> str:
    """Return words about a watchlist's file as they are said of its boxes: "under never:" is “never”."""
    return _LISTS.sub(lambda found: f"“{BOX_NAMES[found[1]]}”", words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be tried."""

    watchlist: Watchlist
    settings: Settings
    # What the file says; None while there is none.
    saved: Draft | None
    # What stands in the boxes.
    draft: Draft
    now: datetime
    days: int


def tried(store: Store, memory: Memory, asked: Asked, patience: Patience | None = None) -> Trial:
    """Try words on the last days; with patience, on as many of the newest as it lasts for.

    Raises:
        QueryError: a line cannot be read.
    """
    saved, draft, days = asked.saved, asked.draft, asked.days
    watchlist, settings = asked.watchlist, asked.settings
    since = asked.now - timedelta(days=days)
    drafts = [draft] if saved is None or mistakes(saved) else [saved, draft]
    wanted = [drafted(watchlist, each, settings) for each in drafts]
    *befores, rehearsal = memory.so_far(store, wanted, settings, (since, asked.now), patience)
    before = befores[0] if befores else None
    whole = rehearsal.since <= since
    days_tried = max((rehearsal.until - rehearsal.since) / timedelta(days=1), SHORTEST)
    changed = change(before, rehearsal) if before else Change(gained=(), lost=(), moved=())
    differences = differing(saved, draft) if saved is not None else ()
    gained, lost = changed.gained[::-1], changed.lost[::-1]
    caught = list(rehearsal.caught.values())[::-1]
    return Trial(
        days=days,
        days_tried=days_tried,
        whole=whole,
        articles=rehearsal.articles,
        stories=rehearsal.stories,
        stories_a_day=rehearsal.stories / days_tried,
        alerts_a_day=rehearsal.alerts / days_tried,
        stories_before=before.stories if before else None,
        alerts_before=before.alerts / days_tried if before else 0.0,
        gained=tuple(_shown(step, "would be ") for step in gained[:MOST_SHOWN]),
        lost=tuple(_lost(step, differences) for step in lost[:MOST_SHOWN]),
        stays=rehearsal.stories - len(gained) if before else 0,
        gained_all=len(gained),
        lost_all=len(lost),
        examples=tuple(_shown(step) for step in caught[:MOST_SHOWN]),
        remarks=tuple(_remarks(draft, differences, rehearsal, changed))[:MOST_REMARKS],
        silent=tuple(_silent(store, draft, rehearsal)) if whole else (),
    )


def _shown(step: Step, before: str = "") -> Shown:
    how = "sent when quiet hours end" if step.how is How.LATER else step.how.value
    how = "sent at once" if step.how is How.AT_ONCE else how
    found = tuple(dict.fromkeys(" ".join(each.words.split()) for each in _evidence(step)))
    return Shown(
        story=step.story,
        outlet=step.story.articles[0].article.outlet,
        how=how,
        words=found[:3],
        note=f"{before}{how}",
    )


def _lost(step: Step, differences: Sequence[Difference]) -> Shown:
    """Say which line had found a story, or which one leaves it out now."""
    removed = {line for each in differences if each.box != "never" for line in each.removed}
    finders = tuple(dict.fromkeys(each.clause for each in _evidence(step)))
    if finders and set(finders) <= removed:
        note = f"only {' and '.join(f'“{line}”' for line in finders[:2])} had found it"
    else:
        note = "the new words leave it out"
    return replace(_shown(step), note=note)


def _evidence(step: Step) -> Iterator[Evidence]:
    for match in step.match.matches if step.match else ():
        yield from match.evidence


# ── Remarks ───────────────────────────────────────────────────────────────────────────────────────────────


def _remarks(
    draft: Draft, differences: Sequence[Difference], rehearsal: Rehearsal, changed: Change
) -> Iterator[Remark]:
    added = {line for each in differences if each.box == "any" for line in each.added}
    yield from _broad(added, rehearsal, changed)
    yield from _missed(differences, changed)
    yield from _odd(draft)


def _broad(added: set[str], rehearsal: Rehearsal, changed: Change) -> Iterator[Remark]:
    """Yield a remark for each new line that brings much of which little is about it."""
    alone: Counter[str] = Counter()
    passing: Counter[str] = Counter()
    for step in changed.gained:
        finders = {each.clause for each in _evidence(step)}
        if len(finders) == 1 and finders <= added:
            (line,) = finders
            alone[line] += 1
            passing[line] += step.match is not None and step.match.grade is not Grade.ABOUT
    for line, number in alone.most_common():
        if number >= MANY and (passing[line] >= MOST_OF_THEM * number or number > rehearsal.stories / 2):
            more = f"It alone brings {number} of {rehearsal.stories} stories"
            if passing[line]:
                more += f", {passing[line]} of them with a passing mention"
            fix = Fix(kind="take", box="any", line=line)
            yield Remark(what=f"“{line}” is very broad.", more=f"{more}.", fix=fix)


def _missed(differences: Sequence[Difference], changed: Change) -> Iterator[Remark]:
    """Yield a remark for each line whose end loses stories."""
    for line in (line for each in differences if each.box == "any" for line in each.removed):
        number = sum({each.clause for each in _evidence(step)} == {line} for step in changed.lost)
        if number:
            stories = "1 story" if number == 1 else f"{number} stories"
            fix = Fix(kind="put", box="any", line=line)
            yield Remark(what=f"Without “{line}” you lose {stories}.", fix=fix)
    left_out = {line for each in differences if each.box == "never" for line in each.added}
    for line in left_out:
        if changed.lost:
            fix = Fix(kind="take", box="never", line=line)
            what = f"“{line}” under “never” leaves stories out."
            yield Remark(what=what, more="Look at what is lost above.", fix=fix)


def _odd(draft: Draft) -> Iterator[Remark]:
    """Yield what a line may mean besides."""
    from news.matching.language import warnings

    for box, line in _every(draft):
        for warning in warnings(line):
            fix = meant(box, line, warning.write, (warning.start, warning.end))
            capitals = warning.write.startswith("=")
            more = "The word in small letters is found too." if capitals else f"Write {warning.write}."
            yield Remark(what=f"“{line}”: {warning.what}.", more=more, fix=fix)


def _silent(store: Store, draft: Draft, rehearsal: Rehearsal) -> Iterator[str]:
    """Yield the lines that found nothing: none that may have found something is named."""
    from news.matching.parsing import parse
    from news.matching.searching import wanted

    matches = [match for step in rehearsal.steps if step.match for match in step.match.matches]
    found = {each.clause for match in matches for each in match.evidence}
    found |= {step.never for step in rehearsal.steps}
    whole = all(len(match.evidence) < PIECES for match in matches)
    for line in (*draft.any, *draft.never):
        if line in found:
            continue
        if whole and line in draft.any:
            yield line
            continue
        asked = wanted(parse(line))
        if asked is not None and not store.stories_stamped(asked, since=rehearsal.since):
            yield line
