"""How does an account read: why was this told, or why not?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.shares import shared_words
from alerts.words import PLACE, credit_of, cut, outlet_of, told_at
from config.settings import Settings
from news.nouns import Article, Evidence, Mark, Match, StoryArticle, StoryMatch
from news.sentences import sentences
from news.wording import GRADE_WORDS, PRIORITY_WORDS, clock_time, counted, weekday_date, when
from nightdesk.arrival_words import arrival, unfiled
from nightdesk.at_once import why_not_at_once
from nightdesk.explaining import Account, Judgement, Stage
from nightdesk.handovers import LABELS
from nightdesk.paragraph import Paragraph
from nightdesk.story_page import decision_words, entries_of, hold_lines, reason_words, shared_lines

if TYPE_CHECKING:
    from news.matching.explaining import Explanation, LineAnswer, Part

#: Pieces of evidence and new sentences that are shown.
MOST_SHOWN = 3
#: Articles of its story, without --full.
MOST_TIMELINE = 6
#: Lines that came near to holding, and the parts of one that are named.
MOST_NEAREST = 1
MOST_PARTS = 2
LONGEST_LINE = 100  # characters of a watchlist's line that are shown
SHORTEST_TO_SHOW = 40  # characters; a longer line under never: is shown by the words that it found


def headline_lines(account: Account, settings: Settings) -> Iterator[str]:
    """Yield the verdict, and who published the article when."""
    article, zone = account.article, settings.timezone
    if article is None:
        title = next((str(each["title"]) for each in account.trace.trail if each.get("title")), "")
        yield f"{account.verdict}: {title or account.trace.address}"
        if title:
            yield account.trace.address
        return
    yield f"{account.verdict}: {article.title}"
    at = told_at(article)
    credit = credit_of(article)
    pieces = [f"{outlet_of(article)}, {weekday_date(at, zone)}, {clock_time(at, zone)}"]
    if credit:
        pieces.append(f"Credit: {credit}")
    yield ". ".join(pieces) + "."


def paragraphs(account: Account, settings: Settings, *, now: datetime, full: bool) -> Iterator[Paragraph]:
    """Yield what became of it, room by room; with `full`, every line of every watchlist."""
    if account.place is None:
        yield from unfiled(account, settings, now)
        return
    yield from arrival(account, settings, now=now, full=full)
    yield from _same_story(account, settings, now, full=full)
    yield from _timeline(account, settings, now, full=full)
    if account.hold is not None and account.story is not None:
        lines = tuple(hold_lines(account.hold, account.story, settings, now=now))
        yield Paragraph(label="On hold", lines=lines)
    for judgement in account.judgements:
        said = [_marked(judgement.mark, settings, now)] if judgement.mark else []
        lines = (*_judged(judgement, account, full=full), *said)
        yield Paragraph(label=judgement.watchlist.name, lines=lines)
    if not account.judgements:
        yield Paragraph(label="Watchlists", lines=("there is none",))
    yield from _whats_new(account.place)
    for handover in account.handovers:
        words = handover.words(settings.timezone, now=now, full=full)
        yield Paragraph(label=LABELS[handover.state], lines=(words,))
    if not account.handovers:
        yield from _why_no_message(account)


# ── Filed ─────────────────────────────────────────────────────────────────────────────────────────────────


def _same_story(account: Account, settings: Settings, now: datetime, *, full: bool) -> Iterator[Paragraph]:
    story, place = account.story, account.place
    if story is None or place is None or len(story.articles) < 2:  # noqa: PLR2004 - itself and another
        return
    first = story.articles[0]
    if first.article.id == place.article.id:
        others = [each for each in story.articles if each.article.id != place.article.id]
        lines = [
            f"{outlet_of(each.article)}, {when(told_at(each.article), settings.timezone, now=now)}"
            for each in others[:MOST_SHOWN]
        ]
        more = len(others) - MOST_SHOWN
        yield Paragraph(label="Also told by", lines=(*lines, *([f"{more} more"] if more > 0 else [])))
        return
    at = when(told_at(first.article), settings.timezone, now=now)
    shared = shared_words(place, story) or place.placement.reason
    lines = [first.article.title, f"{outlet_of(first.article)}, {at}", shared]
    passages = place.placement.shared[: len(place.placement.shared) if full else 0]
    lines += [f"= {_one_line(passage.sentence.text)}" for passage in passages]
    yield Paragraph(label="Same story as", lines=tuple(line for line in lines if line))


def _timeline(account: Account, settings: Settings, now: datetime, *, full: bool) -> Iterator[Paragraph]:
    """Yield how the story came together, and what people decided of it."""
    story = account.story
    if story is None:
        return
    entries = entries_of(story)
    lines = []
    for each in entries if full else entries[:MOST_TIMELINE]:
        at = when(told_at(each.article), settings.timezone, now=now)
        lines.append(f"{at}  {outlet_of(each.article)}: {reason_words(each)}")
        lines += [f"  {words}" for words in shared_lines(each, story)] if full else []
    more = 0 if full else len(entries) - MOST_TIMELINE
    lines += [f"{more} more: stories show {story.id}"] if more > 0 else []
    if len(entries) > 1:
        yield Paragraph(label=f"Story {story.id}", lines=tuple(lines))
    decided = [decision_words(decision) for decision in account.decisions if decision.stands]
    if decided:
        yield Paragraph(label="Decided", lines=tuple(decided))


def _whats_new(place: StoryArticle) -> Iterator[Paragraph]:
    new = place.placement.whats_new
    if place.corrections:
        changes = [
            f"{each.label}: {each.before or '(nothing)'} → {each.after or '(nothing)'}"
            for each in place.corrections[:MOST_SHOWN]
        ]
        yield Paragraph(label="Changed", lines=tuple(changes))
    if place.placement.story_id is None:
        return
    if not new and place.corrections:
        return
    if not new:
        yield Paragraph(label="What is new", lines=("nothing that the story had not said",))
        return
    quotes = [f"> {' '.join(sentence.text.split())}" for sentence in new[:MOST_SHOWN]]
    yield Paragraph(label="What is new", lines=(counted(len(new), "detail"), *quotes))


def _why_no_message(account: Account) -> Iterator[Paragraph]:
    reasons = {
        Stage.BACKLOG: (
            "it was there before Nightdesk first checked its source, and the archive is never sent",
            "unless asked: nightdesk run --since 24h",
        ),
        Stage.TO_JUDGE: (
            "filed, and not yet compared with the watchlists; that takes seconds while Nightdesk runs",
        ),
        Stage.NOBODY_ASKED: ("its watchlists send nowhere what is like this; see deliver: in their files",),
    }
    if account.stage in reasons:
        label = "Waiting" if account.stage is Stage.TO_JUDGE else "Not sent"
        yield Paragraph(label=label, lines=reasons[account.stage])


# ── One watchlist ─────────────────────────────────────────────────────────────────────────────────────────


def _judged(judgement: Judgement, account: Account, *, full: bool) -> Iterator[str]:
    found, explanation = judgement.found, judgement.explanation
    if not judgement.watchlist.enabled:
        yield "paused"
    if found is not None:
        yield from _found(found, judgement, account)
        yield from why_not_at_once(found, judgement.watchlist)
    elif judgement.match is None:
        yield from _missed(explanation)
    elif account.stage is Stage.TO_JUDGE:
        yield f"will catch it: {GRADE_WORDS[judgement.match.grade].lower()}"
    else:
        grade = GRADE_WORDS[judgement.match.grade].lower()
        yield f"would catch it as {grade}: it was changed after the story was judged"
        yield "a change counts for what is filed from then on"
    if full:
        yield from _tree(explanation, account.article)


def _marked(mark: Mark, settings: Settings, now: datetime) -> str:
    word, who = "relevant" if mark.relevant else "not relevant", mark.who or "somebody"
    return f"marked as {word} by {who}, {when(mark.at, settings.timezone, now=now)}"


def _found(found: StoryMatch, judgement: Judgement, account: Account) -> Iterator[str]:
    yield f"{GRADE_WORDS[found.grade].lower()}, {PRIORITY_WORDS[found.priority].lower()}"
    match = _match_shown(found, account)
    if match is not None:
        if match.grade_reason:
            yield match.grade_reason
        for evidence in apart(match.evidence)[:MOST_SHOWN]:
            yield _evidence_words(evidence, match, account)
            if evidence.where:
                yield evidence.where
        if match.priority_reason:
            why = cut(match.priority_reason, LONGEST_LINE)
            yield f"{PRIORITY_WORDS[match.priority].lower()}, because of {why}"
    if judgement.match is None:
        yield "this article alone is not on it; its story is"


def _match_shown(found: StoryMatch, account: Account) -> Match | None:
    """Return the match of this article, or the strongest of its story."""
    mine = account.article.id if account.article else 0
    own = next((match for match in found.matches if match.article_id == mine), None)
    return own or next(iter(found.matches), None)


def _evidence_words(evidence: Evidence, match: Match, account: Account) -> str:
    article = _article(match.article_id, account)
    place = evidence_place(evidence, article)
    if account.article is None or article is None or article.id == account.article.id:
        return f"“{_one_line(evidence.words)}” in {place}"
    if account.story is not None and account.story.articles[0].article.id == article.id:
        headline = evidence.field == "title"
        place = "the story's first headline" if headline else f"{place} of the story's first article"
        return f"“{_one_line(evidence.words)}” in {place}"
    return f"“{_one_line(evidence.words)}” in {place} of {outlet_of(article)}"


def apart(found: Sequence[Evidence]) -> list[Evidence]:
    """Return pieces of evidence of which none lies in another, and no words stand twice."""
    kept: list[Evidence] = []
    for each in sorted(found, key=lambda one: one.end - one.start):
        inside = any(
            one.field == each.field and each.start <= one.start and one.end <= each.end for one in kept
        )
        if not inside and each.words.lower() not in {one.words.lower() for one in kept}:
            kept.append(each)
    return [each for each in found if each in kept]


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _article(article_id: int, account: Account) -> Article | None:
    told = account.story.articles if account.story else ()
    return next((each.article for each in told if each.article.id == article_id), None)


def evidence_place(evidence: Evidence, article: Article | None) -> str:
    """Return where words stand: "the headline", "the first sentence", "the text"."""
    if evidence.field == "title":
        return "the headline"
    if evidence.field != "text":
        return PLACE[evidence.field]
    opening = next(iter(sentences(article.text)), None) if article else None
    return "the first sentence" if opening and evidence.start < opening.end else "the text"


def _missed(explanation: Explanation) -> Iterator[str]:
    """Yield why a watchlist does not have an article, and where that is written."""
    if explanation.outcome == "never":
        yield f"left out, because of never: {never_words(explanation)}"
        yield from (line.clause.where for line in explanation.held("never")[:1] if line.clause.where)
        return
    yield explanation.reason
    if explanation.outcome == "missing":
        yield from (line.clause.where for line in explanation.failed("all")[:1] if line.clause.where)
    elif explanation.outcome == "nothing":
        for line in _nearest(explanation.failed("any")):
            yield f"nearest: {_halves(line.part)}"
            if line.clause.where:
                yield line.clause.where


def never_words(explanation: Explanation) -> str:
    """Return the line under never: that holds, or the words it found when it is long."""
    line = next(iter(explanation.held("never")), None)
    if line is None:
        return ""
    if len(line.clause.text) <= SHORTEST_TO_SHOW or not line.part.evidence:
        return cut(line.clause.text, LONGEST_LINE)
    found = apart(line.part.evidence)[0]
    return f"“{_one_line(found.words)}” in {evidence_place(found, None)}"


def _nearest(lines: Sequence[LineAnswer]) -> list[LineAnswer]:
    """Return the lines of which most is in the article."""
    near = [line for line in lines if any(part.held for part in line.part.parts)]
    return sorted(near, key=_share, reverse=True)[:MOST_NEAREST]


def _share(line: LineAnswer) -> tuple[float, bool]:
    """Return how much of a line holds, and whether what holds stands in the headline."""
    parts = line.part.parts
    top = any(evidence.field == "title" for part in parts for evidence in part.evidence)
    return sum(part.held for part in parts) / len(parts), top


def _halves(part: Part) -> str:
    there = [name for each in part.parts if each.held for name in _leaves(each, held=True)]
    missing = [name for each in part.parts if not each.held for name in _leaves(each, held=False)]
    if not missing:
        return f"{cut(part.said, LONGEST_LINE)}: all of it is there, but not together"
    more = len(missing) - MOST_PARTS
    rest = f" or {more} more" if more > 0 else ""
    return f"{there[0]} is there, {' or '.join(missing[:MOST_PARTS])}{rest} is not"


def _leaves(part: Part, *, held: bool) -> list[str]:
    """Return the words of a part that are there, or that are not."""
    found = [leaf for each in part.parts if each.held is held for leaf in _leaves(each, held=held)]
    return found or [part.said]


def verdict_paragraphs(explanation: Explanation, article: Article) -> Iterator[Paragraph]:
    """Yield what a watchlist says of one article that stands alone, and the lines that made it say so."""
    match = explanation.match
    if match is None:
        yield Paragraph(label="Because", lines=tuple(_missed(explanation)))
        return
    for evidence in apart(match.evidence)[:MOST_SHOWN]:
        where = (evidence.where,) if evidence.where else ()
        found = f"“{_one_line(evidence.words)}” in {evidence_place(evidence, article)}"
        yield Paragraph(label="Found", lines=(found, *where))
    why = cut(match.priority_reason, LONGEST_LINE)
    reasons = [match.grade_reason, why and f"{PRIORITY_WORDS[match.priority].lower()}: {why}"]
    yield Paragraph(label="Because", lines=tuple(reason for reason in reasons if reason))


def _tree(explanation: Explanation, article: Article | None) -> Iterator[str]:
    """Yield every line of a watchlist, part by part: what held, what failed, which words stood where."""
    for line in explanation.lines:
        yield f"{line.role}: {'yes' if line.held else 'no'}, {line.clause.text}"
        if line.held and not line.part.parts:
            yield from (f"  {words}" for words in _stood(line.part, article))
        for part in line.part.parts:
            yield from _branches(part, 1, article)


def _branches(part: Part, depth: int, article: Article | None) -> Iterator[str]:
    found = "" if part.parts else "; ".join(_stood(part, article))
    yield f"{'  ' * depth}{'yes' if part.held else 'no'}, {part.said}{f': {found}' if found else ''}"
    for each in part.parts:
        yield from _branches(each, depth + 1, article)


def _stood(part: Part, article: Article | None) -> Iterator[str]:
    for evidence in apart(part.evidence):
        yield f"“{_one_line(evidence.words)}” in {evidence_place(evidence, article)}"
