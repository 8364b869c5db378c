"""Run the checks that no linter has over every file of the tree; `./do check` does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.check import budgets, habits

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Print every problem and the usual length of functions; return the exit code."""
    paths = _list_files()
    texts = {path: text for path in paths if (text := _read(path)) is not None}
    python = {path: text for path, text in texts.items() if path.suffix == ".py"}
    broken = {path: said for path, text in python.items() for said in habits.find_broken_code(path, text)}
    code = {path: text for path, text in python.items() if path not in broken}
    functions = [function for path, text in code.items() for function in budgets.find_functions(path, text)]
    here = tuple(f"{folder}/" for folder in (ROOT, Path.home()) if len(folder.parts) > 2)
    problems = [
        *broken.values(),
        *budgets.find_long_functions(functions),
        *(p for path, text in code.items() for p in budgets.find_long_file(path, text)),
        *(p for path, text in code.items() for p in habits.find_in_code(path, text)),
        *(p for path, text in texts.items() for p in habits.find_in_text(path, text, here)),
    ]
    for problem in problems:
        print(problem)
    product = [f for f in functions if f.path.parts[0] not in {"tests", "bench"}]
    print(f"   product, {budgets.tell_lengths(product)}")
    print(f"   tests and benches, {budgets.tell_lengths([f for f in functions if f not in set(product)])}")
    print(f"   {len(texts)} files, {len(problems)} problems")
    return 1 if problems else 0


def _list_files() -> list[Path]:
    """Return what git keeps or would keep, relative to the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted(Path(name) for name in set(listed.split("\0")) if name and (ROOT / name).is_file())


def _read(path: Path) -> str | None:
    """Return a file's text, or None for a picture or an archive."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


if __name__ == "__main__":
    sys.exit(main())
