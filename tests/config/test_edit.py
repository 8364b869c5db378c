"""Is only what was asked for changed in a file?"""

from __future__ import annotations

from difflib import ndiff
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.edit import append, change, put_line, put_value, rewrite_line, save, take_line, widen
from config.reading import read_text
from config.tree import plain, walk
from news.errors import ConfigError

FILE = """\
# The newsroom's settings
newsroom:
  name: Metro Desk      # shown in every mail
  timezone: UTC

limits: {per_hour: 4, per_day: 15}   # for each channel
health:
match:
  any:
    - sanctuary city    # the word itself
    - '287(g)'
  # not these
  never: [bird sanctuary]
about: |
  First line.
  Second line.
"""


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def test_a_value_is_replaced_and_the_comment_stays_where_it_was() -> None:
    assert changed_lines(FILE, change(FILE, ("newsroom", "name"), "City")) == [
        "-   name: Metro Desk      # shown in every mail",
        "+   name: City            # shown in every mail",
    ]


def test_a_value_in_one_line_with_others_is_replaced() -> None:
    assert changed_lines(FILE, change(FILE, ("limits", "per_day"), 20)) == [
        "- limits: {per_hour: 4, per_day: 15}   # for each channel",
        "+ limits: {per_hour: 4, per_day: 20}   # for each channel",
    ]


def test_a_new_setting_stands_below_its_neighbors() -> None:
    assert changed_lines(FILE, change(FILE, ("newsroom", "language"), "es")) == ["+   language: es"]
    assert changed_lines(FILE, change(FILE, ("limits", "burst"), True)) == [
        "- limits: {per_hour: 4, per_day: 15}   # for each channel",
        "+ limits: {per_hour: 4, per_day: 15, burst: true}   # for each channel",
    ]


def test_settings_that_lie_inside_one_another_are_added_together() -> None:
    assert changed_lines(FILE, change(FILE, ("fetch", "every", "high"), "1m")) == [
        "+ fetch:",
        "+   every:",
        "+     high: 1m",
    ]


def test_a_setting_without_a_value_gets_one() -> None:
    assert changed_lines(FILE, change(FILE, ("health",), "x")) == ["- health:", "+ health: x"]


def test_words_on_several_lines_become_one_line() -> None:
    assert change(FILE, ("about",), "One line.") == FILE.partition("about")[0] + "about: One line.\n"


def test_a_line_is_added_at_the_end_of_a_list() -> None:
    assert changed_lines(FILE, append(FILE, ("match", "any"), '"Section 1373" OR detainer')) == [
        "+     - '\"Section 1373\" OR detainer'"
    ]
    assert changed_lines(FILE, append(FILE, ("match", "never"), "farm, sanctuary")) == [
        "-   never: [bird sanctuary]",
        '+   never: [bird sanctuary, "farm, sanctuary"]',
    ]


def test_line_ends_and_the_byte_order_mark_stay() -> None:
    text = "\ufeffa:\r\n  b: 1\r\nc: 2\r\n"
    assert change(text, ("a", "d"), "x") == "\ufeffa:\r\n  b: 1\r\n  d: x\r\nc: 2\r\n"


@pytest.mark.parametrize(
    ("text", "path"), [("a: [", ("a",)), ("- a", ("a",)), ("a: 1", ("a", "b")), ("a: {b: 1}", ("a",))]
)
def test_what_cannot_be_changed_is_refused(text: str, path: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError):
        change(text, path, "x")


def test_a_value_of_two_lines_is_refused() -> None:
    with pytest.raises(ConfigError):
        change(FILE, ("newsroom", "name"), "Metro\ndesk: {}")


PLACES = [("newsroom", "name"), ("newsroom", "new"), ("limits", "per_day"), ("health",), ("x", "y")]
LETTERS = "abc :#,'\"\\[]{}=*&!%@`-?|>ü1"


