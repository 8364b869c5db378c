"""How does a list leave the console as a table? As CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

#: A cell that begins so is reckoned by spreadsheets; an apostrophe before it keeps it a text.
RECKONED = ("=", "+", "-", "@", "\t", "\r")


def as_table(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Answer with a table to be kept as NAME.csv."""
    page = io.StringIO()
    table = csv.writer(page)
    table.writerow(head)
    table.writerows([_cell(value) for value in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(page.getvalue(), media_type="text/csv", headers=headers)


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(RECKONED) else value
