"""Words are changed, tried and saved on the console, and nobody's words are lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from news.nouns import Mark
from tests.nightdesk.desk import SANCTUARY, SOURCES, Desk
from tests.nouns import DAY, NOON
from tests.web.serving import PEOPLE, Answer, Client, WebDesk

FILE = """# Ours: ask the metro desk before changing.
id: sanctuary-cities
name: Sanctuary cities
match:
  any:
    - sanctuary city   # the word itself
    - detainer
  never:
    - animal sanctuary
deliver: desk
"""
PRIVATE = {"id": "leaks", "name": "Quiet matter", "match": ["ledger leak"], "private": True}
PAGE = "/keywords/sanctuary-cities"


@pytest.fixture
def web_desk(tmp_path: Path) -> Iterator[WebDesk]:
    private = {**PRIVATE, "deliver": [{"to": "slack:D04NIGHTED"}]}
    desk = Desk(
        tmp_path, sources=SOURCES, watchlists=(SANCTUARY, private), console="on", readers=list(PEOPLE)
    )
    (desk.folder / "watchlists/sanctuary-cities.yaml").write_text(FILE, encoding="utf-8")
    desk.files("Mayor answers sanctuary cities letter")
    desk.files("Elephant sanctuary opens", text="Two elephants came.", address="https://channel4.test/2")
    desk.files("Sheriff keeps detainer rule", text="The rule stays.", address="https://channel4.test/3")
    desk.close()
    furnished = WebDesk(tmp_path, furnished=desk)
    yield furnished
    furnished.close()


def filled(page: Answer, **boxes: str) -> dict[str, object]:
    """Return a page's form as a browser would send it, some boxes filled anew."""
    found: dict[str, object] = {}
    for name, value in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', page.text, re.DOTALL):
        found[name] = unescape(value)
    for name, value in re.findall(r'<input type="hidden" name="(base\w*)" value="([^"]*)"', page.text):
        found[name] = unescape(value)
    for name, value in re.findall(r'<input[^>]*name="(channel|mailbox|at)"[^>]*? value="([^"]*)"', page.text):
        found[name] = unescape(value)
    chosen = re.search(r'name="when" value="([^"]+)" checked', page.text)
    found["when"] = chosen[1] if chosen else "desk"
    return {**found, **boxes}


def text(desk: WebDesk) -> str:
    return (desk.folder / "watchlists/sanctuary-cities.yaml").read_text(encoding="utf-8")


def saved(client: Client, **boxes: str) -> Answer:
    return client.post(PAGE, filled(client.get(PAGE), **boxes))


def test_saved_words_stand_in_the_file_beside_its_comments_with_who_and_an_undo(web_desk: WebDesk) -> None:
    editor = web_desk.signed_in("night-editor")
    answer = saved(editor, any="sanctuary city\ndetainer\n  county   jail ", never="", when="email")
    assert (answer.status, answer.goes_to) == (303, PAGE)
    now = text(web_desk)
    assert now.startswith("# Ours: ask the metro desk before changing.")
    assert "- sanctuary city   # the word itself\n    - detainer\n    - county jail\n" in now
    assert "never: []" in now
    assert "deliver: [{to: email:metro-desk@newsroom.test, send: digest, at: daily 06:30}]" in now
    shown = editor.get(PAGE).flat
    assert "Saved. The new words count from now on." in shown
    assert "Night editor Added county jail; Never: took out animal sanctuary" in shown
    assert editor.post(f"{PAGE}/undo").goes_to == PAGE
    assert text(web_desk) == FILE


def test_the_page_says_what_words_would_have_sent_and_what_they_gain_and_lose(web_desk: WebDesk) -> None:
    editor = web_desk.signed_in("night-editor")
    fields = filled(editor.get(PAGE), any="sanctuary city\nelephant", never="")
    answer = editor.post(f"{PAGE}/try", fields)
    assert "3 articles tried just now. Nothing is sent." in answer.flat
    assert "The saved version finds 2 stories" in answer.flat
    assert "1 newly caught, 1 lost." in answer.flat
    assert "<mark>Elephant</mark> sanctuary opens" in answer.text
    assert "only “detainer” had found it" in answer.flat
    assert "Without “detainer” you lose 1 story." in answer.flat
    assert "added <ins>elephant</ins>".replace("added", "Added:") in answer.text
    assert text(web_desk) == FILE
    put_back = editor.post(f"{PAGE}/try", fields, fix="put\nany\ndetainer\n")
    assert "1 newly caught, 0 lost." in put_back.flat


