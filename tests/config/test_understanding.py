"""Is what has the right shape also right: places, times, ids, groups, words to look for?"""

from __future__ import annotations

from pathlib import Path

import pytest

from config.load import load
from config.source_rules import LEGISTAR
from news.source_rules import JsonRule, ListRule, SpiderRule, WatchRule
from tests.config.folders import MAIN, SECRETS, SOURCES, WATCHLIST, a_folder, told

DENVER = "America/Denver"
DIGEST = "email:metro-desk@newsroom.test"
TOO_LONG = "in these quiet hours; at most 12 are allowed | times that are at most 12 hours apart"
NOBODY = "is nobody's mailbox; nothing is ever sent there | a person's address, or deliver: desk"
QUIET = 'quiet_hours: {{weekdays: {{from: "{0}", to: "{1}"}}, weekends: {{from: "{2}", to: "{3}"}}}}\n'

MAIN_MISTAKES = [
    (
        MAIN.replace(DENVER, "America/Dever"),
        f'2 «America/Dever» "America/Dever" is not a time zone | {DENVER}',
    ),
    (MAIN.replace(DENVER, "Denver"), f'2 «Denver» "Denver" is not a time zone | {DENVER}'),
    (MAIN.replace(DENVER, "xx"), f'2 «xx» "xx" is not a time zone | one such as {DENVER}'),
    (MAIN.replace(DENVER, "/etc"), f'2 «/etc» "/etc" is not a time zone | one such as {DENVER}'),
    (
        MAIN.replace(DIGEST, "email:a@mail.example.com"),
        f'3 «"email:a@mail.example.com"» mail.example.com {NOBODY}',
    ),
    (
        MAIN.replace("slack:#immigration-desk", "other:teams"),
        (
            '3 «"other:teams"» nightdesk.yaml names no other:teams under others: under channels: | '
            "there others: under channels:, with its name"
        ),
    ),
    (
        MAIN.replace('  slack: {token: "${SLACK_BOT_TOKEN}"}\n', ""),
        (
            '3 «"slack:#immigration-desk"» nightdesk.yaml does not declare Slack under channels: | '
            "there slack: {token: ${SLACK_BOT_TOKEN}}"
        ),
    ),
    (
        MAIN + QUIET.format("18:00", "08:00", "22:00", "08:00"),
        f'7 «"18:00"» a story would wait 14 hours {TOO_LONG}',
    ),
    (
        MAIN + QUIET.format("22:00", "06:00", "20:00", "08:30"),
        f'7 «"20:00"» a story would wait 12 h 30 min {TOO_LONG}',
    ),
    (
        MAIN + "console: {address: 0.0.0.0:8010}\n",
        (
            "7 «0.0.0.0:8010» other machines would reach the console without TLS | "
            "127.0.0.1:8010, or trusted_proxy: or tls_certificate: and tls_key: beside it"
        ),
    ),
    (
        MAIN + "console: {address: 127.0.0.1:99999}\n",
        "7 «127.0.0.1:99999» there is no port 99999 | 127.0.0.1:8010",
    ),
    (
        MAIN + "console: {tls_key: key.pem}\n",
        "7 «key.pem» tls_key: needs tls_certificate: | tls_certificate: and its file beside it",
    ),
    (
        MAIN + 'readers: [{id: late, role: reader, quiet_hours: {from: "18:00", to: "08:00"}}]\n',
        (
            '7 «"18:00"» a story would wait more than 12 hours in these quiet hours | '
            "times that are at most 12 hours apart"
        ),
    ),
    (
        MAIN + "health: {heartbeat: https://watcher.test/ping/1}\n",
        (
            "7 «•••••••••••••••••••••••••••» a secret never stands in a file | "
            "${HEARTBEAT_URL} here, and its value in .env"
        ),
    ),
    (
        MAIN + "health: {heartbeat: '${HEARTBEAT_URL}', heartbeat_every: 10s}\n",
        "7 «10s» this is more often than once a minute | 1m or longer",
    ),
    (
        MAIN + "fetch: {every: {high: 1s}}\n",
        "7 «1s» asking this often is more than most publishers bear | 2m, or longer",
    ),
]


@pytest.mark.parametrize(("main", "line"), MAIN_MISTAKES)
def test_each_mistake_in_the_main_file_is_told(tmp_path: Path, main: str, line: str) -> None:
    assert told(tmp_path, main=main) == [f"nightdesk.yaml:{line}"]


def test_quiet_hours_of_twelve_hours_are_allowed(tmp_path: Path) -> None:
    assert told(tmp_path, main=MAIN + QUIET.format("20:00", "08:00", "20:00", "08:00")) == []


