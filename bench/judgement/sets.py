"""Where are the sets with known answers?"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[2]


def data_folder() -> Path | None:
    """Return $NIGHTDESK_DATA, else ../shared/data beside the checkout, or None when neither is there."""
    told = os.environ.get("NIGHTDESK_DATA")
    folder = Path(told) if told else CHECKOUT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def rows(folder: Path, dataset: str, file: str = "items.jsonl.gz") -> Iterator[dict[str, Any]]:
    """Yield the objects of a set."""
    with gzip.open(folder / dataset / file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def packed_json(path: Path) -> Any:  # noqa: ANN401 - JSON
    """Read a packed JSON file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)
