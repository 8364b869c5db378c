"""Is YAML composed quickly just as it is composed slowly?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from config.install import STARTER
from config.quick import compose
from config.reading import UNSEEN
from tests.config.test_reading import MISTAKES

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

LETTERS = "ab -:#,?'\"[]{}|>&*!%\n\r\t\\~é\u2028\ufeff0"


def told(node: Node | None) -> object:
    """Return everything about a node that is used."""
    if node is None:
        return None
    value = node.value
    if isinstance(value, list):
        value = [[told(each) for each in pair] if isinstance(pair, tuple) else told(pair) for pair in value]
    start, end = node.start_mark, node.end_mark
    places = [(mark.index, mark.line, mark.column) for mark in (start, end)]
    return node.tag, value, places, getattr(node, "style", None), getattr(node, "flow_style", None)


def slowly(text: str) -> object:
    yaml = YAML(typ="safe", pure=True)
    try:
        return told(yaml.compose(text))
    except YAMLError as error:
        return str(error)


def quickly(text: str) -> object:
    try:
        return told(compose(text))
    except YAMLError as error:
        return str(error)


@pytest.mark.parametrize("path", sorted(STARTER.rglob("*.yaml")), ids=lambda path: path.name)
def test_what_ships_is_composed_alike(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert quickly(text) == slowly(text)


@pytest.mark.parametrize("text", [text for text in MISTAKES if "&" not in text and not UNSEEN.search(text)])
def test_mistakes_are_found_alike(text: str) -> None:
    assert quickly(text) == slowly(text)


@given(st.text(LETTERS, max_size=60) | st.lists(st.text(LETTERS, max_size=12), max_size=8).map("\n".join))
def test_any_text_is_composed_alike(text: str) -> None:
    if "&" not in text:  # a name given twice makes ruamel.yaml warn, and us not
        assert quickly(text) == slowly(text)
