"""What can be wrong with a source, in classes, and what can a person do about each?

Each class is one word or two, kept with the source's state; the sentence beside it says how it is with this
one source. `sources check`, `status` and the health channel say the same of the same class.
"""

from __future__ import annotations

from collections.abc import Mapping

#: By class: what a person can do. "" where waiting is all there is.
FIXES: Mapping[str, str] = {
    # It answers.
    "moved": "Write the new address into its line: nightdesk sources check --fix does it.",
    "quiet": "Look at its front page: if there is news, its feed has moved or is broken.",
    "stale": "Look whether the outlet has another feed: nightdesk sources add with its front page finds it.",
    "empty": "Look whether the outlet has another feed: nightdesk sources add with its front page finds it.",
    # It says no.
    "blocked": "Ask the outlet for permission, or use its newsletter. Nightdesk goes round no refusal.",
    "paywall": "Ask the outlet for access, or use its newsletter. Nightdesk goes round no paywall.",
    "robots": "Ask the outlet for permission. Nightdesk keeps to robots.txt.",
    "gone": "Look for its new feed: nightdesk sources add with its front page finds it.",
    # It is not there.
    "not found": "Look for its new feed: nightdesk sources add with its front page finds it.",
    "unreachable": "",
    "slow": "",
    "trouble": "",
    "busy": "Ask it less often: every: 60m in its line.",
    "certificate": "The outlet must renew its certificate; tell it. Nightdesk reads nothing unverified.",
    "address refused": "If the address is yours, allow it: fetch.allow_addresses.",
    # What it sends is no news.
    "malformed": "Open its address in a browser: a page instead of a feed means that the feed has moved.",
    "loop": "Open its address in a browser: where it leads in the end is the address to write down.",
    "too big": "Look whether the outlet has a smaller feed, by section or by subject.",
    "killed": "It took more than reading may take. Look whether the outlet has another feed.",
    # It is not the outlet.
    "not supported": "",
    "stopping": "",
    "mistake": "This is a mistake of Nightdesk: please report it, with the log.",
}

#: No answer came: when nearly all sources are so, it is not the sources.
OUT_OF_REACH = frozenset({"unreachable", "slow"})


def fix_of(trouble: str) -> str:
    """Return what a person can do about a class of trouble, or "" for nothing."""
    return FIXES.get(trouble, "")
