"""Does the invented day have the traits that make a day hard to watch?"""

from __future__ import annotations

import io
import json
import math
import re
from collections import Counter
from datetime import timedelta
from itertools import combinations

import feedparser
import pytest
import trafilatura

from tests.fakes.clock import FakeClock
from tests.fakes.day import the_day
from tests.fakes.feeds import print_feed
from tests.fakes.press import Outlet, PrintedArticle
from tests.fakes.web import NewsWeb
from tests.fakes_tests.asking import ask

SITE = "http://127.0.0.1:9"

DAY = the_day()
(CHANNEL4,), (ELLERY31,) = (
    [article for article in DAY.told("S1") if article.outlet == outlet] for outlet in ("channel4", "ellery31")
)
BEAT = re.compile(r"(?i:sanctuar|detainer|287\(g\)|1373|immigration|county jail)|\bICE\b")
SENTENCE_END = re.compile(r"(?<=[.?!])\"?\s+(?=[\"A-Z])")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.replace("\u2019", "'").lower())


def shingles(article: PrintedArticle) -> set[tuple[str, ...]]:
    plain = words(article.text)
    return {tuple(plain[start : start + 5]) for start in range(len(plain) - 4)}


def containment(one: PrintedArticle, other: PrintedArticle) -> float:
    """The share of the shorter text's 5-word shingles that the other has, too."""
    first, second = shingles(one), shingles(other)
    return len(first & second) / min(len(first), len(second))


def cosine(one: PrintedArticle, other: PrintedArticle) -> float:
    """TF-IDF cosine over the day's articles."""
    counts = {article: Counter(words(f"{article.title} {article.text}")) for article in DAY.articles}
    spread = Counter(word for count in counts.values() for word in count)

    def weights(article: PrintedArticle) -> dict[str, float]:
        total = len(counts)
        return {
            word: (1 + math.log(number)) * (1 + math.log((1 + total) / (1 + spread[word])))
            for word, number in counts[article].items()
        }

    first, second = weights(one), weights(other)
    dot = sum(weight * second.get(word, 0.0) for word, weight in first.items())
    return dot / math.sqrt(sum(w * w for w in first.values()) * sum(w * w for w in second.values()))


def sentences(article: PrintedArticle) -> list[str]:
    return [part for paragraph in article.paragraphs for part in SENTENCE_END.split(paragraph)]


def test_the_two_stations_share_some_text_and_no_more() -> None:
    assert 0.13 <= containment(CHANNEL4, ELLERY31) <= 0.18
    assert cosine(CHANNEL4, ELLERY31) >= 0.4
    assert all(350 <= len(words(article.text)) <= 500 for article in (CHANNEL4, ELLERY31))


def test_the_two_stations_share_neither_title_nor_lead() -> None:
    assert not set(words(CHANNEL4.title)) & set(words(ELLERY31.title)) - {"to", "s"}
    first, second = (sentences(article)[0] for article in (CHANNEL4, ELLERY31))
    assert not set(zip(words(first), words(first)[1:], words(first)[2:], strict=False)) & set(
        zip(words(second), words(second)[1:], words(second)[2:], strict=False)
    ) - {("the", "justice", "department")}


def test_three_of_nineteen_sentences_come_from_the_same_agency() -> None:
    ours, theirs = sentences(ELLERY31), [set(words(sentence)) for sentence in sentences(CHANNEL4)]
    shared = [
        sentence
        for sentence in ours
        if max(len(set(words(sentence)) & other) / len(set(words(sentence)) | other) for other in theirs)
        > 0.7
    ]
    assert (len(shared), len(ours)) == (3, 19)


def test_one_station_says_only_the_plural_and_the_other_hides_a_space() -> None:
    assert re.search(r"sanctuary cities", CHANNEL4.text)
    assert not re.search(r"sanctuary[\s\u00a0]+city", CHANNEL4.title + CHANNEL4.text)
    assert "sanctuary\u00a0city" in ELLERY31.text
    assert "so-called\u00a0sanctuary" in ELLERY31.text
    assert not re.search(r"sanctuary (city|cities)", ELLERY31.title + ELLERY31.text)


def test_roughly_two_dozen_becomes_an_exact_number_at_five_past_two() -> None:
    (correction,) = CHANNEL4.corrections
    before, after = (
        CHANNEL4.as_of(correction.at - timedelta(minutes=1)),
        CHANNEL4.as_of(correction.at),
    )
    assert before
    assert after
    assert "Officials sent letters to roughly two dozen jurisdictions." in before.text
    assert "Officials sent letters to 23 jurisdictions." in after.text
    assert "roughly two dozen" not in after.text
    assert after.notes
    assert "The 23 jurisdictions include Port Ellery, Granby Falls and the state of Alder." in ELLERY31.text


def test_five_outlets_carry_the_court_story_word_for_word() -> None:
    copies = [article for article in DAY.told("S3") if article.outlet != "statehouse"]
    assert len({article.outlet for article in copies}) == 5
    assert min(containment(one, other) for one, other in combinations(copies, 2)) > 0.99
    assert all("Section 1373" in article.text and article.credit == "National Wire" for article in copies)


def test_unrelated_stories_share_no_text() -> None:
    labels = {"S1", "S3", "S6"}
    rest = [article for article in DAY.articles if article.story not in labels]
    related = [CHANNEL4, ELLERY31, DAY.told("S3")[0], *rest]
    pairs = [pair for pair in combinations(related, 2) if {a.story for a in pair} != {"S1"}]
    assert max(containment(one, other) for one, other in pairs) < 0.01


