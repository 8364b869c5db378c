"""Articles of one time are looked at together, whatever their order."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from news.nouns import Article, Placement
from news.sameness.window import Window
from tests.news.sameness.newsstand import AGENCY, FIRST_LEAD, POOL, SECOND_LEAD, numbered, told

OUTLETS = ("Channel 4 Ellery", "Ellery 31", "Harbor Post", "Valley Courier")
FIRST = told(*FIRST_LEAD, *AGENCY, title="Boats leave Coldwater in a hurry")
SECOND = told(*SECOND_LEAD, *AGENCY, outlet="Ellery 31", title="Diver calls crack long as a bus")
SCHOOL = told(*POOL[9:13], outlet="Harbor Post", title="School board postpones vote on bus routes")


def placed(window: Window, *articles: Article) -> list[tuple[int, Placement]]:
    """Place the articles together; stories are numbered from 1."""
    return window.place_together(numbered(*articles), count(1).__next__)


def test_copies_and_a_story_of_its_own_are_told_apart_at_one_time() -> None:
    (first, why_first), (school, _), (second, why_second) = placed(Window(), FIRST, SCHOOL, SECOND)
    assert first == second != school
    assert (why_first.story_id, why_first.reason, why_first.whats_new) == (None, "", ())
    assert why_second.reason.startswith("4 shared sentences with Channel 4 Ellery")
    assert {sentence.text for sentence in why_second.whats_new} == set(SECOND_LEAD)
    assert {passage.article_id for passage in why_second.shared} == {1}


def test_what_came_before_keeps_its_story_and_takes_in_what_belongs_to_it() -> None:
    window = Window()
    (before,) = numbered(FIRST)
    window.add(before, 7)
    later = [told(*POOL[13:], outlet="Valley Courier"), SCHOOL, SECOND]
    articles = [replace(article, id=at) for at, article in enumerate(later, start=2)]
    numbers = iter((8, 9))
    stories = [story for story, _ in window.place_together(articles, numbers.__next__)]
    assert stories == [8, 9, 7]
    assert window.place(told(*AGENCY, outlet="Granby Bugle")).story_id == 7


def test_notes_of_one_mold_about_different_things_stay_apart() -> None:
    breakfast = "Mayor reads a subpoena aloud at breakfast in a sanctuary city"
    floods = "Flood grants of every sanctuary city are frozen until April"
    notes = [
        told(
            f"{title}, officials of the {paper} district said.",
            middle,
            f"That is all of {title}.",
            title=title,
            outlet=paper,
        )
        for title, middle, paper in (
            (
                breakfast,
                "She put the pages back into their envelope and asked for coffee.",
                "Harbor Post",
            ),
            (floods, "Auditors want spreadsheets of all repairs to levees and pumps.", "Valley Courier"),
        )
    ]
    assert len({story for story, _ in placed(Window(), *notes)}) == 2


def test_an_empty_article_stands_alone_at_any_time() -> None:
    empty = told("", title="")
    stories = [story for story, _ in placed(Window(), empty, told("", title="", outlet="Ellery 31"), FIRST)]
    assert len(set(stories)) == 3


@settings(max_examples=12)  # nine articles an example
@given(st.permutations(range(9)))
def test_the_order_of_one_time_changes_no_group(order: list[int]) -> None:
    texts = ((*AGENCY, *FIRST_LEAD), POOL[9:13], POOL[13:])
    articles = [
        told(*texts[at // 3], SECOND_LEAD[at % 3], outlet=OUTLETS[at % 3], title=f"What {at // 3} is about")
        for at in order
    ]
    groups: dict[int, set[int]] = {}
    for at, (story, _) in zip(order, placed(Window(), *articles), strict=True):
        groups.setdefault(story, set()).add(at // 3)
    assert sorted(map(sorted, groups.values())) == [[0], [1], [2]]