def test_quiet_hours_that_meet_are_one_wait(tmp_path: Path) -> None:
    """Friday's night runs into Saturday's quiet morning: 22:00 to 06:00 and on to noon."""
    (line,) = told(tmp_path, main=MAIN + QUIET.format("22:00", "06:00", "05:00", "12:00"))
    assert "14 hours" in line


NO_ADDRESS = "this is not a web address | https://, the outlet's host, and the path"
SOURCE_MISTAKES = [
    (
        "ch4",
        "https://a.test/",
        'the source "ch4" is declared in sources/ellery.yaml:2 already | an id of its own',
    ),
    (
        "x",
        "https://channel4ellery.test/feed",
        "the same address is read in sources/ellery.yaml:2 already | enabled: false for one of them",
    ),
    ("x", "https://[::1/feed", NO_ADDRESS),
    ("x", "https://a.test:99999/", NO_ADDRESS),
    ("x", "https://desk@a.test/", "a name and a password stand in this address | the address without them"),
    ("x", "ftp://a.test/", '"ftp://a.test/" is not a web address | https://ledger.test/feed'),
]


@pytest.mark.parametrize(("source_id", "url", "line"), SOURCE_MISTAKES)
def test_each_mistake_in_a_source_is_told(tmp_path: Path, source_id: str, url: str, line: str) -> None:
    (found,) = told(tmp_path, sources=f"{SOURCES}  - id: {source_id}\n    name: X\n    url: {url}\n")
    assert found.partition("» ")[2] == line


WAY_MISTAKES = [
    ("as: page-lst", '"page-lst" is not a way to read | page-list'),
    (
        "list: {links: a}",
        '"list" says nothing for a source that is read as feed | as: page-list, or leave it out',
    ),
    ("as: json", "how this source is read is missing (as: json) | json: {title: its path, link: its path}"),
    ("as: json, json: {title: t}", '"link" is missing under "json" | link: url'),
    ("as: page-watch, watch: {part: 'div['}", "this is no CSS selector"),
    ("as: page-list, list: {links: '>> a'}", "this is no CSS selector"),
    ("as: spider", "how this source is read is missing (as: spider) | spider: the name of a file"),
    ("as: spider, spider: harbour_notices", 'there is no spider "harbour_notices"'),
    ("as: json, json: {title: t, link: u, pages: 99}", "99 is too large | a number from 1 to 20"),
]


@pytest.mark.parametrize(("way", "line"), WAY_MISTAKES)
def test_each_mistake_in_how_a_source_is_read_is_told(tmp_path: Path, way: str, line: str) -> None:
    (found,) = told(tmp_path, sources=f"{SOURCES}  - {{id: x, name: X, url: 'https://a.test/', {way}}}\n")
    assert line in found


def test_every_way_of_reading_reaches_the_settings_as_it_was_declared(tmp_path: Path) -> None:
    lines = {
        "list": "as: page-list, list: {links: main a, addresses: /news/*}",
        "watch": "as: page-watch, watch: {part: '#notices', without: [.ad]}",
        "json": "as: json, json: {items: a.b, title: t, link: u, pages: 3}",
        "spider": "as: spider, spider: harbor_notices",
        "council": "as: legistar",
    }
    more = "".join(
        f"  - {{id: {id_}, name: X, url: 'https://{id_}.test/', {way}}}\n" for id_, way in lines.items()
    )
    rules = {
        source.id: source.rule for source in load(a_folder(tmp_path, sources=SOURCES + more), SECRETS).sources
    }
    assert rules["list"] == ListRule(links="main a", addresses="/news/*")
    assert rules["watch"] == WatchRule(part="#notices", without=(".ad",))
    assert rules["json"] == JsonRule(items="a.b", title="t", link="u", pages=3)
    assert rules["spider"] == SpiderRule(spider="harbor_notices")
    assert rules["council"] == LEGISTAR
    assert rules["ch4"] is None


def test_a_password_in_a_sources_address_is_not_shown(tmp_path: Path) -> None:
    more = "  - {id: x, name: X, url: 'https://desk:pa55word@a.test/'}\n"
    (line,) = told(tmp_path, sources=SOURCES + more)
    assert "a name and a password stand in this address" in line
    assert "pa55word" not in line


WATCHLIST_MISTAKES = [
    ("sources: {groups: [elery]}", '4 «elery» there is no group "elery" | ellery'),
    ("sources: {groups: [coast]}", '4 «coast» there is no group "coast" | one of: all, ellery'),
    ("sources: {only: [ch5]}", '4 «ch5» there is no source or group "ch5" | an id from sources/'),
    ("sources: {except: [ledgr]}", '4 «ledgr» there is no source or group "ledgr" | ledger'),
    (
        "sources: {except: [ellery]}",
        (
            "1 «Sanctuary cities» no source that is on is looked at, so this can never match | "
            "a group or a source that is on"
        ),
    ),
    (
        'quiet_hours: {from: "22:00", to: "06:00"}',
        (
            '4 «{from: "22:00", to: "06:00"}» the newsroom\'s quiet hours hold; this version has none for a '
            "watchlist | nothing here until then"
        ),
    ),
]


