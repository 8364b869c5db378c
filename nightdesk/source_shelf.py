"""How do sources come into the newsroom's files, with everything else in them kept?

A source is a line of a list. New lines go to the end of a file, changed ones keep their comments; a text that
`check` would complain of is never written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from config import shape
from config.edit import braces, change_item, put_line, save
from config.picking import items, span_words, words
from config.reading import read_text
from config.source_file import check_sources, read_sources
from config.source_rules import plain_rule
from news.errors import ConfigError
from news.nouns import Priority, Source
from news.urls import canonical, host

FOLDER = "sources"
OWN = f"{FOLDER}/added.yaml"  # where sources go when the newsroom has several files, or none
SCHEMA = "# yaml-language-server: $schema=../.schema/sources.schema.json"
PACE: Mapping[Priority, timedelta] = {priority: timedelta(minutes=10) for priority in Priority}
LONGEST_ID = 60
LONGEST_NAME = 100

#: What titles of feeds say besides the outlet's name: "Harbor Post - RSS Feed", "RSS: Harbor Post".
_CALLED_FEED = re.compile(r"\s*(?:[-|·»:]\s*)?\b(?:rss|atom)?\s*feeds?\b\s*$|^rss\s*[-:]?\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The newsroom's files of sources."""

    folder: Path
    # What they declare together.
    sources: tuple[Source, ...]

    def known_at(self, address: str) -> Source | None:
        """Return the source that has this address already, as its own or as its backup."""
        return self._by_address.get(key_of(address))

    @cached_property
    def _by_address(self) -> dict[str, Source]:
        pairs = [(address, source) for source in self.sources for address in (source.url, *source.backup)]
        return {key_of(address): source for address, source in reversed(pairs)}

    def path_for(self, name: str | None) -> str:
        """Return the file that a new source goes to: the one named, the only one, or one of its own."""
        if name:
            stem = Path(name).name
            return f"{FOLDER}/{stem if stem.endswith(('.yaml', '.yml')) else stem + '.yaml'}"
        there = [path.name for path in self._files()]
        return f"{FOLDER}/{there[0]}" if len(there) == 1 else OWN

    def free_path(self, stem: str) -> str:
        """Return the path of a file that is not there yet."""
        plain = slug(stem) or "imported"
        names = (f"{FOLDER}/{plain}{number}.yaml" for number in ("", *(f"-{n}" for n in range(2, 1000))))
        return next(name for name in names if not (self.folder / name).exists())

    def free_id(self, name: str, *, taken: Iterable[str] = ()) -> str:
        """Return an id for a name that no source has."""
        ids = {source.id for source in self.sources} | set(taken)
        plain = slug(name)[:LONGEST_ID].strip("-") or "source"
        return next(id_ for id_ in (plain, *(f"{plain}-{n}" for n in range(2, 10_000))) if id_ not in ids)

    def _files(self) -> list[Path]:
        found = (self.folder / FOLDER).glob("[!.]*")
        return sorted(path for path in found if path.suffix in {".yaml", ".yml"})

    def add(self, source: Source, path: str) -> None:
        """Write one source at the end of a file.

        Raises:
            ConfigError: the file cannot be changed, or would have an error then.
        """
        file = self.folder / path
        line = line_of(source)
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        fresh = put_line(text, ("sources",), line) if text.strip() else new_file([source], "added by hand")
        self.write(path, fresh)

    def write(self, path: str, text: str) -> None:
        """Write a file whole, if nothing is wrong with it.

        Raises:
            ConfigError: something is; says what.
        """
        wrong = list(wrong_in(path, text))
        if wrong:
            what = f"{path} was not changed: {wrong[0]}"
            raise ConfigError(what)
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        save(file, text)

    def change(self, source_id: str, name: str, value: str | bool) -> str:
        """Change one setting of a source; return its file.

        Raises:
            ConfigError: no file has the source, or it cannot be changed by itself.
        """
        for file in self._files():
            text = file.read_bytes().decode("utf-8")
            path = f"{FOLDER}/{file.name}"
            listed = items(read_text(path, text).root, "sources")
            if any(words(each, "id") == source_id for each in listed):
                self.write(path, change_item(text, ("sources",), source_id, name, value))
                return path
        what = f'no file declares the source "{source_id}"'
        raise ConfigError(what)


def wrong_in(path: str, text: str) -> Iterator[str]:
    """Yield what `check` would complain of in a file of sources."""
    file = read_text(path, text)
    problems = [*file.problems, *shape.check(file, "sources")]
    problems += check_sources(read_sources(file, PACE))
    for problem in problems:
        if problem.severity == "error":
            yield f"{problem.what} (line {problem.line})"


def key_of(address: str) -> str:
    """Return what two addresses of one source have in common, whatever their scheme, www and last slash."""
    plain = canonical(address).partition("://")[2].removeprefix("www.").rstrip("/")
    query = address.partition("?")[2].partition("#")[0]
    # A feed's query says which feed it is; canonical addresses of articles lose it.
    return f"{plain.partition('?')[0]}?{query}" if query else plain


def slug(name: str) -> str:
    """Return a name as an id: "La Voz · Política" is la-voz-politica."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def name_of(title: str, address: str) -> str:
    """Return what a source may be called: its own title, without "RSS feed" and the like, or its host."""
    plain = " ".join(_CALLED_FEED.sub("", title).split())
    return plain[:LONGEST_NAME] or host(address).removeprefix("www.")


def line_of(source: Source) -> dict[str, object]:
    """Return a source as a line of a file; what is as usual is left out."""
    usual = Source(id="", name="", url="")
    line: dict[str, object] = {"id": source.id, "name": source.name, "url": source.url}
    if source.reads != usual.reads:
        line["as"] = source.reads
    line |= plain_rule(source.rule)
    for name in ("kind", "group", "language", "full_text", "browser", "excerpt", "evidence", "note"):
        value = getattr(source, name)
        if value != getattr(usual, name):
            line[name] = value
    if source.priority is not usual.priority:
        line["priority"] = source.priority.name.lower()
    if source.backup:
        line["backup"] = list(source.backup)
    if source.own_pace:
        line["every"] = span_words(source.every)
    if not source.enabled:
        line["enabled"] = False
    return line


def new_file(sources: Sequence[Source], about: str) -> str:
    """Return the text of a new file of sources."""
    lines = "".join(f"  - {braces(line_of(source))}\n" for source in sources)
    return f"{SCHEMA}\n# Sources {about}.\nsources:\n{lines}"
