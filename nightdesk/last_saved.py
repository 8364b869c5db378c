"""Can Nightdesk start while a watchlist's file is broken?

With what that file said when it was last sound and kept: a file that somebody broke at midnight must not keep
a restart at three from watching. Without such a text it does not start, and says what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from config.load import read
from config.picking import words
from config.reading import read_bytes
from config.settings import Settings
from nightdesk.watchlists import FOLDER

if TYPE_CHECKING:
    from storage.contract import Store


def as_last_saved(folder: Path, environment: Mapping[str, str], store: Store) -> Settings | None:
    """Return what the newsroom decided, broken watchlists as they were last sound; None when that fails."""
    texts: dict[str, str] = {}
    while True:
        loaded = read(folder, environment, instead=texts)
        if loaded.settings is not None:
            return loaded.settings
        broken = {problem.path for problem in loaded.problems if problem.severity == "error"}
        if not all(path.startswith(f"{FOLDER}/") and path not in texts for path in broken):
            return None
        for path in broken:
            text = _last_sound(folder, environment, path, store)
            if text is None:
                return None
            texts[path] = text


def _last_sound(folder: Path, environment: Mapping[str, str], path: str, store: Store) -> str | None:
    """Return the newest text kept of a file that can be read and breaks nothing by itself."""
    for saved in store.saved_texts(_id_in(folder, path)):
        problems = read(folder, environment, instead={path: saved.text}).problems
        if not any(problem.path == path and problem.severity == "error" for problem in problems):
            return saved.text
    return None


def _id_in(folder: Path, path: str) -> str:
    """Return the id of the watchlist in a file: as it is written there, or by the file's name."""
    file = read_bytes(path, (folder / path).read_bytes()) if (folder / path).is_file() else None
    written = words(file.root, "id") if file else ""
    return written or PurePosixPath(path).stem
