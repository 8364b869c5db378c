"""How do many stories read in one message?

A group grows by edits while a channel has had its messages; a roll-up says what came in while it was quiet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from alerts.holidays import next_digest
from alerts.limits import DAILY, HOURLY
from alerts.message import Bullets, Line, Message, Note, Paragraph, Span
from alerts.words import Telling, flat, headline_of, highest, outlet_of, prose, stop, told_at
from config.settings import Settings
from news.nouns import Priority, Watchlist
from news.telling import Alert
from news.timing import local
from news.wording import clock_time, counted, weekday

MOST_STORIES = 25  # stories a group lists; the rest are counted


def compose_group(alert: Alert, tellings: Sequence[Telling], settings: Settings, *, now: datetime) -> Message:
    """Put a group in words: what it is, the stories, and where it goes from here."""
    heading, why = _heading(alert, len(tellings), settings)
    span, shown = _span(tellings), tellings[:MOST_STORIES]
    more = len(tellings) - len(shown)
    notes = [f"and {counted(more, 'more story')}" if more else "", *_notes(alert, tellings, settings, now)]
    small = " · ".join(piece for piece in (span, *notes) if piece)
    opening = ", ".join(
        piece for piece in (heading, span, f"{why[:1].lower()}{why[1:].replace(',', '')}") if piece
    )
    listed = [f"{number}. {_words(each)}" for number, each in enumerate(shown, start=1)]
    return Message(
        kind="group",
        headline=heading,
        text=" ".join(piece for piece in (stop(opening), *listed, prose(notes)) if piece),
        parts=(
            Paragraph(lines=((Span(text=heading, bold=True),), (Span(text=why),))),
            Bullets(points=tuple(_point(each) for each in shown)),
            Note(line=(Span(text=small),)),
        ),
        watchlists=flat(each.watchlists for each in tellings),
        priority=max((highest(each) for each in tellings), default=Priority.NORMAL),
        facts={"revision": alert.revision, "stories": len(tellings)},
    )


def _heading(alert: Alert, stories: int, settings: Settings) -> tuple[str, str]:
    why, limits = alert.facts.get("why"), settings.limits
    if why == HOURLY:
        told = f"{counted(limits.per_hour, 'message')} this hour"
    elif why == DAILY:
        told = f"{counted(limits.per_day, 'message')} today"
    else:
        return counted(stories, "story"), "Grouped, because they came in quiet hours"
    return counted(stories, "more story"), f"Grouped, because this channel already had {told}"


def _point(telling: Telling) -> tuple[Line, ...]:
    article = telling.first.article
    about = f"{outlet_of(article)}, {telling.time(told_at(article))}"
    names = ", ".join(telling.watchlists)
    return (
        (Span(text=headline_of(article), url=article.address),),
        (Span(text=f"{about} · {names}" if names else about),),
    )


def _words(telling: Telling) -> str:
    article = telling.first.article
    about = f"{outlet_of(article)}, {telling.time(told_at(article))}"
    return f"{prose([headline_of(article), ', '.join([about, *telling.watchlists])])} {article.address}"


def _span(tellings: Sequence[Telling]) -> str:
    """Return "3:31 pm to 3:58 pm"; nothing for one story."""
    times = sorted(told_at(each.first.article) for each in tellings)
    return f"{tellings[0].time(times[0])} to {tellings[0].time(times[-1])}" if len(times) > 1 else ""


def _notes(alert: Alert, tellings: Sequence[Telling], settings: Settings, now: datetime) -> Iterator[str]:
    """Yield until when it grows, and which mail will have all of it."""
    until = datetime.fromisoformat(str(alert.facts.get("until") or now.isoformat()))
    if until > now and alert.facts.get("why") in {HOURLY, DAILY}:
        yield f"This message grows until {clock_time(until, settings.timezone)}"
    mail = _next_mail(tellings, settings, now)
    if mail is not None:
        them = "It" if len(tellings) == 1 else f"All {len(tellings)}"
        yield f"{them} will be in {_day(mail, settings, now)} {clock_time(mail, settings.timezone)} email"


def _next_mail(tellings: Sequence[Telling], settings: Settings, now: datetime) -> datetime | None:
    """Return when a mail comes that has all of these stories, or None when no one mail has."""
    watchlists = {watchlist.id: watchlist for watchlist in settings.watchlists}
    mails: list[set[datetime]] = []
    for telling in tellings:
        ids = telling.thread.watchlist_ids if telling.thread else ()
        mails.append(
            {mail for each in ids if each in watchlists for mail in _mails(watchlists[each], settings, now)}
        )
    shared = set.intersection(*mails) if mails else set()
    return min(shared, default=None)


def _mails(watchlist: Watchlist, settings: Settings, now: datetime) -> Iterator[datetime]:
    for rule in watchlist.deliver:
        if rule.send == "digest" and rule.to.startswith("email:"):
            yield next_digest(rule.at or settings.desk_digest_at, rule.to, settings, after=now)


def _day(moment: datetime, settings: Settings, now: datetime) -> str:
    ahead = (local(moment, settings.timezone).date() - local(now, settings.timezone).date()).days
    named = {0: "today", 1: "tomorrow"}.get(ahead, weekday(moment, settings.timezone))
    return f"{named}\u2019s"
