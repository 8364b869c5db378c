"""A late article shows that two stories are one, or that it only prints both."""

from __future__ import annotations

from news.sameness.bridging import Bridge, bridge
from news.sameness.window import Window
from tests.news.sameness.newsstand import AGENCY, POOL, file_all, told

CRACK = (
    "The harbor bridge at Coldwater was closed on Tuesday after a diver found a crack in its third pier.",
    "Port engineers said it could stay closed for six weeks, and that trucks would be sent round the lake.",
    "The crack is as long as a bus, and it runs below the water line where nobody had looked since autumn.",
    "Ferries will run every ten minutes from noon, the port said, and cars will be carried free of charge.",
)
QUAY = (
    "Shops on the quay counted their losses, with the bridge at Coldwater closed and every car park empty.",
    "A baker said that half of her customers drive in from the other shore, and that few take a boat.",
    "The council will ask the state for money to keep forty small businesses open until the summer.",
    "Some of the owners have sent their clerks home, and one of them has put his own house up for sale.",
)


def bridged(*articles: tuple[str, tuple[str, ...], str]) -> tuple[list[int], Bridge | None]:
    """File articles (title, sentences, outlet); return their stories, and what the last one shows."""
    window = Window()
    filed = file_all(window, *(told(*text, outlet=outlet, title=title) for title, text, outlet in articles))
    story, placement = filed[-1]
    sharing = [passage.article_id for passage in placement.shared]
    return [each for each, _ in filed], bridge(len(filed), story, sharing, window.compared)


def test_an_article_that_has_the_text_of_both_joins_two_stories() -> None:
    stories, found = bridged(
        ("Crack closes harbor bridge", CRACK, "Channel 4 Ellery"),
        ("Empty quay, empty shops", QUAY, "Ellery 31"),
        ("Crack closes harbor bridge, and shops count losses", (*CRACK, *QUAY), "Harbor Post"),
    )
    assert stories == [1, 2, 1]
    assert found is not None
    assert found.story_id == 2
    assert found.reason == "one article has what Channel 4 Ellery and Ellery 31 printed of it"


def test_a_round_up_of_two_stories_joins_nothing() -> None:
    stories, found = bridged(
        ("Crack found in dam", AGENCY, "Channel 4 Ellery"),
        ("School board postpones vote", POOL[9:13], "Ellery 31"),
        ("The day in short", (*AGENCY, *POOL[9:13]), "Harbor Post"),
    )
    assert len(set(stories)) == 2
    assert found is None


def test_an_article_of_one_story_joins_nothing() -> None:
    _, found = bridged(
        ("Crack closes harbor bridge", CRACK, "Channel 4 Ellery"),
        ("Bridge closed", CRACK[:3], "Ellery 31"),
        ("Crack closes harbor bridge", (*CRACK, *QUAY), "Harbor Post"),
    )
    assert found is None
