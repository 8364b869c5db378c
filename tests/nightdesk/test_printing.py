"""Whatever words from outside hold, terminal and log show them and nothing else."""

from __future__ import annotations

import io
import json
import logging

from hypothesis import given
from hypothesis import strategies as st

from nightdesk.cli.printing import Printer, columns
from nightdesk.logs import EventFormatter

#: Colors, a window's title, a cursor that goes home, a line turned round, a line that was never said.
HOSTILE = "Mayor \x1b[31mred\x1b]0;mine\x07 \x9b2J\u202eevil\u2066\r\nerror: all sources are gone\x85\u2028"
OBEYED = frozenset("\x1b\x07\x9b\r\x85\u2028\u202e\u2066")


def test_a_hostile_headline_only_stands_there() -> None:
    out, err = io.StringIO(), io.StringIO()
    printer = Printer(out=out, err=err)
    printer.table([(HOSTILE, "working", HOSTILE)])
    printer.say(f"Told: {HOSTILE}")
    assert OBEYED.isdisjoint(out.getvalue() + err.getvalue())
    assert not any(line.startswith("error") for line in out.getvalue().splitlines())


def test_a_program_gets_a_hostile_headline_whole_and_on_one_line() -> None:
    out = io.StringIO()
    Printer(out=out, err=io.StringIO(), json=True).record({"headline": HOSTILE})
    assert OBEYED.isdisjoint(out.getvalue())
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [{"headline": HOSTILE}]


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=3))
def test_no_words_begin_a_row_of_a_table(rows: list[tuple[str, str]]) -> None:
    shown = list(columns(rows))
    assert all(line == "".join(line.splitlines()) for line in shown)
    assert len(shown) >= len(rows)


def test_neither_a_field_nor_an_error_begins_a_line_of_the_log() -> None:
    error = (ValueError, ValueError(HOSTILE), None)
    record = logging.makeLogRecord({"msg": "poll fell over", "source": HOSTILE, "exc_info": error})
    first, *trace = EventFormatter().format(record).split("\n")
    assert OBEYED.isdisjoint(first + "".join(trace))
    assert "poll fell over source=" in first
    assert trace
    assert all(line.startswith("  ") for line in trace)
