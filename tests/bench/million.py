"""The explorer with a million records loaded: keys, memory, sorting."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Mapping, Sequence
from typing import Final

from auditui.demo.corpus import Corpus
from tests.bench.keys import DOWN, PAGE_DOWN, Cost, side_by_side
from tests.bench.line import Line, Row, ratio
from tests.bench.loading import all_loaded
from tests.bench.pressing import press_until
from tests.bench.program import Failed, Program
from tests.bench.screen import below_header
from tests.bench.setting import Setting

UP: Final = "\x1b[A"
PAGE_UP: Final = "\x1b[5~"
_ESCAPE: Final = "\x1b"

_PATIENCE: Final = 60.0
"""Seconds after which a sort has failed."""

_WITHIN: Final = 1.2
_MEMORY: Final = 120.0
"""MiB."""
_ALIVE: Final = 250.0
"""Milliseconds; the design says "alive" and no more. A frozen screen answers only when the sort has ended."""

_SORTED: Final = 1.5
"""Seconds."""

_COLUMNS: Final = {
    "Time": "created",
    "Author": "author",
    "Event": "summary",
    "Category": "category",
    "Address": "address",
}
"""What can be sorted by, as the menu calls it; and the peer's column with the same values."""


def _keys(setting: Setting) -> Sequence[Row]:
    many = setting.million.program
    found = []
    with setting.auditui("--demo", "--demo-records", "1000", name="thousand") as few:
        few.until(all_loaded(1000))
        for where, keys in (
            ("", (("cursor down", DOWN), ("page down", PAGE_DOWN))),
            (" from the end", (("cursor up", UP), ("page up", PAGE_UP))),
        ):
            for program in (many, few):
                program.send("G" if where else "g")
                program.settle(0.5)
            for name, key in keys:
                ours, theirs = side_by_side([many, few], key, setting.number(15, 8))
                found.append(_key_row(f"{name}{where}, {setting.many:,} loaded", ours, theirs))
        many.send("g")
        many.settle(0.5)
    return found


def _key_row(what: str, ours: Cost, theirs: Cost) -> Row:
    met = ours.best <= _WITHIN * theirs.best and ours.size <= _WITHIN * theirs.size
    figure = f"{ratio(ours.best, theirs.best)} of the best time, {ratio(ours.size, theirs.size)} bytes"
    return Row(what, _cost(ours), f"1,000 loaded: {_cost(theirs)}", figure, "≤ 1.2x", met)


def _cost(cost: Cost) -> str:
    return f"{cost.size:,.0f} B, {cost.last:.1f} ms (best {cost.best:.1f})"


def _memory(setting: Setting) -> Sequence[Row]:
    program, fresh = setting.million.program, setting.million.resident
    _use_heavily(program, setting.many)
    used = program.resident
    return [
        _memory_row(f"memory, {setting.many:,} records loaded", fresh),
        _memory_row("the same after filters, sorting, facets and the end", used),
    ]


def _memory_row(what: str, resident: float) -> Row:
    told = f"{resident:.0f} MiB"
    return Row(what, told, figure=told, budget="≤ 120 MiB", met=resident <= _MEMORY)


def _use_heavily(program: Program, records: int) -> None:
    for letter in "/group":
        program.send(letter)
        program.settle(0.3)
    program.until(rf"filter: [\d,]+ of all {records:,}")
    program.send("\r")
    program.settle(0.6)
    program.send("f")
    program.until(r"Facets  [\d,]+ of")
    program.settle(1.0)
    program.send("f")
    program.settle(0.6)
    program.send(_ESCAPE)
    program.until(all_loaded(records))
    _order(program, "Author")
    program.send("G")
    program.until(rf"record {records:,}")
    program.settle(0.6)
    _order(program, "Newest first")
    program.settle(1.0)


