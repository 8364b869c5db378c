"""Is it said how much of an article is its own, and never whose the rest is unless somebody says so?"""

from __future__ import annotations

from dataclasses import replace

from alerts.shares import corroboration_words, own_reporting, same_text_outlets, share_label, shared_words
from tests.alerts.evening import a_copy, the_first_report, the_second_report, the_story


def test_an_agency_is_named_only_when_both_credits_name_it() -> None:
    def label(own: str, other: str) -> str:
        second = the_second_report()
        second = replace(second, article=replace(second.article, credit=own))
        first = replace(the_story().articles[0], article=the_first_report(credit=other))
        return share_label(second, the_story(second, first=first))

    assert label("Ellery 31 and National Wire", "Channel 4, National Wire") == "14 % National Wire"
    assert label("By Staff and National Wire", "Channel 4") == "14 % shared text"
    assert label("", "National Wire") == "14 % shared text"
    assert label("", "Ellery 31") == ""  # Channel 4 says that it is Ellery 31's own


def test_an_agency_that_every_desk_knows_is_named_from_the_credit_or_the_byline_alone() -> None:
    second = the_second_report()
    for article in (
        replace(second.article, credit="Staff and The Associated Press"),
        replace(second.article, credit="", authors=("Associated Press",)),
    ):
        assert share_label(replace(second, article=article), the_story(second)) == "14 % AP"


def test_the_agencys_own_article_is_its_credit() -> None:
    wire = replace(the_story().articles[0], article=the_first_report(outlet="National Wire", credit=""))
    second = the_second_report()
    assert share_label(second, the_story(second, first=wire)) == "14 % National Wire"


def test_what_others_print_with_an_agencys_credit_is_the_agencys_own() -> None:
    def told(credit: str) -> tuple[str, str, tuple[str, ...]]:
        first = replace(the_story().articles[0], article=the_first_report(credit=credit))
        second = the_second_report()
        wire = replace(second, article=replace(second.article, outlet="Associated Press", credit=""))
        story = the_story(wire, first=first)
        return share_label(wire, story), shared_words(wire, story), own_reporting(story)

    both = ("Channel 4 Ellery", "Associated Press")
    assert told("Jail reporter and AP") == ("", "Credited in Channel 4 Ellery", both)
    assert told("Jail reporter") == (
        "14 % shared text",
        "14 % shared text (2 of 14 sentences also in Channel 4 Ellery)",
        both,
    )


def test_copies_corroborate_nothing() -> None:
    copied = the_story(a_copy(2, "Outlet 2"), a_copy(3, "Outlet 3"))
    assert corroboration_words(copied) == "Own reporting at 1 outlet"
    assert (
        corroboration_words(the_story(the_second_report(), a_copy(3, "Outlet 3")))
        == "Own reporting at 2 outlets"
    )
    assert corroboration_words(the_story()) == ""


def test_what_is_credited_to_an_agency_alone_is_the_agencys_reporting() -> None:
    def reported(credit: str, outlet: str = "Channel 4 Ellery") -> tuple[str, ...]:
        first = replace(the_story().articles[0], article=the_first_report(credit=credit, outlet=outlet))
        return own_reporting(the_story(the_second_report(), first=first))

    assert reported("The Associated Press") == ("AP", "Ellery 31")
    assert reported("Ellery 31") == ("Ellery 31",)
    assert reported("Channel 4 Ellery and AP") == ("Channel 4 Ellery", "Ellery 31")
    assert reported("AP", outlet="Associated Press") == ("Associated Press", "Ellery 31")
    assert reported("Jail reporter") == reported("") == ("Channel 4 Ellery", "Ellery 31")


def test_shared_sentences_are_counted_once_each() -> None:
    second = the_second_report()
    twice = replace(second.placement, shared=second.placement.shared * 2)

    words = shared_words(replace(second, placement=twice), the_story(second))

    assert words == "14 % National Wire (2 of 14 sentences also in Channel 4 Ellery)"


def test_copies_are_counted_by_outlet() -> None:
    story = the_story(a_copy(2, "Ellery 31"), a_copy(3, "Ellery 31"), the_second_report(revision=4))

    assert same_text_outlets(story) == 2
    assert same_text_outlets(the_story(the_second_report())) == 1
