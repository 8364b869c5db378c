"""What an outlet prints under everything is no sign of one story."""

from __future__ import annotations

from news.sameness.refrains import ANYWHERE, SAME_OUTLET, Refrains, is_furniture
from news.sameness.window import Window
from tests.news.sameness.newsstand import POOL, file_all, told

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
    refrains = Refrains()
    for story_id in range(SAME_OUTLET):
        refrains.add("harbor post", story_id, [7])
    assert refrains.knows("harbor post", 7)
    assert not refrains.knows("ellery 31", 7)
    assert not refrains.knows("harbor post", 8)


def test_telling_one_story_three_times_makes_no_refrain() -> None:
    refrains = Refrains()
    for _ in range(SAME_OUTLET):
        refrains.add("harbor post", 1, [7])
    assert not refrains.knows("harbor post", 7)


def test_what_stands_in_many_stories_of_many_outlets_is_everybodys_refrain() -> None:
    refrains = Refrains()
    for story_id in range(ANYWHERE):
        refrains.add(f"outlet {story_id}", story_id, [7])
    assert refrains.knows("another outlet", 7)


def test_a_refrain_is_forgotten_with_its_articles() -> None:
    refrains = Refrains()
    for story_id in range(SAME_OUTLET):
        refrains.add("harbor post", story_id, [7])
    refrains.remove("harbor post", 0, [7])
    assert not refrains.knows("harbor post", 7)


def test_the_page_speaking_of_itself_is_furniture_and_a_story_about_pages_is_not() -> None:
    assert is_furniture("Sign up for our newsletter to get the top stories in your inbox.")
    assert is_furniture("National Wire contributed to this report.")
    assert is_furniture("Suscríbase a nuestro boletín.")
    assert not is_furniture(POOL[0])
    assert not is_furniture("The county newsletter, " + "and one more thing, " * 10 + "was late.")