def _order(program: Program, column: str) -> float:
    """Choose it in the menu; the moment of the key."""
    program.send("O")
    program.until("─ Sort by")
    program.settle()
    found = re.search(rf"│ (\S)  {column}\s", program.text)
    if not found:
        raise Failed(f"nothing sorts by {column}; the screen:\n{program.text}")
    return program.send(found[1])


def _status(column: str) -> str:
    """What the status line says when the rows are sorted."""
    return r"loaded · oldest first" if column == "Time" else rf"loaded · by {column}"


def _sort(program: Program, column: str) -> float:
    """Seconds until the sorted rows stand.

    Raises:
        Failed: the rows are those from before.
    """
    program.settle()
    program.trace(below_header)
    before = below_header(program.screen)
    sent, seen = _order(program, column), list[tuple[float, tuple[str, ...]]]()
    while not re.search(_status(column), program.text):
        if time.perf_counter() > sent + _PATIENCE:
            raise Failed(f"{_PATIENCE} s did not sort by {column}")
        program.read(0.05)
        seen += program.trace(below_header)
    while program.listen(0.8):
        seen += program.trace(below_header)
    last = seen[-1][1]
    if last == before:
        raise Failed(f"sorting by {column} changed nothing")
    return next(moment for moment, rows in seen if rows == last) - sent


def _plain_table(records: int) -> sqlite3.Connection:
    """The same records' sortable texts in a table of SQLite's own."""
    corpus, table = Corpus(records, int(time.time() * 1000)), sqlite3.connect(":memory:")
    table.execute(
        "CREATE TABLE records (author TEXT, summary TEXT, category TEXT, address TEXT, created INTEGER)"
    )
    rows = ((*corpus.searchable(index), corpus.created(index)) for index in range(records))
    table.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?)", rows)
    return table


def _order_by(table: sqlite3.Connection, column: str) -> float:
    """Seconds until all row numbers are there, the quicker of two."""
    times = []
    for _ in range(2):
        began = time.perf_counter()
        table.execute(f"SELECT rowid FROM records ORDER BY {column} COLLATE NOCASE, rowid").fetchall()  # noqa: S608  # a name of ours
        times.append(time.perf_counter() - began)
    return min(times)


def _sorts(setting: Setting) -> Sequence[Row]:
    program, table = setting.million.program, _plain_table(setting.many)
    ours = {column: _sort(program, column) for column in _COLUMNS}
    theirs = {column: _order_by(table, held) for column, held in _COLUMNS.items()}
    table.close()
    program.send("g")  # from the top, so that the cursor moves and not the rows under it
    program.settle(0.6)
    _order(program, "Event")
    pressed = press_until(program, _status("Event"), _PATIENCE)
    program.settle(0.8)
    _order(program, "Newest first")
    program.settle(1.0)
    slowest, peer = max(ours.values()), max(theirs.values())
    return [
        Row(
            f"sort {setting.many:,} loaded rows",
            _seconds(ours),
            f"SQLite `ORDER BY` {_seconds(theirs)}",
            f"slowest {slowest:.2f} s, {ratio(slowest, peer)} of SQLite's slowest",
            "≤ 1.5 s",
            slowest <= _SORTED,
        ),
        Row(
            f"keys while {setting.many:,} rows are sorted",
            pressed.told,
            figure=f"max {max(pressed.times):.0f} ms",
            budget="≤ 250 ms: alive",
            met=max(pressed.times) <= _ALIVE and not pressed.unanswered,
        ),
    ]


def _seconds(times: Mapping[str, float]) -> str:
    return ", ".join(f"{column} {seconds:.2f}" for column, seconds in times.items()) + " s"


KEY_LINE = Line("million-keys", "cursor and page down at 1,000,000 records", "≤ 1.2x of 1,000 records", _keys)
SORT_LINE = Line("million-sort", "sort 1,000,000 loaded rows, keys alive", "≤ 1.5 s", _sorts)
MEMORY_LINE = Line("million-memory", "memory, 1,000,000 records loaded", "≤ 120 MiB", _memory)