@given(st.sampled_from(PLACES), st.text(LETTERS, max_size=12) | st.integers() | st.booleans() | st.none())
def test_any_value_is_read_back_as_it_was_given(
    path: tuple[str, ...], value: str | int | bool | None
) -> None:
    file = read_text("x.yaml", change(FILE, path, value))
    assert file.problems == []
    found = plain(file.root)
    for name in path:
        assert isinstance(found, dict)
        found = found[name]
    assert found == value
    assert isinstance(found, type(value))


@given(st.text(LETTERS, min_size=1, max_size=12))
def test_any_line_is_read_back_as_it_was_given(line: str) -> None:
    for path in (("match", "any"), ("match", "never")):
        before, after = plain(read_text("", FILE).root), plain(read_text("", append(FILE, path, line)).root)
        assert isinstance(before, dict)
        assert isinstance(after, dict)
        assert after["match"][path[1]] == [*before["match"][path[1]], line]


def test_a_file_is_written_whole_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "nightdesk.yaml"
    path.write_text(FILE)
    path.chmod(0o600)
    save(path, "a: b\r\n")
    assert path.read_bytes() == b"a: b\r\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_one_line_of_a_list_is_rewritten_and_its_comment_stays() -> None:
    after = rewrite_line(FILE, ("match", "any"), "sanctuary city", "title:(sanctuary city)")
    assert changed_lines(FILE, after) == [
        "-     - sanctuary city    # the word itself",
        "+     - title:(sanctuary city) # the word itself",
    ]


def test_a_line_that_was_changed_meanwhile_is_not_rewritten() -> None:
    with pytest.raises(ConfigError, match="not in the file any more"):
        rewrite_line(FILE, ("match", "any"), "sanctuary town", "sanctuary village")


def test_a_line_is_put_into_a_list_that_is_there_or_made_for_it() -> None:
    assert changed_lines(FILE, put_line(FILE, ("match", "never"), "farm, sanctuary")) == [
        "-   never: [bird sanctuary]",
        '+   never: [bird sanctuary, "farm, sanctuary"]',
    ]
    assert changed_lines(FILE, put_line(FILE, ("match", "all"), "=ICE")) == ["+   all:", '+     - "=ICE"']
    assert changed_lines(FILE, put_line(FILE, ("match", "any"), "jail")) == ["+     - jail"]
    assert changed_lines(FILE, put_line(FILE, ("health",), "quiet")) == ["- health:", "+ health: [quiet]"]


def test_an_example_is_put_below_everything_with_its_headline_and_words() -> None:
    example = {"title": 'Thin ice: "closed"', "text": "Thin ice, near the jail."}
    after = put_line(FILE, ("expect_no_match",), example)
    assert changed_lines(FILE, after) == [
        "+ expect_no_match:",
        """+   - {title: 'Thin ice: "closed"', text: "Thin ice, near the jail."}""",
    ]
    twice = put_line(after, ("expect_no_match",), example)
    assert changed_lines(after, twice)[0].startswith("+   - {title:")


def test_no_line_is_put_where_a_value_stands() -> None:
    with pytest.raises(ConfigError):
        put_line(FILE, ("about",), "a line")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1))
def test_whatever_line_is_put_is_read_back(line: str) -> None:
    for path in (("match", "any"), ("match", "all"), ("expect_no_match",)):
        before = read_text("", FILE).root
        after = read_text("", put_line(FILE, path, {"title": line} if len(path) == 1 else line)).root
        assert before is not None
        assert after is not None
        assert plain(before) != plain(after)
        assert line in {each.value for each in walk(after)}


# ── Lines that go, and lists that find room ───────────────────────────────────────────────────────────────


def test_a_line_that_goes_takes_its_comment_with_it_and_nothing_else() -> None:
    assert changed_lines(FILE, take_line(FILE, ("match", "any"), "sanctuary city")) == [
        "-     - sanctuary city    # the word itself"
    ]
    assert changed_lines(FILE, take_line(FILE, ("match", "any"), "287(g)")) == ["-     - '287(g)'"]


