"""Stories on the console: list, search, a story's page and what people do there, why not, and the API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from nightdesk.web.app import pages
from nightdesk.web.pages.api import PREFIX
from tests.nightdesk.desk import SANCTUARY, SOURCES, Desk
from tests.web.browser import Chromium, served
from tests.web.furnished import furnished
from tests.web.serving import PEOPLE, Answer, WebDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Where a private watchlist could be named.
PLACES = (
    "/stories", "/stories/1", "/stories?q=indictment", "/why?q=1", "/sent", "/digests",
    "/api/stories/1", "/api/stories.csv", "/api/sent", "/api/why?q=1",
)  # fmt: skip
MAYOR = "Mayor skips capital meeting after warning to sanctuary cities"
COURT = "Appeals court hears argument over a sanctuary city"


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[WebDesk]:
    desk = furnished(tmp_path)
    yield desk
    desk.close()


def facts(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer.text
    return cast("dict[str, Any]", answer.facts)


def facts_of(answer: Answer) -> dict[str, Any]:
    """Return what a program is answered, whether or not it could be done."""
    return cast("dict[str, Any]", answer.facts)


def titles(answer: Answer) -> list[str]:
    return [each["title"] for each in facts(answer)["stories"]]


def test_stories_stand_newest_first_and_are_chosen_by_what_became_of_them(newsroom: WebDesk) -> None:
    client = newsroom.signed_in("trainee")
    assert titles(client.get("/api/stories")) == [COURT, MAYOR]
    assert titles(client.get("/api/stories?show=at+once")) == [MAYOR]
    assert titles(client.get("/api/stories?when=2026-03-17")) == []
    assert titles(client.get("/api/stories?source=ellery31&watchlist=sanctuary-cities")) == [COURT, MAYOR]
    page = client.get("/stories").flat
    assert "2 stories from 4 articles read" in page
    assert "sent to #immigration-desk" in page
    assert "#immigration-desk refuses it" in page
    assert "Adds 1 detail" in page
    assert "Latest, 1:55 pm , Ellery 31: The letter asks for every order." in page
    assert "Kept out (1)" in page
    assert "because your line “elephant NEAR/3 sanctuary” stands under “never” in Sanctuary cities" in page


def test_beside_each_filter_stands_how_many_stories_it_would_show(newsroom: WebDesk) -> None:
    client = newsroom.signed_in("trainee")
    counts = facts(client.get("/api/stories"))["counts"]
    assert counts["shows"] == {"at once": 1, "later": 1, "kept out": 1}
    assert counts["watchlists"] == {"sanctuary-cities": 2}
    assert counts["sources"] == {"channel4": 1, "ellery31": 2}
    assert counts["grades"] == {"about": 2}
    assert counts["days"]["today"] == counts["days"]["2026-03-18"] == 2
    for show, number in counts["shows"].items():
        assert len(titles(client.get(f"/api/stories?show={show}"))) == number
    chosen = facts(client.get("/api/stories?source=channel4&show=kept+out"))
    assert [each["title"] for each in chosen["stories"]] == ["Elephant sanctuary welcomes two"]
    assert chosen["counts"]["watchlists"] == {"sanctuary-cities": 1}
    assert facts(client.get("/api/stories?when=2026-01-01"))["counts"]["days"]["month"] == 2


def test_the_archive_is_searched_with_a_line_of_a_watchlist(newsroom: WebDesk) -> None:
    client = newsroom.signed_in("trainee")
    assert titles(client.get("/api/stories?q=elephant+NEAR/3+sanctuary")) == [
        "Elephant sanctuary welcomes two"
    ]
    assert "No article of the last 12 months" in client.get("/stories?q=nowhere").flat
    wrong = client.get("/stories?q=(sanctuary")
    assert wrong.status == 200
    assert "This line cannot be read." in wrong.flat
    assert client.get("/api/stories?q=(sanctuary").status == 400


def test_a_table_of_stories_has_no_formula_in_it(newsroom: WebDesk) -> None:
    table = newsroom.signed_in("trainee").get("/api/stories.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert [line.split(",")[1] for line in table.text.splitlines()] == ["headline", COURT, MAYOR]


def test_a_claim_is_seen_by_colleagues_and_can_be_undone(newsroom: WebDesk) -> None:
    editor, trainee = newsroom.signed_in("night-editor"), newsroom.signed_in("trainee")
    done = editor.post("/stories/1/claim")
    assert done.goes_to == "/stories/1"
    assert "You are on it." in editor.get("/stories/1").flat
    assert "Night editor is on it" in trainee.get("/stories/1").flat
    assert titles(trainee.get("/api/stories?show=claimed")) == [MAYOR]
    trainee.post("/stories/1/claim")
    assert "Night editor is on it already." in trainee.get("/stories/1").flat
    assert trainee.post("/stories/1/take-over").status == 403
    editor.post("/stories/1/release")
    assert facts(trainee.get("/api/stories/1"))["claim"] is None
    assert "tell" in newsroom.nudged


def test_a_vote_is_one_persons_and_is_taken_back_by_the_button_that_is_offered(newsroom: WebDesk) -> None:
    client = newsroom.signed_in("trainee")
    client.post("/stories/1/not-relevant")
    page = client.get("/stories/1")
    assert "Trainee says it is not relevant" in page.flat
    undo = page.text.partition('action="/stories/1/votes/')[2].partition("/undo")[0]
    client.post(f"/stories/1/votes/{undo}/undo")
    assert "Trainee took the vote back" in client.get("/stories/1").flat
    in_the_list = "/stories?when=week&show=at+once"
    assert client.post("/stories/1/not-relevant", back=in_the_list).goes_to == in_the_list
    assert client.post("/stories/1/claim", back="https://elsewhere.test/stories?").goes_to == "/stories/1"


def test_of_several_watchlists_a_vote_means_the_one_that_was_chosen(tmp_path: Path) -> None:
    courts = {"id": "courts", "name": "Courts", "match": ["appeals court"], "deliver": "desk"}
    desk = Desk(tmp_path, watchlists=[SANCTUARY, courts], console="on", readers=list(PEOPLE))
    desk.files(COURT)
    desk.watches()
    desk.close()
    web = WebDesk(tmp_path, furnished=desk)
    client = web.signed_in("trainee")
    assert "For which watchlist? Courts Sanctuary cities All of them" in client.get("/stories/1").flat
    assert client.post("/stories/1/not-relevant", watchlist="elsewhere").status == 409
    client.post("/stories/1/not-relevant", watchlist="courts")
    assert "not relevant for Courts. No keyword was changed." in client.get("/stories/1").flat
    assert "Trainee says it is not relevant for Courts" in client.get("/stories/1").flat
    (vote,) = web.stored(lambda store: store.acts_of(1))
    client.post(f"/stories/1/votes/{vote.id}/undo")
    client.post("/stories/1/not-relevant", watchlist="")
    assert [act.watchlist_id for act in web.stored(lambda store: store.acts_of(1)) if not act.lifts] == [
        "courts",
        "",
    ]
    web.close()


def test_a_reader_asks_for_a_story_that_a_word_kept_out_and_gets_it_once(newsroom: WebDesk) -> None:
    client = newsroom.signed_in("trainee")
    assert "Send me this one" in client.get("/why?q=Elephant+sanctuary").flat
    newsroom.environment["SMTP_URL"] = ""
    assert facts_of(client.post("/api/stories/2/send-me"))["became"] == "no address"
    newsroom.environment["SMTP_URL"] = "smtp://mail.newsroom.test:25"
    assert client.post("/stories/2/send-me").goes_to == "/stories/2"
    page = client.get("/stories/2").flat
    assert "On its way to you: trainee@newsroom.test." in page
    assert "Send me this one" not in page
    again = facts_of(client.post("/api/stories/2/send-me"))
    assert (again["became"], again["to"]) == ("on its way", "email:trainee@newsroom.test")
    (alert,) = newsroom.stored(lambda store: store.alerts(story_id=2))
    assert (alert.destination, alert.asked_by) == ("email:trainee@newsroom.test", "trainee")
    assert "tell" in newsroom.nudged
    chief = newsroom.signed_in("chief")
    assert chief.get("/audit").flat.count("asked for a story") == 2


def test_before_muting_an_editor_sees_what_would_have_been_lost(newsroom: WebDesk) -> None:
    editor = newsroom.signed_in("night-editor")
    before = editor.get("/stories/1/mute")
    assert "1 message of 1 would not have been sent" in before.flat
    assert MAYOR in before.flat
    outlet = editor.get("/stories/1/mute?source=ellery31&to=slack:%23immigration-desk").flat
    assert "No message would have been kept back" in outlet
    editor.post("/stories/1/mute", until="tomorrow")
    page = editor.get("/stories/1").flat
    assert "Muted until Thursday 6:00 am" in page
    assert "Night editor muted it" in page
    assert newsroom.signed_in("trainee").get("/stories/1/mute").status == 403


def test_an_editor_parts_a_story_and_joins_it_again(newsroom: WebDesk) -> None:
    editor = newsroom.signed_in("night-editor")
    story = newsroom.stored(lambda store: store.story(1))
    assert story is not None
    second = story.articles[1].article.id
    refused = editor.post("/stories/1/split", article=[each.article.id for each in story.articles])
    assert refused.status == 409
    editor.post("/stories/1/split", article=second)
    parted = newsroom.stored(lambda store: store.story_of(second))
    assert parted is not None
    assert parted.id != 1
    editor.post("/stories/1/merge", other=f"http://127.0.0.1/stories/{parted.id}", do="merge")
    again = editor.get("/stories/1").flat
    assert "One story now: 1 article came with story" in again
    assert editor.get(f"/stories/{parted.id}").goes_to == "/stories/1"


def test_a_story_stands_beside_another_outlets_with_what_both_say(newsroom: WebDesk) -> None:
    page = newsroom.signed_in("trainee").get("/stories/1").flat
    assert "Side by side" in page
    assert page.count("In both The Justice Department warned sanctuary cities on Wednesday.") == 2
    assert "Your line “sanctuary city” found sanctuary cities in the headline" in page


def test_why_an_article_was_not_sent_is_said_step_by_step(newsroom: WebDesk) -> None:
    client = newsroom.signed_in("chief")

    def verdict(asked: str) -> str:
        return str(facts(client.get(f"/api/why?q={asked}"))["verdict"])

    assert verdict("https://elsewhere.test/1") == "Nobody reads elsewhere.test: it is none of your sources."
    assert verdict("https://coast.test/not/seen") == "It was in nothing that your sources brought."
    assert verdict("Elephant+sanctuary").startswith('Your line "elephant" near "sanctuary" kept it out.')
    assert verdict("Mayor+skips+capital") == "It was sent: new message, #immigration-desk, 12:00 pm."
    refused = facts(client.get("/api/why?q=Appeals+court&to=slack:%23immigration-desk"))
    assert refused["verdict"].startswith("It could not be sent: new message, #immigration-desk")
    assert refused["next"][0]["page"] == "/sent"
    assert verdict("Appeals+court&to=email:metro-desk%40newsroom.test").startswith(
        "It waits: next daily email"
    )
    nexts = facts(client.get("/api/why?q=Elephant+sanctuary"))["next"]
    assert nexts[0]["do"] == "Try it without “elephant NEAR/3 sanctuary”"
    box = client.get(nexts[0]["page"]).text.partition('name="never"')[2].partition("</textarea>")[0]
    assert box.endswith(">animal sanctuary"), "the other line stays"
    kinds = [each["kind"] for each in facts(client.get("/api/why?q=Elephant+sanctuary"))["steps"]]
    assert kinds == ["yes", "yes", "yes", "no", "open", "open"]


def test_what_a_private_watchlist_found_is_seen_by_its_people_alone(tmp_path: Path) -> None:
    private = {
        "id": "grand-jury", "name": "Grand jury", "match": ["sealed indictment"], "private": True,
        "deliver": [{"to": "email:chief@newsroom.test"}],
    }  # fmt: skip
    desk = Desk(
        tmp_path,
        sources=list(SOURCES),
        watchlists=[SANCTUARY, private],
        console="on",
        readers=list(PEOPLE),
    )
    desk.files("A sealed indictment is opened", text="The sealed indictment names nobody.")
    desk.watches()
    desk.close()
    web = WebDesk(tmp_path, furnished=desk)
    chief, trainee = web.signed_in("chief"), web.signed_in("trainee")
    assert titles(chief.get("/api/stories")) == ["A sealed indictment is opened"]
    assert titles(trainee.get("/api/stories")) == []
    asked = (
        "/stories",
        "/stories/1",
        "/stories?q=indictment",
        "/why?q=1",
        "/sent",
        "/digests",
        "/api/stories/1",
    )
    for address in asked:
        page = trainee.get(address)
        assert page.status == 200, address
        assert "grand" not in page.text.lower(), address
        assert "chief@newsroom.test" not in page.text, address
    assert "Grand jury" in chief.get("/stories/1").flat
    web.close()


def test_every_route_of_the_api_is_described(newsroom: WebDesk) -> None:
    described = facts(newsroom.signed_in("trainee").get("/api/openapi.json"))
    assert described["openapi"] == "3.1.0"
    there = {(path, method) for path, each in described["paths"].items() for method in each}
    routes = [page for page in pages() if page.path.startswith(PREFIX)]
    assert there == {
        (page.path.replace(":int", "").replace(":path", ""), method.lower())
        for page in routes
        for method in page.methods
    }
    for path, each in described["paths"].items():
        for operation in each.values():
            assert operation["summary"], path
            assert {one["name"] for one in operation["parameters"] if one["in"] == "path"} == {
                piece.partition("}")[0] for piece in path.split("{")[1:]
            }


def test_somebody_finds_out_why_an_address_did_not_arrive_and_claims_a_story(
    newsroom: WebDesk, chromium: Chromium
) -> None:
    """In a real browser, with keys and buttons, as a person does it."""
    address = newsroom.stored(lambda store: store.search("elephant", limit=1))[0].articles[0].article.address

    def script(page: Page) -> None:
        page.goto(f"{base}/stories")
        page.get_by_role("link", name="Why did I not get this?").first.click()
        page.get_by_label("Address or headline").fill(address)
        page.get_by_role("button", name="Find out").click()
        assert "kept it out" in page.get_by_role("status").inner_text()
        page.goto(f"{base}/stories")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("o")
        page.get_by_role("heading", name=MAYOR).wait_for()
        page.keyboard.press("c")
        page.get_by_text("You are on it. It says so in the thread.").wait_for()
        page.get_by_role("button", name="Undo").click()
        page.get_by_role("button", name="on it").wait_for()

    with served(newsroom) as base:
        chromium.do(script, session=newsroom.signed_in("night-editor"), base=base)
