"""Turns a filter into a condition over the tables of `facts.py`.

No text of a filter ever becomes part of a statement: texts are parameters, and which names fit a test is written to a
temporary table first, with the same reading that `model/filter.py` gives. Owns nothing on disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from auditui.model.fields import FLAGS
from auditui.model.filter import Clause, Filter, Flagged, InField, Moment, Test, Word
from auditui.store.facts import EDGE, LISTS, column, decoded, encoded

ALL_ROWS = "1"
"""The condition that lets every row through."""


@dataclass(slots=True)
class _Names:
    """The names that pass any of some tests of one field, in a temporary table that follows as names are added."""

    table: str
    tests: Sequence[InField]
    seen: int = 0

    def follow(self, connection: sqlite3.Connection) -> None:
        """Look at the names that came since last time."""
        (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM names").fetchone()
        if last > self.seen:
            for test in self.tests:
                self._look(connection, test, last)
            self.seen = last

    def _look(self, connection: sqlite3.Connection, test: InField, last: int) -> None:
        into = f"INSERT OR IGNORE INTO temp.{self.table} SELECT id FROM names WHERE id > ? AND id <= ?"
        if test.exact:
            connection.execute(f"{into} AND folded = ?", (self.seen, last, encoded(test.text)))
        elif test.field.reading is None:
            connection.execute(f"{into} AND instr(folded, ?)", (self.seen, last, encoded(test.text)))
        else:
            self._read(connection, test.field.reading(test.typed), last)

    def _read(self, connection: sqlite3.Connection, fits: Callable[[str], bool], last: int) -> None:
        names = connection.execute(
            "SELECT id, folded FROM names WHERE id > ? AND id <= ?", (self.seen, last)
        ).fetchall()
        connection.executemany(
            f"INSERT OR IGNORE INTO temp.{self.table} VALUES (?)",
            ((number,) for number, folded in names if fits(decoded(folded))),
        )


class Condition:
    """A filter for one connection: `sql` is to be used as a WHERE part over `sources`, with `parameters`."""

    def __init__(self, connection: sqlite3.Connection, wanted: Filter, *, only_marked: bool = False) -> None:
        """Prepare temporary tables for the filter."""
        self.parameters: dict[str, object] = {}
        """By name."""
        self._connection = connection
        self._names: list[_Names] = []
        parts = [self._clause(clause) for clause in wanted.clauses]
        if only_marked:
            parts.append("row IN (SELECT row FROM marks)")
        self.sql = _joined(parts, "AND") or ALL_ROWS
        """The condition; each row of `sources` passes or does not, never NULL."""

    @property
    def sources(self) -> str:
        """The tables that the condition speaks of, joined by row."""
        return "facts CROSS JOIN texts USING (row)" if "instr(" in self.sql else "facts"

    def follow(self) -> None:
        """Take notice of what was appended since the last time."""
        for names in self._names:
            names.follow(self._connection)

    def _clause(self, clause: Clause) -> str:
        parts = [self._named(tests) for tests in _by_single_field(clause.tests)]
        parts += [self._test(test) for test in clause.tests if not _is_single(test)]
        either = _joined(parts, "OR")
        return f"NOT {either}" if clause.negated else either

    def _named(self, tests: Sequence[InField]) -> str:
        names = _Names(f"names_{len(self._names)}", tests)
        self._connection.execute(f"CREATE TEMP TABLE {names.table} (id INTEGER PRIMARY KEY)")
        self._names.append(names)
        return f"{column(tests[0].field)} IN (SELECT id FROM temp.{names.table})"

    def _test(self, test: Test) -> str:
        match test:
            case Word(text):
                needle = self._parameter(encoded(text))
                return _joined([f"instr({name}, {needle})" for name in _TEXTS], "OR")
            case InField(field, text, exact=True):
                return f"instr({column(field)}, {self._parameter(EDGE + encoded(text) + EDGE)}) > 0"
            case InField(field, text):
                return f"instr({column(field)}, {self._parameter(encoded(text))}) > 0"
            case Flagged(flag, wanted):
                bit = 1 << FLAGS.index(flag)
                return f"flags & {bit} {'<>' if wanted else '='} 0"
            case Moment(at, before):
                return f"(created IS NOT NULL AND created {'<' if before else '>='} {self._parameter(at)})"

    def _parameter(self, value: object) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"


_TEXTS = ("singles", *map(column, LISTS))


def _is_single(test: Test) -> bool:
    return isinstance(test, InField) and test.field.single


def _by_single_field(tests: Iterable[Test]) -> list[list[InField]]:
    """Tests of fields with one value, those of the same field together: a list of addresses is one look-up."""
    found: dict[str, list[InField]] = {}
    for test in tests:
        if isinstance(test, InField) and test.field.single:
            found.setdefault(test.field.name, []).append(test)
    return list(found.values())


def _joined(parts: Sequence[str], word: str) -> str:
    """The parts in pairs of pairs: a long chain would be deeper than SQLite reads."""
    if len(parts) < 2:
        return f"({parts[0]})" if parts else ""
    half = len(parts) // 2
    return f"({_joined(parts[:half], word)} {word} {_joined(parts[half:], word)})"
