"""Do the files agree with one another?

Ids are used once, groups and sources that a watchlist names exist, and every watchlist looks somewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from config.explain import Place, Problem, nearest
from config.picking import scalar, scalars
from config.source_file import Declared
from config.tree import File, Scalar
from config.watchlist_file import WatchlistFile
from news.nouns import Source, Watchlist


def check_ids(declared: Sequence[Declared], watchlists: Sequence[WatchlistFile]) -> Iterator[Problem]:
    """Yield a problem for each id, and a warning for each address, that is used a second time."""
    sources = [(one.file, scalar(one.node, "id")) for one in declared]
    for file, again, first in _twice(sources):
        yield file.problem(
            again.place, f'the source "{again.value}" is declared in {first} already', "an id of its own"
        )
    addresses = [(one.file, scalar(one.node, "url")) for one in declared if one.source.enabled]
    for file, again, first in _twice(addresses):
        what = f"the same address is read in {first} already"
        yield file.problem(again.place, what, "enabled: false for one of them", severity="warning")
    seen: dict[str, WatchlistFile] = {}
    for one in watchlists:
        first_file = seen.setdefault(one.watchlist.id, one)
        if first_file is not one:
            what = f'{first_file.file.path} has the id "{one.watchlist.id}" too'
            yield one.file.problem(_id_place(one.file), what, "an id of its own")


def check_looks(
    watchlist: WatchlistFile, declared: Sequence[Declared], *, all_known: bool
) -> Iterator[Problem]:
    """Yield what is wrong with where a watchlist looks. Unless all sources are known, nothing is."""
    if not all_known:
        return
    file = watchlist.file
    ids = {one.source.id for one in declared}
    groups = {one.source.group for one in declared} - {""}
    unknown = [
        *_unknown(file, scalars(file.root, "sources", "groups"), groups | {"all"}, "group"),
        *_unknown(file, scalars(file.root, "sources", "only"), ids | groups, "source or group"),
        *_unknown(file, scalars(file.root, "sources", "except"), ids | groups, "source or group"),
    ]
    yield from unknown
    looks = any(looked_at(watchlist.watchlist, one.source) for one in declared)
    if watchlist.watchlist.enabled and not looks and not unknown:
        what = "no source that is on is looked at, so this can never match"
        yield file.problem(_id_place(file), what, "a group or a source that is on", severity="warning")


def check_overlap(watchlists: Sequence[WatchlistFile]) -> Iterator[Problem]:
    """Yield a warning for each watchlist whose lines another has too: its stories are read twice."""
    if sum(one.watchlist.enabled for one in watchlists) < 2:  # noqa: PLR2004 - it takes two
        return
    from news.matching.overlap import by_lines

    files = {one.watchlist.where: one.file for one in watchlists}
    for found in by_lines([one.watchlist for one in watchlists]):
        if found.one.id == found.other.id:
            continue  # told already, as an error
        other = "a private watchlist" if found.other.private else found.other.where
        number = "all its" if found.common == found.of else f"{found.common} of its {found.of}"
        said = {
            "same": f"its lines say the same as those of {other}",
            "within": f"all its lines are in {other} too: every story on it is on both",
            "mostly": f"{number} lines are in {other} too",
        }
        file = files[found.one.where]
        write = "lines of its own, or one watchlist for both"
        yield file.problem(_id_place(file), said[found.how], write, severity="warning")


def looked_at(watchlist: Watchlist, source: Source) -> bool:
    """Whether a watchlist looks at a source that is on."""
    choice, names = watchlist.sources, {source.id, source.group} - {""}
    if not source.enabled or names & set(choice.besides):
        return False
    if choice.only:
        return bool(names & set(choice.only))
    return "all" in choice.groups or source.group in choice.groups


def _twice(found: Iterable[tuple[File, Scalar | None]]) -> Iterator[tuple[File, Scalar, str]]:
    """Yield what is written a second time: its file, itself, and where it was written first."""
    seen: dict[object, str] = {}
    for file, written in found:
        if written is None:
            continue
        if written.value in seen:
            yield file, written, seen[written.value]
        else:
            seen[written.value] = f"{file.path}:{written.place.line}"


def _unknown(file: File, named: Iterable[Scalar], known: set[str], noun: str) -> Iterator[Problem]:
    for one in named:
        if one.value not in known:
            meant = nearest(str(one.value), known)
            advice = meant or (
                f"one of: {', '.join(sorted(known))}" if noun == "group" else "an id from sources/"
            )
            yield file.problem(one.place, f'there is no {noun} "{one.value}"', advice)


def _id_place(file: File) -> Place:
    written = scalar(file.root, "id") or scalar(file.root, "name")
    return written.place if written is not None else Place(line=1, column=1, end_line=1, end_column=2)