def test_words_that_cannot_be_read_are_told_with_what_to_write_and_nothing_is_saved(
    web_desk: WebDesk,
) -> None:
    editor = web_desk.signed_in("night-editor")
    answer = saved(editor, any='sanctuary city\njail w/5 "deaths')
    assert answer.status == 422
    assert '“jail w/5 "deaths”' in answer.flat
    assert text(web_desk) == FILE
    assert saved(editor, any="", all="", never="x").status == 422


def test_a_pasted_text_is_answered_with_its_sentence_and_a_known_address_too(web_desk: WebDesk) -> None:
    trainee = web_desk.signed_in("trainee")
    fields = filled(trainee.get(PAGE))
    yes = trainee.post(f"{PAGE}/check", fields, paste="Council meets\nA sanctuary city answers. It rains.")
    assert "✓ Yes: passing mention" in yes.flat or "✓ Yes: main topic" in yes.flat
    assert "A <mark>sanctuary city</mark> answers." in yes.text
    no = trainee.post(f"{PAGE}/check", fields, paste="Animal sanctuary\nNo sanctuary city here.")
    assert "✗ No: it would not be sent." in no.flat
    assert "“animal sanctuary” under “never” leaves it out." in no.flat
    known = trainee.post(f"{PAGE}/check", fields, paste="https://channel4.test/3")
    assert "Sheriff keeps <mark>detainer</mark> rule" in known.text
    away = trainee.post(f"{PAGE}/check", fields, paste="https://elsewhere.test/1")
    assert "Paste its text instead." in away.flat


def test_two_editors_at_once_see_each_others_words_and_lose_none(web_desk: WebDesk) -> None:
    first, second = web_desk.signed_in("night-editor"), web_desk.signed_in("chief")
    begun = filled(second.get(PAGE))
    saved(first, any="sanctuary city\ndetainer\njail death", never="")
    answer = second.post(PAGE, {**begun, "any": "sanctuary city\nSection 1373"})
    assert answer.status == 409
    assert "Night editor" in answer.flat
    assert "added jail death" in answer.flat
    assert "added Section 1373" in answer.flat
    assert "Section 1373" not in text(web_desk)
    both = second.post(PAGE, filled(answer))
    assert both.status == 303
    lines = [line.strip() for line in text(web_desk).splitlines()]
    assert {"- jail death", "- Section 1373", "never: []"} <= set(lines)
    assert "- detainer" not in lines


def test_a_new_watchlist_needs_a_name_and_words_only(web_desk: WebDesk) -> None:
    editor = web_desk.signed_in("night-editor")
    answer = editor.post("/keywords/new", name="County jail", any="county jail\njail death")
    assert answer.goes_to == "/keywords/county-jail"
    assert "match: [county jail, jail death]" in (web_desk.folder / "watchlists/county-jail.yaml").read_text(
        encoding="utf-8"
    )
    assert "County jail" in editor.get("/keywords").flat
    assert editor.post("/keywords/new", name="County jail", any="x").status == 422


def test_a_paused_watchlist_says_so_and_tells_again(web_desk: WebDesk) -> None:
    editor = web_desk.signed_in("night-editor")
    editor.post(f"{PAGE}/switch", to="off")
    assert "enabled: false" in text(web_desk)
    assert "Paused" in editor.get("/keywords").flat
    editor.post(f"{PAGE}/switch", to="on")
    assert "Paused" not in editor.get("/keywords").flat


def test_a_private_watchlist_is_there_for_its_people_only(web_desk: WebDesk) -> None:
    mine, others = web_desk.signed_in("night-editor"), web_desk.signed_in("chief")
    assert "Quiet matter" in mine.get("/keywords").flat
    assert mine.get("/keywords/leaks").status == 200
    for address in ("/keywords", "/api/keywords", "/api/keywords.csv"):
        assert "leak" not in others.get(address).text.lower()
    for address in ("/keywords/leaks", "/api/keywords/leaks"):
        assert others.get(address).status == 404
    assert others.post("/keywords/leaks/try", any="x").status == 404


def test_a_reader_may_try_words_and_change_none(web_desk: WebDesk) -> None:
    trainee = web_desk.signed_in("trainee")
    assert saved(trainee, any="oysters").status == 403
    assert "Save as version" not in trainee.get(PAGE).text
    assert trainee.post(f"{PAGE}/try", filled(trainee.get(PAGE))).status == 200


