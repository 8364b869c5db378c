"""Why did somebody not get this? Step by step: each question, its answer, and where it ended.

An account (nightdesk/explaining.py) knows what became of an article; here it is told for one place, and the
last step says what can be done next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

from alerts.words import cut
from config.settings import Settings
from news.nouns import Health, Watchlist
from news.urls import host
from news.wording import GRADE_WORDS, PRIORITY_WORDS, counted, joined, when
from nightdesk.arrival_words import unfiled
from nightdesk.at_once import why_not_at_once
from nightdesk.explaining import Account, Judgement, Stage
from nightdesk.explaining_words import LONGEST_LINE, apart
from nightdesk.handovers import Handover, place_of
from storage.acts_contract import Act

Answer = Literal["yes", "no", "wait", "open"]
NOT_ASKED = "Not asked any more."
_BY_LIKELIHOOD = ("never", "missing", "nothing", "source", "language", "matched")


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What can be done about it."""

    words: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A question, and how it was answered."""

    question: str
    answer: str
    # "no": it ended here. "wait": it has not come so far yet. "open": not asked any more.
    kind: Answer = "yes"
    note: str = ""
    # Words of a watchlist, to be marked.
    marked: str = ""
    # What this step means when it is the one that ended it: a sentence.
    verdict: str = ""
    nexts: tuple[Next, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The whole way of an article to a place."""

    # "Your word “animal sanctuary” kept it out."
    verdict: str
    arrived: bool
    steps: tuple[Step, ...]
    nexts: tuple[Next, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked: an account, for whom, and when."""

    account: Account
    settings: Settings
    # "slack:#immigration-desk"; "" is anybody.
    place: str
    zone: str
    now: datetime
    # What people decided that keeps messages back.
    standing: tuple[Act, ...] = ()

    def when(self, moment: datetime) -> str:
        """Return a time on the reader's clock."""
        return when(moment, self.zone, now=self.now)


def steps_of(asked: Asked) -> Steps:
    """Return the way of an article, up to where it ended."""
    told: list[Step] = []
    ended: Step | None = None
    for step in _steps(asked):
        if ended is not None and step.kind != "open":
            step = Step(question=step.question, answer=NOT_ASKED, kind="open")  # noqa: PLW2901
        told.append(step)
        if ended is None and step.kind in {"no", "wait"}:
            ended = step
    last = ended or told[-1]
    return Steps(
        verdict=last.verdict or last.answer, arrived=ended is None, steps=tuple(told), nexts=last.nexts
    )


def _steps(asked: Asked) -> Iterator[Step]:
    yield _source(asked)
    yield _seen(asked)
    account = asked.account
    if account.place is None:
        yield Step(question="Is it part of a story you already have?", answer=NOT_ASKED, kind="open")
        yield Step(question="Do your words match?", answer=NOT_ASKED, kind="open")
        yield Step(question="Was it sent?", answer="No.", kind="open")
        return
    yield _story(asked)
    yield from _words(asked)
    yield from _people(asked)
    yield _sent(asked)


# ── Did it come? ──────────────────────────────────────────────────────────────────────────────────────────


def _source(asked: Asked) -> Step:
    question = "Do we read this source?"
    sources, total = asked.account.trace.sources, len(asked.settings.sources)
    if asked.account.article is not None and not sources:
        note = f"{asked.account.article.outlet} is none of your {total} any more"
        return Step(question=question, answer="It was read when the article came.", note=f"{note}.")
    if not sources:
        there = host(asked.account.trace.address)
        return Step(
            question=question,
            answer=f"No. None of your {total} publishes at {there}.",
            kind="no",
            verdict=f"Nobody reads {there}: it is none of your sources.",
            nexts=(Next(words=f"Add {there} as a source", address=f"/sources/add?address={there}"),),
        )
    source = sources[0]
    state = asked.account.trace.states.get(source.id)
    ill = state is not None and state.health in {Health.STOPPED, Health.FAILING, Health.QUIET}
    note = f"{source.name} is one of your {total}"
    if not source.enabled:
        note += "; it is switched off"
    elif state is not None and ill:
        note += f"; it is {state.health.value}{f': {state.reason}' if state.reason else ''}"
    return Step(question=question, answer="Yes.", note=f"{note}.")


def _seen(asked: Asked) -> Step:
    question, account = "Did we see the article?", asked.account
    lines = [line for each in unfiled(account, asked.settings, asked.now) for line in each.lines]
    if account.stage is Stage.NEVER_SEEN:
        nexts = tuple(
            Next(words=f"Look at {each.name}", address=f"/sources/{each.id}")
            for each in account.trace.sources[:1]
        )
        return Step(
            question=question,
            answer="No.",
            kind="no",
            note=_sentences(lines),
            verdict="It was in nothing that your sources brought.",
            nexts=nexts,
        )
    if account.place is None:
        waits = account.stage is Stage.TO_FILE
        return Step(
            question=question,
            answer="Yes, and it is not read yet." if waits else "Yes, and it could not be read.",
            kind="wait" if waits else "no",
            note=_sentences(lines),
            verdict="It is read in a moment." if waits else "Its page could not be read.",
            nexts=tuple(
                Next(words=f"Look at {each.name}", address=f"/sources/{each.id}")
                for each in account.trace.sources[:1]
            ),
        )
    at = account.place.filed_at
    return Step(question=question, answer=f"Yes, {asked.when(at)}." if at else "Yes.")


def _sentences(lines: Sequence[str]) -> str:
    return " ".join(f"{line[:1].upper()}{line[1:]}." for line in lines)


def _story(asked: Asked) -> Step:
    question, story, place = (
        "Is it part of a story you already have?",
        asked.account.story,
        asked.account.place,
    )
    if story is None or place is None or place.article.id == story.articles[0].article.id:
        return Step(question=question, answer="No, it began a story of its own.")
    return Step(question=question, answer="Yes.", note=f"{story.title}: {place.placement.reason}.")


# ── Was it wanted? ────────────────────────────────────────────────────────────────────────────────────────


def _words(asked: Asked) -> Iterator[Step]:
    """Yield what the watchlists made of it: the one that came nearest, and the others in a line."""
    account = asked.account
    heard = [each for each in account.judgements if _tells(each.watchlist, asked.place)]
    if not heard:
        what = f"No watchlist tells {place_of(asked.place)}." if asked.place else "There is no watchlist."
        nexts = (Next(words="Open the keywords", address="/keywords"),)
        yield Step(
            question="Which watchlist would tell it?", answer=what, kind="no", verdict=what, nexts=nexts
        )
        return
    found = [each for each in heard if each.found is not None]
    nearest = min(heard, key=_likelihood)
    others = [each.watchlist.name for each in heard if each is not nearest and each.found is None]
    note = f"{joined(others)} did not either." if others and not found else ""
    yield _never(nearest if not found else found[0])
    yield _match(asked, found, nearest, note)
    if found:
        yield _at_once(found)


def _tells(watchlist: Watchlist, place: str) -> bool:
    return not place or any(rule.to == place for rule in watchlist.deliver)


def _likelihood(judgement: Judgement) -> int:
    return -1 if judgement.found is not None else _BY_LIKELIHOOD.index(judgement.explanation.outcome)


def _edit(watchlist: Watchlist) -> Next:
    return Next(words=f"Edit keywords of {watchlist.name}", address=f"/keywords/{watchlist.id}")


def _never(judgement: Judgement) -> Step:
    question, name = "Does a word under “never” stand in it?", judgement.watchlist.name
    if judgement.found is not None or judgement.explanation.outcome != "never":
        return Step(question=question, answer="No.")
    line = judgement.explanation.held("never")[0]
    said, found = cut(line.part.said, LONGEST_LINE), apart(line.part.evidence)
    return Step(
        question=question,
        answer=f"Yes, {said}:" if found else "Yes:",
        kind="no",
        marked=" ".join(found[0].words.split()) if found else said,
        note="It ends here.",
        verdict=f"Your line {said} kept it out. It stands under “never” in the watchlist {name}.",
        nexts=(_without(judgement.watchlist, line.clause.text), _edit(judgement.watchlist)),
    )


def _without(watchlist: Watchlist, line: str) -> Next:
    """Return how the keywords are tried without one of the lines under "never"; nothing is saved."""
    words = f"Try it without “{cut(line, LONGEST_LINE)}”"
    return Next(words=words, address=f"/keywords/{watchlist.id}?{urlencode({'without': line})}")


def _match(asked: Asked, found: Sequence[Judgement], nearest: Judgement, note: str) -> Step:
    question = "Do your words match?"
    if found:
        told = [
            f"{each.watchlist.name}: {GRADE_WORDS[each.found.grade].lower()},"
            f" {PRIORITY_WORDS[each.found.priority].lower()}"
            for each in found
            if each.found is not None
        ]
        return Step(question=question, answer="Yes.", note=f"{'; '.join(told)}.")
    name, nexts = nearest.watchlist.name, (_edit(nearest.watchlist),)
    if asked.account.stage is Stage.TO_JUDGE:
        verdict = "It was filed, and is compared with the keywords in a moment."
        return Step(question=question, answer="Not compared yet.", kind="wait", verdict=verdict)
    if nearest.match is not None:
        verdict = f"{name} would catch it now: its keywords were changed after the article came."
        return Step(
            question=question,
            answer="Not at that time.",
            kind="no",
            note=verdict,
            verdict=verdict,
            nexts=nexts,
        )
    reason = nearest.explanation.reason
    return Step(
        question=question,
        answer="No.",
        kind="no",
        note=" ".join(filter(None, (f"{name}: {reason}.", note))),
        verdict=f"No watchlist wanted it. {name}: {reason}.",
        nexts=nexts,
    )


def _at_once(found: Sequence[Judgement]) -> Step:
    question = "Is it to be sent at once?"
    whys = [
        why for each in found if each.found is not None for why in why_not_at_once(each.found, each.watchlist)
    ]
    if any(each.found is not None and not each.found.backlog for each in found):
        return Step(question=question, answer="No." if whys else "Yes.", note=_sentences(whys))
    return Step(
        question=question,
        answer="No.",
        kind="no",
        note="It was there before the first check of its source.",
        verdict="It was there before the first check of its source, and the archive is never sent.",
    )


# ── Was it told? ──────────────────────────────────────────────────────────────────────────────────────────


def _people(asked: Asked) -> Iterator[Step]:
    """Yield what people decided that keeps it back."""
    story = asked.account.story
    for act in asked.standing:
        who = asked.settings.reader(act.who)
        name = (who.name if who else "") or act.who
        what = "holds it back" if act.kind == "hold" else "muted it"
        until = f" until {asked.when(act.until)}" if act.until else ""
        yield Step(
            question="Does somebody keep it back?",
            answer=f"Yes: {name} {what}{until}.",
            kind="wait" if act.kind == "hold" else "no",
            verdict=f"{name[:1].upper()}{name[1:]} {what}{until}.",
            nexts=(Next(words="Open the story", address=f"/stories/{story.id}"),) if story else (),
        )


def _sent(asked: Asked) -> Step:
    question, story = "Was it sent?", asked.account.story
    told = [each for each in asked.account.handovers if not asked.place or each.destination == asked.place]
    nexts = (Next(words="Open the story", address=f"/stories/{story.id}"),) if story else ()
    for state in ("sent", "waiting", "not sent"):
        found = [each for each in told if each.state == state]
        if found:
            return _handed_over(asked, found, state, nexts)
    place = f" to {place_of(asked.place)}" if asked.place else ""
    verdict = f"It is on a watchlist, and no rule sends it{place}."
    return Step(question=question, answer="No.", kind="no", verdict=verdict, nexts=nexts)


def _handed_over(asked: Asked, found: Sequence[Handover], state: str, nexts: tuple[Next, ...]) -> Step:
    first = found[0]
    words = first.words(asked.zone, now=asked.now)
    more = f"And {counted(len(found) - 1, 'more message')}." if len(found) > 1 else ""
    question = "Was it sent?"
    if state == "sent":
        return Step(
            question=question,
            answer=f"Yes: {words}.",
            note=more,
            verdict=f"It was sent: {words}.",
            nexts=nexts,
        )
    if state == "waiting":
        return Step(
            question=question, answer=f"Not yet: {words}.", kind="wait", note=more,
            verdict=f"It waits: {words}.", nexts=nexts,
        )  # fmt: skip
    again = Next(words="See what could not be sent", address="/sent")
    return Step(
        question=question, answer=f"No: {words}.", kind="no", note=more,
        verdict=f"It could not be sent: {words}.", nexts=(again, *nexts),
    )  # fmt: skip