@pytest.mark.parametrize(("more", "line"), WATCHLIST_MISTAKES)
def test_each_mistake_in_a_watchlist_is_told(tmp_path: Path, more: str, line: str) -> None:
    assert told(tmp_path, watchlist=f"{WATCHLIST}{more}\n") == [f"watchlists/sanctuary-cities.yaml:{line}"]


def test_two_watchlists_of_one_id_are_told_of(tmp_path: Path) -> None:
    told(tmp_path)
    (tmp_path / "watchlists" / "second.yaml").write_text("id: sanctuary-cities\n" + WATCHLIST)
    assert told(tmp_path) == [
        (
            "watchlists/second.yaml:1 «sanctuary-cities» watchlists/sanctuary-cities.yaml has the id "
            '"sanctuary-cities" too | an id of its own'
        )
    ]


DELIVER_MISTAKES = [
    ('{to: "email:a@example.net"}', f'«"email:a@example.net"» example.net {NOBODY.partition(" |")[0]}'),
    (
        '{to: "webhook:cms"}',
        '«"webhook:cms"» nightdesk.yaml names no webhook:cms under webhooks: under channels:',
    ),
    ('{to: "slack:#x", send: digest, at: "someday"}', '«"someday"» "someday" has no time of day'),
    ('{to: "slack:#x", at: "daily 06:30"}', '«"daily 06:30"» only a digest has a time of its own'),
    (
        '{to: "slack:#x", include: [whats_new]}',
        "«[whats_new]» this version chooses by itself what a message says",
    ),
]


@pytest.mark.parametrize(("rule", "what"), DELIVER_MISTAKES)
def test_each_mistake_in_delivering_is_told(tmp_path: Path, rule: str, what: str) -> None:
    watchlist = WATCHLIST.replace("deliver: desk\n", f"deliver:\n  - {rule}\n")
    (line,) = told(tmp_path, watchlist=watchlist)
    assert line.startswith(f"watchlists/sanctuary-cities.yaml:4 {what} | ")


LINES = {
    "match: [sheriff AND (jail]": "2 «(» this parenthesis is never closed",
    "match: ['it''s AND (jail']": "2 «(» this parenthesis is never closed",
    'match: ["\\u00e9t\\u00e9 AND (jail"]': "2 «(» this parenthesis is never closed",
    "match:\n- >\n  sheriff AND\n  (jail": "5 «(» this parenthesis is never closed",
    "match: [jail, sheriff OR]": "2 «OR» OR needs words on both sides",
    "match: {any: [jail], never: [AND x]}": "2 «AND» AND needs words on both sides",
    "match: [jail]\npriority: {high: [x y)]}": "3 «)» this parenthesis closes nothing",
}


@pytest.mark.parametrize("text", LINES)
def test_a_mistake_in_a_line_is_pointed_at_through_every_way_of_writing_it(tmp_path: Path, text: str) -> None:
    lines = told(tmp_path, watchlist=f"name: Jail\n{text}\ndeliver: desk\n")
    assert any(line.startswith(f"watchlists/sanctuary-cities.yaml:{LINES[text]}") for line in lines), lines


def test_all_of_these_may_stand_alone_and_never_may_not(tmp_path: Path) -> None:
    head = WATCHLIST.replace("match: [sanctuary city]", "match: {0}")
    assert told(tmp_path, watchlist=head.replace("{0}", "{all: [jail, sheriff]}")) == []
    (watchlist,) = load(tmp_path, SECRETS).watchlists
    assert [clause.text for clause in (*watchlist.any, *watchlist.all)] == ["jail", "sheriff"]
    (line,) = told(tmp_path, watchlist=head.replace("{0}", "{never: [jail]}"))
    assert line == (
        'watchlists/sanctuary-cities.yaml:2 «never» "any" is missing under "match": nothing is looked for'
        " | any: and the lines to look for below it"
    )


def test_a_line_that_asks_for_a_source_or_group_nobody_declared_is_told(tmp_path: Path) -> None:
    lines = "[source:ledgr AND jail, source:group=elery AND jail, source:kind=news AND jail]"
    assert told(tmp_path, watchlist=WATCHLIST.replace("[sanctuary city]", lines)) == [
        'watchlists/sanctuary-cities.yaml:2 «ledgr» there is no source "ledgr" | ledger',
        'watchlists/sanctuary-cities.yaml:2 «elery» there is no group "elery" | ellery',
    ]
    named = WATCHLIST.replace("[sanctuary city]", """['source:"Channel 4 Ellery" AND jail']""")
    assert told(tmp_path, watchlist=named) == []
