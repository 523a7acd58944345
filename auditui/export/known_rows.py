"""By what the rows of a database are known again, wherever in the file they are. Knows nothing of what is in them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Self

_IN_ORDER = {
    "records": "SELECT * FROM records ORDER BY id",
    "associated_objects": "SELECT * FROM associated_objects ORDER BY record, position",
    "changed_values": "SELECT * FROM changed_values ORDER BY record, position",
}
"""By table, the question for its rows as they were written."""

Row = tuple[Any, ...]


class KnownRows:
    """A hash for each table, which grows with its rows."""

    def __init__(self) -> None:
        """There are no rows yet."""
        self._tables = {table: hashlib.sha256() for table in _IN_ORDER}

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Self:
        """What is known of all rows that are there.

        Raises:
            sqlite3.Error: they cannot be read.
        """
        known = cls()
        for table, question in _IN_ORDER.items():
            for _row in known.passing(table, connection.execute(question)):
                pass
        return known

    @property
    def sha256(self) -> str:
        """Of all rows, in hexadecimal."""
        return hashlib.sha256(b"".join(each.digest() for each in self._tables.values())).hexdigest()

    def passing(self, table: str, rows: Iterable[Row]) -> Iterator[Row]:
        """The same rows, on their way into the table or out of it: texts, whole numbers, None."""
        known = self._tables[table]
        for row in rows:
            # SQLite has no truth values: these come back as numbers
            plain = tuple(int(each) if isinstance(each, bool) else each for each in row)
            known.update(repr(plain).encode("utf-8", "surrogatepass"))
            yield row
