"""Which buttons stand under a story, and what does each say when it is clicked?

A button carries the key of its message, by which the outbox knows it again; who else may click it learns
nothing from that.
"""

from __future__ import annotations

from alerts.message import Desk

BLOCK = "story_actions"
#: What is clicked.
READ, CLAIM, RELEASE, NOT_RELEVANT, MORE, UNDO = (
    "read", "claim", "release", "not_relevant", "more", "undo",
)  # fmt: skip
#: What is chosen in the menu.
WHY, MUTE_STORY, UNMUTE_STORY, MUTE_OUTLET, NOT_SAME, EDIT = (
    "why", "mute_story", "unmute_story", "mute_outlet", "not_same", "edit",
)  # fmt: skip

LONGEST_LABEL = 75  # characters, of a button, a choice and what a screen reader says
LONGEST_LINK = 3_000  # characters of a button's address

Json = dict[str, object]


def actions(desk: Desk, key: str) -> Json:
    """Return the row of buttons under a story's message."""
    link = [_button("Read", READ, key, desk, url=desk.url)] if _can_link(desk.url) else []
    mine = (
        _button("Release", RELEASE, key, desk)
        if desk.is_claimed
        else _button("I\u2019m on it", CLAIM, key, desk, style="primary")
    )
    relevant = _button("Not relevant", NOT_RELEVANT, key, desk)
    return {"type": "actions", "block_id": BLOCK, "elements": [*link, mine, relevant, _menu(desk, key)]}


def _menu(desk: Desk, key: str) -> Json:
    mute = ("Unmute this story", UNMUTE_STORY) if desk.is_muted else ("Mute this story\u2026", MUTE_STORY)
    choices = (
        ("Why did I get this?", WHY),
        mute,
        (f"Mute {desk.outlet} here\u2026", MUTE_OUTLET),
        ("Not the same story\u2026", NOT_SAME),
        ("Edit keywords\u2026", EDIT),
    )
    options = [{"text": _plain(words), "value": f"{what}:{key}"} for words, what in choices]
    return {"type": "overflow", "action_id": MORE, "options": options}


def _button(words: str, action: str, key: str, desk: Desk, **more: object) -> Json:
    said = cut(f"{words}: {desk.headline}")
    button = {"type": "button", "text": _plain(words), "action_id": action, "value": key}
    return {**button, "accessibility_label": said, **more}


def _plain(words: str) -> Json:
    return {"type": "plain_text", "text": cut(words), "emoji": False}


def cut(words: str, most: int = LONGEST_LABEL) -> str:
    """Return words that fit."""
    return words if len(words) <= most else words[: most - 1] + "\u2026"


def _can_link(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= LONGEST_LINK
