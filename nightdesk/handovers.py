"""Who was told of an article, who will be, and who could not be?

An article is told by the message whose revisions cover it: the story's own message (first, or changed
later), a reply or a correction in its thread, a group, a digest. What is not told yet waits, and it is known
for what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from alerts.channels.registry import address_of, kind_of
from alerts.holidays import next_digest
from alerts.limits import DAILY, HOURLY, QUIET, quiet_end
from alerts.schedule import digest_plans
from config.settings import Settings
from news.nouns import Priority, Story
from news.telling import Alert, AlertState, Delivery, Digest, Thread
from news.wording import counted, when
from nightdesk.private import people_places
from storage.contract import Store

#: Messages looked through for one story; a story has a handful.
MOST_DELIVERIES = 2000

State = Literal["sent", "waiting", "not sent"]
LABELS: dict[State, str] = {"sent": "Sent", "waiting": "Waiting", "not sent": "Not sent"}
KINDS = {
    "root": "new message",
    "reply": "reply in the thread",
    "correction": "correction in the thread",
    "group": "grouped message",
    "health": "warning",
}
#: Of a story that was part of another, or became part of one, before its own message went out.
ELSEWHERE = "told in the message of another story"
#: Why a story is in a grouped message and has none of its own.
GROUPED_BECAUSE = {
    HOURLY: "the place had its messages of that hour",
    DAILY: "the place had its messages of that day",
    QUIET: "it waited through the quiet hours",
}
_WAITING = frozenset({AlertState.PENDING, AlertState.SENDING, AlertState.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One message that tells of an article, or will, or should have."""

    state: State
    # "reply in the thread"
    what: str
    destination: str
    # When it went out or is due; None when nobody knows.
    at: datetime | None
    # Why it waits, was not sent, or was sent in this way.
    why: str = ""
    # What the channel calls the message: Slack's ts, the mail's Message-ID.
    ts: str = ""

    def words(self, zone: str, *, now: datetime, full: bool = False) -> str:
        """Return "reply in the thread, #immigration-desk, 1:29 pm"; with `full`, the message's own name."""
        pieces = [self.what, place_of(self.destination)]
        if self.at is not None and self.state != "not sent":
            until = "until " if self.state == "waiting" and self.at > now else ""
            pieces.append(until + when(self.at, zone, now=now))
        if full and self.ts:
            pieces.append(f"message {self.ts}")
        said = ", ".join(pieces)
        return f"{said}: {self.why}" if self.why else said


def place_of(destination: str) -> str:
    """Return a destination as people write it: "#immigration-desk", "the console"."""
    return address_of(destination) or "the console"


def digest_name(destination: str) -> str:
    """Return what a digest is called where it goes: "daily email", or "digest" in a channel."""
    return "daily email" if kind_of(destination) == "email" else "digest"


def message_name(kind: str, destination: str) -> str:
    """Return what a message is called where it goes: "new message", "reply in the thread", "daily email"."""
    return digest_name(destination) if kind == "digest" else KINDS.get(kind, kind)


def handovers(
    store: Store, settings: Settings, story: Story, revision: int, *, now: datetime
) -> tuple[Handover, ...]:
    """Return every message that covers this revision of a story, those sent first.

    What private watchlists send to people is left out.
    """
    return handovers_of(store, settings, story, (revision,), now=now)


def handovers_of(
    store: Store, settings: Settings, story: Story, revisions: Sequence[int], *, now: datetime
) -> tuple[Handover, ...]:
    """Return every message that covers one of these revisions, each once, those sent first."""
    alerts = store.alerts(story_id=story.id, limit=MOST_DELIVERIES)
    threads = {thread.id: thread for thread in store.threads_of(story.id)}
    sent = store.deliveries_about(story.id, since=story.created)
    digests = tuple(_digests(store, sent))
    found = [
        each for revision in revisions for each in _of_threads(alerts, threads, sent, revision, settings, now)
    ]
    found += _of_groups(store, story, alerts, sent)
    found += [each for revision in revisions for each in _of_digests(digests, story, revision)]
    found += _of_coming_digests(store, settings, story, now)
    order = ("sent", "waiting", "not sent")
    hidden = people_places(settings)
    shown = dict.fromkeys(each for each in found if each.destination not in hidden)
    return tuple(sorted(shown, key=lambda each: order.index(each.state)))


# ── Threads ───────────────────────────────────────────────────────────────────────────────────────────────


def _of_threads(
    alerts: Sequence[Alert],
    threads: dict[int, Thread],
    sent: Sequence[Delivery],
    revision: int,
    settings: Settings,
    now: datetime,
) -> Iterator[Handover]:
    for alert in reversed(alerts):
        thread = threads.get(alert.thread_id or 0)
        if alert.kind == "root" and alert.state is AlertState.MERGED:
            yield Handover(state="sent", what=ELSEWHERE, destination=alert.destination, at=None)
        if alert.state in {AlertState.GROUPED, AlertState.MERGED} or alert.kind in {"digest", "group"}:
            continue
        if alert.kind == "root" and alert.revision < revision:
            if thread is not None and alert.state is AlertState.SENT:
                yield from _edit(thread, revision, settings, now)
            continue
        if alert.from_revision < revision <= alert.revision:
            yield _handover(alert, sent, settings, now)


