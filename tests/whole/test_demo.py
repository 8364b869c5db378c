"""The demo day, played once: what an editor would have seen is what the day's labels say."""

from __future__ import annotations

import email
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from fcntl import LOCK_EX, flock
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from news.sentences import sentences
from tests.fakes.day import the_day
from tests.fakes.press import PrintedArticle

pytestmark = pytest.mark.whole

CHECKOUT = Path(__file__).parents[2]
CHANNEL = "#immigration-desk"
#: Words of the workshop: an editor never meets them (docs/glossary.md).
WORKSHOP = (
    r"\b304\b",
    r"not modified",
    r"\brehears",
    r"\bdeliver(y|ies)\b",
    r"\bfolded\b",
    r"\bheld\b",
    r"\bfacts?\b",
    r"\bmentions\b",
    r"\bpoll(s|ed|ing)?\b",
    r"\bquer(y|ies)\b",
    r"\boutbox\b",
    r"\bpayload\b",
    r"\brevision\b",
    r"\bclippings?\b",
    r"\bbacklog\b",
    r"\bNEAR/\d",
    r"=ICE\b",
    r"\bfallback\b",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What the demo printed and wrote."""

    printed: str
    calls: tuple[dict[str, Any], ...]
    mails: tuple[EmailMessage, ...]

    def posts(self) -> Iterator[dict[str, Any]]:
        """Yield what was posted in the channel, without replies."""
        for call in self.calls:
            if call["method"] == "chat.postMessage" and not call["thread_ts"]:
                yield call

    def replies_to(self, ts: str) -> list[dict[str, Any]]:
        """Return what was posted in a thread."""
        return [
            call for call in self.calls if call["method"] == "chat.postMessage" and call["thread_ts"] == ts
        ]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Play the demo, or read what another worker of this run has played."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    folder = tmp_path_factory.getbasetemp().parent / f"demo-{run}" if run else tmp_path_factory.mktemp("demo")
    folder.mkdir(exist_ok=True)
    printed = folder / "printed"
    with (folder / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not printed.exists():
            printed.write_text(played_in(folder / "demo-out"), encoding="utf-8")
    lines = (folder / "demo-out" / "slack.jsonl").read_text(encoding="utf-8").splitlines()
    paths = sorted((folder / "demo-out" / "mail").glob("*.eml"))
    return Played(
        printed=printed.read_text(encoding="utf-8"),
        calls=tuple(json.loads(line) for line in lines),
        mails=tuple(email.message_from_bytes(path.read_bytes(), policy=default) for path in paths),
    )


def played_in(out: Path) -> str:
    """Play the demo into a folder and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "nightdesk", "demo", "--out", str(out)],
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(out.parent), "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def titles(label: str) -> set[str]:
    return {article.title for article in the_day().told(label)}


def roots_of(played: Played, label: str) -> list[dict[str, Any]]:
    return [call for call in played.posts() if any(call["text"].startswith(title) for title in titles(label))]


def printed_by(outlet: str, label: str) -> PrintedArticle:
    return next(article for article in the_day().told(label) if article.outlet == outlet)


def test_two_stations_story_is_one_message_with_the_seconds_new_sentences_in_its_thread(
    played: Played,
) -> None:
    (root,) = roots_of(played, "S1")
    replies = played.replies_to(root["ts"])
    second = printed_by("ellery31", "S1").text.replace("\u00a0", " ")
    first = printed_by("channel4", "S1").text.replace("\u00a0", " ")
    quoted = [words for reply in replies for words in quotations(reply["blocks"])]
    assert any(words in second and words not in first for words in quoted)
    assert not any(words in first for words in quoted)


def quotations(part: object) -> Iterator[str]:
    """Yield what the blocks quote."""
    if isinstance(part, dict):
        if part.get("type") == "rich_text_quote":
            yield from "".join(each.get("text", "") for each in part["elements"]).split(" … ")
            return
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from quotations(each)


def test_the_first_message_is_edited_to_name_the_second_station(played: Played) -> None:
    (root,) = roots_of(played, "S1")
    edits = [call for call in played.calls if call["method"] == "chat.update" and call["ts"] == root["ts"]]
    assert any("Ellery 31" in call["text"] for call in edits)


