"""What else could ask a watchlist's lines of every article? Three ways, on the same articles and watchlists.

Each peer answers an easier question: whether lines hold, without plurals, accents, evidence or grade.
"""

from __future__ import annotations

import re
import resource
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from news.matching.parsing import parse
from news.matching.query import Either, Every, Near, Not, Query, Row, Words
from news.nouns import Article, Watchlist

if TYPE_CHECKING:
    from tests.postgresql import Server


def queries(watchlist: Watchlist) -> list[Query]:
    """Return a watchlist's lines, read."""
    return [parse(clause.text) for clause in watchlist.any]


def rate(ask: Callable[[str], object], articles: Sequence[Article]) -> float:
    """Return articles a CPU second of this process."""
    start = time.process_time()
    for article in articles:
        ask(f"{article.title}\n{article.text}")
    return len(articles) / (time.process_time() - start)


# ── One regular expression for each query ─────────────────────────────────────────────────────────────


def expressions(asked: Sequence[list[Query]]) -> Callable[[str], list[int]]:
    """Return what asks one compiled expression after the other."""
    compiled = [
        re.compile("|".join(_expression(query) for query in lines), re.IGNORECASE | re.DOTALL)
        for lines in asked
    ]
    return lambda text: [at for at, expression in enumerate(compiled) if expression.search(text)]


def _expression(query: Query) -> str:
    match query:
        case Words():
            return (
                r"\b" + r"\s+".join(map(re.escape, query.text.split())) + (r"\w*" if query.prefix else r"\b")
            )
        case Row():
            return r"\W+".join(_expression(part) for part in query.parts)
        case Either():
            return "(?:" + "|".join(_expression(part) for part in query.parts) + ")"
        case Near():
            left, right = _expression(query.left), _expression(query.right)
            gap = rf"\W+(?:\w+\W+){{0,{query.distance - 1}}}?"
            return f"(?:{left}{gap}{right}|{right}{gap}{left})"
        case Every():
            return r"\A" + "".join(
                f"(?!.*{_expression(part.part)})" if isinstance(part, Not) else f"(?=.*{_expression(part)})"
                for part in query.parts
            )
    raise AssertionError(query)


# ── An Aho-Corasick prefilter alone ───────────────────────────────────────────────────────────────────


def prefilter(asked: Sequence[list[Query]]) -> Callable[[str], object]:
    """Return what finds one word of each line in the text; the lines themselves are asked of nobody."""
    from ahocorasick_rs import AhoCorasick, Implementation

    words = {max(_words(query), key=len).lower() for lines in asked for query in lines}
    automaton = AhoCorasick(list(words), implementation=Implementation.ContiguousNFA)
    return lambda text: automaton.find_matches_as_indexes(text.lower(), overlapping=True)


def _words(query: Query) -> list[str]:
    match query:
        case Words():
            return query.text.split()
        case Row() | Either():
            return [word for part in query.parts for word in _words(part)]
        case Near():
            return _words(query.left) + _words(query.right)
        case Every():
            return [word for part in query.parts if not isinstance(part, Not) for word in _words(part)]
    raise AssertionError(query)


# ── Stored queries in PostgreSQL ──────────────────────────────────────────────────────────────────────


def stored(server: Server, asked: Sequence[list[Query]], articles: Sequence[Article]) -> float:
    """Return articles a CPU second of a server that finds stored queries through a GiST index."""
    import psycopg

    with psycopg.connect(
        host=str(server.folder), user="nightdesk", dbname="postgres", autocommit=True
    ) as door:
        door.execute("DROP TABLE IF EXISTS stored")
        door.execute("CREATE TABLE stored (id integer, query tsquery)")
        with door.cursor().copy("COPY stored FROM STDIN") as copy:
            for number, lines in enumerate(asked):
                for query in lines:
                    copy.write_row((number, _tsquery(query)))
        door.execute("CREATE INDEX ON stored USING gist (query)")
        door.execute("ANALYZE stored")
        ask = "SELECT DISTINCT id FROM stored WHERE query @@ to_tsvector('english', %s)"
        pid = door.info.backend_pid
        start = _spent(pid)
        for article in articles:
            door.execute(ask, (f"{article.title}\n{article.text}",)).fetchall()
        return len(articles) / max(_spent(pid) - start, 0.01)


def _spent(pid: int) -> float:
    """Return the CPU seconds of a process so far."""
    with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123 (no path of ours)
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _tsquery(query: Query) -> str:
    match query:
        case Words():
            words = [f"'{word}'" for word in query.text.lower().split()]
            return " <-> ".join(words) + (":*" if query.prefix else "")
        case Row():
            return " <-> ".join(f"({_tsquery(part)})" for part in query.parts)
        case Either():
            return "(" + " | ".join(f"({_tsquery(part)})" for part in query.parts) + ")"
        case Near():
            return f"(({_tsquery(query.left)}) & ({_tsquery(query.right)}))"
        case Every():
            return " & ".join(
                f"!({_tsquery(part.part)})" if isinstance(part, Not) else f"({_tsquery(part)})"
                for part in query.parts
            )
    raise AssertionError(query)


def peak_memory() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
