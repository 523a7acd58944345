"""The loaded records of one search, on disk in the order the site gave them.

Texts are kept character for character, and beside them what filters need (`facts.py`). One connection writes, from any
thread; another one reads by row number, which takes a fraction of a millisecond however many rows there are.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from pathlib import Path

from auditui.model.errors import StoreFailed
from auditui.model.first import First
from auditui.model.record import Record
from auditui.store.facts import SCHEMA, FactWriter

# The file is of no use after the run, so that nothing is spent on surviving a crash of the machine.
_SETTINGS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -4000;
CREATE TABLE records (row INTEGER PRIMARY KEY, raw TEXT NOT NULL);
"""


_AT_ONCE = 500  # rows asked for in one statement; older SQLite takes 999 parameters


class RecordStore:
    """Rows 0 to `count` - 1, each the JSON text of a record."""

    def __init__(self, path: Path) -> None:
        """Create the file (0600); it must not exist.

        Raises:
            StoreFailed: the file cannot be made.
        """
        self.count = 0
        """Rows appended so far."""
        self.filed = 0
        """How many of them can be filtered, counted and sorted: the first so many."""
        self.path = path
        """The file; other connections read it."""
        self._writing, self._filing = threading.Lock(), threading.Lock()
        self._closed = False
        self._marked: set[int] = set()
        with failing_kindly(path):
            os.close(
                os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0), 0o600)
            )
            self._writer = sqlite3.connect(path, check_same_thread=False)
            self._writer.executescript(_SETTINGS + SCHEMA)
            self._reader = sqlite3.connect(path, check_same_thread=False)
        self._facts = FactWriter(self._writer)

    def append(self, records: Sequence[Record]) -> None:
        """Add rows at the end, and file them: all of them, or none. Those before them must be filed.

        Raises:
            StoreFailed: the disk is full or gone.
        """
        with self._filing:
            with self._adding():
                self._insert([record.raw for record in records])
                self._facts.write(self.count, records)
            self.count += len(records)
            self.filed = self.count

    def append_unfiled(self, raws: Sequence[str]) -> None:
        """Add rows at the end, to be filed later: all of them, or none.

        Raises:
            StoreFailed: the disk is full or gone.
        """
        with self._adding():
            self._insert(raws)
        self.count += len(raws)

    def file_next(self, most: int, read: Callable[[str], Record]) -> None:
        """File the next `most` rows that are not filed, if there are so many: all of them, or none. In any thread.

        Args:
            most: rows.
            read: gives the record of a text.

        Raises:
            StoreFailed: the disk is full or gone.
        """
        with self._filing:
            if self._closed:
                return
            records = [read(raw) for raw in self._unfiled(most)]
            with self._adding():
                self._facts.write(self.filed, records)
            self.filed += len(records)

    def _unfiled(self, most: int) -> list[str]:
        # Read by the connection that writes: the other one is not for threads.
        with self._writing, failing_kindly(self.path):
            found = self._writer.execute(
                "SELECT raw FROM records WHERE row >= ? ORDER BY row LIMIT ?", (self.filed, most)
            )
            return [raw for (raw,) in found]

    @contextmanager
    def _adding(self) -> Iterator[None]:
        with self._writing, failing_kindly(self.path):
            try:
                with self._writer:
                    yield
            except sqlite3.Error:
                self._facts.forget()
                raise

    def _insert(self, raws: Sequence[str]) -> None:
        self._writer.executemany("INSERT INTO records VALUES (?, ?)", enumerate(raws, self.count))

    def texts(self, rows: Sequence[int]) -> dict[int, str]:
        """The texts of these rows, as far as there are such rows.

        Raises:
            StoreFailed: the file is gone.
        """
        found: dict[int, str] = {}
        with reading_kindly(self.path):
            for at in range(0, len(rows), _AT_ONCE):
                some = rows[at : at + _AT_ONCE]
                found.update(
                    self._reader.execute(
                        f"SELECT row, raw FROM records WHERE row IN ({places(some)})", tuple(some)
                    )
                )
        return found

    def firsts(self, rows: Collection[int]) -> Mapping[int, frozenset[First]]:
        """Of what these rows are the first among all that are loaded.

        Raises:
            StoreFailed: the file is gone.
        """
        with reading_kindly(self.path):
            found: dict[int, frozenset[First]] = {}
            for row, kind in self._reader.execute(
                f"SELECT row, kind FROM firsts WHERE row IN ({places(rows)})", tuple(rows)
            ):
                found[row] = found.get(row, frozenset()) | {First(kind)}
            return found

    # Marks

    @property
    def marked(self) -> AbstractSet[int]:
        """The marked rows; not to be changed."""
        return self._marked

    def mark(self, rows: Collection[int], *, marked: bool) -> None:
        """Mark rows, or take their marks away.

        Raises:
            StoreFailed: the disk is full or gone; nothing changed.
        """
        statement = "INSERT OR IGNORE INTO marks VALUES (?)" if marked else "DELETE FROM marks WHERE row = ?"
        with self._writing, failing_kindly(self.path), self._writer:
            self._writer.executemany(statement, ((row,) for row in rows))
        self._marked = self._marked | set(rows) if marked else self._marked - set(rows)

    def close(self) -> None:
        """Give up the file and remove it."""
        with self._filing, self._writing:
            self._closed = True
            self._writer.close()
            self._reader.close()
            for suffix in ("", "-wal", "-shm"):
                with suppress(OSError):  # the next start tries again
                    self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


def places(values: Collection[object]) -> str:
    """So many places for parameters."""
    return ", ".join("?" * len(values))


@contextmanager
def failing_kindly(path: Path) -> Iterator[None]:
    """Turns what SQLite and the disk raise when they are to take something into `StoreFailed`, in words."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreFailed(
            f"The loaded records could not be kept on disk: {error}.",
            why=f"They are kept in {path.parent} while auditui runs.",
            remedy="Make room there, or set XDG_CACHE_HOME to another folder.",
        ) from None


@contextmanager
def reading_kindly(path: Path) -> Iterator[None]:
    """The same for what they are to give back."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreFailed(
            f"The loaded records cannot be read back: {error}.",
            why=f"They were kept in {path.parent}, and may have been removed or damaged there.",
            remedy="Search again: s.",
        ) from None
