"""What an outlet prints under everything is no sign of one story."""

from __future__ import annotations

import pytest

from news.sameness.fingerprint import traces
from news.sameness.refrains import ANYWHERE, SAME_OUTLET, is_furniture, is_refrain
from news.sameness.window import Window
from tests.news.sameness.newsstand import POOL, file_all, told
from tests.nouns import NOON

BLOCK = (
    "Reach the county desk by telephone between eight in the morning and six in the evening, or drop in.",
    "The county desk is six people who have covered the valley for a quarter of a century between them.",
)
PAIRS = [POOL[at : at + 2] for at in range(9, 17, 2)]


def test_a_block_that_stands_under_every_story_is_not_shared_text_for_long() -> None:
    filed = file_all(Window(), *(told(*pair, *BLOCK, outlet="Harbor Post") for pair in PAIRS))
    assert [story for story, _ in filed] == [1, 2, 3, 4]
    assert {passage.sentence.text for passage in filed[1][1].shared} == set(BLOCK)
    assert filed[SAME_OUTLET][1].shared == ()


def test_a_sentence_is_a_refrain_of_the_outlet_that_repeats_it() -> None:
    places = [("harbor post", story_id) for story_id in range(SAME_OUTLET)]
    assert is_refrain("harbor post", places)
    assert not is_refrain("ellery 31", places)
    assert not is_refrain("harbor post", places[1:])


def test_telling_one_story_three_times_makes_no_refrain() -> None:
    assert not is_refrain("harbor post", [("harbor post", 1)] * SAME_OUTLET)


def test_what_stands_in_many_stories_of_many_outlets_is_everybodys_refrain() -> None:
    places = [(f"outlet {story_id}", story_id) for story_id in range(ANYWHERE)]
    assert is_refrain("another outlet", places)
    assert not is_refrain("another outlet", places[1:])


def test_a_refrain_is_forgotten_with_its_articles() -> None:
    window = Window()
    for number, pair in enumerate(PAIRS[:SAME_OUTLET], start=1):
        window.add(told(*pair, *BLOCK, outlet="Harbor Post", id=number, days=-1), number)
    later = told(*PAIRS[3], *BLOCK, outlet="Harbor Post")
    assert window.copies(later) == {}
    window.drop_before(NOON)
    window.add(told(*PAIRS[0], *BLOCK, outlet="Harbor Post", id=9), 9)
    assert list(window.copies(later)) == [9]


def test_the_page_speaking_of_itself_is_furniture_and_a_story_about_pages_is_not() -> None:
    assert is_furniture("Sign up for our newsletter to get the top stories in your inbox.")
    assert is_furniture("National Wire contributed to this report.")
    assert is_furniture("Suscríbase a nuestro boletín.")
    assert not is_furniture(POOL[0])
    assert not is_furniture("The county newsletter, " + "and one more thing, " * 10 + "was late.")


@pytest.mark.parametrize("roughly", [True, False])
def test_furniture_is_found_wherever_it_stands_in_a_text(roughly: bool) -> None:
    lines = [
        *("Sign up for our newsletter.", POOL[0], "Reuters Staff contributed to this report."),
        *("© 2026 Valley Courier.", POOL[1], "Suscríbase a nuestro boletín.", "Get the free app\u00a0today."),
    ]
    between = told(POOL[2], title="Bears leave"), told("", title="Nothing")
    found = traces([between[0], told(*lines, title="Boats leave"), between[1]], roughly=roughly)
    assert [bool(each.furniture.any()) for each in found] == [False, True, False]
    assert found[1].furniture.tolist() == [is_furniture(line) for line in lines]
