"""What does a story's message say?

Pure: what the store knew (`Telling`) becomes a `Message`. The root says the whole story in one message and is
composed anew whenever it changes; follow-ups say only what is new.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from alerts.corrections import changed_at, changes_of
from alerts.developments import all_it_said, is_withdrawn, versions
from alerts.disagreements import MOST_SHOWN, Disagreement, disagreements_in, listed
from alerts.follow_ups import compose_correction, compose_reply
from alerts.message import Desk, Line, Message, Note, Paragraph, Part, Span
from alerts.shares import copies_in, corroboration_words, share_label
from alerts.withdrawals import standing_quote, withdrawal
from alerts.words import (
    Telling,
    credit_of,
    details_of,
    evidence_words,
    grade_words,
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
from news.wording import counted

#: Why a story comes that is on no watchlist of whoever gets it.
ASKED = "Sent because you asked for it"
MOST_OTHERS = 3  # other outlets that a root names; the rest are counted


def compose(alert: Alert, telling: Telling, *, threaded: bool) -> Message:
    """Put a root, a reply or a correction in words; `threaded` says whether it stands under its root."""
    if alert.kind == "reply":
        return compose_reply(alert, telling, threaded=threaded)
    if alert.kind == "correction":
        return compose_correction(alert, telling, threaded=threaded)
    return compose_root(telling)


def compose_root(telling: Telling) -> Message:
    """Put the whole story in words, as it is known now."""
    first = telling.first.article
    quote, differing = standing_quote(telling.first), disagreements_in(telling.story)
    latest = _latest(telling)
    return Message(
        kind="root",
        headline=headline_of(first),
        url=first.address,
        text=_text(telling, quote, differing, latest),
        parts=tuple(_parts(telling, quote, differing, latest)),
        watchlists=telling.watchlists,
        priority=highest(telling),
        facts={
            "revision": telling.story.revision,
            "story_id": opaque("st", telling.story.id, telling.installation),
        },
        desk=Desk(
            url=first.address,
            headline=headline_of(first),
            outlet=first.outlet,
            is_claimed=bool(telling.decided.who),
            is_muted=bool(telling.decided.muted),
        ),
    )


def _parts(
    telling: Telling, quote: str, differing: tuple[Disagreement, ...], latest: StoryArticle | None
) -> Iterator[Part]:
    first = telling.first.article
    is_gone = is_withdrawn(telling.first)
    title: Line = (Span(text=headline_of(first), url=first.address, bold=True, struck=is_gone),)
    about, credit = f"{outlet_of(first)}, {telling.time(told_at(first))}", _credit(telling)
    if latest is None:
        yield Paragraph(lines=(title,), quote=quote)
        yield Note(line=_dotted([(Span(text=about),), credit, _others(telling)]))
    else:
        yield Paragraph(lines=(title,))
        yield from _withdrawal(telling, latest)
        yield Paragraph(lines=((*_latest_head(latest, telling), Span(text=_latest_words(latest))),))
        when = telling.time(told_at(first))
        opening: Line = (Span(text=f"First report, {when}, {outlet_of(first)}{':' if quote else ''}"),)
        yield Paragraph(lines=(opening,), quote=quote)
        yield Note(line=_dotted([credit, _others(telling)]))
    side_by_side = listed(differing)
    if side_by_side is not None:
        yield side_by_side
    yield Note(line=_reason(telling))
    if telling.decided.line:
        yield Note(line=telling.decided.line)


def _text(
    telling: Telling, quote: str, differing: tuple[Disagreement, ...], latest: StoryArticle | None
) -> str:
    """Return the whole message in sentences, headline first."""
    first = telling.first.article
    about = f"{outlet_of(first)}, {telling.time(told_at(first))}"
    credit = _flat(_credit(telling)).replace("Credit", "credit", 1)
    report = f"{about}, {credit}" if credit else about
    news = "" if latest is None else _flat(_latest_head(latest, telling)) + _latest_words(latest)
    pieces = (
        headline_of(first),
        *(_flat(line) for part in _withdrawal(telling, latest) for line in part.lines),
        news,
        report if latest is None else f"First report: {report}",
        quote,
        _flat(_others(telling)),
        *(each.sentence for each in differing[:MOST_SHOWN]),
        *telling.decided.sentences,
        f"{priority_words(telling)}, {grade_words(telling).lower()}" if telling.watchlists else ASKED,
        f"Watchlists: {', '.join(telling.watchlists)}" if telling.watchlists else "",
        evidence_words(telling),
    )
    return f"{prose(pieces)} {first.address}"


def _withdrawal(telling: Telling, latest: StoryArticle | None) -> Iterator[Paragraph]:
    """Yield who withdrew the first report, unless that is the latest there is."""
    if latest is not None and latest.article.id != telling.first.article.id:
        yield from withdrawal(telling.first, telling)


def _credit(telling: Telling) -> Line:
    credit = credit_of(telling.first.article)
    return (Span(text=f"Credit: {credit}"),) if credit else ()


def _latest(telling: Telling) -> StoryArticle | None:
    """Return the newest article, or version of one, that says something the first report did not.

    A version that changes nothing worth a word does not put a correction before it out of sight.
    """
    said = ((place, each) for each in telling.story.articles for place in versions(each))
    newest_first = sorted(said, key=lambda pair: pair[0].revision, reverse=True)
    latest = (_said_last(place, each, telling) for place, each in newest_first)
    return next((each for each in latest if each is not None), None)


def _said_last(place: StoryArticle, newest: StoryArticle, telling: Telling) -> StoryArticle | None:
    """Return what a version said that is worth a word still, or None."""
    if place.corrections and (place is newest or not is_withdrawn(place)):
        return place
    if not place.placement.whats_new or newest.article.id == telling.first.article.id:
        return None
    now = all_it_said(newest)
    return replace(now, corrections=()) if now.placement.whats_new else None


def _latest_head(latest: StoryArticle, telling: Telling) -> Line:
    when = changed_at(latest, telling) if latest.corrections else told_at(latest.article)
    return (
        Span(text=f"Latest, {telling.time(when)}, ", bold=True),
        Span(text=outlet_of(latest.article), url=latest.article.address, bold=True),
        Span(text=": ", bold=True),
    )


def _latest_words(latest: StoryArticle) -> str:
    """Return the correction in one sentence, or the most newsworthy new sentence, or the headline."""
    if latest.corrections:
        return changes_of(latest)[0].sentence
    return next(iter(details_of(latest)), headline_of(latest.article))


def _others(telling: Telling) -> Line:
    """Return who else has it: "Also Ellery 31, 1:12 pm, 16 % National Wire · Own reporting at 2 outlets"."""
    copies = copies_in(telling.story)
    others = [each for each in telling.story.articles[1:] if each not in copies]
    spans = [span for each in others[:MOST_OTHERS] for span in (Span(text="; "), *_other(each, telling))]
    more = len(others) - MOST_OTHERS
    if more > 0:
        spans.append(Span(text=f"; {counted(more, 'more article')}"))
    told = (Span(text="Also "), *spans[1:]) if spans else ()
    own = corroboration_words(telling.story)
    return _dotted([told, _same_text(copies), (Span(text=own),)])


def _other(each: StoryArticle, telling: Telling) -> Line:
    share, credit = share_label(each, telling.story), credit_of(each.article)
    whose = f", {share}" if share else f", credit: {credit}" if credit else ""
    return (
        Span(text=outlet_of(each.article), url=each.article.address, struck=is_withdrawn(each)),
        Span(text=f", {telling.time(told_at(each.article))}{whose}"),
    )


def _same_text(copies: tuple[StoryArticle, ...]) -> Line:
    """Return "Same text at Ellery 31, Valley Courier and 2 more", each a link."""
    if not copies:
        return ()
    spans = [Span(text="Same text at ")]
    shown = copies if len(copies) <= MOST_OTHERS + 1 else copies[:MOST_OTHERS]
    for number, each in enumerate(shown):
        last = number == len(copies) - 1
        spans.append(Span(text="" if not number else " and " if last else ", "))
        spans.append(Span(text=outlet_of(each.article), url=each.article.address))
    if len(copies) > len(shown):
        spans.append(Span(text=f" and {len(copies) - len(shown)} more"))
    return tuple(span for span in spans if span.text)


def _reason(telling: Telling) -> Line:
    """Return "High priority · Main topic · Sanctuary cities, County jail · Matched …"."""
    if not telling.watchlists:
        return (Span(text=ASKED),)
    names = [span for name in telling.watchlists for span in (Span(text=", "), Span(text=name, bold=True))]
    return _dotted(
        [
            (Span(text=priority_words(telling)),),
            (Span(text=grade_words(telling)),),
            tuple(names[1:]),
            (Span(text=evidence_words(telling)),),
        ]
    )


def _dotted(lines: list[Line]) -> Line:
    """Return the lines in one, with dots between them; empty ones are left out."""
    dotted: list[Span] = []
    for line in lines:
        if any(span.text for span in line):
            dotted += [Span(text=" · "), *line] if dotted else line
    return tuple(dotted)


def _flat(line: Line) -> str:
    return "".join(span.text for span in line)
