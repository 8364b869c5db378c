"""What do others reach on the same articles? Minwise hashing, where it is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, TypeAlias

from news.nouns import Article

#: Files an article under its number; returns the numbers of those it is like.
Filing: TypeAlias = Callable[[Article], list[int]]

THRESHOLD = 0.5  # of the runs of five words that two articles have together: the usual choice
HASHES = 128
RUN = 5


def peers() -> Iterator[tuple[str, Filing | None]]:
    """Yield each peer by name; None for one that is not installed."""
    for name, filing in (("datasketch", _datasketch), ("rensa", _rensa)):
        try:
            yield name, filing(import_module(name))
        except ModuleNotFoundError:
            yield name, None


def _runs(article: Article) -> list[str]:
    words = article.text.lower().split()
    return [" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)]


def _datasketch(datasketch: Any) -> Filing:  # noqa: ANN401 - it has no types
    lsh = datasketch.MinHashLSH(threshold=THRESHOLD, num_perm=HASHES)

    def file(article: Article) -> list[int]:
        minhash = datasketch.MinHash(num_perm=HASHES)
        minhash.update_batch([run.encode() for run in _runs(article)])
        found: list[int] = lsh.query(minhash)
        lsh.insert(article.id, minhash)
        return found

    return file


def _rensa(rensa: Any) -> Filing:  # noqa: ANN401 - it has no types
    lsh = rensa.RMinHashLSH(threshold=THRESHOLD, num_perm=HASHES, num_bands=32)

    def file(article: Article) -> list[int]:
        minhash = rensa.RMinHash(num_perm=HASHES, seed=1)
        minhash.update(_runs(article))
        found: list[int] = lsh.query(minhash)
        lsh.insert(article.id, minhash)
        return found

    return file
