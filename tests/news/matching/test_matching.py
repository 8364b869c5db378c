"""Whether and where a watchlist's words stand in an article."""

from __future__ import annotations

from dataclasses import replace

import pytest

from news.matching.compiled import compile_watchlist
from news.matching.index import compiled_all
from news.matching.matcher import match_story
from news.nouns import (
    Article,
    Grade,
    Placement,
    Priority,
    PriorityRules,
    SourceChoice,
    Story,
    StoryArticle,
)
from tests.news.matching.newsroom import SEEN, a_watchlist, an_article, clauses, found, matched


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("sanctuary city", "He warned so-called\u00a0sanctuary\u00a0cities."),
        ("sanctuary city", "A \u2018sanctuary\u2019 city, he said."),
        ("sanctuary city", "A \u201csanctuary\u201d city, he said."),
        ("sanctuary city", "SANCTUARY-CITY RULES"),
        ("sanctuary city", "the sanc\u00adtuary  city's rules"),
        ("sanctuary (policy OR county)", "Most sanctuary counties sue."),
        ("Bogota policy", "Bogot\u00e1 policies"),
        ("287(g)", "The 287(g) program"),
        ("287(g)", "the 287 (g) program"),
        ("\u00a71373", "under Section 1373"),
        ("Section 1373", "under \u00a7 1373(a)"),
        ('"8 U.S.C. 1373"', "under 8 USC \u00a7 1373"),
        ("SB25-276", "Senate Bill SB 25-276"),
        ("SB 25-276", "Senate Bill SB25-276"),
        ("e-mail", "an email"),
        ("U.S. attorney", "the US attorney"),
        ("=ICE", "agents of ICE's office"),
        ("detain", "he is detaining, she detains, they detained"),
        ("sanctuary city sued", "Sanctuary cities sue"),
        ("NGO", "the NGOs"),
        ("=ICE", "agents of I.C.E. came"),
        ("detain*", "the detainees"),
        ("=ICE NEAR/15 jail", "The county jail will not hold people for ICE."),
        ("jail ONEAR/5 ICE", "The jail called ICE."),
        ("ATLEAST/2(jail)", "The jail is the county's jails."),
        ("body:jail", "The jail."),
        ("wife AND child AND agency AND church", "Wives, children, agencies and churches"),
    ],
)
def test_typography_plurals_and_spellings_do_not_hide_words(line: str, text: str) -> None:
    assert found(line, text)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("ice", "justice and police"),
        ("=ICE NEAR/15 jail", "thin ice near the jail"),
        ("U.S.", "He told us so."),
        ("sanctuary city", "It is a sanctuary. City officials agree."),
        ("sanctuary city", "Elephant sanctuary: city opens gates"),
        ("sanctuary city", "a sanctuary \u2014 city officials agree"),
        ("sanctuary city", "the sanctuary of the city"),
        ('"sanctuary city"', "sanctuary cities"),
        ("detainer", "he was detained"),
        ("ICE", "iced tea and icing"),
        ("=detain", "he was detained"),
        ('"detain"', "he was detained"),
        ("ISIS", "it is"),
        ("university", "the universe"),
        ("plan", "a plane"),
        ("new", "the news"),
        ("=ICE NEAR/2 jail", "ICE said that the jail"),
        ("jail ONEAR/5 ICE", "ICE called the jail."),
        ("ATLEAST/3(jail)", "The jail is the county's jails."),
        ("title:jail", "The jail."),
        (
            "lead:jail",
            "The council of Port Ellery met on Tuesday night to vote on its rules again.\nThe jail waits.",
        ),
        ("jail AND NOT sheriff", "The jail and the sheriff"),
        ("287(g)", "in 287 cases (group g)"),
    ],
)
def test_near_misses_are_no_matches(line: str, text: str) -> None:
    assert not found(line, text)


def test_a_phrase_never_reaches_from_the_headline_into_the_text() -> None:
    assert not found("sanctuary city", "City officials", title="Elephant sanctuary")
    assert not found("sanctuary NEAR/100 officials", "City officials", title="Elephant sanctuary")


def test_spanish_forms_are_one_word_in_spanish_articles() -> None:
    assert found("ciudad santuario", "las ciudades santuarios", language="es")
    assert found("deportar", "las deportaciones masivas", language="es-MX")
    assert not found("deportar", "las deportaciones masivas", language="en")


def test_fields_and_properties_narrow_a_line() -> None:
    facts = {
        "authors": ("A. Reporter", "B. Editor"),
        "kind": "opinion",
        "group": "alder",
        "language": "en-US",
    }
    text = "The jail."
    assert found("title:jail", text, title="Jails fill", **facts) == ["Jails"]
    assert found("author:reporter AND jail", text, **facts) == ["jail", "Reporter"]
    assert found("source:kind=opinion AND jail", text, **facts) == ["jail", "opinion"]
    assert found("source:(ellery31 OR group=alder) AND jail", text, **facts) == ["jail", "alder"]
    assert found('source:"Port Ellery Ledger" AND jail', text, **facts) == ["jail", "Port Ellery Ledger"]
    assert found("url:/2026/ AND jail", text, **facts) == ["jail", "/2026/"]
    assert found("lang:en AND jail", text, **facts) == ["jail"]
    assert not found("lang:es AND jail", text, **facts)
    assert not found("author:mayor AND jail", text, **facts)


