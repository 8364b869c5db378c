"""Does a file say only what its kind may say, and do check, the editor and pydantic agree about it?"""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config import schema, shape
from config.reading import read_text
from config.tree import plain

WATCHLIST = """\
id: county-jail
name: County jail
languages: [en]
match: {any: [county jail], all: [], never: [jail break]}
priority: {default: normal, high: [detainer]}
sources: {groups: [all], only: [], except: [ledger]}
deliver:
  - {to: "slack:#immigration-desk", send: at once, when: priority >= high, follow_ups: in thread}
  - {to: "email:desk@newsroom.test", send: digest, at: "daily 06:30", include: [whats_new]}
quiet_hours: {from: "22:00", to: "06:00", days: weekdays, except: [urgent], then: drop}
enabled: true
"""
SOURCES = """\
sources:
  - {id: ch4, name: Channel 4, url: "https://channel4.test/feed", as: feed, kind: news, group: ellery,
     priority: high, language: en, full_text: when matched, excerpt: headline, backup: ["https://b.test/x"],
     every: 5m, evidence: live 2026-01-01, note: seen, enabled: false}
"""
MAIN = """\
version: 1
newsroom: {name: Metro Desk, timezone: America/Denver, language: en}
desk: {at_once: "slack:#desk", digest: "", digest_at: "06:30"}
channels:
  slack: {token: "${T}", api_url: "http://127.0.0.1:80/"}
  email: {smtp: "${S}", from: "N <n@x.test>"}
database: ${D}
limits: {per_hour: 4, per_day: 15}
quiet_hours: {weekdays: {from: "22:00", to: "06:00"}, weekends: off}
follow_ups: {gather: 15m}
fetch: {user_agent: N, respect_robots: true, every: {high: 2m}, at_once: 8, allow_addresses: ["127.0.0.1:80"]}
keep: {full_text: 30d, stories: 12 months, activity: 2 years}
health: {to: "slack:#health", quiet_after: auto}
console: off
"""
SOUND = {"watchlist": WATCHLIST, "sources": SOURCES, "nightdesk": MAIN}


def problems(kind: str, text: str) -> list[str]:
    return [f"{p.line}:{p.column} {p.what} | {p.write}" for p in shape.check(read_text("x.yaml", text), kind)]


def pydantic_agrees(kind: str, said: object) -> bool:
    try:
        schema.FILES[kind].model_validate(said)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("kind", SOUND)
def test_a_sound_file_has_no_problem(kind: str) -> None:
    assert problems(kind, SOUND[kind]) == []
    assert pydantic_agrees(kind, plain(read_text("x.yaml", SOUND[kind]).root))


def test_the_shipped_pages_are_what_the_models_say_today() -> None:
    for kind, page in schema.pages().items():
        shipped = json.loads((shape.SHIPPED / f"{kind}.schema.json").read_text(encoding="utf-8"))
        assert shipped == page, "run: python -m config.schema"


KNOWN = """$schema $defs $ref additionalProperties anyOf const default description enum examples items maximum
    minItems minLength minimum pattern properties required title type"""


def test_the_pages_use_only_words_of_json_schema_that_check_knows() -> None:
    assert {word for page in schema.pages().values() for word in words_of(page)} <= set(KNOWN.split())


def words_of(rule: object, *, names: bool = False) -> set[str]:
    """Return the words of JSON Schema in a page; the names of settings are not among them."""
    if isinstance(rule, list):
        return {word for each in rule for word in words_of(each)}
    if not isinstance(rule, dict):
        return set()
    rules = {key: each for key, each in rule.items() if key not in ("default", "examples", "enum")}
    below = {
        word for key, each in rules.items() for word in words_of(each, names=key in ("properties", "$defs"))
    }
    return below if names else below | set(rule)


