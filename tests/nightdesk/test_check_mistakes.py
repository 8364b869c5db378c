"""Somebody new edits the starter's files and makes the mistakes that people make. What does `check` say?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from config.install import STARTER
from tests.nightdesk.calling import Answer, call

WATCHLIST = "watchlists/sanctuary-cities.yaml"
SOURCES = "sources/sanctuary-beat.yaml"
MAIN = "nightdesk.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What somebody wrote in place of what, and the paragraph that helps them."""

    file: str = WATCHLIST
    instead_of: str
    wrote: str
    told: str
    errors: int = 1


MISTAKES = {
    "a typo in a setting's name": Mistake(
        instead_of="\n  never:\n",
        wrote="\n  nevr:\n",
        told="""\
error: there is no setting "nevr"
  watchlists/sanctuary-cities.yaml:{line}:3
  {line:>3} |   nevr:
      |   ^^^^ write never
""",
    ),
    "a line that is indented too far": Mistake(
        instead_of="    - so-called sanctuary\n",
        wrote="      - so-called sanctuary\n",
        told="""\
error: this is read as part of the line above it
  watchlists/sanctuary-cities.yaml:{line}:7
  {line:>3} |       - so-called sanctuary
      |       ^ write as many spaces before - as in the line above
""",
    ),
    "a setting that is not indented enough": Mistake(
        instead_of="\n  never:\n",
        wrote="\n never:\n",
        told="""\
error: this line does not stand under the ones it belongs to
  watchlists/sanctuary-cities.yaml:{line}:2
  {line:>3} |  never:
      |  ^ write as many spaces before it as its neighbors have
""",
    ),
    "a group that no source is in": Mistake(
        instead_of="  groups: [all] ",
        wrote="  groups: [denvr] ",
        told="""\
error: there is no group "denvr"
  watchlists/sanctuary-cities.yaml:{line}:12
  {line:>3} |   groups: [denvr]                          # or some: [denver, colorado, government]
      |            ^^^^^ write denver
""",
    ),
    "a quotation mark that is never closed, in the file": Mistake(
        file=MAIN,
        instead_of='  digest_at: "06:30"',
        wrote='  digest_at: "06:30',
        told="""\
error: this quotation mark is never closed
  nightdesk.yaml:{line}:14
  {line:>3} |   digest_at: "06:30
      |              ^^^^^^ write " at the end of the words
""",
    ),
    "a quotation mark that is never closed, among the words": Mistake(
        instead_of="    - so-called sanctuary\n",
        wrote="    - '\"so-called sanctuary'\n",
        told="""\
error: this quotation mark is never closed
  watchlists/sanctuary-cities.yaml:{line}:8
  {line:>3} |     - '"so-called sanctuary'
      |        ^ write " at the end of the words
""",
    ),
    "or in small letters": Mistake(
        instead_of="    - so-called sanctuary\n",
        wrote="    - so-called or alleged sanctuary\n",
        errors=0,
        told="""\
warning: a small "or" is a word like any other
  watchlists/sanctuary-cities.yaml:{line}:17
  {line:>3} |     - so-called or alleged sanctuary
      |                 ^^ write OR, or quotation marks around the whole phrase
""",
    ),
    "an id that another source has": Mistake(
        file=SOURCES,
        instead_of="{id: 9news,",
        wrote="{id: denverite,",
        told="""\
error: the source "denverite" is declared in sources/sanctuary-beat.yaml:14 already
  sources/sanctuary-beat.yaml:{line}:10
  {line:>3} |   - {id: denverite, name: 9NEWS (KUSA),
      |          ^^^^^^^^^ write an id of its own
""",
    ),
    "a time zone that is nowhere": Mistake(
        file=MAIN,
        instead_of="  timezone: UTC           ",
        wrote="  timezone: America/Denvr",
        told="""\
error: "America/Denvr" is not a time zone
  nightdesk.yaml:{line}:13
""",
    ),
    "a tab": Mistake(
        instead_of="    - 287(g)\n",
        wrote="\t- 287(g)\n",
        told="""\
error: a tab stands where spaces must be
  watchlists/sanctuary-cities.yaml:{line}:1
  {line:>3} |  - 287(g)
      | ^ write spaces instead of the tab
""",
    ),
    "a channel that nobody knows": Mistake(
        instead_of="\ndeliver: desk",
        wrote='\ndeliver: "teams:#desk"',
        told="""\
error: "teams:#desk" is not a place to send to
  watchlists/sanctuary-cities.yaml:{line}:10
  {line:>3} | deliver: "teams:#desk"
      |          ^^^^^^^^^^^^^ write desk, or slack:#immigration-desk
""",
    ),
    "a channel that is mistyped": Mistake(
        instead_of="\ndeliver: desk",
        wrote='\ndeliver: [{to: "slak:#desk"}]',
        told="""\
error: "slak:#desk" is not a place to send to
  watchlists/sanctuary-cities.yaml:{line}:16
  {line:>3} | deliver: [{to: "slak:#desk"}]
      |                ^^^^^^^^^^^^ write slack:#desk
""",
    ),
    "a mailbox without its kind": Mistake(
        instead_of="\ndeliver: desk",
        wrote="\ndeliver: [{to: metro@newsroom.test}]",
        told="""\
error: "metro@newsroom.test" is not a place to send to
  watchlists/sanctuary-cities.yaml:{line}:16
  {line:>3} | deliver: [{to: metro@newsroom.test}]
      |                ^^^^^^^^^^^^^^^^^^^ write email:metro@newsroom.test
""",
    ),
    "a time zone without a summer": Mistake(
        file=MAIN,
        instead_of="  timezone: UTC           ",
        wrote="  timezone: MST           ",
        errors=0,
        told="""\
warning: MST knows no daylight-saving time
  nightdesk.yaml:{line}:13
""",
    ),
    "a way to send that there is not": Mistake(
        instead_of="\ndeliver: desk",
        wrote='\ndeliver: [{to: "email:desk@newsroom.test", send: digset}]',
        told="""\
error: "digset" is not a way to send
  watchlists/sanctuary-cities.yaml:{line}:50
  {line:>3} | deliver: [{to: "email:desk@newsroom.test", send: digset}]
      |                                                  ^^^^^^ write digest, or at once
""",
    ),
    "a parenthesis that is never closed": Mistake(
        instead_of="    - so-called sanctuary\n",
        wrote="    - (so-called sanctuary\n",
        told="""\
error: this parenthesis is never closed
  watchlists/sanctuary-cities.yaml:{line}:7
  {line:>3} |     - (so-called sanctuary
      |       ^ write ) at the end of the line
""",
    ),
}


