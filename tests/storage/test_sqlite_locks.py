"""What one process holds on a SQLite file, another must not take for abandoned."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from storage.open import open_store
from tests.nouns import NOON, a_source

LOOK = """
import sys
from datetime import UTC, datetime
from storage.open import open_store
store = open_store(sys.argv[1], now=datetime(2026, 3, 18, tzinfo=UTC))
print([state.source_id for state in store.fetch_states()])
store.close()
"""


def look(database: str) -> str:
    """Open the database in another process, look, and close it again."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK, database], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def test_a_look_from_another_process_loses_no_write_of_a_service_with_several_stores(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/nightdesk.db"
    writer = open_store(database, now=NOON)
    reader = open_store(database, now=NOON)  # the service's reading thread
    writer.declare_sources([a_source(id="ledger")], now=NOON)
    assert "ledger" in look(database)
    writer.declare_sources([a_source(id="ledger"), a_source(id="valley")], now=NOON)
    assert "valley" in look(database)
    assert {state.source_id for state in reader.fetch_states()} == {"ledger", "valley"}
    writer.close()
    reader.close()
