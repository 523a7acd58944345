"""The loaded records of one search, on disk in the order the site gave them.

Texts are kept character for character. One connection writes, from any thread; another one reads by row number, which
takes a fraction of a millisecond however many rows there are. Knows nothing of what a record means.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from auditui.model.errors import StoreFailed

# The file is of no use after the run, so that nothing is spent on surviving a crash of the machine.
_SETTINGS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -4000;
CREATE TABLE records (row INTEGER PRIMARY KEY, raw TEXT NOT NULL);
"""


class RecordStore:
    """Rows 0 to `count` - 1, each the JSON text of a record."""

    def __init__(self, path: Path) -> None:
        """Create the file (0600); it must not exist.

        Raises:
            StoreFailed: the file cannot be made.
        """
        self.count = 0
        """Rows appended so far."""
        self._path = path
        self._writing = threading.Lock()
        with self._failing_kindly():
            os.close(
                os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0), 0o600)
            )
            self._writer = sqlite3.connect(path, check_same_thread=False)
            self._writer.executescript(_SETTINGS)
            self._reader = sqlite3.connect(path, check_same_thread=False)

    def append(self, raws: Sequence[str]) -> None:
        """Add rows at the end: all of them, or none.

        Raises:
            StoreFailed: the disk is full or gone.
        """
        with self._writing, self._failing_kindly():
            with self._writer:
                self._writer.executemany("INSERT INTO records VALUES (?, ?)", enumerate(raws, self.count))
            self.count += len(raws)

    def window(self, first: int, count: int) -> list[str]:
        """The texts of up to `count` rows from row `first` on.

        Raises:
            StoreFailed: the file is gone.
        """
        with self._failing_kindly():
            rows = self._reader.execute(
                "SELECT raw FROM records WHERE row >= ? AND row < ? ORDER BY row", (first, first + count)
            )
            return [raw for (raw,) in rows]

    def close(self) -> None:
        """Give up the file and remove it."""
        with self._writing:
            self._writer.close()
            self._reader.close()
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    @contextmanager
    def _failing_kindly(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreFailed(
                f"The loaded records could not be kept on disk: {error}.",
                why=f"They are kept in {self._path.parent} while auditui runs.",
                remedy="Make room there, or set XDG_CACHE_HOME to another folder.",
            ) from None
