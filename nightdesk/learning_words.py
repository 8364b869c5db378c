"""How does a change to a watchlist read, with what it would cost?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from news.nouns import Story
from news.wording import counted

if TYPE_CHECKING:
    from news.matching.learning import Edit, Effect

#: Stories that are named of those that a change would lose.
MOST_NAMED = 3
FEW = 20  # stories; who loses none of them may still lose one in seven to come
#: What each kind of change does, in readers' words.
KINDS = {
    "case": "only with these capitals",
    "never": "leave out, under never",
    "field": "only in headline or opening",
}


def tried_on(measured: int, name: str) -> str:
    """Say on how many stories the changes were tried."""
    if not measured:
        return f"What would keep it off; {name} caught no other story to try it on:"
    return f"What would keep it off, tried on {counted(measured, 'other story')} that {name} caught:"


def few_words(measured: int) -> str:
    """Say how little a trial on so few stories proves; "" when there were many."""
    if measured >= FEW:
        return ""
    return (
        "With so few to try it on, a change may still lose stories that are to come. What is marked relevant"
        " is never lost by one that is offered."
    )


def effect_lines(number: int, effect: Effect) -> Iterator[tuple[str, str]]:
    """Yield (number, words) for each line that tells of a change."""
    yield (f"{number}" if number else " "), f"{_kind(effect.edit)}:"
    for change in effect.edit.changes:
        yield "", f"- {change.after}"
        if change.before is not None:
            where = f", {change.before.where}" if change.before.where else ""
            yield "", f"  in place of {change.before.text}{where}"
    for line in _cost(effect):
        yield "", line


def _kind(edit: Edit) -> str:
    if edit.kind == "field" and all(" OR lead:" not in change.after for change in edit.changes):
        return "only in the headline"
    return KINDS[edit.kind]


def _cost(effect: Effect) -> Iterator[str]:
    if effect.rids:
        yield f"also ends {counted(len(effect.rids), 'other story')} marked as not relevant"
    if not effect.loses:
        yield "loses no other story"
        return
    yield f"loses {counted(len(effect.loses), 'story')} that nobody marked:"
    yield from (f"  {story.title}" for story in effect.loses[:MOST_NAMED])
    if len(effect.loses) > MOST_NAMED:
        yield f"  and {len(effect.loses) - MOST_NAMED} more"


def effect_facts(effect: Effect) -> Mapping[str, object]:
    """Return a change for machines."""
    return {
        "kind": effect.edit.kind,
        "lines": [
            {
                "before": change.before.text if change.before else None,
                "where": change.before.where if change.before else None,
                "after": change.after,
            }
            for change in effect.edit.changes
        ],
        "loses": _named(effect.loses),
        "also_ends": _named(effect.rids),
    }


def _named(stories: Sequence[Story]) -> list[Mapping[str, object]]:
    return [{"story": story.id, "headline": story.title} for story in stories]
