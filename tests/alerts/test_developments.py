"""What came to a story since it was told, when outlets change their articles before anybody was told?"""

from __future__ import annotations

from dataclasses import replace

from alerts.developments import added, all_it_said, corrected
from news.nouns import Correction, Sentence, Story, StoryArticle
from tests.nouns import NOON, a_placement, a_sentence, an_article

ANSWERED = a_sentence("Granby Falls has answered the letter.")
DUE = a_sentence("An answer is due on Friday.")
FOLDED = a_sentence("The county has two weeks to answer.")
EXACT = Correction(before="two dozen", after="23", label="more exact")
TITLED = Correction(before="Mayor speaks", after="Mayor talks", label="headline changed")
OPENING = StoryArticle(article=an_article("Letter goes out", id=1), revision=1, placement=a_placement())


def a_place(version: int, *new: Sentence, says: tuple[Sentence, ...] = ()) -> StoryArticle:
    """Return the place that a version of the second article took, one revision after the other."""
    text = " ".join(sentence.text for sentence in (*new, *says))
    article = an_article("Clerk counts", id=2, text=text, version=version)
    return StoryArticle(article=article, revision=version + 1, placement=a_placement(1, whats_new=new))


def a_story(*places: StoryArticle) -> Story:
    """Return a story whose second article took these places, one version after the other."""
    second = replace(places[-1], earlier=places[:-1])
    return Story(
        id=1,
        revision=second.revision,
        watched_revision=1,
        title=OPENING.article.title,
        created=NOON,
        updated=NOON,
        articles=(OPENING, second),
    )


def news(story: Story, *, after: int, up_to: int) -> list[str]:
    """Return the sentences that are told."""
    told = added(story, after=after, up_to=up_to)
    return [sentence.text for each in told for sentence in each.placement.whats_new]


def test_what_a_version_brought_is_told_though_a_later_one_came_first() -> None:
    story = a_story(a_place(1, ANSWERED), a_place(2, DUE, says=(ANSWERED,)), a_place(3, says=(ANSWERED, DUE)))
    assert news(story, after=1, up_to=4) == [ANSWERED.text, DUE.text]


def test_what_was_told_of_an_earlier_version_is_not_told_again() -> None:
    story = a_story(a_place(1, ANSWERED), a_place(2, DUE, says=(ANSWERED,)))
    assert news(story, after=2, up_to=3) == [DUE.text]
    assert news(story, after=1, up_to=2) == [ANSWERED.text]


def test_what_the_outlet_took_back_is_not_told() -> None:
    story = a_story(a_place(1, ANSWERED, FOLDED), a_place(2, DUE, says=(ANSWERED,)))
    assert news(story, after=1, up_to=3) == [ANSWERED.text, DUE.text]


def test_a_correction_is_told_though_a_later_version_corrected_nothing() -> None:
    exact = replace(a_place(2, says=(ANSWERED,)), corrections=(EXACT,))
    titled = replace(a_place(3, says=(ANSWERED,)), corrections=(TITLED,))
    story = a_story(a_place(1, ANSWERED), exact, titled, a_place(4, says=(ANSWERED,)))
    (both,) = corrected(story, after=2, up_to=5)
    assert both.corrections == (EXACT, TITLED)
    (second,) = corrected(story, after=3, up_to=5)
    assert second.corrections == (TITLED,)
    assert corrected(story, after=4, up_to=5) == ()


def test_an_article_said_what_all_its_versions_said() -> None:
    (_, second) = a_story(a_place(1, ANSWERED), a_place(2, DUE, says=(ANSWERED,))).articles
    assert all_it_said(second).placement.whats_new == (ANSWERED, DUE)