def test_what_keeps_a_story_off_is_offered_and_changes_nothing_until_it_is_taken(web_desk: WebDesk) -> None:
    (story,) = (
        each for each in web_desk.stored(lambda store: store.stories(since=NOON - DAY)) if each.id == 3
    )
    mark = Mark(
        story_id=story.id,
        article_id=story.articles[0].article.id,
        watchlist_id="sanctuary-cities",
        watchlist_version="",
        relevant=False,
        who="trainee",
        at=NOON,
    )
    web_desk.stored(lambda store: store.record_mark(mark))
    editor = web_desk.signed_in("night-editor")
    assert "Marked as not relevant, and still found Sheriff keeps detainer rule" in editor.get(PAGE).flat
    assert "Leave out, under never - keeps detainer" in editor.get(f"{PAGE}/learn/3").flat
    assert text(web_desk) == FILE
    assert editor.get(f"{PAGE}/learn/1").status == 404
    assert editor.post(f"{PAGE}/learn/3/answer", number="1").goes_to == f"{PAGE}/learn/3"
    offered, _, declined = editor.get(f"{PAGE}/learn/3").flat.partition("Not offered again")
    assert "Leave out, under never: keeps detainer Night editor said no" in declined
    assert "- keeps detainer" not in offered
    editor.post(f"{PAGE}/learn/3/answer", number="1", to="again")
    assert "Not offered again" not in editor.get(f"{PAGE}/learn/3").flat
    assert editor.post(f"{PAGE}/learn/3", number="1").goes_to == PAGE
    assert "expect_no_match:" in text(web_desk)
    assert "still found" not in editor.get(PAGE).flat


def test_a_program_gets_the_same_facts(web_desk: WebDesk) -> None:
    editor = web_desk.signed_in("night-editor")
    facts: Any = editor.get("/api/keywords/sanctuary-cities").facts
    assert (facts["any"], facts["never"]) == (["sanctuary city", "detainer"], ["animal sanctuary"])
    trial: Any = editor.post("/api/keywords/sanctuary-cities/try", any="elephant").facts
    assert trial["newly_caught"] == ["Elephant sanctuary opens"]
    assert len(trial["lost"]) == 2


def test_a_watchlist_may_go_elsewhere_than_the_desk_and_back(web_desk: WebDesk) -> None:
    editor = web_desk.signed_in("night-editor")
    assert saved(editor, channel="jail desk", at="noonish").status == 422
    assert "is no place that a message could go to" in saved(editor, channel="jail desk").flat
    assert "“noonish” is no time for the email" in saved(editor, at="noonish").flat
    assert saved(editor, channel="#jail-desk", mailbox="Chief editor", at="weekdays at 7 am").status == 303
    own = (
        "deliver: [{to: slack:#jail-desk, send: at once, when: priority >= high},"
        " {to: reader:chief, send: digest, at: weekdays 07:00}]"
    )
    assert own in text(web_desk)
    page = editor.get(PAGE)
    assert 'name="channel" list="known" value="#jail-desk"' in page.text
    assert 'name="mailbox" list="known" value="Chief editor"' in page.text
    assert 'name="at" value="weekdays at 7:00 am"' in page.text
    assert saved(editor, any="sanctuary city\nelephant").status == 303
    assert own in text(web_desk)
    assert saved(editor, channel="#immigration-desk", mailbox="", at="6:30 am").status == 303
    assert "deliver: desk" in text(web_desk)


def test_two_who_move_a_watchlist_at_once_bring_each_others_places_together(web_desk: WebDesk) -> None:
    first, second = web_desk.signed_in("night-editor"), web_desk.signed_in("chief")
    begun = filled(second.get(PAGE))
    assert saved(first, channel="#jail-desk").status == 303
    collides = second.post(PAGE, {**begun, "channel": "#courts"}).flat
    assert "You both changed “At once to”. Theirs: #jail-desk. Yours: #courts." in collides
    answer = second.post(PAGE, {**begun, "at": "7 am"})
    assert answer.status == 409
    assert "You both changed" not in answer.flat
    assert "At once to: #jail-desk" in answer.flat
    assert second.post(PAGE, filled(answer)).status == 303
    assert "{to: slack:#jail-desk, send: at once, when: priority >= high}" in text(web_desk)
    assert "at: daily 07:00" in text(web_desk)


