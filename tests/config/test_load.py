"""Is the whole folder read, with everything that is wrong in it told at once?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from config.explain import ProblemError, render
from config.load import load, read, renew
from config.memory import Memory
from news.nouns import DeliverRule, Priority, QuietHours
from tests.config.folders import MAIN, SECRETS, SOURCES, WATCHLIST, a_folder, told

JAIL = """\
# yaml-language-server: $schema=../.schema/watchlist.schema.json
name: County jail
match:
  any:
    - (=ICE NEAR/15 (jail OR sheriff)
    - ICE detainer
  nevr:
    - jail break
deliver:
  - to: slack:#immigration-desk
    send: digset
  - to: email:desk@example.org
"""
JAILS_PROBLEMS = """\
error: this parenthesis is never closed
  watchlists/county-jail.yaml:5:7
    5 |     - (=ICE NEAR/15 (jail OR sheriff)
      |       ^ write ) at the end of the line

error: there is no setting "nevr"
  watchlists/county-jail.yaml:7:3
    7 |   nevr:
      |   ^^^^ write never

error: "digset" is not a way to send
  watchlists/county-jail.yaml:11:11
   11 |     send: digset
      |           ^^^^^^ write digest, or at once

error: example.org is nobody's mailbox; nothing is ever sent there
  watchlists/county-jail.yaml:12:9
   12 |   - to: email:desk@example.org
      |         ^^^^^^^^^^^^^^^^^^^^^^ write a person's address, or deliver: desk

warning: ICE also finds "ice"
  watchlists/county-jail.yaml:6:7
    6 |     - ICE detainer
      |       ^^^ write =ICE to keep the capitals"""


def test_a_sound_folder_becomes_settings(tmp_path: Path) -> None:
    settings = load(a_folder(tmp_path), SECRETS)
    assert settings.newsroom == "Metro Desk"
    assert settings.timezone == "America/Denver"
    assert [source.id for source in settings.sources] == ["ch4", "ledger"]
    assert [watchlist.id for watchlist in settings.watchlists] == ["sanctuary-cities"]
    assert settings.channels.slack.is_set_up
    assert settings.channels.email.is_set_up
    assert settings.folder == str(tmp_path)


def test_every_mistake_of_a_watchlist_is_told_at_once_as_a_person_reads_it(tmp_path: Path) -> None:
    a_folder(tmp_path)
    (tmp_path / "watchlists" / "county-jail.yaml").write_text(JAIL)
    loaded = read(tmp_path, SECRETS)
    assert loaded.settings is None
    assert render(loaded.problems) == JAILS_PROBLEMS
    states = {file.path: file.state for file in loaded.files}
    assert states == {
        "nightdesk.yaml": "ok",
        "sources/ellery.yaml": "ok, 2 sources on",
        "watchlists/county-jail.yaml": "4 errors, 1 warning",
        "watchlists/sanctuary-cities.yaml": "ok",
    }


def test_load_raises_every_error_and_no_warning(tmp_path: Path) -> None:
    a_folder(tmp_path)
    (tmp_path / "watchlists" / "county-jail.yaml").write_text(JAIL)
    with pytest.raises(ExceptionGroup) as caught:
        load(tmp_path, SECRETS)
    assert len(caught.value.exceptions) == 4
    assert all(isinstance(error, ProblemError) for error in caught.value.exceptions)
    assert "watchlists/county-jail.yaml:5:7: this parenthesis is never closed" in str(
        caught.value.exceptions[0]
    )


def test_one_broken_file_hides_nothing_of_another(tmp_path: Path) -> None:
    lines = told(
        tmp_path,
        main=MAIN + "\tlimits: {}\n",
        sources="sources: [{id: ch4",
        watchlist=WATCHLIST.replace("sanctuary city", "(jail"),
    )
    assert [line.split(" ")[0] for line in lines] == [
        "nightdesk.yaml:7",
        "sources/ellery.yaml:1",
        "watchlists/sanctuary-cities.yaml:2",
    ]


def test_a_broken_file_accuses_no_other(tmp_path: Path) -> None:
    """With the sources unreadable nobody can know that a group is missing, nor that there is no desk."""
    watchlist = WATCHLIST + "sources: {groups: [ellery], only: [ledger]}\n"
    lines = told(tmp_path, main="a: b: c\n", sources="sources: [\n", watchlist=watchlist)
    assert {line.split(":")[0] for line in lines} == {"nightdesk.yaml", "sources/ellery.yaml"}


def test_a_newsroom_without_its_main_file_is_told_so(tmp_path: Path) -> None:
    a_folder(tmp_path)
    (tmp_path / "nightdesk.yaml").unlink()
    (problem,) = read(tmp_path, {}).problems
    assert (problem.path, problem.what) == (
        "nightdesk.yaml",
        "this file cannot be read: no such file or directory",
    )


def test_empty_files_are_told_of(tmp_path: Path) -> None:
    assert told(tmp_path, main="# later\n", sources="", watchlist="# later\n") == [
        "nightdesk.yaml nothing is written here | newsroom: with name: and timezone: under it",
        "sources/ellery.yaml nothing is written here | sources: with a list under it",
        "watchlists/sanctuary-cities.yaml nothing is written here | name:, match: and deliver:",
    ]


def test_a_folder_with_nothing_to_read_and_nothing_to_look_for_is_warned_about(tmp_path: Path) -> None:
    (tmp_path / "nightdesk.yaml").write_text(MAIN)
    loaded = read(tmp_path, SECRETS)
    assert loaded.settings is not None
    assert [problem.what for problem in loaded.problems] == [
        "no source is declared: there is nothing to read",
        "no watchlist is declared: nothing is looked for",
    ]


def test_a_file_that_is_not_read_because_of_its_name_is_told_of(tmp_path: Path) -> None:
    a_folder(tmp_path)
    (tmp_path / "watchlists" / "jail.yaml.txt").write_text(WATCHLIST)
    (tmp_path / "watchlists" / ".jail.yaml.swp").write_text("")
    (tmp_path / "watchlists" / "README.md").write_text("Ours")
    assert [problem.path for problem in read(tmp_path, SECRETS).problems] == ["watchlists/jail.yaml.txt"]


def test_deliver_desk_means_at_once_what_matters_and_everything_in_the_digest(tmp_path: Path) -> None:
    (watchlist,) = load(a_folder(tmp_path), SECRETS).watchlists
    assert watchlist.deliver == (
        DeliverRule(to="slack:#immigration-desk", at_least=Priority.HIGH),
        DeliverRule(to="email:metro-desk@newsroom.test", send="digest", at="daily 06:30"),
    )


def test_a_desk_that_is_not_decided_is_the_console_and_is_said(tmp_path: Path) -> None:
    main = MAIN.replace('"slack:#immigration-desk"', '""').replace('"email:metro-desk@newsroom.test"', "")
    settings = load(a_folder(tmp_path, main=main.replace('"${SMTP_URL}"', "")), {})
    (watchlist,) = settings.watchlists
    assert watchlist.deliver == (
        DeliverRule(to="console:"),
        DeliverRule(to="console:", send="digest", at="daily 06:30"),
    )
    assert [one.kind for one in settings.not_set_up if one.kind == "desk"] == ["desk", "desk"]


def test_deliver_desk_without_a_desk_is_an_error(tmp_path: Path) -> None:
    main = "".join(line for line in MAIN.splitlines(keepends=True) if not line.startswith("desk"))
    (line,) = told(tmp_path, main=main.replace('smtp: "${SMTP_URL}"', 'from: "desk@newsroom.test"'))
    assert line == (
        "watchlists/sanctuary-cities.yaml:3 «desk» nightdesk.yaml has no desk | "
        "desk: there, with at_once: and digest: under it"
    )


def test_the_long_way_of_delivering_is_understood(tmp_path: Path) -> None:
    watchlist = WATCHLIST.replace(
        "deliver: desk",
        "deliver:\n"
        '  - {to: "slack:#desk", when: priority >= high, follow_ups: new message, passing_mentions: true}\n'
        '  - {to: "email:a@b.test", send: digest, at: "weekdays 07:00, 12:30"}\n'
        '  - {to: "email:c@b.test", send: digest}\n'
        "  - {to: console}\n",
    )
    (found,) = load(a_folder(tmp_path, watchlist=watchlist), SECRETS).watchlists
    assert found.deliver == (
        DeliverRule(
            to="slack:#desk", at_least=Priority.HIGH, passing_mentions=True, follow_ups="new message"
        ),
        DeliverRule(to="email:a@b.test", send="digest", at="weekdays 07:00, 12:30"),
        DeliverRule(to="email:c@b.test", send="digest", at="daily 06:30"),
        DeliverRule(to="console:"),
    )


def test_every_line_of_a_watchlist_knows_where_it_stands(tmp_path: Path) -> None:
    watchlist = "name: Jail\nmatch:\n  any:\n    - county jail\n  never: [break]\ndeliver: desk\n"
    watchlist += "priority: {high: [sheriff]}\n"
    (found,) = load(a_folder(tmp_path, watchlist=watchlist), SECRETS).watchlists
    where = [clause.where for clause in (*found.any, *found.never, *found.priority.high)]
    assert where == [f"watchlists/sanctuary-cities.yaml:{place}" for place in ("4:7", "5:11", "7:19")]


def test_the_version_changes_only_with_what_decides_a_match(tmp_path: Path) -> None:
    def version(watchlist: str) -> str:
        return load(a_folder(tmp_path, watchlist=watchlist), SECRETS).watchlists[0].version

    first = version(WATCHLIST)
    assert len(first) == 12
    assert version("# a comment\n" + WATCHLIST.replace("Sanctuary cities", "Another name")) == first
    assert version(WATCHLIST.replace("[sanctuary city]", "[sanctuary city, detainer]")) != first
    assert version(WATCHLIST + "priority: {high: [mayor]}\n") != first
    assert version(WATCHLIST + "sources: {groups: [ellery]}\n") != first


def test_a_page_that_only_names_feeds_is_kept_switched_off_and_counted(tmp_path: Path) -> None:
    more = (
        '  - {id: agenda, name: Council, url: "https://council.test/agenda", as: discover}\n'
        '  - {id: gone, name: Gone, url: "https://gone.test/", enabled: false}\n'
        '  - {id: news, name: Search, url: "https://search.test/rss", as: google-news}\n'
    )
    loaded = read(a_folder(tmp_path, sources=SOURCES + more), SECRETS)
    assert loaded.problems == ()
    assert loaded.files[1].state == "ok, 3 sources on, 1 off, 1 not read yet"
    assert loaded.settings is not None
    on = {source.id: source.enabled for source in loaded.settings.sources}
    assert on == {"ch4": True, "ledger": True, "agenda": False, "gone": False, "news": True}


def test_how_often_a_source_is_asked_goes_by_its_priority_unless_it_says(tmp_path: Path) -> None:
    main = MAIN + "fetch: {every: {high: 90s}}\n"
    more = '  - {id: slow, name: Slow, url: "https://slow.test/", every: 2 hours}\n'
    sources = load(a_folder(tmp_path, main=main, sources=SOURCES + more), SECRETS).sources
    assert [source.every for source in sources] == [
        timedelta(seconds=90),
        timedelta(minutes=10),
        timedelta(hours=2),
    ]


def test_quiet_hours_have_their_usual_times_unless_the_newsroom_says(tmp_path: Path) -> None:
    usual = load(a_folder(tmp_path), SECRETS)
    assert usual.quiet_weekdays == QuietHours(start="22:00", end="06:00")
    assert usual.quiet_weekends == QuietHours(start="22:00", end="08:00")
    main = MAIN + 'quiet_hours: {weekdays: off, weekends: {from: "23:00", to: "07:00"}}\n'
    decided = load(a_folder(tmp_path, main=main), SECRETS)
    assert decided.quiet_weekdays is None
    assert decided.quiet_weekends == QuietHours(start="23:00", end="07:00")
    none = load(a_folder(tmp_path, main=MAIN + "quiet_hours: off\n"), SECRETS)
    assert (none.quiet_weekdays, none.quiet_weekends) == (None, None)


def test_lengths_of_time_and_limits_are_understood(tmp_path: Path) -> None:
    main = MAIN + (
        "keep: {full_text: 2 weeks, stories: 12 months}\nlimits: {per_hour: 9}\nfollow_ups: {gather: 1h}\n"
        'health: {to: "slack:#health", quiet_after: 24h}\n'
        'fetch: {timeout: 5s, allow_addresses: ["127.0.0.1:80"]}\n'
    )
    settings = load(a_folder(tmp_path, main=main), SECRETS)
    assert settings.keep.full_text == timedelta(days=14)
    assert settings.keep.stories == timedelta(days=365)
    assert settings.keep.activity == timedelta(days=730)
    assert (settings.limits.per_hour, settings.limits.per_day) == (9, 15)
    assert settings.gather == timedelta(hours=1)
    assert (settings.health.to, settings.health.quiet_after) == ("slack:#health", timedelta(days=1))
    assert settings.fetch.timeout == timedelta(seconds=5)
    assert settings.fetch.allow_addresses == {"127.0.0.1:80"}


def test_one_saved_watchlist_of_many_is_read_and_no_other(tmp_path: Path) -> None:
    folder, memory = a_folder(tmp_path), Memory()
    for number in range(20):
        text = WATCHLIST.replace("Sanctuary cities", f"List {number}")
        (folder / f"watchlists/list{number}.yaml").write_text(text)
    before = renew(folder, SECRETS, None, memory).settings
    assert before is not None
    assert len(memory.fresh) == 23
    memory.fresh.clear()
    (folder / "watchlists/list7.yaml").write_text(WATCHLIST.replace("sanctuary city", "county jail"))
    after = renew(folder, SECRETS, before, memory).settings
    assert after is not None
    assert memory.fresh == {"watchlists/list7.yaml"}
    anew = [old.where for old, new in zip(before.watchlists, after.watchlists, strict=True) if old is not new]
    assert anew == ["watchlists/list7.yaml"]
    assert after == renew(folder, SECRETS, None).settings


def test_every_watchlist_is_judged_anew_when_a_source_that_it_names_is_gone(tmp_path: Path) -> None:
    folder, memory = a_folder(tmp_path, watchlist=f"{WATCHLIST}sources: {{only: [ledger]}}\n"), Memory()
    assert not renew(folder, SECRETS, None, memory).errors
    (folder / "sources/ellery.yaml").write_text(SOURCES.replace("id: ledger", "id: herald"))
    (wrong,) = renew(folder, SECRETS, None, memory).errors
    assert (wrong.path, wrong.what) == (
        "watchlists/sanctuary-cities.yaml",
        'there is no source or group "ledger"',
    )


def test_a_watchlist_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    folder, memory = a_folder(tmp_path), Memory()
    renew(folder, SECRETS, None, memory)
    (folder / "watchlists/sanctuary-cities.yaml").unlink()
    settings = renew(folder, SECRETS, None, memory).settings
    assert settings is not None
    assert settings.watchlists == ()
