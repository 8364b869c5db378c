"""What can be done on the console about a source in trouble? One button for each class that has a way out.

The classes are those of `news/troubles.py`, which says the same for whoever sits at a terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from news.answers import Answer
from news.nouns import Source
from news.wording import counted

#: What a button does: look for the source's feed on its site, ask it once an hour, or ask it now.
Button = Literal["find", "slower", "look"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What a person can do."""

    words: str
    button: Button = "look"
    # Whether the outlet has to be asked: a letter is shown.
    letter: bool = False


_WAITING = Remedy(words="Nightdesk asks again by itself, after growing waits.")
_LOST = Remedy(words="Nightdesk can look on its site for where its feed is now.", button="find")
_OTHER = Remedy(words="Perhaps the outlet has another feed. Nightdesk can look on its site.", button="find")
#: By class of trouble.
REMEDIES: Mapping[str, Remedy] = {
    "quiet": Remedy(
        words="Often this is only a slow day. If its front page has news, its feed has moved.", button="find"
    ),
    "stale": _OTHER,
    "empty": _OTHER,
    "blocked": Remedy(words="Ask the outlet for permission. Nightdesk goes round no refusal.", letter=True),
    "paywall": Remedy(words="Ask the outlet for access. Nightdesk goes round no paywall.", letter=True),
    "robots": Remedy(
        words="Ask the outlet for permission. Nightdesk keeps to what its site allows.", letter=True
    ),
    "gone": _LOST,
    "not found": _LOST,
    "unreachable": _WAITING,
    "slow": _WAITING,
    "trouble": _WAITING,
    "busy": Remedy(words="It asks to be asked less often.", button="slower"),
    "certificate": Remedy(
        words="The outlet must renew its certificate; tell it. Nightdesk reads nothing unverified."
    ),
    "address refused": Remedy(
        words="Its address is not a public one. An admin can allow it in the newsroom's file."
    ),
    "malformed": Remedy(
        words="What it sends is no feed: a page there means that the feed has moved.", button="find"
    ),
    "loop": Remedy(
        words="Its address leads in circles. Nightdesk can look on its site for another.", button="find"
    ),
    "too big": Remedy(
        words="Perhaps the outlet has a smaller feed, by section or by subject.", button="find"
    ),
    "killed": _OTHER,
    "mistake": Remedy(words="This is a mistake of Nightdesk. Please report it, with the log."),
}
NOTHING = Remedy(words="")


def remedy_for(trouble: str) -> Remedy:
    """Return what a person can do about a class of trouble."""
    return REMEDIES.get(trouble, NOTHING)


def letter(source: Source, newsroom: str, agent: str) -> str:
    """Return what may be written to an outlet that lets no program in."""
    return (
        f"Dear editors of {source.name},\n\n"
        f"at {newsroom} we follow the news of several outlets with a program. It reads only the list of new "
        f"articles at {source.url}, a few times an hour, shows headlines with links to you, and passes on no "
        f'texts. Your site turns it away. It calls itself "{agent}".\n\n'
        "May it read that list? If another address suits you better, please tell us which.\n"
    )


def answer_words(answer: Answer) -> str:
    """Return what a source answered, in words: "3 new of 30 entries"."""
    if answer.trouble:
        return f"It {answer.words}"
    if answer.new:
        entries = "entry" if answer.found == 1 else "entries"
        return f"{answer.new} new of {answer.found} {entries}"
    return f"Nothing new in {counted(answer.found, 'entry')}" if answer.found else "Nothing new"
