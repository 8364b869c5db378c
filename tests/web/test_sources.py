"""Where the news comes from, as the console shows it, and what can be done about a source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from news.answers import Answer
from news.nouns import Health
from news.troubles import FIXES
from nightdesk.source_fixes import REMEDIES
from storage.contract import Store
from tests.nouns import an_outcome
from tests.web.furnished import furnished
from tests.web.serving import WebDesk


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDesk]:
    desk = furnished(tmp_path_factory.mktemp("day"))
    yield desk
    desk.close()


def test_a_source_that_needs_a_person_stands_on_top_with_its_answer(day: WebDesk) -> None:
    page = day.signed_in().get("/sources")
    assert page.status == 200
    assert "1 needs a person." in page.flat
    assert page.flat.index("Coast Public Radio") < page.flat.index("Channel 4 Ellery")
    assert "It answered 500 three times." in page.flat
    assert "/sources/coast/look" in page.text
    assert "/sources/coast/look" not in day.signed_in("trainee").get("/sources").text


def test_a_sources_log_says_what_became_of_each_entry(day: WebDesk) -> None:
    page = day.signed_in().get("/sources/channel4")
    assert page.status == 200
    assert "Last new article" in page.flat or "Nothing new yet" in page.flat
    assert day.signed_in().get("/sources/nobody").status == 404


def test_a_source_is_left_out_and_moved_and_the_file_says_so(tmp_path: Path) -> None:
    desk = furnished(tmp_path)
    try:
        client = desk.signed_in("night-editor")
        assert client.post("/sources/coast/switch", to="off").goes_to == "/sources/coast"
        assert "Coast Public Radio is left out from now on." in client.get("/sources/coast").flat
        assert client.post("/sources/coast/slower").status == 303
        assert client.post("/sources/coast/address", address="javascript:alert(1)").status == 422
        assert client.post("/sources/coast/address", address="https://coast.test/rss/latest").status == 303
        coast = next(each for each in desk.settings.sources if each.id == "coast")
        assert (coast.enabled, coast.url) == (False, "https://coast.test/rss/latest")
        assert coast.every == timedelta(hours=1)
        assert desk.signed_in("trainee").post("/sources/coast/switch", to="on").status == 403
        done = desk.stored(lambda store: store.audit_lines(who="night-editor"))
        assert [each.what for each in done][:3] == ["changed a source"] * 3
    finally:
        desk.close()


def test_a_sources_log_says_each_answer_in_words(day: WebDesk) -> None:
    now = day.clock()
    refused = Answer(
        first=now, last=now, status=403, took=0.24, trouble="blocked", words="refuses automated readers"
    )
    for answer in (
        replace(refused, status=200, found=30, trouble="", words=""),
        replace(refused, status=304, trouble="", words=""),
        replace(refused, status=304, trouble="", words=""),
        refused,
    ):
        answered(day, answer)
    page = day.signed_in().get("/sources/coast").flat
    lately = page[page.index("What it answered lately") :]
    assert "It refuses automated readers. in 0.2 s, answer 403" in lately
    assert "2 times since" in lately
    assert "Nothing new in 30 entries" in lately
    facts = day.signed_in("trainee").get("/api/sources/coast").facts
    assert isinstance(facts, dict)
    assert [each["status"] for each in facts["answers"]] == [403, 304, 200]


def test_every_class_of_trouble_has_its_words_and_its_button(day: WebDesk) -> None:
    assert set(FIXES) - {"moved", "not supported", "stopping"} == set(REMEDIES)
    for trouble, button in (("busy", "/slower"), ("not found", "/find"), ("blocked", "#letter")):
        answered(day, None, health=Health.STOPPED, trouble=trouble, reason="says no")
        page = day.signed_in("night-editor").get("/sources").text
        assert f"/sources/coast{button}" in page
        assert REMEDIES[trouble].words in page
        for other in {"/slower", "/find", "#letter"} - {button}:
            assert f"/sources/coast{other}" not in page
    assert "Dear editors of Coast Public Radio" in day.signed_in("night-editor").get("/sources/coast").flat
    answered(day, None, health=Health.FAILING, trouble="", reason="answered 500 three times")
    assert not any("nightdesk " in remedy.words for remedy in REMEDIES.values())


def answered(day: WebDesk, answer: Answer | None, **state: object) -> None:
    def noted(store: Store) -> None:
        before = next(each for each in store.fetch_states() if each.source_id == "coast")
        lines = store.claim_due_sources(now=day.clock() + timedelta(days=9), lease=timedelta(1), limit=99)
        known = next((each.answers for each in lines if each.source_id == "coast"), "")
        after = replace(before, answers=known, next_due=day.clock(), **state)  # type: ignore[arg-type]  # any of its fields
        store.record_fetch(an_outcome(state=after, answer=answer, now=day.clock()))

    day.stored(noted)


def test_without_a_running_watch_nothing_is_asked_and_the_page_says_so(day: WebDesk) -> None:
    client = day.signed_in("night-editor")
    assert "while it is running" in client.post("/sources/coast/look").flat
    assert "while it is running" in client.post("/sources/find", url="harborpost.test").flat
    assert client.post("/sources/find", url="").status == 422
    known = day.settings.sources[0]
    assert client.post("/sources/find", url=known.url).goes_to == f"/sources/{known.id}"


def test_programs_get_the_same_sources(day: WebDesk) -> None:
    client = day.signed_in()
    facts = client.get("/api/sources").facts
    assert isinstance(facts, dict)
    coast = next(each for each in facts["sources"] if each["id"] == "coast")
    assert (coast["state"], len(coast["days"])) == ("failing", 14)
    assert client.get("/api/sources.csv").text.splitlines()[0].startswith("state,source,address")
    assert "<opml" in client.get("/api/sources.opml").text
