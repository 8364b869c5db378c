"""Do functions and files stay short enough to read?"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LONGEST_FUNCTION = 60  # lines; a function is read on one screen
LONGEST_FILE = 400  # lines, docstrings included


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    path: Path
    name: str
    line: int
    length: int


def find_functions(path: Path, text: str) -> Iterator[Function]:
    """Yield every function and method with its length in lines, docstring included, decorators not."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Function(path=path, name=node.name, line=node.lineno, length=length)


def find_long_functions(functions: Sequence[Function]) -> Iterator[str]:
    """Yield a sentence for each function over the budget."""
    for f in functions:
        if f.length > LONGEST_FUNCTION:
            yield f"{f.path}:{f.line}: {f.name} has {f.length} lines; at most {LONGEST_FUNCTION}"


def find_long_file(path: Path, text: str) -> Iterator[str]:
    """Yield a sentence if the file is over the budget."""
    lines = len(text.splitlines())
    if lines > LONGEST_FILE:
        yield f"{path}: {lines} lines; at most {LONGEST_FILE}"


def tell_lengths(functions: Sequence[Function]) -> str:
    """Return the usual length of functions in a sentence (aims: median 10, nine of ten within 25)."""
    lengths = sorted(f.length for f in functions)
    if len(lengths) < 2:  # too few to speak of a usual one
        return f"{len(lengths)} functions"
    nine_of_ten = quantiles(lengths, n=10, method="inclusive")[8]
    return (
        f"{len(lengths)} functions: median {median(lengths):.0f} lines (aim 10), "
        f"nine of ten within {nine_of_ten:.0f} (aim 25), longest {lengths[-1]}"
    )
