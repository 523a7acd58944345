"""CSV twice: for spreadsheets, in which no foreign text may become a formula, and exact, for programs.

Both in UTF-8 without a byte order mark, a record a row, rows ending in CR LF. In both a lone surrogate, which UTF-8 cannot
hold, is written as `\\ud800`.

Source of the guard: OWASP's page on CSV injection, with LF and the full-width forms; the quote in front is what Symfony
chose for CVE-2021-41270. LibreOffice evaluates `=`, Excel all of them.

What no guard of whole cells can do: where the comma is *not* among the separators that a spreadsheet is told to split at, a
`;` or a line break in the middle of a text begins a cell, too.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Literal

from auditui.export.characters import shows
from auditui.export.exporter import Destination, Ending, Exporter, Occasion
from auditui.export.json_text import as_json
from auditui.export.moments import moment
from auditui.model import cell_text
from auditui.model.change_text import change_text
from auditui.model.clock import Clock
from auditui.model.fields import ADMIN
from auditui.model.record import AuditObject, ChangedValue, Record
from auditui.model.when import Zone

Columns = Sequence[tuple[str, Callable[[Record], str]]]
"""Of each column the title, and what it holds of a record."""

_FORMULA = frozenset("=+-@\t\r\n|%＝＋－＠")
"""What begins a formula or a command, in one spreadsheet or another."""

_LIMITS = (
    (131_072, "which Python's csv module reads only with a higher field_size_limit"),
    (32_767, "more than a cell of Excel holds"),
)


class _Table:
    """Rows of text."""

    content = ""  # its bytes tell it

    def __init__(
        self,
        destination: Destination,
        columns: Columns,
        quoting: Literal[0, 1],
        cell: Callable[[str], str] = str,
    ) -> None:
        """Begin, or go on below the rows that are there.

        Args:
            destination: where to.
            columns: from left to right.
            quoting: csv.QUOTE_MINIMAL or csv.QUOTE_ALL.
            cell: how any text is written, titles too.
        """
        self._stream = destination.stream
        self._columns = columns
        self._quoting = quoting
        self._cell = cell
        self._begun = destination.written > 0
        self._long: Counter[str] = Counter()

    @property
    def warnings(self) -> Sequence[str]:
        """Which cells are too long for a reader; those of an earlier run are not known of."""
        return tuple(
            f"{count:,} cell{' has' if count == 1 else 's have'} over {most:,} characters, {why}."
            for most, why in _LIMITS
            if (count := self._long[why])
        )

    def write(self, records: Sequence[Record]) -> None:
        if records:
            self._put([[text(record) for _title, text in self._columns] for record in records])

    def flush(self) -> None:
        self._stream.flush()

    def finish(self, ending: Ending) -> None:
        self._put([])
        self.flush()

    def abandon(self) -> None:
        """Nothing is held."""

    def _put(self, rows: list[list[str]]) -> None:
        """Write rows; before the first of all, the titles."""
        if not self._begun:
            rows = [[title for title, _text in self._columns], *rows]
        guarded = [[self._cell(text) for text in row] for row in rows]
        lines = io.StringIO(newline="")
        csv.writer(lines, quoting=self._quoting).writerows(guarded)
        self._stream.write(lines.getvalue().encode("utf-8", "backslashreplace"))
        self._begun = True
        self._long.update(why for row in guarded for text in row for most, why in _LIMITS if len(text) > most)


# For spreadsheets


def _for_spreadsheets(destination: Destination, occasion: Occasion) -> _Table:
    # All cells are quoted: a spreadsheet that also takes ; or a tab as the end of a cell would else begin another there.
    return _Table(destination, _read_columns(occasion.zone), csv.QUOTE_ALL, guarded)


def guarded(text: str) -> str:
    """The text such that no spreadsheet takes it for a formula: with a `'` in front of one.

    It is one, too, behind blanks and what does not show.
    """
    if not text or (text[0].isascii() and text[0].isalnum()):
        return text
    passed_over: set[str] = set()
    for each in text:
        if each in passed_over:
            continue
        if each in _FORMULA:
            return f"'{text}"
        if not each.isspace() and shows(each):
            break
        passed_over.add(each)
    return text


def _read_columns(zone: Zone) -> Columns:
    clock = Clock(zone)
    return (
        (f"Time ({zone.name})", lambda record: cell_text.time(record, clock, cell_text.WHOLE_TIME)),
        ("Time (UTC, exact)", _exact_time),
        ("Author", lambda record: record.author.label),
        ("Account id", lambda record: record.author.account_id),
        ("Event", lambda record: record.event),
        ("Category", lambda record: record.category),
        ("Object", lambda record: record.affected.label),
        ("Object type", lambda record: record.affected.kind),
        ("Associated objects", lambda record: "; ".join(map(_object, record.associated))),
        ("Address", lambda record: record.address),
        ("Changed values", lambda record: "; ".join(map(change_text, record.changes))),
        ("Description", lambda record: record.description),
        ("Administrator", lambda record: "yes" if ADMIN.test(record) else ""),
        ("Unusual", lambda record: "; ".join(record.unusual)),
    )


def _exact_time(record: Record) -> str:
    return record.date_text if record.created is None else moment(record.created)


def _object(each: AuditObject) -> str:
    name = each.label or "(no name)"
    return f"{each.kind}: {name}" if each.kind else name


# Exact


def _for_programs(destination: Destination, _occasion: Occasion) -> _Table:
    return _Table(destination, _EXACT_COLUMNS, csv.QUOTE_MINIMAL)


def _objects_as_json(record: Record) -> str:
    return as_json([{"name": each.name, "objectType": each.kind} for each in record.associated])


def _changes_as_json(record: Record) -> str:
    return as_json([_change_fields(change) for change in record.changes])


def _change_fields(change: ChangedValue) -> dict[str, Any]:
    return {
        "name": change.name,
        "oldValue": change.old,
        "newValue": change.new,
        "hiddenOldValue": change.hidden_old,
        "hiddenNewValue": change.hidden_new,
    }


_EXACT_COLUMNS: Columns = (
    ("creationDate", lambda record: record.date_text if record.created is None else str(record.created)),
    ("author.displayName", lambda record: record.author.name),
    ("author.accountId", lambda record: record.author.account_id),
    ("author.type", lambda record: record.author.kind),
    ("remoteAddress", lambda record: record.address),
    ("summary", lambda record: record.event),
    ("category", lambda record: record.category),
    ("description", lambda record: record.description),
    ("affectedObject.name", lambda record: record.affected.name),
    ("affectedObject.objectType", lambda record: record.affected.kind),
    ("associatedObjects", _objects_as_json),
    ("changedValues", _changes_as_json),
    ("sysAdmin", lambda record: "true" if record.sys_admin else "false"),
    ("superAdmin", lambda record: "true" if record.super_admin else "false"),
    ("raw", lambda record: record.raw),
)

CSV = Exporter(
    key="csv",
    letter="c",
    title="CSV for spreadsheets",
    what="one row a record; no cell becomes a formula",
    suffix=".csv",
    open=_for_spreadsheets,
)

CSV_EXACT = Exporter(
    key="csv-exact",
    letter="e",
    title="CSV, exact",
    what="every text exactly; not for spreadsheets",
    suffix=".exact.csv",
    open=_for_programs,
)
