"""What do a story's follow-ups say?

A reply says only what is new, article by article; a correction says what was and what is. Under its root a
follow-up need not say which story it belongs to; where there is no thread, it says so first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from alerts.corrections import byline, changes_of, old_words_were_told
from alerts.developments import added, corrected, is_withdrawn
from alerts.disagreements import MOST_SHOWN, disagreements_in, listed
from alerts.message import Line, Message, Note, Paragraph, Part, Span
from alerts.official_acts import Confirmed, newly_confirmed
from alerts.shares import shared_words
from alerts.words import (
    Telling,
    adds_words,
    credit_of,
    details_of,
    headline_of,
    highest,
    opaque,
    outlet_of,
    priority_words,
    prose,
    told_at,
)
from news.nouns import StoryArticle
from news.telling import Alert
from news.wording import counted, joined

MOST_ARTICLES = 4  # articles that one follow-up quotes; the rest are named
MOST_CHANGES = 3  # changes of one article that are shown; the rest are counted
NUMBERS = ("One", "Two")
KIND_WORDS = {"reply": "Update", "correction": "Correction"}


def compose_reply(alert: Alert, telling: Telling, *, threaded: bool) -> Message:
    """Say what the articles since the last message add."""
    articles = added(telling.story, after=alert.from_revision, up_to=alert.revision)
    told = articles[:MOST_ARTICLES] or _confirming(alert, telling) or telling.story.articles[-1:]
    rest = joined(dict.fromkeys(each.article.outlet for each in articles[MOST_ARTICLES:]))
    closing = [f"Also new details from {rest}"] if rest else []
    closing += [_why_loud(alert, telling)] if alert.broadcast else []
    parts = [part for each in told for part in _reply_parts(each, telling)]
    pieces = [piece for each in told for piece in _reply_pieces(each, telling)]
    differing = disagreements_in(telling.story, among=[each.article.id for each in articles])
    parts += [part for part in (listed(differing),) if part is not None]
    pieces += [each.sentence for each in differing[:MOST_SHOWN]]
    parts += [Note(line=(Span(text=words),)) for words in closing]
    return _follow_up(alert, telling, told[0], parts=parts, pieces=[*pieces, *closing], threaded=threaded)


def _why_loud(alert: Alert, telling: Telling) -> str:
    """Return why the whole channel sees it: two outlets report an official act, or it matters more now."""
    acts = _confirmed(alert, telling)
    if not acts:
        return f"Now {priority_words(telling).lower()}"
    return f"{outlet_of(acts[0].first)} and {outlet_of(acts[0].second)} report it, each in its own words"


def _confirmed(alert: Alert, telling: Telling) -> tuple[Confirmed, ...]:
    told = telling.thread.root_sent_at if telling.thread else None
    return newly_confirmed(telling.story, after=alert.from_revision, up_to=alert.revision, told=told)


def _confirming(alert: Alert, telling: Telling) -> tuple[StoryArticle, ...]:
    """Return the article that confirms an act and adds nothing else."""
    ids = {each.second.id for each in _confirmed(alert, telling)}
    return tuple(each for each in telling.story.articles if each.article.id in ids)[:1]


def _reply_parts(each: StoryArticle, telling: Telling) -> Iterator[Part]:
    yield Paragraph(lines=(_title(each), (Span(text=_adds(each, telling)),)))
    for detail in details_of(each):
        yield Paragraph(quote=detail)
    yield Note(line=(Span(text=" · ".join(_sources(each, telling))),))


def _reply_pieces(each: StoryArticle, telling: Telling) -> Iterator[str]:
    yield headline_of(each.article)
    yield _adds(each, telling)
    details = details_of(each)
    yield from (f"{number}: {detail}" for number, detail in zip(NUMBERS, details, strict=False))
    yield from _sources(each, telling)


def _adds(each: StoryArticle, telling: Telling) -> str:
    adds = adds_words(each) if each.placement.whats_new else f"{outlet_of(each.article)} reports it too"
    return f"{adds}, {telling.time(told_at(each.article))}"


def _sources(each: StoryArticle, telling: Telling) -> list[str]:
    credit = credit_of(each.article)
    words = [f"Credit: {credit}" if credit else "", shared_words(each, telling.story)]
    return [piece for piece in words if piece]


def compose_correction(alert: Alert, telling: Telling, *, threaded: bool) -> Message:
    """Say what an outlet changed in an article that was told."""
    articles = corrected(telling.story, after=alert.from_revision, up_to=alert.revision)
    told = articles[:MOST_ARTICLES] or telling.story.articles[-1:]
    # By itself it names the story first, which is the corrected article most of the time.
    titled = [threaded or each.article.id != telling.first.article.id for each in told]
    shown = list(zip(told, titled, strict=True))
    parts = [part for each, title in shown for part in _correction_parts(each, telling, titled=title)]
    pieces = [piece for each, title in shown for piece in _correction_pieces(each, telling, titled=title)]
    return _follow_up(alert, telling, told[0], parts=parts, pieces=pieces, threaded=threaded)


def _correction_parts(each: StoryArticle, telling: Telling, *, titled: bool) -> Iterator[Part]:
    what: Line = (Span(text=byline(each, telling)),)
    yield Paragraph(lines=(_title(each), what) if titled else (what,))
    for change in changes_of(each)[:MOST_CHANGES]:
        for side, words in (("Was", change.was), ("Now", change.now)):
            if words:
                yield Paragraph(lines=((Span(text=f"{side}: "), Span(text=words)),))
    yield Note(line=(Span(text=" · ".join(_remarks(each, telling))),))


def _correction_pieces(each: StoryArticle, telling: Telling, *, titled: bool) -> Iterator[str]:
    yield headline_of(each.article) if titled else ""
    yield byline(each, telling)
    for change in changes_of(each)[:MOST_CHANGES]:
        yield f"Was: {change.was}" if change.was else ""
        yield f"Now: {change.now}" if change.now else ""
    yield from _remarks(each, telling)


def _remarks(each: StoryArticle, telling: Telling) -> list[str]:
    """Return the labels, whether the old words were told, and how many changes are not shown."""
    changes = changes_of(each)
    labels = ", ".join(dict.fromkeys(change.label for change in changes[:MOST_CHANGES]))
    told = old_words_were_told(each, telling)
    more = len(changes) - MOST_CHANGES
    words = [
        labels,
        each.placement.reason.capitalize() if is_withdrawn(each) and not changes[0].now else "",
        f"The old words were in the message of {telling.root_time}" if told else "",
        f"{counted(more, 'more change')}" if more > 0 else "",
    ]
    return [piece for piece in words if piece]


def _title(each: StoryArticle) -> Line:
    return (Span(text=headline_of(each.article), url=each.article.address, bold=True),)


def _follow_up(
    alert: Alert,
    telling: Telling,
    about: StoryArticle,
    *,
    parts: Sequence[Part],
    pieces: Sequence[str],
    threaded: bool,
) -> Message:
    """Return the message, saying first which story it belongs to unless it stands in its thread."""
    lead, first_words = ((), ()) if threaded else _which_story(alert, telling)
    whose = telling.decided.whose
    pieces = [*pieces, f"For {whose.text}"] if whose else pieces
    return Message(
        kind=alert.kind,
        headline=headline_of(about.article),
        url=about.article.address,
        text=f"{prose([*first_words, *pieces])} {about.article.address}",
        parts=(*lead, *_for(whose, parts)),
        watchlists=telling.watchlists,
        priority=highest(telling),
        facts={
            "revision": alert.revision,
            "story_id": opaque("st", telling.story.id, telling.installation),
        },
        calls=whose,
    )


def _for(whose: Span | None, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts, the first of which says whom it is for."""
    if whose is None or not isinstance(parts[0], Paragraph) or not parts[0].lines:
        return tuple(parts)
    *above, last = parts[0].lines
    lines = (*above, (*last, Span(text=" · for "), whose))
    return (replace(parts[0], lines=lines), *parts[1:])


def _which_story(alert: Alert, telling: Telling) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    root = telling.first.article
    sent = f" sent {telling.root_time}" if telling.root_time else ""
    words = f"{KIND_WORDS[alert.kind]} to the story{sent}"
    line: Line = (Span(text=f"{words}: "), Span(text=headline_of(root), url=root.address, bold=True))
    return (Paragraph(lines=(line,)),), (f"{headline_of(root)}: {words.lower()}",)
