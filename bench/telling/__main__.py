"""How quickly, and how steadily, is it told? `./do bench telling [compose|digests|pace|latency]`.

1. Messages a second put in words and laid out for Slack, on one core.
2. 1,000 stories for 50 channels of a Slack that takes one message a second each: how near to that pace.
3. 500 personal digests to a mail server on this machine: seconds, and the most memory.
4. From the moment a feed serves an item to the accepted post, with 100 sources busy: half of them, and all
   but one in a hundred, in seconds. The whole program runs, on the real clock.

Fails when a mark is missed. Slack and the mail server are processes of their own.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from time import monotonic

from alerts.schedule import declared_digests, open_due_digests
from bench.telling.composing import messages_a_second
from bench.telling.latency import ITEMS, latencies
from bench.telling.office import AT_ONCE, file_stories, office, peak_memory, watchlist_to
from bench.telling.servers import serving
from config.settings import ChannelSettings, EmailSettings, Secret, Settings, SlackSettings
from storage.open import open_store
from tests.fakes.clock import real_time

STORIES, CHANNELS = 1_000, 50
DIGESTS, STORIES_A_DIGEST = 500, 6

#: The marks.
LEAST_MESSAGES = 2_000.0  # a second
MOST_OFF_PACE = 0.10
MOST_SECONDS, MOST_MEMORY = 5.0, 250.0  # for all digests; MB
MOST_HALF, MOST_ALMOST_ALL = 1.0, 3.0  # seconds


def main(arguments: list[str]) -> int:
    """Print a line for each mark, or for those that are named; return 1 when one is missed."""
    measures = {"compose": _compose, "digests": _mail, "pace": _pace, "latency": _latency}
    missed = [not measures[each]() for each in arguments or measures]
    return int(any(missed))


def _told(name: str, measured: str, mark: str, *, fine: bool) -> bool:
    print(f"{name:<34} {measured:<34} {mark:<26} {'' if fine else 'MISSED'}".rstrip(), flush=True)
    return fine


def _compose() -> bool:
    rate = messages_a_second()
    mark = f">= {LEAST_MESSAGES:,.0f} a second"
    return _told("messages composed", f"{rate:,.0f} a second", mark, fine=rate >= LEAST_MESSAGES)


def _pace() -> bool:
    with serving("slack", str(CHANNELS)) as slack:
        destinations = [f"slack:#desk-{number}" for number in range(CHANNELS)]
        by_token = SlackSettings(token=Secret(slack.reached["token"]), api_url=slack.reached["url"])
        settings = replace(
            AT_ONCE,
            channels=ChannelSettings(slack=by_token),
            watchlists=(watchlist_to(destinations, send="at once"),),
        )
        with office(settings) as place:
            file_stories(place, destinations, STORIES, told=True)
            place.drain()
        told = slack.received()
    by_channel: dict[str, list[float]] = {}
    for channel, at, _ in told["accepted"]:
        by_channel.setdefault(channel, []).append(at)
    # A channel with 20 messages is done after 19 seconds at the permitted pace.
    paces = [(len(at) - 1) / (max(at) - min(at)) for at in by_channel.values() if len(at) > 1]
    gaps = [later - sooner for at in by_channel.values() for sooner, later in pairwise(sorted(at))]
    texts = Counter(text for _, _, text in told["accepted"])
    off = 1 - min(paces)
    fine = len(texts) == STORIES == sum(texts.values()) and off <= MOST_OFF_PACE and not told["refused"]
    said = f"{len(texts):,} told once, {off:.1%} below the pace, {min(gaps):.2f} s apart"
    return _told(
        f"{STORIES:,} stories, {CHANNELS} channels", said, f"<= {MOST_OFF_PACE:.0%}, none lost", fine=fine
    )


def _mail() -> bool:
    with serving("mail") as mail:
        destinations = [f"email:reader-{number}@newsroom.test" for number in range(DIGESTS)]
        smtp = Secret(mail.reached["url"].replace("smtp://", "smtp+plain://"))
        email = EmailSettings(smtp=smtp, sender="Nightdesk <nightdesk@newsroom.test>")
        settings = replace(
            AT_ONCE,
            channels=ChannelSettings(email=email),
            watchlists=(watchlist_to(destinations, send="digest"),),
        )
        with office(settings) as place:
            file_stories(place, destinations, STORIES_A_DIGEST, told=False)
            _open_digests(place.database, settings, place)
            began = monotonic()
            report = place.drain()
            seconds = monotonic() - began
        arrived = Counter(to for recipients in mail.received()["mails"] for to in recipients)
    memory = peak_memory()
    fine = len(arrived) == DIGESTS == sum(arrived.values()) == report.sent
    said = f"{sum(arrived.values())} in {seconds:.1f} s, {memory:.0f} MB"
    mark = f"<= {MOST_SECONDS:.0f} s, <= {MOST_MEMORY:.0f} MB"
    fine = fine and seconds <= MOST_SECONDS and memory <= MOST_MEMORY
    return _told(f"{DIGESTS} personal digests", said, mark, fine=fine)


def _open_digests(database: str, settings: Settings, place: object) -> None:
    """Declare the digests as of the day before yesterday, and open them all now."""
    from bench.telling.office import Office

    store = open_store(database, now=real_time())
    store.declare_digests(declared_digests(settings), now=real_time() - timedelta(days=2))
    store.close()
    assert isinstance(place, Office)  # noqa: S101 - it is one
    opened = place.run(open_due_digests(settings, place.threads, clock=real_time))
    if opened != DIGESTS:
        msg = f"only {opened} digests were opened"
        raise RuntimeError(msg)


def _latency() -> bool:
    mark = f"<= {MOST_HALF:.0f} s, <= {MOST_ALMOST_ALL:.0f} s"
    try:
        found = sorted(latencies())
    except (RuntimeError, OSError, subprocess.SubprocessError, ExceptionGroup) as error:
        return _told("from feed to post", f"not measured: {error}", mark, fine=False)
    lost = ITEMS - len(found)
    if not found:
        return _told("from feed to post", "nothing arrived", mark, fine=False)
    half, almost = found[len(found) // 2], found[min(len(found) - 1, int(len(found) * 0.99))]
    said = f"p50 {half:.2f} s, p99 {almost:.2f} s" + (f", {lost} of {ITEMS} lost" if lost else "")
    fine = half <= MOST_HALF and almost <= MOST_ALMOST_ALL and not lost
    return _told("from feed to post", said, mark, fine=fine)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
