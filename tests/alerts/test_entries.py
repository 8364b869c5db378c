"""Does a story say all that is new to its readers, and nothing that they may not know?"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from alerts.day import DigestMessage, Entry
from alerts.digests import DigestFacts, addressed, compose_digest, same_day
from news.nouns import Correction, Placement, Priority, StoryArticle
from news.telling import Digest, DigestItem
from tests.alerts.digest_day import (
    DUE,
    SECRETIVE,
    a_digest,
    an_entry,
    an_opening,
    at,
    from_outlet,
    matched,
    the_facts,
    the_settings,
    told_by,
)
from tests.nouns import HOUR, METRO, a_passage, a_sentence, a_thread

NEW = DigestItem(story_id=1, from_revision=0, revision=9)
TOLD_BEFORE = DigestItem(story_id=1, from_revision=1, revision=9)


def the_day(digest: Digest | None = None, facts: DigestFacts | None = None) -> DigestMessage:
    return compose_digest(digest or a_digest(), facts or the_facts(), the_settings())


def one_story(*articles: StoryArticle, item: DigestItem = NEW, **facts: object) -> Entry:
    """Return how a digest of one story tells it."""
    known = the_facts(stories={1: told_by(*articles)}, threads={}, **facts)
    return the_only_entry(compose_digest(a_digest(item), known, the_settings()))


def the_only_entry(day: DigestMessage) -> Entry:
    ((entry,),) = (section.entries for section in day.sections)
    return entry


def adding(
    *details: str, outlet: str = "Ellery 31", clock: str = "13:12", revision: int = 2, **fields: object
) -> StoryArticle:
    """Return an article that adds these sentences to the story."""
    article = from_outlet(
        outlet, clock, f"{outlet} has more", " ".join(details), **{"id": revision, **fields}
    )
    new = tuple(a_sentence(detail) for detail in details)
    return an_entry(article, revision, placement=Placement(story_id=1, reason="", whats_new=new, sentences=4))


def a_copy(outlet: str, revision: int) -> StoryArticle:
    shared = Placement(story_id=1, reason="", shared=(a_passage(),), sentences=1)
    article = from_outlet(outlet, "14:00", "Council meets about jail lists", an_opening().text, id=revision)
    return an_entry(article, revision, placement=shared)


# ── One story ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_story_says_where_and_when_it_was_told_at_once() -> None:
    judges = the_day().sections[1].entries[0]
    assert judges.told == "Sent to #immigration-desk 2:24 pm"


def test_a_story_told_in_two_places_names_both() -> None:
    mine = a_thread(id=2, destination=METRO, root_sent_at=at("0:03", days=1))
    threads = {1: (a_thread(root_sent_at=at("12:02")), mine)}
    entry = the_only_entry(the_day(a_digest(NEW), the_facts(threads=threads)))
    assert entry.told == "Sent to #immigration-desk 12:02 pm and metro-desk@newsroom.test Thursday 12:03 am"


def test_what_was_told_after_the_digest_was_opened_is_left_to_the_next_composing_alike() -> None:
    threads = {1: (a_thread(root_sent_at=DUE + HOUR),)}
    assert the_only_entry(the_day(a_digest(NEW), the_facts(threads=threads))).told == ""


def test_five_outlets_with_the_same_text_are_one_entry() -> None:
    copies = [a_copy(outlet, n) for n, outlet in enumerate(("Harbor Post", "Valley Courier"), start=2)]
    entry = one_story(an_entry(an_opening()), *copies)
    assert "3 outlets, same text." in entry.about
    assert entry.updates == ()


def test_a_new_story_quotes_two_sentences_of_its_first_article_as_they_stand() -> None:
    text = (
        "The council met on Wednesday about the jail lists. It will meet again. Nobody else spoke that night."
    )
    entry = one_story(an_entry(an_opening(text)))
    assert entry.quote
    for sentence in entry.quote.split(" … "):
        assert sentence in text
    assert len(entry.quote) <= 320


def test_a_source_that_allows_headlines_only_is_never_quoted() -> None:
    opening = replace(an_opening(), excerpt="headline", version=2)
    correction = Correction(before="nearly 40 people", after="36 people", label="corrected")
    update = adding("The suit names two clerks.", excerpt="headline")
    entry = one_story(an_entry(opening, 3, corrections=(correction,)), update)
    assert entry.quote == ""
    assert [(each.before, each.after) for each in entry.corrections] == [("", "")]
    assert [(each.headline, each.quotes) for each in entry.updates] == [("Ellery 31 has more", ())]


def test_what_was_withdrawn_stands_under_corrected_and_is_quoted_no_more() -> None:
    gone = Correction(before="Council meets", after="", label="withdrawn")
    told = adding("The suit names two clerks.")
    withdrawn = replace(told, revision=4, corrections=(gone,), placement=Placement(story_id=1, reason=""))
    opening = an_entry(an_opening(), 3, corrections=(gone,))
    entry = one_story(opening, withdrawn, grown={1: (told, opening, withdrawn)})
    assert (entry.quote, entry.updates) == ("", ())
    assert [each.heading.partition(",")[0] for each in entry.corrections] == ["Withdrawn", "Withdrawn"]
    assert {each.after for each in entry.corrections} == {""}


def test_a_changed_headline_may_be_shown_though_its_text_may_not() -> None:
    opening = replace(an_opening(), excerpt="headline", version=2)
    change = Correction(before="Council to meet", after="Council meets", label="headline changed")
    entry = one_story(an_entry(opening, 2, corrections=(change,)))
    assert [(each.heading, each.before) for each in entry.corrections] == [
        ("Headline changed, Channel 4 Ellery, 11:58 am", "“Council to meet …”")
    ]


def test_an_update_quotes_only_its_new_sentences_two_of_them_at_most() -> None:
    details = ("The suit names two clerks.", "The county wants 36 names.", "A hearing is set for May.")
    (update,) = one_story(an_entry(an_opening()), adding(*details)).updates
    assert update.heading == "Ellery 31 adds 3 details, 1:12 pm"
    assert update.quotes == details[:2]


def test_two_versions_of_one_article_are_one_update() -> None:
    first = adding("The suit names two clerks.")
    second = adding("The county wants 36 names.", revision=3, version=2, id=2)
    text = "The suit names two clerks. The county wants 36 names."
    newest = replace(second, article=replace(second.article, text=text), filed_at=at("15:00"))
    story = told_by(an_entry(an_opening()), newest)
    day = the_day(a_digest(NEW), the_facts(stories={1: story}, grown={1: (story.articles[0], first, newest)}))
    (update,) = the_only_entry(day).updates
    assert update.heading == "Ellery 31 adds 2 details, 1:12 pm"
    assert update.quotes == ("The suit names two clerks.", "The county wants 36 names.")


def test_a_sentence_that_was_taken_out_again_is_not_quoted() -> None:
    first = adding("The suit names nine clerks.")
    newest = adding("The county wants 36 names.", revision=3, version=2, id=2)
    story = told_by(an_entry(an_opening()), newest)
    day = the_day(a_digest(NEW), the_facts(stories={1: story}, grown={1: (first, newest)}))
    (update,) = the_only_entry(day).updates
    assert update.quotes == ("The county wants 36 names.",)


def test_a_correction_made_before_another_version_is_still_told() -> None:
    correction = Correction(before="nearly 40", after="36", label="more exact")
    corrected = an_entry(an_opening("It holds 36 names."), 2, corrections=(correction,), filed_at=at("14:05"))
    newest = an_entry(replace(an_opening("It holds 36 names. More soon."), version=3), 3)
    story = told_by(newest)
    day = the_day(a_digest(NEW), the_facts(stories={1: story}, grown={1: (corrected, newest)}))
    assert [section.name for section in day.sections] == ["Corrected"]
    (change,) = the_only_entry(day).corrections
    assert (change.heading, change.before, change.after) == (
        "More exact, Channel 4 Ellery, 2:05 pm",
        "“… nearly 40 …”",
        "“… 36 …”",
    )


def test_a_story_told_before_says_only_what_is_new() -> None:
    entry = one_story(an_entry(an_opening()), adding("The suit names two clerks."), item=TOLD_BEFORE)
    assert entry.quote == ""
    assert [update.quotes for update in entry.updates] == [("The suit names two clerks.",)]


def test_a_story_told_before_that_more_outlets_only_copied_says_so_and_comes_last() -> None:
    copied = told_by(an_entry(an_opening()), a_copy("Harbor Post", 2), a_copy("Valley Courier", 3))
    facts = the_facts()
    stories = {**facts.stories, 1: copied}
    items = (TOLD_BEFORE, DigestItem(story_id=5, from_revision=1, revision=9))
    urgent = {**facts.matches, 1: (matched(1, "jail lists", priority=Priority.URGENT),)}
    day = the_day(a_digest(*items), the_facts(stories=stories, matches=urgent))
    (developed,) = day.sections
    assert [entry.headline for entry in developed.entries] == [
        "Sheriff lets jail contract run out",
        "Council meets about jail lists",
    ]
    assert "Now also in Harbor Post and Valley Courier, nothing new there." in developed.entries[1].about


def test_many_silent_outlets_are_counted() -> None:
    names = ("Harbor Post", "Valley Courier", "Coast Public Radio", "National Wire")
    copies = [a_copy(outlet, n) for n, outlet in enumerate(names, start=2)]
    entry = one_story(an_entry(an_opening()), *copies, item=TOLD_BEFORE)
    assert "Now also in Harbor Post, Valley Courier and 2 more, nothing new there." in entry.about


def test_an_outlet_that_tells_it_in_its_own_words_is_named() -> None:
    own_words = an_entry(from_outlet("Harbor Post", "14:00", "Council on lists", "It met.", id=2), 2)
    assert "Also in Harbor Post." in one_story(an_entry(an_opening()), own_words).about


def test_more_updates_than_can_be_quoted_keep_their_headlines() -> None:
    updates = [adding(f"Detail {n} is new.", outlet=f"Outlet {n}", revision=n) for n in range(2, 10)]
    entry = one_story(an_entry(an_opening()), *updates)
    assert len(entry.updates) == 8
    assert [bool(update.quotes) for update in entry.updates] == [True] * 5 + [False] * 3


def test_a_time_of_another_day_says_which_day() -> None:
    late = adding("The suit names two clerks.", clock="1:12", days=1)
    assert (
        one_story(an_entry(an_opening()), late).updates[0].heading
        == "Ellery 31 adds 1 detail, Thursday 1:12 am"
    )


def test_an_old_first_report_has_a_date() -> None:
    old = an_entry(replace(an_opening(), published=at("9:00", days=-20)))
    assert one_story(old).about.startswith("Channel 4 Ellery, February 26, 2026, 8:00 am.")


def test_an_address_too_long_to_follow_is_left_out() -> None:
    endless = replace(an_opening(), address="https://channel4ellery.test/" + "a" * 100_000)
    assert one_story(an_entry(endless)).url == ""


# ── Watchlists ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_story_on_another_watchlist_says_so() -> None:
    assert "Also on the watchlist County jail." in the_day().sections[0].entries[0].about


def test_two_watchlists_in_one_mail_list_a_story_once_and_name_the_stronger_first() -> None:
    digest = a_digest(NEW, watchlist_ids=("sanctuary-cities", "county-jail"))
    day = the_day(digest)
    assert day.title == "Sanctuary cities and County jail"
    about = the_only_entry(day).about
    assert (
        "Sanctuary cities: main topic, matched “sanctuary shelters”. Also on the watchlist County jail."
        in about
    )


def with_the_chief() -> DigestFacts:
    """Return a day on which the private watchlist found the first story too, by words of its own."""
    facts = the_facts()
    found = (*facts.matches[1], matched(1, "chief travels", watchlist_id="chief", priority=Priority.URGENT))
    threads = (
        a_thread(root_sent_at=at("12:02")),
        a_thread(id=3, destination=SECRETIVE, root_sent_at=at("12:03"), watchlist_ids=("chief",)),
    )
    return the_facts(matches={**facts.matches, 1: found}, threads={1: threads})


def test_a_private_watchlist_is_unknown_in_everybody_elses_mail() -> None:
    day = the_day(facts=with_the_chief())
    assert day == the_day(facts=the_facts(threads={1: (a_thread(root_sent_at=at("12:02")),)}))
    for secret in ("chief", "investigations"):
        assert secret not in day.text.lower()
        assert secret not in str(day.facts)
    assert not day.private


def test_its_own_readers_know_a_private_watchlist() -> None:
    digest = a_digest(NEW, destination=SECRETIVE, name=SECRETIVE, watchlist_ids=("chief",))
    day = the_day(digest, with_the_chief())
    assert day.private
    assert day.title == "The chief's calendar"
    entry = the_only_entry(day)
    assert "matched “chief travels”" in entry.about
    assert entry.told == "Sent to #immigration-desk 12:02 pm and investigations@newsroom.test 12:03 pm"


def test_a_private_watchlist_that_tells_the_same_readers_at_once_is_named_to_them() -> None:
    digest = a_digest(NEW, destination=SECRETIVE, name=SECRETIVE)
    assert "The chief's calendar" in the_only_entry(the_day(digest, with_the_chief())).about


def test_readers_of_one_day_share_its_words_and_each_has_what_is_theirs_alone() -> None:
    facts, settings = with_the_chief(), the_settings()
    said: dict[Hashable, DigestMessage] = {}
    readers = (METRO, "email:night-editor@newsroom.test", "email:weekend-editor@newsroom.test", SECRETIVE)
    for number, reader in enumerate(readers):
        digest = a_digest(id=number, name=reader, destination=reader)
        words = said.setdefault(same_day(digest, facts, settings), compose_digest(digest, facts, settings))
        assert addressed(words, digest, facts.installation) == compose_digest(digest, facts, settings)
    assert len(said) == 2, "one for those who know of the private watchlist, one for everybody else"


def test_a_watchlist_that_was_taken_away_since_leaves_the_digest_readable() -> None:
    settings = the_settings(watchlists=())
    day = compose_digest(a_digest(), the_facts(), settings)
    assert day.title == "Nightdesk"
    assert sum(len(section.entries) for section in day.sections) == 5


def test_ids_that_leave_the_house_say_nothing() -> None:
    here, elsewhere = the_day(), the_day(facts=the_facts(installation="another"))
    assert str(here.facts["digest_id"]).startswith("dg_")
    assert here.token != elsewhere.token
    assert here.token == the_day(a_digest(NEW, id=99)).token
