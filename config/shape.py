"""Does a file say only what its kind of file may say?

Walks a tree beside the JSON Schema that `config/schema.py` wrote for editors, so that a text editor and
`nightdesk check` never disagree. Only the words of JSON Schema that stand in our own pages are known here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from config.explain import Place, Problem, nearest
from config.tree import Entry, File, Listing, Node, Scalar, Table

SHIPPED = Path(__file__).parent / "starter" / ".schema"

#: A JSON Schema, or a part of one.
Rule = Mapping[str, Any]

TOLD_AT_MOST = 4  # choices named in one piece of advice; more are not read
TYPES = {"string": str, "boolean": bool, "integer": int, "null": type(None)}
SWITCHES = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
WANTED = {"boolean": "true or false", "integer": "a whole number"}


@cache
def page(kind: str) -> Rule:
    """Return the rules for "nightdesk", "sources" or "watchlist" files."""
    loaded: Rule = json.loads((SHIPPED / f"{kind}.schema.json").read_bytes())
    return loaded


def check(file: File, kind: str) -> list[Problem]:
    """Return everything in a file that its kind of file may not say."""
    if file.root is None:
        return []
    rules = page(kind)
    return list(_Judge(file, rules.get("$defs", {})).node(file.root, rules, name=""))


class _Judge:
    """Judge one file; knows the rules that others point to."""

    def __init__(self, file: File, named: Rule) -> None:
        self._file = file
        self._named = named
        # What may stand at the left margin.
        self._outermost: Rule = {}

    def node(self, node: Node, rule: Rule, *, name: str) -> Iterator[Problem]:
        """Yield what is wrong with a value under its rule."""
        rule = self._resolved(rule)
        if "anyOf" in rule:
            rule = self._branch(node, rule)
        wanted = rule.get("type", _type_of(rule))
        if not _is(node, wanted):
            yield self._wrong_kind(node, rule, wanted, name)
        elif isinstance(node, Table):
            yield from self._table(node, rule, name)
        elif isinstance(node, Listing):
            yield from self._listing(node, rule, name)
        else:
            yield from self._scalar(node, rule)

    def _resolved(self, rule: Rule) -> Rule:
        if "$ref" not in rule:
            return rule
        target: Rule = self._named[rule["$ref"].rpartition("/")[2]]
        return {**target, **{key: value for key, value in rule.items() if key != "$ref"}}

    def _branch(self, node: Node, rule: Rule) -> Rule:
        """Return the one of several rules that fits the kind of value, or all of them when none does."""
        branches = [self._resolved(branch) for branch in rule["anyOf"]]
        branches = [branch for branch in branches if branch.get("type") != "null" or _is(node, "null")]
        fitting = [branch for branch in branches if _is(node, branch.get("type", _type_of(branch)))]
        if isinstance(node, Scalar) and any(_choices(b) and node.value in _choices(b) for b in fitting):
            return {}
        chosen = fitting[-1] if fitting else branches[0]
        return {**chosen, "choices": branches} if not fitting else chosen

    def _table(self, table: Table, rule: Rule, name: str) -> Iterator[Problem]:
        known: Rule = rule.get("properties", {})
        self._outermost = self._outermost or known
        for word, entry in table.entries.items():
            if word in known:
                yield from self.node(entry.node, known[word], name=word)
            else:
                yield self._unknown(word, entry, known)
        missing = [word for word in rule.get("required", ()) if word not in table.entries]
        if missing:
            yield self._missing(table, missing, name, known)

    def _unknown(self, word: str, entry: Entry, known: Rule) -> Problem:
        meant = nearest(word, known)
        advice = meant or self._elsewhere(word, known) or "one of: " + ", ".join(known)
        return self._say(entry.key.place, f'there is no setting "{word}"{"" if meant else " here"}', advice)

    def _elsewhere(self, word: str, known: Rule) -> str:
        """Say where a setting belongs that is known, but not here."""
        if word in self._outermost:
            return f"{word}: at the beginning of its line, without spaces before it"
        for name, rule in known.items():
            for branch in (rule, *rule.get("anyOf", ())):
                meant = nearest(word, self._resolved(branch).get("properties", {}))
                if meant:
                    return f"{meant}: below {name}:, with two spaces more before it"
        return ""

    def _missing(self, table: Table, missing: list[str], name: str, known: Rule) -> Problem:
        words = " and ".join(f'"{word}"' for word in missing)
        verb = "is" if len(missing) == 1 else "are"
        first = next(iter(table.entries.values()), None)
        place = first.key.place if first is not None else table.place
        under = f' under "{name}"' if name else ""
        return self._say(place, f"{words} {verb} missing{under}", _beginning(missing[0], known))

    def _listing(self, listing: Listing, rule: Rule, name: str) -> Iterator[Problem]:
        if len(listing.items) < rule.get("minItems", 0):
            yield self._say(listing.place, f'nothing is in the list "{name}"', "at least one line in it")
        for item in listing.items:
            yield from self.node(item, rule["items"], name=name)

    def _scalar(self, scalar: Scalar, rule: Rule) -> Iterator[Problem]:
        choices = _choices(rule)
        if choices and scalar.value not in choices:
            yield self._wrong_choice(scalar, rule, [str(choice) for choice in choices])
        elif isinstance(scalar.value, str):
            yield from self._words(scalar, scalar.value, rule)
        elif isinstance(scalar.value, int):
            yield from self._number(scalar, scalar.value, rule)

    def _wrong_choice(self, scalar: Scalar, rule: Rule, choices: list[str]) -> Problem:
        meant = nearest(str(scalar.value), choices)
        ordered = [meant, *(choice for choice in choices if choice != meant)] if meant else choices
        return self._say(scalar.place, f'"{scalar.value}" is not {_called(rule)}', _or(ordered))

    def _words(self, scalar: Scalar, words: str, rule: Rule) -> Iterator[Problem]:
        if len(words) < rule.get("minLength", 0):
            yield self._say(scalar.place, "nothing is written here", _example(rule))
        elif "pattern" in rule and not _pattern(rule["pattern"]).search(words):
            meant = _mended(words, rule) or _example(rule)
            yield self._say(scalar.place, f'"{words}" is not {_called(rule)}', meant)

    def _number(self, scalar: Scalar, number: int, rule: Rule) -> Iterator[Problem]:
        least, most = rule.get("minimum", number), rule.get("maximum", number)
        if not least <= number <= most:
            limits = str(least) if least == most else f"a number from {least} to {most}"
            limits = limits if "maximum" in rule else f"{least} or more"
            yield self._say(scalar.place, f"{number} is too {'small' if number < least else 'large'}", limits)

    def _wrong_kind(self, node: Node, rule: Rule, wanted: str, name: str) -> Problem:
        meant = self._not_words(node) if wanted == "string" else self._switch(node, wanted)
        if meant := meant or self._no_space(node, rule):
            return meant
        wishes = {self._wanted(node, each) for each in rule.get("choices", [rule])}
        # [What stands there] is all that somebody who wrote a single value needs to know.
        advice = next((wish for wish in wishes if wish.startswith("[")), ", or ".join(sorted(wishes)))
        if isinstance(node, Scalar) and node.value is None:
            advice = self._below(rule) if "[]" in advice else advice
            return self._say(node.place, f'nothing is written after "{name}"', advice)
        return self._say(node.place, f"{_found(node)} cannot stand {_after(name)}", advice)

    def _wanted(self, node: Node, rule: Rule) -> str:
        """Say what may stand under a rule, as near as can be to what stands there now."""
        wanted = rule.get("type", _type_of(rule))
        written = self._file.text[node.start : node.end].strip()
        if wanted == "array":
            return f"[{written}]" if isinstance(node, Scalar) else "a list: a dash and a space before each"
        if wanted == "object":
            known = list(rule.get("required", ())) or list(rule.get("properties", ()))
            if known == ["to"] and isinstance(node, Scalar):
                return f'{{to: "{written}"}}'
            for word in known:
                choice = nearest(written, map(str, _choices(self._resolved(rule["properties"][word]))))
                if choice:
                    return f"{{{word}: {choice}}}"
            return "settings under it: " + ", ".join(f"{word}:" for word in known[:TOLD_AT_MOST])
        return _example(rule) if wanted == "string" else WANTED[wanted]

    def _below(self, rule: Rule) -> str:
        """Say what stands below a name after which nothing is written."""
        branches = [branch for branch in rule.get("choices", [rule]) if branch.get("properties")]
        if not branches:
            return "a line for each below it, or nothing at all"
        return f"{next(iter(branches[0]['properties']))}: below it, with two spaces before it"

    def _switch(self, node: Node, wanted: str) -> Problem | None:
        """A word that means yes or no to people; YAML has true and false."""
        if wanted != "boolean" or not isinstance(node, Scalar) or str(node.value).lower() not in SWITCHES:
            return None
        what = f'"{node.value}" is a word here, no switch'
        return self._say(node.place, what, SWITCHES[str(node.value).lower()])

    def _no_space(self, node: Node, rule: Rule) -> Problem | None:
        """Dashes with nothing between them and the words: all of it is read as one line of words."""
        lists = any(each.get("type") == "array" for each in rule.get("choices", [rule]))
        if not lists or not isinstance(node, Scalar) or node.style or not str(node.value).startswith("-"):
            return None
        first = str(node.value)[1:].partition(" -")[0].strip()
        return self._say(node.place, "a dash needs a space after it", f"- {first}")

    def _not_words(self, node: Node) -> Problem | None:
        """A number or a lone "name: value" where words belong: quotation marks make words of it."""
        from config.grammar import quoted

        written = self._file.text[node.start : node.end].strip()
        if isinstance(node, Scalar) and node.value is not None:
            what = f"{written} is read as {_found(node)}, not as words"
            return self._say(node.place, what, f'"{written}"')
        if isinstance(node, Table) and not node.flow and len(node.entries) == 1 and "\n" not in written:
            return self._say(node.place, "a colon and a space inside the words", quoted(written))
        return None

    def _say(self, place: Place, what: str, write: str) -> Problem:
        return self._file.problem(place, what, write)


def _type_of(rule: Rule) -> str:
    """Return the type of a rule that names only choices; "" fits every value."""
    choices = _choices(rule)
    if not choices:
        return ""
    return "integer" if isinstance(choices[0], int) else "string"


def _choices(rule: Rule) -> list[Any]:
    return [rule["const"]] if "const" in rule else list(rule.get("enum", []))


def _is(node: Node, wanted: str) -> bool:
    if not wanted:
        return True
    if isinstance(node, Table):
        return wanted == "object"
    if isinstance(node, Listing):
        return wanted == "array"
    return type(node.value) is TYPES.get(wanted)


def _found(node: Node) -> str:
    if isinstance(node, Table):
        return "a group of settings"
    if isinstance(node, Listing):
        return "a list"
    if isinstance(node.value, bool):
        return "true or false"
    if isinstance(node.value, str):
        return "one value"
    return "nothing" if node.value is None else "a number"


def _after(name: str) -> str:
    return f'after "{name}"' if name else "here"


def _called(rule: Rule) -> str:
    """Return the noun of a rule: its title, when it is one of ours ("a way to send")."""
    title = str(rule.get("title", ""))
    return title if title.startswith(("a ", "an ")) else "known here"


def _beginning(name: str, known: Rule) -> str:
    """Return how a setting that is missing begins, with what it usually says."""
    wanted: Rule = known.get(name, {})
    examples = wanted.get("examples") or [
        example for branch in wanted.get("anyOf", ()) for example in branch.get("examples", ())
    ]
    return f"{name}: {examples[0]}" if examples else f"{name}: and its value"


def _example(rule: Rule) -> str:
    examples = [str(example) for example in rule.get("examples", [])]
    return _or(examples) if examples else _called(rule).replace("known here", "words")


def _mended(words: str, rule: Rule) -> str:
    """Return words with the kind before their colon as it was meant, where that makes them right.

    slak:#desk → slack:#desk, #desk → slack:#desk, desk@newsroom.test → email:desk@newsroom.test
    """
    kinds = [str(each).partition(":")[0] for each in rule.get("examples", []) if ":" in str(each)]
    kind, colon, address = words.partition(":")
    meant = nearest(kind, kinds) if colon else None
    tried = [f"{meant}:{address}"] if meant else [f"{each}:{words}" for each in kinds]
    return next((each for each in tried if _pattern(rule["pattern"]).search(each)), "")


def _or(words: list[str]) -> str:
    return ", or ".join(words[:TOLD_AT_MOST])


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern as other readers of JSON Schema do: `$` is the end, not the last line's end."""
    return re.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern)