def test_the_other_stories_of_the_beat_are_not_the_letter() -> None:
    for label in ("S2", "S5", "B1"):
        (other,) = DAY.told(label)
        assert containment(CHANNEL4, other) < 0.01
        assert cosine(CHANNEL4, other) < cosine(CHANNEL4, ELLERY31) - 0.15


def test_the_report_that_recycles_background_does_so_only_at_its_end() -> None:
    (recycled,) = DAY.told("S6")
    assert containment(recycled, ELLERY31) > 0.1
    shared = shingles(recycled) & shingles(ELLERY31)
    told = words(" ".join(recycled.paragraphs[:-1]))
    assert not any(tuple(told[at : at + 5]) in shared for at in range(len(told)))
    assert recycled.at - ELLERY31.at > timedelta(hours=5)


def test_the_program_is_mentioned_once_and_deep_in_the_sheriffs_story() -> None:
    (passing,) = DAY.told("S4")
    where = [number for number, text in enumerate(passing.paragraphs) if "287(g)" in text]
    assert where == [7]
    assert passing.text.count("287(g)") == 1


def test_near_misses_are_near() -> None:
    texts = {label: DAY.told(label)[0] for label in ("N1", "N2", "N3", "N4")}
    assert "animal sanctuary" in texts["N1"].text
    assert "Sanctuary policy" in texts["N1"].text
    assert "bird sanctuary" in texts["N2"].text
    assert "church sanctuary concert" in texts["N3"].text
    assert "ice near the jail" in texts["N4"].title
    assert "ICE" not in texts["N4"].title + texts["N4"].text
    assert any("justice" in article.title.lower() for article in DAY.articles if not article.story)


def test_ordinary_news_is_off_the_beat() -> None:
    ordinary = [article for article in DAY.articles if not article.story]
    assert len(ordinary) >= 30
    assert [a.slug for a in ordinary if BEAT.search(a.title + a.text)] == []


def test_boilerplate_never_touches_the_beat() -> None:
    for outlet in DAY.outlets:
        around = " ".join((outlet.signature, outlet.newsletter, outlet.footer, *outlet.navigation))
        assert not BEAT.search(around), outlet.id


def test_the_day_is_large_and_mixed_enough() -> None:
    assert len(DAY.articles) >= 40
    assert len(DAY.outlets) >= 12
    assert {outlet.feed for outlet in DAY.outlets} == {
        "rss2",
        "rss-full",
        "rss091",
        "rss092",
        "rdf",
        "atom",
        "atom-base",
        "json",
    }
    counts = Counter(article.outlet for article in DAY.articles)
    assert all(3 <= counts[outlet.id] <= 8 for outlet in DAY.outlets)
    assert sum(article.language == "es" for article in DAY.articles) >= 3


def test_every_outlet_has_news_from_before_the_first_visit() -> None:
    before = {article.outlet for article in DAY.articles if article.at < DAY.starts}
    assert before == {outlet.id for outlet in DAY.outlets}
    assert DAY.told("B1")[0].at < DAY.starts
    assert {moment.at.tzinfo for moment in DAY.moments} == {DAY.starts.tzinfo}
    assert list(DAY.moments) == sorted(DAY.moments, key=lambda moment: moment.at)


def test_the_damaged_feeds_are_damaged_by_what_they_carry() -> None:
    printed = {
        outlet.id: print_feed(outlet, [a for a in reversed(DAY.articles) if a.outlet == outlet.id], SITE).body
        for outlet in DAY.outlets
    }
    assert b"arts & crafts" in printed["granby"]
    assert b"&rsquo;" in printed["statehouse"]
    assert printed["statehouse"].lstrip() != printed["statehouse"]
    for outlet in ("ledger", "lavoz"):
        with pytest.raises(UnicodeDecodeError):
            printed[outlet].decode()


@pytest.mark.parametrize("outlet", DAY.outlets, ids=lambda outlet: outlet.id)
def test_a_patient_reader_finds_every_item_of_every_feed(outlet: Outlet) -> None:
    articles = [article for article in reversed(DAY.articles) if article.outlet == outlet.id]
    body = print_feed(outlet, articles, SITE).body
    if outlet.feed == "json":
        links = [item["url"] for item in json.loads(body)["items"]]
    else:
        links = [entry.get("link", "") for entry in feedparser.parse(io.BytesIO(body.lstrip())).entries]
    whole = articles[:-1] if "truncated" in outlet.damage else articles
    assert links[: len(whole)] == [SITE + outlet.path_of(article) + outlet.link_tail for article in whole]


def test_a_good_extractor_finds_the_story_and_leaves_the_rest() -> None:
    with NewsWeb(DAY.outlets, DAY.articles, clock=FakeClock(DAY.ends)) as web:
        for article in (CHANNEL4, ELLERY31, *DAY.told("S3"), *DAY.told("S4"), *DAY.told("S5")):
            site = web.outlet(article.outlet)
            page = ask(site.article_url(article.slug)).text
            text = trafilatura.extract(page, fast=True, include_comments=False) or ""
            version = article.as_of(DAY.ends)
            assert version
            missing = [
                part for part in version.paragraphs if " ".join(part.split()) not in " ".join(text.split())
            ]
            assert missing == []
            assert "cookies" not in text
            assert not [
                other.title for other in site.out_now() if other.slug != article.slug and other.title in text
            ]


def test_every_article_can_be_read_at_its_address_once_the_day_is_over() -> None:
    clock = FakeClock(DAY.ends)
    with NewsWeb(DAY.outlets, DAY.articles, clock=clock) as web:
        for article in DAY.articles:
            site = web.outlet(article.outlet)
            page = ask(site.article_url(article.slug))
            assert page.status == 200
            assert article.paragraphs[-1].split(" & ")[0].split('"')[0] in page.text