def test_any_needs_one_all_needs_each_never_throws_out() -> None:
    watchlist = a_watchlist("jail", "sheriff", all=("county",), never=("animal sanctuary",))
    assert matched(watchlist, an_article("The county jail"))
    assert not matched(watchlist, an_article("The jail"))
    assert not matched(watchlist, an_article("The county"))
    assert not matched(watchlist, an_article("The county jail and the animal sanctuaries"))


def test_a_watchlist_looks_where_it_was_told_to_look() -> None:
    article = an_article("The jail", group="alder")
    for choice, looks in [
        (SourceChoice(), True),
        (SourceChoice(groups=("alder",)), True),
        (SourceChoice(groups=("federal",)), False),
        (SourceChoice(only=("ledger",)), True),
        (SourceChoice(only=("ellery31",)), False),
        (SourceChoice(besides=("ledger",)), False),
        (SourceChoice(besides=("alder",)), False),
    ]:
        assert bool(matched(a_watchlist("jail", sources=choice), article)) is looks


def test_a_watchlist_reads_its_languages_only() -> None:
    watchlist = a_watchlist("jail", languages=("en",))
    assert matched(watchlist, an_article("The jail", language="en-US"))
    assert matched(watchlist, an_article("The jail", language=""))
    assert not matched(watchlist, an_article("The jail", language="es"))


def test_the_evidence_names_the_line_the_words_and_the_sentence() -> None:
    text = "A quiet day.\nThe mayor won\u2019t help \u201csanctuary\u201d cities, he said. It rained."
    answer = matched(a_watchlist("jail", "sanctuary city"), an_article(text, title="Sanctuary cities sue"))
    assert answer is not None
    title, body = answer.evidence
    assert (title.field, title.words, title.sentence) == ("title", "Sanctuary cities", "Sanctuary cities sue")
    assert (body.clause, body.where) == ("sanctuary city", "watchlists/x.yaml:6:7")
    assert body.words == "sanctuary\u201d cities"
    assert body.sentence == "The mayor won\u2019t help \u201csanctuary\u201d cities, he said."


def test_priority_rules_read_headline_and_opening_unless_body_is_written() -> None:
    text = "The council of Port Ellery met on Tuesday night to vote on the jail once more.\nThe court waits."
    high = PriorityRules(high=clauses("court AND jail"))
    whole = PriorityRules(high=clauses("body:(court AND jail)"))
    top = matched(a_watchlist("jail", priority=high), an_article(text))
    answer = matched(a_watchlist("jail", priority=whole), an_article(text))
    assert top is not None
    assert answer is not None
    assert (top.priority, top.priority_reason) == (Priority.NORMAL, "")
    assert (answer.priority, answer.priority_reason) == (
        Priority.HIGH,
        '("court" and "jail") anywhere in the article',
    )


def test_urgent_is_asked_first_and_low_keeps_down_what_high_would_raise() -> None:
    rules = PriorityRules(urgent=clauses("raid"), high=clauses("jail"), low=clauses("source:kind=opinion"))
    watchlist = a_watchlist("jail", priority=rules)
    for kind, title, priority in [
        ("news", "Jail", Priority.HIGH),
        ("opinion", "Jail", Priority.LOW),
        ("opinion", "Raid on jail", Priority.URGENT),
    ]:
        answer = matched(watchlist, an_article("The day.", title=title, kind=kind))
        assert answer is not None
        assert answer.priority is priority


def a_story(*articles: Article) -> Story:
    placed = tuple(
        StoryArticle(article=article, revision=at, placement=Placement(story_id=7, reason=""))
        for at, article in enumerate(articles, 1)
    )
    return Story(
        id=7,
        revision=len(articles),
        watched_revision=0,
        title="x",
        created=SEEN,
        updated=SEEN,
        articles=placed,
    )


def test_a_story_matches_as_the_union_of_its_articles_strongest_first() -> None:
    passing = an_article(
        "It rained on the town all day long. " * 40 + "The jail is full.", id=1, backlog=True
    )
    headline = an_article("The day.", title="Jail is full", id=2)
    answer = match_story(
        a_story(passing, an_article("Rain.", id=3), headline),
        compile_watchlist(a_watchlist("jail")),
        now=SEEN,
    )
    assert answer is not None
    assert [each.article_id for each in answer.matches] == [2, 1]
    assert (answer.story_id, answer.grade, answer.revision, answer.backlog) == (7, Grade.ABOUT, 3, False)


def test_a_story_of_old_news_only_is_backlog_and_one_without_a_match_is_none() -> None:
    compiled = compile_watchlist(a_watchlist("jail"))
    old = match_story(a_story(an_article("The jail", backlog=True)), compiled, now=SEEN)
    assert old is not None
    assert old.backlog
    assert match_story(a_story(an_article("Rain")), compiled, now=SEEN) is None


def test_a_paused_watchlist_is_not_in_the_index() -> None:
    watchlist = a_watchlist("jail")
    index = compiled_all([watchlist, replace(watchlist, id="paused", enabled=False)])
    assert [each.watchlist.id for each in index.candidates(an_article("The jail"))] == ["sanctuary-cities"]
    assert index.candidates(an_article("Rain")) == ()
