"""How much do the tests try? On a desk what fits into minutes, where nobody waits all of it.

`NIGHTDESK_TEST_EFFORT` says it ("brief", "quick", "ci", "deep"), else whether this is CI.
"""

from __future__ import annotations

import os

EFFORT = os.environ.get("NIGHTDESK_TEST_EFFORT", "ci" if os.environ.get("CI") else "quick")
#: Whether everything is tried in every combination.
THOROUGH = EFFORT in {"ci", "deep"}
#: What goes through the whole program and hardly depends on the database is tried on both where nobody waits.
DATABASES = ("sqlite", "postgresql") if THOROUGH else ("sqlite",)