def _edit(thread: Thread, revision: int, settings: Settings, now: datetime) -> Iterator[Handover]:
    """Yield the change of a message that was out already: made, or still to be made."""
    root = thread.root_sent_at
    of = f" of {when(root, settings.timezone, now=now)}" if root else ""
    to, ts = thread.destination, thread.root_ts or ""
    if thread.shown_revision >= revision:
        what = f"in the message{of}, which was changed"
        yield Handover(state="sent", what=what, destination=to, at=None, ts=ts)
    elif thread.wanted_revision >= revision and not thread.edits_closed:
        what, why = f"change of the message{of}", "it is made as soon as Nightdesk runs"
        yield Handover(state="waiting", what=what, destination=to, at=None, why=why, ts=ts)


def _handover(alert: Alert, sent: Sequence[Delivery], settings: Settings, now: datetime) -> Handover:
    what, to = message_name(alert.kind, alert.destination), alert.destination
    if alert.state in _WAITING:
        why = _why_it_waits(alert, settings, now)
        return Handover(state="waiting", what=what, destination=to, at=alert.due_at, why=why)
    if alert.state is AlertState.SENT:
        at, ts = _arrived(alert, sent)
        return Handover(state="sent", what=what, destination=to, at=at, ts=ts)
    return Handover(state="not sent", what=what, destination=to, at=None, why=why_not(alert))


def _arrived(alert: Alert, sent: Sequence[Delivery]) -> tuple[datetime, str]:
    """Return when a message arrived, and what the channel calls it."""
    for each in sent:
        if each.alert_id == alert.id and each.receipt is not None:
            return each.at, each.receipt.ts
    return alert.due_at, ""


def _why_it_waits(alert: Alert, settings: Settings, now: datetime) -> str:
    if alert.state is AlertState.UNKNOWN:
        return "no answer came; it is looked for before it is sent again"
    if alert.state is AlertState.SENDING:
        return "it is being sent"
    if alert.last_error:
        return alert.last_error.removeprefix("waiting: ")
    quiet = quiet_end(alert.destination, settings, now)
    if quiet is not None and alert.priority < Priority.URGENT and alert.due_at >= quiet:
        return "quiet hours"
    if alert.kind == "reply" and alert.due_at > now:
        return "follow-ups are gathered first"
    return "" if alert.due_at > now else "it goes out as soon as Nightdesk runs"


def why_not(alert: Alert) -> str:
    """Return why a message was not sent, in words."""
    if alert.state is AlertState.WITHDRAWN:
        return "no watchlist sends there any more"
    if alert.state is AlertState.HELD:
        return f"a person must decide: {alert.last_error}" if alert.last_error else "a person must decide"
    return alert.last_error or "the channel refuses it"


# ── Groups ────────────────────────────────────────────────────────────────────────────────────────────────


def _of_groups(
    store: Store, story: Story, alerts: Sequence[Alert], sent: Sequence[Delivery]
) -> Iterator[Handover]:
    grouped = {alert.destination for alert in alerts if alert.state is AlertState.GROUPED}
    if not grouped:
        return
    groups = [each for each in store.alerts(limit=MOST_DELIVERIES) if each.kind == "group"]
    for group in groups:
        listed = group.facts.get("stories")
        if group.destination not in grouped or not isinstance(listed, list | tuple):
            continue
        if story.id in listed:
            state: State = "sent" if group.state is AlertState.SENT else "waiting"
            at, ts = _arrived(group, sent)
            what = f"in a {KINDS['group']} of {counted(len(listed), 'story')}"
            why = GROUPED_BECAUSE.get(str(group.facts.get("why")), "")
            to = group.destination
            yield Handover(state=state, what=what, destination=to, at=at, why=why, ts=ts)


# ── Digests ───────────────────────────────────────────────────────────────────────────────────────────────


def _digests(store: Store, sent: Sequence[Delivery]) -> Iterator[tuple[Digest, Delivery | Alert]]:
    """Yield the digests that were sent, and those that wait or could not be."""
    gone = {each.alert_id: each for each in sent if each.kind == "digest" and each.receipt is not None}
    for delivery in gone.values():
        digest = store.digest(delivery.digest_id or 0)
        if digest is not None:
            yield digest, delivery
    for alert in store.alerts(states=[*_WAITING, AlertState.FAILED, AlertState.HELD], limit=MOST_DELIVERIES):
        opened = store.digest(alert.digest_id) if alert.kind == "digest" and alert.digest_id else None
        if opened is not None:
            yield opened, alert


def _of_digests(
    digests: Sequence[tuple[Digest, Delivery | Alert]], story: Story, revision: int
) -> Iterator[Handover]:
    for digest, became in digests:
        if not _tells(digest, story, revision):
            continue
        what, to = digest_name(digest.destination), digest.destination
        if isinstance(became, Delivery):
            ts = became.receipt.ts if became.receipt else ""
            yield Handover(state="sent", what=what, destination=to, at=became.at, ts=ts)
        else:
            state: State = "waiting" if became.state in _WAITING else "not sent"
            yield Handover(state=state, what=what, destination=to, at=became.due_at, why=became.last_error)


def _tells(digest: Digest, story: Story, revision: int) -> bool:
    return any(
        item.story_id == story.id and item.from_revision < revision <= item.revision for item in digest.items
    )


def _of_coming_digests(store: Store, settings: Settings, story: Story, now: datetime) -> Iterator[Handover]:
    """Yield the digests that will tell of the story when their hour comes."""
    for plan in digest_plans(settings):
        coming = store.undigested_matches(plan.name, watchlist_ids=plan.watchlist_ids, at=now)
        if any(match.story_id == story.id for match in coming):
            at = next_digest(plan.schedule, plan.destination, settings, after=now)
            what = f"next {digest_name(plan.destination)}"
            yield Handover(state="waiting", what=what, destination=plan.destination, at=at)
