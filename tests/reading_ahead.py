"""How do workers read the tests' files without each of them doing all of it?

pytest rewrites the assertions of each file it reads for the first time, 8 s of CPU for all of them, and
keeps the outcome. Workers that start together would do that in step, each for itself: so each reads its share
first, and finds the others' shares done when it collects.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

TESTS = Path(__file__).resolve().parent


def read_share(config: pytest.Config) -> None:
    """Import this worker's share of the files that nobody read before, when everything is to be run."""
    worker = getattr(config, "workerinput", None)
    if worker is None or config.option.file_or_dir:
        return
    files = sorted(TESTS.rglob("test_*.py"))
    for file in files[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]:
        if not any((file.parent / "__pycache__").glob(f"{file.stem}.*-pytest-*.pyc")):
            # What is wrong with a file is told when it is collected.
            with suppress(ImportError, SyntaxError, NameError, AttributeError):
                import_module(".".join(file.relative_to(TESTS.parent).with_suffix("").parts))