def test_a_private_watchlist_is_made_for_the_people_who_were_ticked(web_desk: WebDesk) -> None:
    editor = web_desk.signed_in("night-editor")
    asked = {"name": "Quiet tip", "any": "ledger", "private": "yes", "people": ["trainee"]}
    assert editor.post("/keywords/new", asked).goes_to == "/keywords/quiet-tip"
    file = (web_desk.folder / "watchlists/quiet-tip.yaml").read_text(encoding="utf-8")
    assert "private: true" in file
    assert "to: reader:trainee, send: digest" in file
    seen = [web_desk.signed_in(each).get("/keywords/quiet-tip").status for each in ("trainee", "chief")]
    assert (editor.get("/keywords/quiet-tip").status, seen) == (200, [200, 404])


def test_an_admin_sets_quiet_hours_and_limits_as_people_say_them(web_desk: WebDesk) -> None:
    chief = web_desk.signed_in("chief")
    wish = {"weekdays": "on", "weekdays_from": "11 pm", "weekdays_to": "5:30 am", "weekends": "off"}
    answer = chief.post("/quiet-hours", {**wish, "per_hour": "6", "per_day": "20"})
    assert answer.goes_to == "/quiet-hours"
    settings = web_desk.settings
    assert settings.quiet_weekdays is not None
    assert (settings.quiet_weekdays.start, settings.quiet_weekdays.end) == ("23:00", "05:30")
    assert (settings.quiet_weekends, settings.limits.per_hour, settings.limits.per_day) == (None, 6, 20)
    assert "11:00 pm to 5:30 am on weekdays only" in chief.get(PAGE).flat
    for wrong in ({"weekdays_to": "whenever"}, {"weekdays_from": "1 pm"}, {"per_hour": "0"}):
        answer = chief.post("/quiet-hours", {**wish, "per_hour": "6", "per_day": "20", **wrong})
        assert (answer.status, web_desk.settings.limits.per_hour) == (422, 6)
    editor = web_desk.signed_in("night-editor")
    assert editor.post("/quiet-hours", {**wish, "per_hour": "9", "per_day": "20"}).status == 403
    assert "To change them, ask an admin." in editor.get("/quiet-hours").flat


def test_an_outlet_is_muted_for_these_keywords_after_seeing_the_cost_and_for_a_week(
    web_desk: WebDesk,
) -> None:
    editor = web_desk.signed_in("night-editor")
    assert "in the last 30 days" in editor.get(f"{PAGE}/mute?source=channel4").flat
    assert editor.post(f"{PAGE}/mute", source="channel4", until="week").goes_to == PAGE
    assert "Channel 4 Ellery" in editor.get(PAGE).flat.partition("Muted outlets")[2].partition("History")[0]
    facts: Any = editor.get("/api/keywords/sanctuary-cities/mutes").facts
    (mute,) = facts["mutes"]
    assert (mute["source"], mute["until"]) == ("channel4", (NOON + 7 * DAY).isoformat())
    trainee = web_desk.signed_in("trainee")
    end = f"{PAGE}/mutes/{mute['id']}/end"
    assert [trainee.get(f"{PAGE}/mute").status, trainee.post(end).status] == [403, 403]
    assert editor.post(end).goes_to == PAGE
    assert "None: every outlet is told." in editor.get(PAGE).flat
    assert editor.post(end).status == 404
    editor.post(f"{PAGE}/mute", source="channel4", until="pinned")
    assert "until somebody ends it" in editor.get(PAGE).flat.partition("Muted outlets")[2]


def test_one_press_mends_what_was_typed_wrong(web_desk: WebDesk) -> None:
    editor = web_desk.signed_in("night-editor")
    typed = {
        "(jail OR prison": "(jail OR prison)",
        "jail w/5 death": "jail NEAR/5 death",
        "OR jail": "jail",
        "jail death or suicide": "jail death OR suicide",
        "jail, death, sheriff": "jail\ndeath\nsheriff",
        '"ICE" near "jail"': '"ICE" NEAR/15 "jail"',
    }
    for line, meant in typed.items():
        answer = editor.post(f"{PAGE}/try", filled(editor.get(PAGE), any=line))
        buttons = re.findall(r'name="fix" value="([^"]*)"', answer.text)
        fixes = (editor.post(f"{PAGE}/try", filled(answer), fix=unescape(each)) for each in buttons)
        assert meant in {str(filled(fixed)["any"]) for fixed in fixes}
    minus = editor.post(f"{PAGE}/try", filled(editor.get(PAGE), any="jail\n-prison"))
    (button,) = re.findall(r'name="fix" value="([^"]*)"', minus.text)
    boxes = filled(editor.post(f"{PAGE}/try", filled(minus), fix=unescape(button)))
    assert (boxes["any"], boxes["never"]) == ("jail", "animal sanctuary\nprison")
