"""From a story that does not concern a watchlist, what is the smallest change, and what would it cost?"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.matching.compiled import compile_watchlist
from news.matching.learning import Kept, Lesson, catches, learn
from news.matching.neighbors import headline_words
from news.nouns import Story, Watchlist
from tests.news.matching.newsroom import a_watchlist
from tests.nouns import a_story, an_article

FILLER = "The council meets again on Monday. Nobody said anything else.\n" * 4


def told(number: int, title: str, text: str = "") -> Story:
    """Return a story of one article."""
    return a_story(an_article(title, id=number, text=text or FILLER), id=number)


def lines_of(lesson: Lesson) -> list[list[str]]:
    """Return what each offered change would write."""
    return [[change.after for change in effect.edit.changes] for effect in lesson.offered]


RINK = told(1, "Thin ice closes skating pond", "Thin ice near the jail closed the pond. " + FILLER)
RAID = told(2, "ICE waits at the jail door", "Agents of ICE waited at the jail. " + FILLER)


def test_capitals_are_offered_where_an_abbreviation_found_a_plain_word() -> None:
    lesson = learn(a_watchlist("ICE NEAR/15 jail"), RINK, [Kept(story=RAID)])
    first = lesson.offered[0]
    assert first.edit.kind == "case"
    assert [change.after for change in first.edit.changes] == ["=ICE NEAR/15 jail"]
    assert (first.loses, lesson.measured) == ([], 1)


def test_capitals_are_offered_for_an_abbreviation_typed_in_small_letters() -> None:
    lesson = learn(a_watchlist("ice NEAR/15 jail"), RINK, [Kept(story=RAID)])
    assert ["=ICE NEAR/15 jail"] in lines_of(lesson)


def test_the_word_beside_what_was_found_is_offered_as_an_exclusion() -> None:
    zoo = told(3, "Elephants move to a new home", "They live in an animal sanctuary now. " + FILLER)
    city = told(4, "Sanctuary city sues", "The sanctuary city went to court. " + FILLER)
    lesson = learn(a_watchlist("sanctuary"), zoo, [Kept(story=city)])
    exclusions = [effect for effect in lesson.offered if effect.edit.kind == "never"]
    assert exclusions[0].edit.changes[0].after == "animal sanctuary"
    assert exclusions[0].loses == []


def test_a_change_says_which_stories_it_would_lose() -> None:
    zoo = told(3, "Elephants at home", "They live in an animal sanctuary. " + FILLER)
    other = told(5, "Sanctuary city and an animal sanctuary", FILLER)
    cities = [told(number, f"Sanctuary city number {number}") for number in range(6, 12)]
    lesson = learn(a_watchlist("sanctuary"), zoo, [Kept(story=each) for each in (other, *cities)])
    lost = {effect.edit.changes[0].after: effect.loses for effect in lesson.offered}
    assert lost.get("animal sanctuary", [other]) == [other]
    assert lesson.offered[0].loses == []


def test_a_change_that_loses_a_story_marked_as_relevant_is_never_offered() -> None:
    zoo = told(3, "Elephants at home", "They live in an animal sanctuary. " + FILLER)
    kept = told(5, "Animal sanctuary in a sanctuary city", FILLER)
    lesson = learn(a_watchlist("sanctuary"), zoo, [Kept(story=kept, relevant=True)])
    assert ["animal sanctuary"] not in lines_of(lesson)
    assert "animal sanctuary" in {effect.edit.changes[0].after for effect in lesson.refused}


def test_a_change_that_also_ends_other_wrong_stories_comes_first() -> None:
    bears = told(3, "Bears", "They live in an animal sanctuary. " + FILLER)
    wolves = told(4, "Wolves", "They found an animal sanctuary. " + FILLER)
    lesson = learn(a_watchlist("sanctuary"), bears, [Kept(story=wolves, relevant=False)])
    first = lesson.offered[0]
    assert [story.id for story in first.rids] == [4]
    assert first.loses == []


def test_words_deep_in_a_text_can_be_asked_for_at_its_top() -> None:
    late = told(3, "Council counts chairs", FILLER + "A detainer came up once.")
    top = told(4, "Detainer policy ends", FILLER)
    lesson = learn(a_watchlist("detainer"), late, [Kept(story=top)])
    assert ["title:(detainer) OR lead:(detainer)"] in lines_of(lesson)


def test_at_most_three_changes_are_offered_and_none_twice() -> None:
    lesson = learn(a_watchlist("ICE NEAR/15 jail", "pond"), RINK, [Kept(story=RAID)])
    assert 1 <= len(lesson.offered) <= 3
    written = lines_of(lesson)
    assert len(written) == len({tuple(each) for each in written})


def test_a_story_that_the_watchlist_does_not_catch_teaches_nothing() -> None:
    assert learn(a_watchlist("zeppelin"), RINK, [Kept(story=RAID)]).offered == ()


def test_what_the_watchlist_does_not_catch_today_is_not_counted() -> None:
    lesson = learn(a_watchlist("ICE NEAR/15 jail"), RINK, [Kept(story=told(9, "Weather"))])
    assert lesson.measured == 0


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Thin ice closes skating pond", ["title:(skating pond)", "title:skating", "title:pond"]),
        ("La ciudad y el santuario", ["title:ciudad", "title:santuario"]),
        ("287(g): what now?", []),
    ],
)
def test_the_telling_words_of_a_headline(title: str, lines: Sequence[str]) -> None:
    assert set(lines) <= set(headline_words(title, {"ice", "thin"}))


WORDS = st.sampled_from(
    ["ice", "ICE", "jail", "Jail", "sanctuary", "city", "animal", "thin", "the", "pond", "policía", "287(g)"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
LINES = st.sampled_from(["ICE", "jail", "sanctuary city", "ICE NEAR/5 jail", '"thin ice"', "sanct* OR pond"])


@given(st.lists(LINES, min_size=1, max_size=3, unique=True), TEXTS, st.lists(TEXTS, max_size=4), TEXTS)
def test_whatever_is_offered_does_what_it_says(
    lines: list[str], title: str, others: list[str], text: str
) -> None:
    watchlist: Watchlist = a_watchlist(*lines)
    wrong = told(1, title, text)
    archive = [
        Kept(story=told(number, other, other), relevant=[True, None][number % 2])
        for number, other in enumerate(others, start=2)
    ]
    now = compile_watchlist(watchlist)
    for effect in learn(watchlist, wrong, archive).offered:
        after = compile_watchlist(effect.edit.applied(watchlist))
        assert not catches(after, wrong)
        gone = {
            each.story.id for each in archive if catches(now, each.story) and not catches(after, each.story)
        }
        assert gone == {story.id for story in effect.loses}
        assert not gone & {each.story.id for each in archive if each.relevant}
