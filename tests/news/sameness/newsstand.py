"""What do the tests of sameness read? Stories of one invented county, and noise to put around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from news.nouns import Article, Placement
from news.sameness.window import Window
from tests.nouns import NOON, FieldValue, an_article

#: Agency copy about a dam, and what two stations put above it.
AGENCY = (
    "Engineers lowered the gates of the Coldwater dam on Tuesday after a crack was found in its west wall.",
    "The lake behind the dam will fall by nine feet before the end of the week, the water district said.",
    "Three campgrounds along the northern shore were closed and some 140 visitors were asked to leave.",
    "The district inspects the wall twice a year and had reported no damage in the autumn.",
)
FIRST_LEAD = (
    "Boaters at Coldwater had an hour to take their boats out of the water.",
    "The owner of the marina counted 61 empty berths by the evening.",
)
SECOND_LEAD = (
    "A diver who looked at the Coldwater dam for the county calls the crack as long as a school bus.",
    "Farmers below the dam have been told to expect less water in June.",
    '"We saw it coming," the diver said at a meeting in Granby Falls.',
)
#: Sentences that have nothing to do with each other, for tests that mix.
POOL = (
    *AGENCY,
    *FIRST_LEAD,
    *SECOND_LEAD,
    "The school board of Port Ellery postponed its vote on new bus routes until the first week of May.",
    "A bakery on Harbor Street gave away four hundred loaves after its oven was repaired.",
    "The choir of the old cathedral will sing in the market hall while the roof is mended.",
    "Ferry tickets to the islands cost a dollar more from the first of the month, the line announced.",
    "Two hikers were brought down from Mount Alder by a helicopter of the coast guard.",
    "The county fair drew a third fewer visitors than in the year before the flood.",
    "A judge in Valley County dismissed the suit of a landlord against his own tenants.",
    "Snow fell on the pass for the sixth day in a row and the plows ran out of salt.",
)

#: Texts made of the pool's sentences, in any order, some twice, over one or more paragraphs.
texts = st.lists(st.sampled_from(POOL), min_size=1, max_size=10).flatmap(
    lambda chosen: st.sampled_from((" ", "\n")).map(lambda between: between.join(chosen))
)


def told(
    *sentences: str, outlet: str = "Channel 4 Ellery", title: str = "", days: float = 0, **fields: FieldValue
) -> Article:
    """Return an article of these sentences, one a paragraph, so many days after noon."""
    at = NOON + timedelta(days=days)
    usual = {
        "text": "\n".join(sentences),
        "source_id": outlet.lower().replace(" ", ""),
        "outlet": outlet,
        "published": at,
        "first_seen": at,
    }
    return an_article(title or sentences[0][:40], **(usual | fields))


def numbered(*articles: Article) -> list[Article]:
    """Return the articles with the ids that filing would give them."""
    return [replace(article, id=number) for number, article in enumerate(articles, start=1)]


def file_all(window: Window, *articles: Article) -> list[tuple[int, Placement]]:
    """Place and add one article after another; return the story of each, and why."""
    filed = []
    stories = 0
    for article in numbered(*articles):
        placement = window.place(article)
        if placement.story_id is None:
            stories += 1
        story_id = placement.story_id or stories
        window.add(article, story_id, placement=placement)
        filed.append((story_id, placement))
    return filed


def stories_of(*articles: Article) -> list[int]:
    """Return the number of each article's story in a window of its own."""
    return [story_id for story_id, _ in file_all(Window(), *articles)]
