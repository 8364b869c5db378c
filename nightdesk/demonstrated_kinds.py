"""What does every kind of message look like? Each composed of the demo day's own stories; nothing is sent.

The words come from the functions that write real messages, the layout from the channels themselves. What the
day did not bring (a withdrawal, a group, a source that stopped) is made of what it did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.channels.contract import Envelope
from alerts.compose import compose, compose_root
from alerts.developments import WITHDRAWN
from alerts.grouping import compose_group
from alerts.health import compose_health
from alerts.limits import HOURLY
from alerts.message import Outgoing
from alerts.remembering import Remembered
from alerts.schedule import digest_words
from alerts.source_alarms import alarms
from alerts.words import Telling
from config.settings import Settings
from news.nouns import Correction, Health
from news.telling import Alert

if TYPE_CHECKING:
    from pathlib import Path

    from storage.contract import Store

SHOWN_AT = timedelta(minutes=1)  # between two messages of a page
TAKEN_BACK = "its page is gone"
STOPPED = "refuses automated readers (403)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A message, and what it is a picture of."""

    name: str
    message: Outgoing
    alert: Alert
    threaded: bool = False


def save_kinds(out: Path, store: Store, settings: Settings, *, to: str, now: datetime) -> None:
    """Write the pages: `slack-kinds.html`, the same in the dark, and `mail-kinds.html`."""
    from alerts.channels.email.mail import write_mail
    from alerts.channels.email.preview import mail_page
    from alerts.channels.slack.preview import preview_page

    shown = list(kinds(store, settings, now=now))
    calls = list(_calls(shown, now))
    for name, dark in (("slack-kinds", False), ("slack-kinds-dark", True)):
        page = preview_page(calls, zone=settings.timezone, title="Every kind of message", dark=dark)
        (out / f"{name}.html").write_text(page, encoding="utf-8")
    mails = [
        write_mail(each.message, _envelope(each, to), settings, now=now)
        for each in shown
        if not each.threaded
    ]
    (out / "mail-kinds.html").write_text(mail_page(mails), encoding="utf-8")


def kinds(store: Store, settings: Settings, *, now: datetime) -> Iterator[Kind]:
    """Yield every kind: by bot token in threads, then as it stands where there are none."""
    sent = sorted(store.alerts(limit=1_000), key=lambda alert: alert.id)
    roots = [alert for alert in sent if alert.kind == "root" and alert.thread_id]
    followed = {alert.story_id for alert in sent if alert.kind == "correction"}
    for threaded in (True, False):
        for alert in (each for each in sent if each.story_id in followed and each.thread_id):
            telling = _telling(store, alert, settings, now, at=alert.revision)
            yield Kind(
                name="with threads" if threaded else "where there are no threads",
                message=compose(alert, telling, threaded=threaded),
                alert=alert,
                threaded=threaded,
            )
    yield from _grown(store, roots, settings, now)
    yield from _withdrawn(store, roots[0], settings, now)
    tellings = [_telling(store, alert, settings, now) for alert in roots]
    facts = {"why": HOURLY, "until": (now + timedelta(minutes=40)).isoformat()}
    group = replace(roots[0], kind="group", thread_id=None, facts=facts)
    yield Kind(name="grouped", message=compose_group(group, tellings, settings, now=now), alert=group)
    yield from _blind(store, roots[0], settings, now)
    for alert in (each for each in sent if each.digest_id):
        digest = store.digest(alert.digest_id or 0)
        if digest is not None:
            words = digest_words(digest, settings, store, Remembered())
            yield Kind(name="a digest in Slack", message=words, alert=alert)


def _grown(store: Store, roots: list[Alert], settings: Settings, now: datetime) -> Iterator[Kind]:
    """Yield the stories' own messages as they stand in the end."""
    for alert in roots:
        message = compose_root(_telling(store, alert, settings, now))
        yield Kind(name="as it stands after the last edit", message=message, alert=alert)


def _withdrawn(store: Store, root: Alert, settings: Settings, now: datetime) -> Iterator[Kind]:
    """Yield a story whose first article was taken back, and the word about it."""
    telling = _telling(store, root, settings, now)
    taken_back = Correction(before=telling.first.article.title, after="", label=WITHDRAWN)
    newest = telling.story.revision + 1
    place = replace(telling.first.placement, reason=TAKEN_BACK)
    first = replace(telling.first, revision=newest, placement=place, corrections=(taken_back,), filed_at=now)
    story = replace(telling.story, revision=newest, articles=(first, *telling.story.articles[1:]))
    telling = replace(telling, story=story, before=telling.story)
    word = replace(root, kind="correction", from_revision=newest - 1, revision=newest, broadcast=True)
    yield Kind(name="withdrawn", message=compose_root(telling), alert=root)
    yield Kind(name="withdrawn", message=compose(word, telling, threaded=True), alert=word, threaded=True)


def _blind(store: Store, like: Alert, settings: Settings, now: datetime) -> Iterator[Kind]:
    """Yield the warning about a source that stopped."""
    states = store.fetch_states()
    stopped = replace(states[0], health=Health.STOPPED, reason=STOPPED, health_since=now - timedelta(hours=6))
    for alarm in alarms((stopped, *states[1:]), settings, now=now):
        alert = replace(like, kind="health", thread_id=None, story_id=None, facts=alarm.facts)
        yield Kind(name="a source in trouble", message=compose_health(alert), alert=alert)


def _telling(
    store: Store, alert: Alert, settings: Settings, now: datetime, *, at: int | None = None
) -> Telling:
    story_id = alert.story_id or 0
    story, before = store.story(story_id, at=at), store.story(story_id, at=alert.from_revision)
    assert story is not None  # noqa: S101 - it was told
    thread = next((each for each in store.threads_of(story_id) if each.id == alert.thread_id), None)
    return Telling(
        story=story,
        matches=store.story_matches(story_id),
        thread=thread,
        settings=settings,
        installation=store.installation(),
        now=now,
        before=before,
    )


def _calls(shown: list[Kind], now: datetime) -> Iterator[Mapping[str, object]]:
    from alerts.channels.slack.preview import call_of

    root = ""
    for number, each in enumerate(shown):
        at = now + number * SHOWN_AT
        call = call_of(each.message, key=each.alert.key, channel=each.name, at=at)
        if each.threaded and each.alert.kind != "root":
            yield call | {"thread_ts": root, "reply_broadcast": each.alert.broadcast}
        else:
            root = str(call["ts"])
            yield call


def _envelope(each: Kind, to: str) -> Envelope:
    return Envelope(key=each.alert.key, kind=each.message.kind, to=to, created=each.alert.created)