def test_the_correction_stands_in_the_thread_with_before_and_after(played: Played) -> None:
    (root,) = roots_of(played, "S1")
    corrections = [
        reply
        for reply in played.replies_to(root["ts"])
        if reply["metadata"]["event_payload"]["kind"] == "correction"
    ]
    (correction,) = corrections
    assert "roughly two dozen" in correction["text"]
    assert "23" in correction["text"]
    assert "More exact" in correction["text"]
    assert correction["reply_broadcast"]


@pytest.mark.parametrize(
    ("label", "rough", "exact"),
    [
        ("S1", "roughly two dozen jurisdictions", "The 23 jurisdictions"),
        ("S3", "a little under 3 million", "2.94 million"),
    ],
)
def test_a_reply_sets_a_rough_number_beside_the_more_exact_one(
    played: Played, label: str, rough: str, exact: str
) -> None:
    (root,) = roots_of(played, label)
    reply = played.replies_to(root["ts"])[0]
    said = reply["text"].partition("More exact: ")[2]
    assert 0 <= said.index(rough) < said.index(exact)


def test_the_mail_sets_both_numbers_side_by_side_too(played: Played) -> None:
    (mail,) = played.mails
    said = " ".join(plain(mail).split()).partition("More exact: National Wire and 4 more: ")[2]
    assert 0 <= said.index("a little under 3 million dollars.”") < said.index("2.94 million")


def test_a_reply_says_how_much_of_its_text_is_the_agencys(played: Played) -> None:
    (root,) = roots_of(played, "S3")
    (reply,) = played.replies_to(root["ts"])
    assert "62 % National Wire (8 of 13 sentences also in " in reply["text"]
    (edited,) = [
        call for call in played.calls if call["method"] == "chat.update" and call["ts"] == root["ts"]
    ][-1:]
    assert "62 % National Wire" in edited["text"]
    assert "Own reporting at 2 outlets" in edited["text"]


@pytest.mark.parametrize("label", ["S3", "S5"])
def test_another_story_of_the_day_has_a_message_of_its_own(played: Played, label: str) -> None:
    (root,) = roots_of(played, label)
    (first,) = roots_of(played, "S1")
    assert root["ts"] != first["ts"]


@pytest.mark.parametrize("label", ["N1", "N2", "N3", "N4", "B1"])
def test_near_misses_and_yesterdays_news_are_told_nowhere(played: Played, label: str) -> None:
    assert titles(label)
    for title in titles(label):
        assert title not in played.printed
        assert not any(title in json.dumps(call, ensure_ascii=False) for call in played.calls)


@pytest.mark.parametrize("label", ["S1", "S2", "S3", "S4", "S5", "S6"])
def test_the_one_mail_lists_each_story_once(played: Played, label: str) -> None:
    (mail,) = played.mails
    assert links_as_headline(mail, titles(label)) == 1


def plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def links_as_headline(mail: EmailMessage, headlines: set[str]) -> int:
    part = mail.get_body(("html",))
    assert part is not None
    heads = re.findall(r"<h3[^>]*>(.*?)</h3>", str(part.get_content()), re.DOTALL)
    words = [" ".join(unescape(re.sub(r"<[^>]+>", "", head)).split()) for head in heads]
    return sum(word in headlines for word in words)


def test_no_word_of_the_workshop_reaches_an_editor(played: Played) -> None:
    shown = [call["text"] for call in played.calls] + [plain(mail) for mail in played.mails]
    shown.append(played.printed)
    written = what_the_outlets_wrote()
    for text in shown:
        ours = " ".join(text.split())
        for words in written:
            ours = ours.replace(words, " ")
        for word in WORKSHOP:
            found = re.search(rf".{{0,60}}{word}.{{0,60}}", ours, re.IGNORECASE)
            assert found is None, found


def what_the_outlets_wrote() -> list[str]:
    """Return their headlines, sentences and names, the longest first."""
    day = the_day()
    foreign = {outlet.name for outlet in day.outlets}
    for article in day.articles:
        foreign.add(article.title)
        foreign |= {sentence.text for sentence in sentences(" ".join(article.text.split()))}
    return sorted((" ".join(words.split()) for words in foreign), key=len, reverse=True)
