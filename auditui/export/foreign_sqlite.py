"""Asking a database that somebody else can have made: it runs nothing of theirs, and no question takes for ever.

A b-tree whose branches all lead to one leaf has more rows in 70 kB than can be counted in a lifetime, and SQLite does not
hear ctrl+c.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

_AT_ONCE = 10_000
"""Steps of SQLite's machine between two looks at the time."""
_LEAST = 2_000_000
"""Steps that any file gets: some 0.1 s, and more than the schema takes."""
_EACH_BYTE = 1
"""Steps that a byte of the file gets. A row takes two to be counted, ten to be read, and has 60 bytes at least."""


class Endless(Exception):
    """A question that took longer than the file's size can explain."""


@contextmanager
def wary(connection: sqlite3.Connection, size: int) -> Iterator[None]:
    """Ask nothing of the database but in this context.

    Args:
        connection: a new one, which has asked nothing yet.
        size: of the file, in bytes.

    Raises:
        Endless: what was asked took too many steps.
        KeyboardInterrupt: ctrl+c came while SQLite was at work, which has swallowed it.
        sqlite3.Error: as it came.
    """
    left = (_LEAST + size * _EACH_BYTE) // _AT_ONCE

    def is_over() -> bool:
        nonlocal left
        left -= 1
        return left <= 0

    connection.set_progress_handler(is_over, _AT_ONCE)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_INTERRUPT:
            raise
        if left > 0:
            raise KeyboardInterrupt from None
        raise Endless from None
    finally:
        connection.set_progress_handler(None, 0)
