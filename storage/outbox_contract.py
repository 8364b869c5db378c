"""What does every outbox promise? Half of the store's contract; `storage/contract.py` has the rest.

An alert goes PENDING → SENDING → SENT. It is claimed by a conditional update with a lease, handed over,
recorded. A crash between any two leaves a row that says what is known: after the lease it is claimed
again, and looked up before anything is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from news.telling import Alert, Delivery, Receipt, Tell, Thread


class Outbox(Protocol):
    """What is to be told, what was, and the threads it hangs on."""

    def enqueue_health(
        self, *, destination: str, key: str, facts: Mapping[str, object], now: datetime
    ) -> bool:
        """Put a health alert in the outbox once per key; False when it is there already."""
        ...

    def has_health(self, *, destination: str, key: str) -> bool:
        """Return whether a health alert of this key was put in the outbox, whatever became of it."""
        ...

    def ask_for(self, story_id: int, tell: Tell, *, now: datetime) -> Alert:
        """Put a story's own message in the outbox because somebody asked for it, and return it as it is.

        Once for each place: what was sent there, or is in a group, is not sent again; what waits there is
        due now; what was muted is tried again. It is marked with who asked (`Alert.asked_by`).
        """
        ...

    def claim_alerts(
        self,
        *,
        now: datetime,
        lease: timedelta,
        limit: int,
        digests: Sequence[int] | None = None,
        besides: Sequence[str] = (),
    ) -> tuple[Alert, ...]:
        """Claim due alerts: PENDING ones, UNKNOWN ones whose time came, SENDING ones whose lease ran out.

        Returned alerts are SENDING and committed before this returns, with `attempts` raised. An alert
        that had been tried before comes back with attempts > 1: its outcome is to be looked up before
        anything is sent. In each thread at most one alert at a time, in the order they were made, nothing
        before the root has its ts; one that FAILED or is HELD keeps nobody waiting but those whose root
        it is. Urgent ones first. With `digests`, only the alerts of these: the rest is for whoever sends all.
        `besides` are destinations that have enough to do already.
        """
        ...

    def still_mine(self, alert: Alert, *, now: datetime) -> bool:
        """Return whether the claim still stands: asked again immediately before the write.

        State SENDING, the same attempt with the same lease, and the lease has not run out.
        """
        ...

    def record_sent(
        self, alert: Alert, receipt: Receipt, *, outcome: str, headline: str, now: datetime
    ) -> None:
        """Mark it SENT, write the delivery, and give the thread its ts if it was the root.

        It is the truth even when the claim was lost meanwhile. A second call changes nothing; one alert
        has one delivery that arrived, whose headline follows when a group is edited.
        """
        ...

    def record_unknown(self, alert: Alert, *, error: str, look_at: datetime) -> None:
        """Mark it UNKNOWN; it is claimed again at `look_at`, to look first."""
        ...

    def record_retry(self, alert: Alert, *, error: str, due_at: datetime) -> None:
        """Mark it PENDING again: it certainly did not arrive."""
        ...

    def record_refused(self, alert: Alert, *, error: str, now: datetime) -> None:
        """Mark it FAILED and write the refused delivery."""
        ...

    def record_held(self, alert: Alert, *, error: str, now: datetime) -> None:
        """Mark it HELD for a person."""
        ...

    def record_withdrawn(self, alert: Alert, *, why: str) -> None:
        """Mark it WITHDRAWN, and why: a follow-up that has nothing left to say."""
        ...

    def record_muted(self, alert: Alert, *, why: str) -> None:
        """Mark it MUTED, and why; it is not sent. A root becomes PENDING again when its story moves."""
        ...

    def record_grouped(
        self, alert_ids: Sequence[int], *, destination: str, why: str, until: datetime, now: datetime
    ) -> Alert:
        """Mark these roots GROUPED and return the rolling group alert of the destination, made or grown.

        Grown while its `until` is later than now: the story ids are appended to `facts["stories"]` (in
        this order, each once), `facts["why"]` (a word of the limits), `facts["since"]` (its start) and
        `facts["until"]` stay (ISO 8601, UTC), `revision` is the number of stories. One that was sent
        becomes PENDING again, due now, with `attempts` kept: it is found by its key and edited, so a
        crash never loses what it gained; one that grows while it is being sent becomes PENDING when that
        is recorded. `record_sent` of a group gives its ts and place to the threads of its stories, with
        `edits_closed`, so that follow-ups go under it and nothing waits for a root that never comes.
        """
        ...

    def record_in_digest(self, alert_id: int, *, digest_id: int) -> bool:
        """Mark a root that waits MERGED into a digest that was sent to its destination; False if it was not.

        Its thread gets the digest's message, with `edits_closed`, so that follow-ups go under it.
        """
        ...

    def defer_alert(self, alert: Alert, *, due_at: datetime, why: str) -> None:
        """Give a claim back untouched, to be due later (quiet hours, pace); `attempts` goes back too."""
        ...

    def release_alerts(self, *, states: Sequence[str], destination: str | None, now: datetime) -> int:
        """Make FAILED or HELD alerts due again, on a person's word; return how many.

        They start over with `attempts` 0: the person has looked.
        """
        ...

    def withdraw_alerts(self, destinations: Sequence[str], *, now: datetime) -> int:
        """Withdraw unsent alerts whose destination is not among these any more; return how many.

        One that is being sent this moment is left alone until its lease runs out.
        """
        ...

    def alerts(
        self,
        *,
        states: Sequence[str] | None = None,
        story_id: int | None = None,
        thread_id: int | None = None,
        limit: int = 100,
    ) -> tuple[Alert, ...]:
        """Return alerts, newest first."""
        ...

    def next_due_alert(self) -> datetime | None:
        """Return when the next alert can be claimed, or None.

        One that waits for another of its thread is not asked about: recording that one changes the answer.
        """
        ...

    def sent_since(self, destination: str, *, since: datetime) -> tuple[Delivery, ...]:
        """Return what arrived at this destination since then, oldest first: for limits and pace."""
        ...

    def deliveries(self, *, since: datetime | None = None, limit: int = 100) -> tuple[Delivery, ...]:
        """Return deliveries, newest first."""
        ...

    def thread(self, thread_id: int) -> Thread | None:
        """Return a thread, or None."""
        ...

    def threads_of(self, story_id: int) -> tuple[Thread, ...]:
        """Return the threads of one story."""
        ...

    def threads_to_edit(self, *, limit: int, at: datetime | None = None) -> tuple[Thread, ...]:
        """Return threads whose root is out and can be edited, and shows less than it should.

        First those about which a person decided something: the person is looking. Of a story that is held
        back `at` a moment only those: its news waits.
        """
        ...

    def record_shown(
        self, thread_id: int, *, revision: int, closed: bool = False, face: int = 0, buttons: bool = False
    ) -> None:
        """Remember what the root shows now, or that its edit window is closed.

        `face` is the thread's `wanted_face` that it was composed for, `buttons` whether it may show some.
        """
        ...
