"""Where the news comes from, as the console shows it, and what can be done about a source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

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
        assert client.post("/sources/coast/address", address="javascript:alert(1)").status == 422
        assert client.post("/sources/coast/address", address="https://coast.test/rss/latest").status == 303
        coast = next(each for each in desk.settings.sources if each.id == "coast")
        assert (coast.enabled, coast.url) == (False, "https://coast.test/rss/latest")
        assert desk.signed_in("trainee").post("/sources/coast/switch", to="on").status == 403
        done = desk.stored(lambda store: store.audit_lines(who="night-editor"))
        assert [each.what for each in done][:2] == ["changed a source", "changed a source"]
    finally:
        desk.close()


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