def test_the_last_line_that_goes_leaves_an_empty_list() -> None:
    assert changed_lines(FILE, take_line(FILE, ("match", "never"), "bird sanctuary")) == [
        "-   never: [bird sanctuary]",
        "+   never: []",
    ]
    alone = take_line(take_line(FILE, ("match", "any"), "287(g)"), ("match", "any"), "sanctuary city")
    assert plain(read_text("", alone).root)["match"]["any"] == []  # type: ignore[index]  # a table, as above
    assert "  # not these" in alone


@pytest.mark.parametrize("gone", ["a", "b, c", "d"])
def test_a_line_goes_from_anywhere_in_a_row(gone: str) -> None:
    row = 'match: [a, "b, c", d]  # three\n'
    kept = [line for line in ("a", "b, c", "d") if line != gone]
    changed = take_line(row, ("match",), gone)
    assert plain(read_text("", changed).root) == {"match": kept}
    assert changed.endswith("  # three\n")


def test_a_line_that_is_not_there_cannot_go() -> None:
    with pytest.raises(ConfigError, match='the line "bees" is not in the file'):
        take_line(FILE, ("match", "any"), "bees")


@pytest.mark.parametrize(
    "text",
    [
        "name: Jail\nmatch: [jail, death]  # words\ndeliver: desk\n",
        "name: Jail\nmatch:\n  - jail  # one\n  # two\n  - death\n\ndeliver: desk\n",
        "name: Jail\r\nmatch:\r\n- jail\r\n- death\r\ndeliver: desk\r\n",
        "match:\n- jail\n- death",
        '{"name": "Jail", "match": ["jail", "death"], "deliver": "desk"}\n',
    ],
)
def test_a_short_list_finds_room_for_others_beside_it(text: str) -> None:
    wide = widen(text, "match", "any")
    before, after = plain(read_text("", text).root), plain(read_text("", wide).root)
    assert isinstance(before, dict)
    assert after == before | {"match": {"any": ["jail", "death"]}}
    assert [word for word in wide.split() if word.startswith("#")] == [
        word for word in text.split() if word.startswith("#")
    ]
    assert wide.count("\r") == wide.count("\n") * ("\r" in text)


def test_what_is_no_list_finds_no_room() -> None:
    with pytest.raises(ConfigError, match='"newsroom" is not a list'):
        widen(FILE, "newsroom", "any")


SEEN = st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp"))


@given(line=st.text(SEEN, min_size=1, max_size=30))
def test_a_line_that_is_put_in_and_taken_out_again_leaves_every_letter_as_it_was(line: str) -> None:
    for path in (("match", "any"), ("match", "never")):
        if line not in ("sanctuary city", "287(g)", "bird sanctuary"):
            assert take_line(put_line(FILE, path, line), path, line) == FILE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("deliver: desk   # who hears", "deliver: [{to: '#a'}]   # who hears"),
        ("deliver: [{to: b}, {to: c}] # who", "deliver: [{to: '#a'}] # who"),
        ("deliver:\n  # each\n  - {to: b}\n  - to: c # last", "deliver: [{to: '#a'}] # last"),
        ("sources: {}", "sources: {}\ndeliver: [{to: '#a'}]"),
    ],
)
def test_who_hears_of_it_is_written_anew_and_the_rest_stays(before: str, after: str) -> None:
    text = "# ours\nname: Jail\n{}\nenabled: true  # still\n"
    changed = put_value(text.format(before), ("deliver",), [{"to": "#a"}])
    if before.startswith("sources"):
        assert changed == text.format(before) + after.partition("\n")[2].replace("'", '"') + "\n"
    else:
        assert plain(read_text("", changed).root) == {
            "name": "Jail",
            "deliver": [{"to": "#a"}],
            "enabled": True,
        }
        assert changed.startswith("# ours\nname: Jail\ndeliver: [")
        assert changed.endswith(f"#{after.rpartition('#')[2]}\nenabled: true  # still\n")
    assert put_value(changed, ("deliver",), "desk").count("deliver: desk") == 1
