"""What a window remembers, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from news.nouns import Article
from news.sameness.kept import Traced
from news.sameness.window import Window
from tests.news.sameness.newsstand import (
    AGENCY,
    FIRST_LEAD,
    POOL,
    SECOND_LEAD,
    file_all,
    numbered,
    texts,
    told,
)
from tests.nouns import NOON

FIRST = told(*FIRST_LEAD, *AGENCY, title="Boats leave Coldwater in a hurry", id=1)
SECOND = told(*SECOND_LEAD, *AGENCY, outlet="Ellery 31", title="Diver calls crack long as a bus", id=2)


def test_placing_remembers_nothing() -> None:
    window = Window()
    window.place(FIRST)
    assert len(window) == 0
    assert window.place(SECOND).story_id is None


def test_a_story_keeps_the_number_the_store_gave_it() -> None:
    window = Window()
    window.add(FIRST, 4711)
    assert window.place(SECOND).story_id == 4711


def test_what_was_seen_before_an_instant_is_forgotten() -> None:
    window = Window()
    window.add(FIRST, 1)
    window.drop_before(NOON)
    assert window.place(SECOND).story_id == 1
    window.drop_before(NOON + timedelta(seconds=1))
    assert len(window) == 0
    assert window.place(SECOND).story_id is None


def test_a_new_version_takes_the_place_of_the_old_one() -> None:
    window = Window()
    window.add(FIRST, 1)
    window.replace(replace(FIRST, text="\n".join(POOL[9:14]), title="School board postpones vote"), 1)
    assert len(window) == 1
    assert window.place(SECOND).story_id is None


def test_what_people_join_and_part_is_followed() -> None:
    window = Window()
    window.add(FIRST, 1)
    window.add(SECOND, 1)
    third = told(*SECOND_LEAD, *AGENCY, outlet="Harbor Post", title="Crack long as a bus", id=3)
    window.follow({1: 1, 2: 9})
    assert window.place(third).story_id == 9
    window.follow({1: 1})  # the second is part of another article now
    assert window.articles() == (1,)
    assert window.place(third).story_id == 1


def test_a_version_is_not_compared_with_the_article_it_replaces() -> None:
    window = Window()
    window.add(FIRST, 1)
    assert window.place(replace(FIRST, version=2, text=FIRST.text + "\nMore tomorrow.")).shared == ()


def test_a_window_built_again_from_the_store_judges_the_same() -> None:
    filed = numbered(
        FIRST, told(*POOL[9:13], outlet="Harbor Post"), told(*POOL[13:], outlet="Valley Courier")
    )
    lived, rebuilt = Window(), Window()
    stories = [story for story, _ in file_all(lived, *filed)]
    for article, story_id in zip(filed, stories, strict=True):
        rebuilt.add(article, story_id)
    assert rebuilt.place(SECOND) == lived.place(SECOND)


@given(st.lists(st.sampled_from(range(4)), max_size=20))
def test_forgetting_leaves_nothing_behind(kept: list[int]) -> None:
    window = Window()
    fresh = Window()
    for number, days in enumerate(kept, start=3):
        window.add(told(*POOL[days : days + 3], id=number, days=-days - 1), number)
    window.drop_before(NOON)
    window.add(FIRST, 1)
    fresh.add(FIRST, 1)
    assert len(window) == 1
    assert window.place(SECOND) == fresh.place(SECOND)


def rebuilt_from_rows(*articles: Article) -> tuple[Window, Window, dict[int, bytes]]:
    """Return a window that lived, one that was made again from what the store keeps, and the fingerprints."""
    lived, rebuilt = Window(), Window()
    rows, prints = [], {}
    for article in articles:
        placement = lived.place(article)
        kept = lived.kept(article)
        story_id = placement.story_id or article.id
        rows.append(Traced(article_id=article.id, story_id=story_id, trace=kept.trace))
        prints[article.id] = kept.print
        lived.add(article, story_id, placement=placement)
    rebuilt.restore(rows)
    return lived, rebuilt, prints


@settings(max_examples=25)  # up to eight articles an example
@given(st.lists(texts, max_size=5), texts)
def test_a_window_made_again_without_any_text_judges_the_same(filed: list[str], text: str) -> None:
    outlets = ("Harbor Post", "Valley Courier")
    articles = numbered(FIRST, *(told(each, outlet=outlets[at % 2]) for at, each in enumerate(filed)))
    lived, rebuilt, prints = rebuilt_from_rows(*articles)
    for article in (SECOND, told(text, outlet="Coast Public Radio")):
        rebuilt.give(rebuilt.lacking(article), prints)
        assert rebuilt.place(article) == lived.place(article)


def test_only_the_fingerprints_of_what_is_near_are_asked_of_the_store() -> None:
    others = [told(*POOL[at : at + 2], outlet="Harbor Post") for at in range(9, 16, 2)]
    _, rebuilt, prints = rebuilt_from_rows(*numbered(FIRST, *others))
    wanted = rebuilt.lacking(told(*AGENCY, outlet="Ellery 31"))
    assert 1 in wanted
    rebuilt.give(wanted, prints)
    assert rebuilt.lacking(told(*AGENCY, outlet="Ellery 31")) == ()


def test_what_was_never_asked_of_the_store_is_forgotten_without_it() -> None:
    _, rebuilt, _ = rebuilt_from_rows(FIRST, *numbered(told(*POOL[9:12]), told(*POOL[12:15]))[1:])
    rebuilt.drop_before(NOON + timedelta(days=1))
    assert len(rebuilt) == 0
    fresh = Window()
    for window in (rebuilt, fresh):
        window.add(FIRST, 1)
    assert rebuilt.place(SECOND) == fresh.place(SECOND)


def test_what_the_store_has_lost_stops_nothing() -> None:
    _, rebuilt, _ = rebuilt_from_rows(FIRST)
    rebuilt.give(rebuilt.lacking(SECOND), {})
    assert rebuilt.place(SECOND).story_id is None
    assert len(rebuilt) == 0
