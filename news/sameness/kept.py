"""What does the store keep of an article, so that a window can be made again without its text?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

FORMAT = 2  # of the rows; rows of another one are made again from the texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Two rows of bytes: what an article is found by, and what it is compared by."""

    trace: bytes
    print: bytes


class Traced(NamedTuple):
    """What an article is found by, and the story it is in: all that a window needs when it is made."""

    article_id: int
    story_id: int
    trace: bytes
