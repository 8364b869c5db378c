"""What did the night come to? What stands in Slack and in the mailbox, held against what was filed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.chaos.newsroom import AFTER
from bench.chaos.teller import CHANNEL
from news.telling import Alert, AlertState
from tests.fakes.slack_workspace import SlackMessage

if TYPE_CHECKING:
    from bench.chaos.night import Night

UNSETTLED = (AlertState.PENDING, AlertState.SENDING, AlertState.UNKNOWN)
NEVER_SENT = (AlertState.MERGED,)


@dataclass(slots=True)
class Result:
    """What the night came to."""

    stories: int = 0
    follow_ups: int = 0
    corrections: int = 0
    messages: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    # Senders that ended by themselves.
    died: int = 0
    # Not told when patience ended, and still kept.
    waiting: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    # Messages that do not show what they should in the end.
    stale: list[str] = field(default_factory=list)
    mails: int = 0
    mails_lost: int = 0
    # The same mail twice, with the same Message-ID; and with another one, or without a reason.
    mails_again: int = 0
    mails_doubled: list[str] = field(default_factory=list)

    @property
    def is_fine(self) -> bool:
        """Whether nothing was lost and nothing doubled but mails that carry the same id."""
        wrong = self.lost or self.doubled or self.stale or self.mails_lost or self.mails_doubled
        return not wrong and not self.waiting and not self.died


def count(night: Night) -> Result:
    """Hold what stands in Slack and in the mailbox against what was filed and against the outbox."""
    newsroom = night.newsroom
    result = Result(
        stories=len(newsroom.stories),
        follow_ups=len(newsroom.details),
        corrections=len(newsroom.corrected),
        kills=night.kills,
        faults=night.troubles.met,
        died=night.died,
    )
    _count_slack(night, result)
    _count_mails(night, result)
    return result


def _count_slack(night: Night, result: Result) -> None:
    newsroom, threads = night.newsroom, night.slack.threads(CHANNEL)
    roots = Counter(_title(thread.root) for thread in threads)
    keys = Counter(_key(each) for thread in threads for each in (thread.root, *thread.replies))
    alerts = [each for each in night.store.alerts(limit=100_000) if each.destination.startswith("slack:")]
    owed = {each.key for each in alerts if each.state not in NEVER_SENT}
    result.messages = sum(keys.values())
    result.waiting = len([each for each in night.store.alerts(limit=100_000) if each.state in UNSETTLED])
    result.lost += sorted({*newsroom.stories} - set(roots)) + sorted(owed - set(keys))
    result.doubled += [each for found in (roots, keys) for each, n in found.items() if n > 1]
    _count_details(night, result, alerts)
    shown = {_title(thread.root): thread.root.text for thread in threads}
    result.stale += sorted(_stale(night, shown))


def _count_details(night: Night, result: Result, alerts: Sequence[Alert]) -> None:
    """Look for each new sentence: in one reply, or in none where the story's own message came after it."""
    threads = night.slack.threads(CHANNEL)
    said = {_title(thread.root): [each.text for each in thread.replies] for thread in threads}
    told_from = {each.story_id: each.revision for each in alerts if each.kind == "root"}
    for detail, (title, revision) in night.newsroom.details.items():
        replies = sum(detail in text for text in said.get(title, []))
        if replies > 1:
            result.doubled.append(detail)
        if not replies and revision > told_from[night.newsroom.stories[title].story_id]:
            result.lost.append(detail)


def _stale(night: Night, shown: dict[str, str]) -> Iterator[str]:
    """Yield the stories whose message does not say that it grew, or still has the old words alone."""
    newsroom = night.newsroom
    for title, _ in set(newsroom.details.values()):
        if "Ellery 31" not in shown.get(title, ""):
            yield title
    yield from (title for title in newsroom.corrected if AFTER not in shown.get(title, ""))


def _count_mails(night: Night, result: Result) -> None:
    ids: dict[str, Counter[str]] = {}
    for each in night.mail.messages:
        subject = " ".join(str(each.message["Subject"]).split()).partition(": ")[2]
        ids.setdefault(subject, Counter())[str(each.message["Message-ID"])] += 1
    tries = {each.key: each.attempts for each in night.store.alerts(limit=100_000)}
    result.mails = sum(sum(found.values()) for found in ids.values())
    result.mails_lost = len({*night.newsroom.stories} - set(ids))
    result.mails_again = sum(n - 1 for found in ids.values() for n in found.values())
    result.mails_doubled += [subject for subject, found in ids.items() if len(found) > 1]
    for found in ids.values():
        for id_, times in found.items():
            key = id_.partition(".")[2].partition("@")[0]
            if times > max(1, tries.get(key, 0)):
                result.mails_doubled.append(f"{id_}: {times} times in {tries.get(key)} tries")


def _title(message: SlackMessage) -> str:
    return message.text.partition(". ")[0]


def _key(message: SlackMessage) -> str:
    return str((message.metadata or {}).get("event_payload", {}).get("dedupe_key"))