SETTINGS = (
    "id, name, about, owner, languages, match, priority, sources, deliver, quiet_hours, expect_match,"
    " expect_no_match, private, enabled"
)
NAME, MATCH, DELIVER = "name: J\n", "match: [a]\n", "deliver: desk\n"
START = NAME + MATCH + DELIVER
MISTAKES = [
    (START + "jails: []", '4:1 there is no setting "jails" here', f"one of: {SETTINGS}"),
    (
        START + "nevr: []",
        '4:1 there is no setting "nevr" here',
        "never: below match:, with two spaces more before it",
    ),
    (
        NAME + "match:\n  any: [a]\n  deliver: desk\n" + DELIVER,
        '4:3 there is no setting "deliver" here',
        "deliver: at the beginning of its line, without spaces before it",
    ),
    (NAME + MATCH, '1:1 "deliver" is missing', "deliver: desk"),
    (
        NAME + "match:\n" + DELIVER,
        '2:1 nothing is written after "match"',
        "any: below it, with two spaces before it",
    ),
    (NAME + MATCH + "deliver: [desk]", '3:11 one value cannot stand after "deliver"', '{to: "desk"}'),
    (
        NAME + "match:\n  any:\n    -jail\n    -prison\n" + DELIVER,
        "4:5 a dash needs a space after it",
        "- jail",
    ),
    (
        NAME + "match:\n  any: [a]\n  all:\n" + DELIVER,
        '4:3 nothing is written after "all"',
        "a line for each below it, or nothing at all",
    ),
    (NAME + "match: {any: [a], nevr: []}\n" + DELIVER, '2:19 there is no setting "nevr"', "never"),
    (NAME + "match: [1373]\n" + DELIVER, "2:9 1373 is read as a number, not as words", '"1373"'),
    (NAME + "match: [true]\n" + DELIVER, "2:9 true is read as true or false, not as words", '"true"'),
    (NAME + "match:\n  - title: x\n" + DELIVER, "3:5 a colon and a space inside the words", "'title: x'"),
    (
        NAME + "match: jail\n" + DELIVER,
        '2:8 one value cannot stand after "match"',
        "[jail]",
    ),
    (NAME + "match: []\n" + DELIVER, '2:8 nothing is in the list "match"', "at least one line in it"),
    (NAME + "match: {any: []}\n" + DELIVER, '2:14 nothing is in the list "any"', "at least one line in it"),
    (NAME + DELIVER, '1:1 "match" is missing', "match: and its value"),
    (NAME + MATCH + "deliver: []", '3:10 nothing is in the list "deliver"', "at least one line in it"),
    (
        NAME + MATCH + "deliver: [{to: 'slack:#x', send: digset}]",
        '3:34 "digset" is not a way to send',
        "digest, or at once",
    ),
    (
        NAME + MATCH + "deliver: slack:x",
        '3:10 "slack:x" is not a place to send to',
        "desk, or slack:#immigration-desk",
    ),
    ("name:\n" + MATCH + DELIVER, '1:1 nothing is written after "name"', "words"),
    (START + "enabled: yes", '4:10 "yes" is a word here, no switch', "true"),
    (START + "private: maybe", '4:10 one value cannot stand after "private"', "true or false"),
    (START + "languages: en", '4:12 one value cannot stand after "languages"', "[en]"),
    (
        START + "priority: high",
        '4:11 one value cannot stand after "priority"',
        "{default: high}",
    ),
    (
        START + "sources: denver",
        '4:10 one value cannot stand after "sources"',
        "settings under it: groups:, only:, except:",
    ),
    ("- jail", "1:1 a list cannot stand here", "settings under it: name:, match:, deliver:"),
]


@pytest.mark.parametrize(("text", "what", "write"), MISTAKES)
def test_each_mistake_in_a_watchlist_is_told_with_what_to_write(text: str, what: str, write: str) -> None:
    assert problems("watchlist", text) == [f"{what} | {write}"]


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    text = "newsroom: {name: 12, timezone: UTC}\nlimits: {per_hour: 0, per_dya: 3}\n"
    text += "console: of\nfetch: {at_once: 999}"
    assert problems("nightdesk", text) == [
        '1:18 12 is read as a number, not as words | "12"',
        "2:20 0 is too small | 1 or more",
        '2:23 there is no setting "per_dya" | per_day',
        '3:10 "of" is not a switch | off, or on',
        "4:18 999 is too large | a number from 1 to 256",
    ]


# ── check and pydantic are asked about the same file and must give one answer ────────────────────────

VALUES: list[Any] = [
    None,
    True,
    0,
    7,
    -1,
    2.5,
    "",
    "x",
    "off",
    "desk",
    "digest",
    "22:00",
    "24:00",
    "5 m",
    "15m\n",
]
NAMES: list[Any] = ["${NAME}", "slack:#a b", "slack:#jail\n"]
GROUPS: list[Any] = [[], ["x"], [[]], {}, {"x": 1}, {"from": "22:00", "to": "06:00"}, [{"to": "console"}]]


def paths(said: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the way to every value inside a file."""
    inside = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    return [path, *(deeper for key, value in inside for deeper in paths(value, (*path, key)))]


@given(st.data(), st.sampled_from(sorted(SOUND)))
def test_check_and_pydantic_give_one_answer(data: st.DataObject, kind: str) -> None:
    said: Any = copy.deepcopy(plain(read_text("x.yaml", SOUND[kind]).root))
    *way, last = data.draw(st.sampled_from(paths(said)[1:]))
    inner = said
    for step in way:
        inner = inner[step]
    change = data.draw(st.sampled_from(["replace", "remove", "add"]))
    if change == "remove":
        del inner[last]
    elif change == "add" and isinstance(inner, dict):
        inner[f"{last}x"] = "x"
    else:
        inner[last] = data.draw(st.sampled_from([*VALUES, *NAMES, *GROUPS]))
    text = json.dumps(said, ensure_ascii=False)  # JSON is YAML
    assert (problems(kind, text) == []) == pydantic_agrees(kind, said), text
