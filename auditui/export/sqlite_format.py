"""SQLite: the records as a database, to be asked in SQL.

The readable columns are for questions, `raw` is the evidence. Knows nothing of what becomes of the file. While it grows,
SQLite keeps its journal beside it (the same name with `-journal`): after a crash the two belong together.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from auditui.export.circumstances import circumstances, outcome
from auditui.export.exporter import Destination, Ending, Exporter, Occasion, Writer
from auditui.export.foreign_sqlite import Endless, wary
from auditui.export.known_rows import KnownRows
from auditui.export.moments import dates
from auditui.export.plain import Plain, columns, plainly
from auditui.export.sqlite_schema import INDEXES, SCHEMA
from auditui.model.errors import ExportFailed
from auditui.model.record import Record
from auditui.private_file import is_own

# What was committed survives a kill, and a crash of the machine as far as the disk keeps its word.
_SETTINGS = """
PRAGMA journal_mode = DELETE;
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -16000;
"""

_RECORD = "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_OBJECT = "INSERT INTO associated_objects VALUES (?, ?, ?, ?)"
_CHANGE = "INSERT INTO changed_values VALUES (?, ?, ?, ?, ?, ?, ?)"
_FACT = "INSERT OR REPLACE INTO export VALUES (?, ?)"

_AT_ONCE = 1_000  # records

Row = tuple[Any, ...]


class SqliteWriter:
    """Writes records into the tables; what was not flushed is not there after a crash."""

    def __init__(self, connection: sqlite3.Connection, written: int, known: KnownRows) -> None:
        """Take over a connection to a file that has the tables, and so many records, of which that is known."""
        self._connection = connection
        self._written = written
        self._known = known
        self._plain = Plain()

    @property
    def content(self) -> str:
        """A SHA-256 by which the rows are known again, wherever SQLite has put them."""
        return self._known.sha256

    @property
    def warnings(self) -> Sequence[str]:
        """Whether texts had to be spelled out."""
        return self._plain.warnings

    def write(self, records: Sequence[Record]) -> None:
        """Add records, in their order."""
        for at in range(0, len(records), _AT_ONCE):
            some = [self._plain(record) for record in records[at : at + _AT_ONCE]]
            self._insert(list(enumerate(some, self._written + 1)))
            self._written += len(some)

    def flush(self) -> None:
        """Commit."""
        with _failing_kindly("written"):
            self._connection.commit()

    def finish(self, ending: Ending) -> None:
        """Write how it ended and the indexes, and close the file."""
        with _failing_kindly("written"):
            (there,) = self._connection.execute("SELECT count(*) FROM records").fetchone()
            if there != ending.written:  # a commit that failed has taken back what came before it
                raise _failed("finished", f"it holds {there:,} of {ending.written:,} records")
            self._connection.executemany(_FACT, outcome(plainly(ending)).items())
            self._connection.commit()
            self._connection.executescript(INDEXES)
            self._connection.close()

    def abandon(self) -> None:
        """Close the file; what was not flushed is forgotten."""
        self._connection.close()

    def _insert(self, placed: Sequence[tuple[int, Record]]) -> None:
        with _failing_kindly("written"):
            rows = (_record(place, record) for place, record in placed)
            self._connection.executemany(_RECORD, self._known.passing("records", rows))
            rows = (row for each in placed for row in _objects(*each))
            self._connection.executemany(_OBJECT, self._known.passing("associated_objects", rows))
            rows = (row for each in placed for row in _changes(*each))
            self._connection.executemany(_CHANGE, self._known.passing("changed_values", rows))


def _record(place: int, record: Record) -> Row:
    time, text = dates(record)
    return place, _integer(record.created), time, text, *columns(record), record.raw


def _integer(value: int | None) -> int | None:
    """As far as it is one that SQLite has: of 64 bits."""
    return value if value is not None and -(1 << 63) <= value < 1 << 63 else None


def _objects(place: int, record: Record) -> Iterator[Row]:
    for position, each in enumerate(record.associated, 1):
        yield place, position, each.name, each.kind


def _changes(place: int, record: Record) -> Iterator[Row]:
    for position, each in enumerate(record.changes, 1):
        yield place, position, each.name, each.old, each.new, each.hidden_old, each.hidden_new


# Opening


def _open(destination: Destination, occasion: Occasion) -> Writer:
    """Begin a database, or go on with one.

    Raises:
        ExportFailed: there is no file, or what is there cannot be gone on with.
        OSError: the disk would not take it.
    """
    if destination.path is None:
        raise ExportFailed(
            "A SQLite database needs a file of its own.",
            why="SQLite writes here and there in it.",
            remedy="Export to a file, or in another format.",
        )
    path, written = destination.path, destination.written
    _refuse_foreign_journal(path.with_name(f"{path.name}-journal"))
    if not written:
        os.truncate(path, 0)  # SQLite removes a journal beside an empty file by itself
    with _failing_kindly("continued" if written else "begun"):
        return _writer(path, occasion, destination)


def _writer(path: Path, occasion: Occasion, destination: Destination) -> SqliteWriter:
    connection, written = sqlite3.connect(path, check_same_thread=False), destination.written
    try:
        if written:
            known = _left(connection, path.stat().st_size, destination)
        else:
            known = KnownRows()
            connection.executescript(_SETTINGS + SCHEMA)
        connection.executemany(_FACT, circumstances(plainly(occasion)).items())
    except BaseException:
        connection.close()
        raise
    return SqliteWriter(connection, written, known)


def _left(connection: sqlite3.Connection, size: int, destination: Destination) -> KnownRows:
    """What an earlier run has left, cut back to its last checkpoint, if it is just what that run knew it by.

    Raises:
        ExportFailed: it is not, or damaged.
        sqlite3.Error: as it came.
    """
    try:
        # what it holds was signed; that nothing else was put in its place shows only in the end
        with wary(connection, size):
            connection.executescript(_SETTINGS)
            _require_own_tables(connection)
            return _cut_back(connection, destination)
    except Endless:
        raise _failed("continued", "it is damaged") from None


def _require_own_tables(connection: sqlite3.Connection) -> None:
    """Nothing but what this module makes: a trigger would change each record that is written."""
    found = _tables(connection)
    with closing(sqlite3.connect(":memory:")) as own:
        own.executescript(SCHEMA)
        begun = _tables(own)
        own.executescript(INDEXES)
        if found not in (begun, _tables(own)):
            raise _failed("continued", "its tables are not those that this auditui makes")


def _tables(connection: sqlite3.Connection) -> list[Row]:
    return connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
    ).fetchall()


def _cut_back(connection: sqlite3.Connection, destination: Destination) -> KnownRows:
    """Leave just so many records, if they are there and the file is whole."""
    written = destination.written
    # first: what is asked of a damaged file can take for ever
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise _failed("continued", verdict)
    for statement in (
        "DELETE FROM records WHERE id > ?",
        "DELETE FROM associated_objects WHERE record > ?",
        "DELETE FROM changed_values WHERE record > ?",
    ):
        connection.execute(statement, (written,))
    connection.execute("DELETE FROM export")
    places = connection.execute("SELECT count(*), min(id), max(id) FROM records").fetchone()
    if places != (written, 1, written):
        raise _failed("continued", "not all of its records are there")
    known = KnownRows.of(connection)
    if known.sha256 != destination.content:
        raise _failed("continued", "its records are not those that were written")
    return known


def _refuse_foreign_journal(journal: Path) -> None:
    """In a folder that others can write to: SQLite would put into the file whatever a journal says."""
    try:
        found = journal.lstat()
    except FileNotFoundError:
        return
    if not is_own(found):
        raise ExportFailed(
            f"{journal} is not of auditui's making.",
            why="SQLite would take it for its own journal and change the records by it.",
            remedy="Remove it, or export into a folder that only you can write to.",
        )


# Errors

_ERRNO = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_CANTOPEN: errno.EIO,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
}


@contextmanager
def _failing_kindly(doing: str) -> Iterator[None]:
    """Turns what SQLite raises into `OSError` where it is the disk, else into `ExportFailed`."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the bits above tell it more exactly
        raise OSError(_ERRNO[code], str(error)) if code in _ERRNO else _failed(doing, str(error)) from None


def _failed(doing: str, how: str) -> ExportFailed:
    return ExportFailed(
        f"The database cannot be {doing}: {how}.",
        why="The machine went down while it was written, or something else has changed it.",
        remedy="Export anew.",
    )


SQLITE = Exporter(
    key="sqlite",
    letter="s",
    title="SQLite",
    what="a database to ask in SQL",
    suffix=".sqlite",
    open=_open,
    text=False,
)
"""Records as a database in one file."""
