"""Are there habits in the tree that the house style rules out?"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SAYS_NOTHING = {"utils", "helpers", "common", "base", "manager", "misc"}  # such files grow without end
TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore")
REASONED_IGNORE = re.compile(r"#\s*type:\s*ignore\[[\w, -]+\]\s+#?\s*\w.*")
LEFT_FOR_LATER = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b")  # in halves, so as not to find itself
MOCKS = {"unittest.mock", "mock", "pytest_mock"}
MOCKED = "mocks; fake the edge with a small real server instead (tests/fakes)"

#: Hosts of package registries: a lock names packages, never where one machine gets them.
REGISTRIES = re.compile(r"\b(pyp[i]|python[h]osted|npm[j]s|crate[s]|deb\.debia[n])\.(org|com|io)\b")
#: Folders that exist on one machine only.
ONE_MACHINE = re.compile(r"(?<![\w.:/>~-])/(root|work|workspace|Users)/[\w.]")


def find_in_text(path: Path, text: str, here: tuple[str, ...]) -> Iterator[str]:
    """Yield a sentence for each line of any file that speaks of one machine, or of work left undone."""
    for number, line in enumerate(text.splitlines(), start=1):
        where = f"{path}:{number}"
        if REGISTRIES.search(line):
            yield f"{where}: names a package registry's host"
        if ONE_MACHINE.search(line) or any(folder in line for folder in here):
            yield f"{where}: names a folder of one machine"
        if LEFT_FOR_LATER.search(line):
            yield f"{where}: leaves work for later; write an issue instead"


def find_broken_code(path: Path, text: str) -> Iterator[str]:
    """Yield a sentence if the file is not Python, so that the other checks need not look at it."""
    try:
        ast.parse(text)
    except SyntaxError as problem:
        yield f"{path}:{problem.lineno}: not Python: {problem.msg}"


def find_in_code(path: Path, text: str) -> Iterator[str]:
    """Yield a sentence for each habit in a Python file."""
    if path.stem in SAYS_NOTHING:
        yield f"{path}: the name does not say which question the file answers"
    yield from (f"{path}:{line}: {said}" for line, said in _find_bare_ignores(text))
    tree = ast.parse(text)
    yield from (f"{path}:{line}: {said}" for line, said in _find_mocks(tree))
    if path.name.startswith("test_"):
        yield from (f"{path}:{line}: {said}" for line, said in _find_empty_claims(tree))


def _find_bare_ignores(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT or not TYPE_IGNORE.search(token.string):
            continue
        if not REASONED_IGNORE.search(token.string):
            yield token.start[0], "a type is ignored without code and reason: # type: ignore[code]  # why"


def _find_mocks(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and MOCKS.intersection(a.name for a in node.names):
            yield node.lineno, MOCKED
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
            if MOCKS & names:
                yield node.lineno, MOCKED


def _find_empty_claims(tree: ast.Module) -> Iterator[tuple[int, str]]:
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    for test in functions:
        if test.name.startswith("test_") and not any(_claims(node) for node in ast.walk(test)):
            yield test.lineno, f"{test.name} asserts nothing"


def _claims(node: ast.AST) -> bool:
    """Whether this can fail a test: assert, pytest.raises(), or a function called assert_…()."""
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in {"raises", "warns", "fail"} or name.startswith("assert")