def the_starter(tmp_path: Path) -> Path:
    """Copy the starter's files, as a newsroom gets them."""
    for name in (MAIN, WATCHLIST, SOURCES):
        copy = tmp_path / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes((STARTER / name).read_bytes())
    return tmp_path


def after(mistake: Mistake, tmp_path: Path) -> tuple[Answer, int]:
    """Make a mistake and check; return what is said, and the line in which the mistake stands."""
    folder = the_starter(tmp_path)
    path = folder / mistake.file
    text = path.read_text(encoding="utf-8")
    assert text.count(mistake.instead_of) == 1
    path.write_text(text.replace(mistake.instead_of, mistake.wrote), encoding="utf-8")
    at = text.index(mistake.instead_of) + mistake.instead_of.startswith("\n")
    return call("check", "--config", folder), text.count("\n", 0, at) + 1


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_once_with_its_place_and_what_to_write(tmp_path: Path, name: str) -> None:
    mistake = MISTAKES[name]
    answer, line = after(mistake, tmp_path)
    told = mistake.told.replace("{line:>3}", f"{line:>3}").replace("{line}", str(line))
    assert told.rstrip() in answer.out
    assert answer.code == (1 if mistake.errors else 0)
    total = "1 error in 3 files." if mistake.errors else "1 warning in 3 files."
    assert f"\n{total} Nothing was changed." in answer.out
    assert answer.err == ""


def test_the_files_are_listed_first_and_the_next_command_is_last(tmp_path: Path) -> None:
    answer, _ = after(MISTAKES["a tab"], tmp_path)
    first, last = answer.out.splitlines()[:3], answer.out.splitlines()[-1]
    assert [each.split()[0] for each in first] == [MAIN, SOURCES, WATCHLIST]
    assert first[2].endswith("1 error")
    assert last == f"When fixed, run: nightdesk check --config {tmp_path}"


def test_two_watchlists_with_one_id_name_each_other(tmp_path: Path) -> None:
    folder = the_starter(tmp_path)
    copy = folder / "watchlists" / "our-copy.yaml"
    copy.write_bytes((folder / WATCHLIST).read_bytes())
    answer = call("check", "--config", folder)
    assert answer.code == 1
    told = 'error: watchlists/our-copy.yaml has the id "sanctuary-cities" too'
    assert f"{told}\n  {WATCHLIST}:2:5\n    2 | id: sanctuary-cities\n" in answer.out
    assert "^^^^^^^^^^^^^^^^ write an id of its own" in answer.out


def test_a_secret_that_is_missing_is_said_with_where_to_write_it(tmp_path: Path) -> None:
    folder = the_starter(tmp_path)
    main = folder / MAIN
    main.write_text(main.read_text().replace('at_once: ""', 'at_once: "slack:#desk"'), encoding="utf-8")
    answer = call("check", "--config", folder)
    assert answer.code == 0
    assert "not yet: Slack is not set up: SLACK_BOT_TOKEN is not set\n" in answer.out
    assert f"  write SLACK_BOT_TOKEN=… in {folder}/.env\n" in answer.out


def test_a_secret_that_stands_in_the_file_is_told_and_never_shown(tmp_path: Path) -> None:
    folder = the_starter(tmp_path)
    main, secret = folder / MAIN, "xoxb-1234567890-abcdefghij"
    main.write_text(main.read_text().replace("${SLACK_BOT_TOKEN}", secret), encoding="utf-8")
    answer = call("check", "--config", folder)
    assert answer.code == 1
    assert secret not in answer.out
    assert "nightdesk.yaml:21:12" in answer.out


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    folder = the_starter(tmp_path)
    for name in ("a typo in a setting's name", "a group that no source is in", "a time zone that is nowhere"):
        mistake = MISTAKES[name]
        path = folder / mistake.file
        path.write_text(path.read_text().replace(mistake.instead_of, mistake.wrote), encoding="utf-8")
    answer = call("check", "--config", folder)
    assert answer.out.count("\nerror: ") == 3
    assert "\n3 errors in 3 files. Nothing was changed. Exit 1.\n" in answer.out
