"""Does the watchlist that ships catch the beat and leave the rest alone?

The headlines were written for these tests: what a newsroom would expect on its first day, and what would
make it switch the program off.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from config.install import Answers, install_starter
from config.load import load
from news.matching.compiled import Compiled, compile_watchlist
from news.matching.matcher import match
from news.nouns import Grade, Match, Priority
from tests.nouns import an_article

FILLER = "The meeting went on until late in the evening. " * 60

CAUGHT = [
    "Council votes to make Port Ellery a sanctuary city",
    "Governor signs sanctuary state law",
    "Sanctuary jurisdictions sue over policing grants",
    "Sheriff ends 287(g) agreement at the county jail",
    "Judge: Section 1373 cannot bind the city",
    "County will no longer honor immigration detainers",
    "ICE agents wait outside the county jail",
    "Council passes welcoming city ordinance",
    "Police may not ask for immigration status under new ordinance",
    "So-called sanctuary cities lose millions",
    "Bill would bar cooperation with ICE",
    "Jail releases three men despite an ICE detainer",
    "Judge demands a judicial warrant before deportation officers enter the jail",
    "Anti-sanctuary bill moves to the Senate",
    "Sheriff's deputies will not help immigration agents",
    "Supervisors weigh sanctuary county status after detainer dispute with ICE",
    "Ciudades santuario demandan al gobierno federal",
    "Village board drops its sanctuary-village resolution",
    "Attorney general sues Granby Falls over its sanctuary policies",
    "Lawmakers ask police chief about immigration status checks",
    "State trust act keeps ICE out of courthouses",
    "Sheriff joins 287 (g) program over protests",
    "Appeals court: 8 U.S.C. § 1373 does not bind the state",
    "“Sanctuary” law stands, judge rules",
    "Cities that offer undocumented families sanctuary lose police grants",
    "House votes on cutting money for sanctuaries of illegal aliens",
]
LEFT_OUT = [
    "Elephant sanctuary welcomes two",
    "Bird sanctuary opens new trail along the river",
    "Skater rescued from thin ice near the jail",
    "Choir fills the church's sanctuary at Easter",
    "County declares itself a Second Amendment sanctuary",
    "Ice storm closes the county jail's visiting room",
    "A new farm animal sanctuary in Granby Falls",
    "Immigration museum celebrates its tenth year",
    "Mayor names new police chief",
    "Recipe: iced coffee for the whole city",
    "Butterfly sanctuary closes for the winter",
    "Ice hockey: county team takes the cup at home",
    "Gun-rights group counts ninety Second Amendment sanctuary counties",
    "Commissioners vote for a 2A sanctuary county ordinance",
    "Marine sanctuary designation divides the coast",
    "Donkey sanctuary state funding is cut",
    "Attorney general speaks in the church sanctuary where the gunman opened fire",
    "Tenants sue over the unlawful detainer law",
    "Governor calls the state a sanctuary state for abortion patients",
    "Insurgents find sanctuary across the border",
    "City of Refuge church opens its kitchen",
    "Investors seek sanctuary in gold",
    "Police arrest two after a chase",
]
# What other sanctuaries are called must not hide a story of the beat.
NOT_HIDDEN = [
    "Taxpayers of sanctuary cities bear the cost of the lawsuit",
    "Wolf: sanctuary cities put deportation officers at risk",
    "Sanctuary state, bee farm owners say, keeps immigrant pickers safe",
    "Sanctuary cities: Pew asks what voters know",
]
HIGH = [
    "Justice Department demands records from sanctuary cities",
    "Judge blocks order against sanctuary jurisdictions",
    "City council votes to repeal sanctuary ordinance",
    "Sheriff ends 287(g) agreement",
]


@pytest.fixture(scope="module")
def beat(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    folder: Path = tmp_path_factory.mktemp("newsroom")
    install_starter(folder, Answers())
    return compile_watchlist(load(folder, {}).watchlists[0])


def matched(headline: str, beat: Compiled, text: str = FILLER) -> Match | None:
    return match(an_article(headline, text=text), beat)


@pytest.mark.parametrize("headline", CAUGHT)
def test_a_story_of_the_beat_is_caught_as_the_main_topic(headline: str, beat: Compiled) -> None:
    found = matched(headline, beat)
    assert found is not None
    assert found.grade is Grade.ABOUT


@pytest.mark.parametrize("headline", LEFT_OUT)
def test_a_story_that_only_shares_a_word_is_left_out(headline: str, beat: Compiled) -> None:
    assert matched(headline, beat) is None


@pytest.mark.parametrize("headline", NOT_HIDDEN)
def test_a_word_that_other_sanctuaries_have_too_hides_nothing(headline: str, beat: Compiled) -> None:
    assert matched(headline, beat) is not None


def test_one_word_on_gun_sanctuaries_does_not_hide_a_story_on_sanctuary_cities(beat: Compiled) -> None:
    text = "The county had called itself a Second Amendment sanctuary the year before. " + FILLER
    found = matched("Council ends sanctuary city policy", beat, text)
    assert found is not None
    assert found.grade is Grade.ABOUT


def test_police_and_immigration_in_one_late_sentence_say_too_little(beat: Compiled) -> None:
    text = FILLER + "Such societies put money into police, prisons and immigration enforcement."
    assert matched("What a budget says about a city", beat, text) is None


@pytest.mark.parametrize("headline", HIGH)
def test_an_official_act_matters_enough_to_be_told_at_once(headline: str, beat: Compiled) -> None:
    found = matched(headline, beat)
    assert found is not None
    assert found.priority is Priority.HIGH


def test_a_word_deep_in_a_story_about_something_else_is_a_passing_mention(beat: Compiled) -> None:
    text = FILLER + "He had once spoken against sanctuary cities."
    found = matched("Candidate opens campaign office", beat, text)
    assert found is not None
    assert found.grade is Grade.MENTIONS


def test_a_space_that_does_not_break_hides_nothing(beat: Compiled) -> None:
    assert matched("Warning to so-called\u00a0sanctuary\u00a0cities", beat) is not None


def test_nothing_wakes_people_until_somebody_decides_so(beat: Compiled) -> None:
    assert beat.watchlist.priority.urgent == ()
