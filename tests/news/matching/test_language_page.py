"""Every example of docs/watchlist-language.md does what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from config.schema import WatchlistFile
from news.errors import QueryError
from news.matching.language import parse, warnings
from news.nouns import Article
from tests.news.matching.newsroom import a_watchlist, an_article, matched

PAGE = Path(__file__).parents[3] / "docs" / "watchlist-language.md"
FINDS = "line | finds | does not find"
ERRORS = "line | what is wrong | write"
WARNINGS = "line | what `check` says | write"
FACTS = {
    "Headline": "title",
    "Text": "text",
    "Source": "source_id",
    "Kind": "kind",
    "Group": "group",
    "Address": "address",
    "Language": "language",
}
_FACT = re.compile(r"(?:\A|; )(Headline|Text|By|Source|Kind|Group|Address|Language): ")


def rows(head: str) -> Iterator[list[str]]:
    """Yield the rows of all tables with this head, each cell bare."""
    within = False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = line.strip().removeprefix("|").removesuffix("|").split("|") if line.startswith("|") else []
        bare = [cell.strip() for cell in cells]
        if " | ".join(bare) == head:
            within = True
        elif not cells:
            within = False
        elif within and not set(bare[0]) <= {"-"}:
            yield [bare[0].strip("`"), *bare[1:]]


def an_example(cell: str) -> Article:
    """Read "Headline: Rain; Text: It rained. ¶ It ended.", or a text alone."""
    told = _FACT.split(cell)
    if len(told) == 1:
        return an_article(cell)
    facts: dict[str, object] = {}
    for name, value in zip(told[1::2], told[2::2], strict=True):
        facts |= {"authors": (value,)} if name == "By" else {FACTS[name]: value}
    text = str(facts.pop("text", "")).replace(" ¶ ", "\n")
    return an_article(text, **facts)  # type: ignore[arg-type]  # keywords of Article, named above


def examples(column: int) -> list[tuple[str, str]]:
    return [
        (row[0], example.strip()) for row in rows(FINDS) for example in row[column].split(" · ") if example
    ]


@pytest.mark.parametrize(("line", "example"), examples(1))
def test_a_line_of_the_page_finds_what_the_page_says(line: str, example: str) -> None:
    assert matched(a_watchlist(line), an_example(example))


@pytest.mark.parametrize(("line", "example"), examples(2))
def test_a_line_of_the_page_does_not_find_what_the_page_says(line: str, example: str) -> None:
    assert not matched(a_watchlist(line), an_example(example))


@pytest.mark.parametrize(("line", "what", "write"), list(rows(ERRORS)))
def test_a_mistake_on_the_page_is_told_as_the_page_says(line: str, what: str, write: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(line)
    assert (refused.value.what, refused.value.write) == (what, write)


@pytest.mark.parametrize(("line", "what", "write"), list(rows(WARNINGS)))
def test_a_warning_on_the_page_is_told_as_the_page_says(line: str, what: str, write: str) -> None:
    assert (what, write) in [(each.what, each.write) for each in warnings(line)]


def test_the_watchlist_on_the_page_is_one_and_its_lines_are_clean() -> None:
    [block] = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    shown = YAML(typ="safe").load(block)
    WatchlistFile.model_validate(shown)
    lists = [*shown["match"].values(), *(each for each in shown["priority"].values() if each != "normal")]
    lines = [line for each in lists for line in each]
    assert len(lines) > 6
    assert [warnings(line) for line in lines if warnings(line)] == []


def test_the_page_has_examples_of_every_kind() -> None:
    assert len(examples(1)) > 50
    assert len(examples(2)) > 35
    assert len(list(rows(ERRORS))) > 9
    assert len(list(rows(WARNINGS))) > 9
