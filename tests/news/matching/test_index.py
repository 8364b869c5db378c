"""An article meets the watchlists it could match, however they came into the index and left it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.errors import QueryError
from news.matching.compiled import compile_watchlist
from news.matching.index import Index, LiveIndex, compiled_all
from news.matching.matcher import match, match_story
from news.matching.query import Every, InField, Is, Not, Query, Words, written
from news.nouns import Article, Match, Watchlist
from tests.news.matching.newsroom import SEEN, a_watchlist, an_article
from tests.news.matching.test_reference import VOCABULARY, queries
from tests.nouns import a_story

odd: st.SearchStrategy[Query] = st.sampled_from(
    [
        Words(text="287(g)"),
        Words(text="SB25-276", exact=True),
        Words(text="e-mail"),
        Words(text="U.S."),
        Words(text="poli", prefix=True),
        Words(text="Bogot\u00e1", case=True),
        Words(text="ciudades"),
        Is(field="lang", value="es"),
        Every(parts=(Is(field="source", key="kind", value="news"), Not(part=Words(text="jail")))),
        InField(field="author", part=Words(text="desk")),
        Every(parts=(Words(text="ice"), Words(text="ice"))),
    ]
)
# A few lines, and watchlists that take some of them by number: quicker to draw than lines for each.
lines = st.lists((queries | odd).map(written), min_size=1, max_size=5)
words = st.sampled_from(
    [
        *VOCABULARY,
        "287(g)",
        "287 (g)",
        "SB 25-276",
        "email",
        "U.S.",
        "police",
        "Bogot\u00e1",
        "ciudad",
        "the",
        ".",
    ]
)
texts = st.lists(words, max_size=12).map(" ".join)
articles = st.builds(
    lambda title, text, language: an_article(text, title=title, language=language, authors=("City desk",)),
    texts,
    texts,
    st.sampled_from(["en", "en-US", "es", "es-MX", "fr", ""]),
)


some = st.lists(st.integers(0, 4), max_size=3)
plans = st.tuples(st.integers(0, 5), some, some, some)
Plan = tuple[int, list[int], list[int], list[int]]


def _watchlist(plan: Plan, known: list[str]) -> Watchlist:
    name, *roles = plan
    wanted, needed, never = (tuple(known[each % len(known)] for each in role) for role in roles)
    return replace(a_watchlist(*wanted, all=needed, never=never), id=f"watchlist-{name}")


def _asked(known: dict[str, Watchlist], article: Article) -> list[Match]:
    answers = (match(article, compile_watchlist(watchlist)) for watchlist in known.values())
    return [answer for answer in answers if answer is not None]


@given(lines, st.lists(plans, max_size=5), st.lists(articles, max_size=4))
def test_the_index_answers_what_asking_every_watchlist_would(
    written_lines: list[str], listed: list[Plan], read: list[Article]
) -> None:
    known = {one.id: one for one in (_watchlist(plan, written_lines) for plan in listed)}
    index = compiled_all(known.values())
    assert index.matches_of(read) == [_asked(known, article) for article in read]
    for article in read:
        answers = _asked(known, article)
        assert index.matches(article) == answers
        met = [compiled.watchlist.id for compiled in index.candidates(article)]
        assert {answer.watchlist_id for answer in answers} <= set(met)
        assert len(met) == len(set(met))


edits = st.lists(st.tuples(st.sampled_from(["put", "put", "drop", "pause"]), plans), max_size=6)


@given(lines, edits, articles)
def test_watchlists_that_come_change_and_go_leave_no_trace(
    written_lines: list[str], changes: list[tuple[str, Plan]], article: Article
) -> None:
    index, known = Index(), dict[str, Watchlist]()
    for change, plan in changes:
        watchlist = _watchlist(plan, written_lines)
        if change == "put":
            index.put(watchlist)
            known[watchlist.id] = watchlist
        else:
            known.pop(watchlist.id, None)
            _take_away(index, watchlist, pause=change == "pause")
        assert index.matches(article) == _asked(known, article)
    assert len(index) == len(known)
    for name in known:
        index.drop(name)
    assert index.is_empty


def _take_away(index: Index, watchlist: Watchlist, *, pause: bool) -> None:
    if pause:
        index.put(replace(watchlist, enabled=False))
    else:
        index.drop(watchlist.id)


def test_a_watchlist_that_cannot_be_read_leaves_the_one_that_is_live() -> None:
    index = compiled_all([a_watchlist("sanctuary city")])
    with pytest.raises(QueryError):
        index.put(a_watchlist("sanctuary AND"))
    assert index.matches(an_article("A sanctuary city."))


def test_an_article_with_neither_both_words_nor_side_by_side_meets_nothing() -> None:
    index = compiled_all(
        [a_watchlist('"county jail"', "sheriff NEAR/5 deputy", "ice AND detainer", "sanctuar*")]
    )
    assert not index.candidates(an_article("A jail, a county, a sheriff, ice and a sanity check."))
    assert index.candidates(an_article("A deputy. Nothing to do with the sheriff."))
    assert index.candidates(an_article("A county jail"))
    assert index.candidates(an_article("Two sanctuaries"))


def test_a_line_of_two_common_words_is_found_in_a_spanish_article() -> None:
    index = compiled_all([a_watchlist("ciudad santuario", languages=("es",))])
    article = an_article("Las ciudades santuario de Texas.", language="es")
    assert [each.evidence[0].words for each in index.matches(article)] == ["ciudades santuario"]


def test_lines_under_all_are_enough_to_find_a_watchlist() -> None:
    index = compiled_all([a_watchlist("lang:en NOT jail", all=("sanctuary city", "ice"))])
    assert index.matches(an_article("ICE in a sanctuary city."))
    assert not index.candidates(an_article("ICE in a city."))


@given(lines, st.lists(plans, max_size=4), st.lists(articles, min_size=1, max_size=4))
def test_the_index_answers_for_stories_together_what_asking_every_watchlist_would(
    written_lines: list[str], listed: list[Plan], read: list[Article]
) -> None:
    known = {one.id: one for one in (_watchlist(plan, written_lines) for plan in listed)}
    first, *others = (replace(article, id=at) for at, article in enumerate(read, 1))
    stories = [a_story(first), a_story(*others, id=2)]
    index = compiled_all(known.values())
    together = index.together(stories)
    for told in stories:
        asked = (match_story(told, compile_watchlist(watchlist), now=SEEN) for watchlist in known.values())
        answers = [answer for answer in asked if answer is not None]
        assert together.story_matches(told, now=SEEN) == index.story_matches(told, now=SEEN) == answers


def test_a_newsroom_is_followed_through_its_edits() -> None:
    live, jail = LiveIndex(), a_watchlist("jail")
    city, ice = (replace(a_watchlist(line), id=line) for line in ("city", "ICE"))
    article = an_article("ICE in the city jail.")
    for watchlists in ([jail, city], [city], [city, replace(jail, any=ice.any)], [ice, jail, city]):
        index = live.following(tuple(watchlists))
        assert {each.watchlist_id for each in index.matches(article)} == {each.id for each in watchlists}
    assert live.following(()).is_empty
