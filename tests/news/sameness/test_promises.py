"""What holds of any stream of articles, whatever stands in them and in whatever order they come."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from news.nouns import Article
from news.sameness.fingerprint import traces
from news.sameness.window import Window
from news.text import fold, sentences
from tests.news.sameness.newsstand import (
    AGENCY,
    FIRST_LEAD,
    POOL,
    SECOND_LEAD,
    file_all,
    numbered,
    stories_of,
    texts,
    told,
)

OUTLETS = ("Channel 4 Ellery", "Ellery 31", "Harbor Post", "Valley Courier")
DAM = (*AGENCY, *FIRST_LEAD)
SCHOOL = POOL[9:13]
FAIR = POOL[13:]
BLOCKS = (
    ("Sign up for our newsletter and get the morning's stories in your inbox.",),
    ("Photo of the day: send yours to the desk.", "Download our free app for alerts."),
    (
        "Reach the county desk by telephone between eight in the morning and six in the evening, or drop in.",
        "The county desk is six people who have covered the valley for a quarter of a century between them.",
    ),
)


@settings(max_examples=15)  # nine articles an example
@given(st.permutations(range(9)), st.lists(st.integers(0, 59), min_size=9, max_size=9))
def test_the_order_in_which_an_hour_brings_copies_changes_no_group(
    order: list[int], minutes: list[int]
) -> None:
    told_in = [(text, outlet) for text in (DAM, SCHOOL, FAIR) for outlet in OUTLETS[:3]]
    articles = [
        told(*told_in[at][0], outlet=told_in[at][1], days=minute / 1440)
        for at, minute in zip(order, minutes, strict=True)
    ]
    groups: dict[int, set[str]] = {}
    for article, story in zip(articles, stories_of(*articles), strict=True):
        groups.setdefault(story, set()).add(article.text)
    assert sorted(map(len, groups.values())) == [1, 1, 1]


@settings(max_examples=40)
@given(texts, texts)
def test_what_one_article_shares_with_another_that_one_shares_with_it(one: str, other: str) -> None:
    first, second = numbered(told(one, title="One"), told(other, title="Other", outlet="Ellery 31"))
    assert shared_text(first, second) == shared_text(second, first)


def shared_text(filed: Article, placed: Article) -> bool:
    """Return whether the placed article shares a sentence with the filed one."""
    window = Window()
    window.add(filed, 1)
    shared = window.copies(placed)
    assert bool(shared) == bool(window.place(placed).shared)
    return bool(shared)


@settings(max_examples=40)
@given(st.lists(texts, max_size=3), st.booleans())
def test_an_article_is_read_alike_alone_and_beside_others(beside: list[str], roughly: bool) -> None:
    articles = [told(*DAM, title="Crack found in Coldwater dam"), *(told(text, title="") for text in beside)]
    for article, among in zip(articles, traces(articles, roughly=roughly), strict=True):
        (alone,) = traces([article], roughly=roughly)
        for name in ("entries", "furniture", "runs", "run_lines", "run_places", "key_lines"):
            assert getattr(alone, name).tolist() == getattr(among, name).tolist()
        assert alone.taken.spelled.ends.tolist() == among.taken.spelled.ends.tolist()


@settings(max_examples=40)
@given(st.lists(texts, min_size=1, max_size=4))
def test_what_is_new_was_never_sent_before_and_stands_in_the_article(more: list[str]) -> None:
    articles = [
        told(*AGENCY, *SECOND_LEAD[:1], text, outlet=outlet, title="Crack found in Coldwater dam")
        for text, outlet in zip(more, OUTLETS, strict=False)
    ]
    first = told(*DAM, outlet="Granby Bugle", title="Crack found in Coldwater dam")
    filed = file_all(Window(), first, *articles)
    sent = {fold(sentence.text) for sentence in sentences(first.text)}
    for article, (story, placement) in zip(articles, filed[1:], strict=True):
        assert story == 1
        new = [sentence.text for sentence in placement.whats_new]
        assert sent.isdisjoint(map(fold, new))
        assert all(text in article.text for text in new)
        assert len(set(new)) == len(new)
        sent.update(map(fold, new))


@settings(max_examples=15)  # eighteen articles an example
@given(st.sampled_from(OUTLETS[:3]), st.sampled_from(BLOCKS), st.permutations(range(9)))
def test_what_an_outlet_prints_under_everything_changes_no_decision(
    outlet: str, block: tuple[str, ...], order: list[int]
) -> None:
    told_in = [(text, each) for text in (DAM, SCHOOL, FAIR) for each in OUTLETS[:3]]
    plain = [told(*told_in[at][0], outlet=told_in[at][1]) for at in order]
    under = [
        replace(article, text="\n".join([article.text, *block])) if article.outlet == outlet else article
        for article in plain
    ]
    assert stories_of(*under) == stories_of(*plain)
