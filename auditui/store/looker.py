"""Questions about the loaded records under one filter: which rows pass, in which order, and how they are spread.

A `Looker` has a connection of its own and is called from threads, one call at a time. Calls over many rows take a range,
so that who calls can go in steps, show what there is, and stop between two of them.
"""

from __future__ import annotations

import sqlite3
import threading
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from auditui.model.fields import Field
from auditui.model.filter import Filter
from auditui.model.fold import fold
from auditui.store.facts import column, decoded, encoded
from auditui.store.filter_sql import Condition
from auditui.store.records import RecordStore, places, reading_kindly

GRAIN: Final = 900_000
"""Milliseconds by which times are counted: the bounds of days and hours in every zone are multiples of it."""

_LAST_DATE = 253_402_300_800_000  # the year 10000
_TEMPORARY = "PRAGMA cache_size = -4000; CREATE TEMP TABLE hits (row INTEGER PRIMARY KEY);"


@dataclass(frozen=True, slots=True)
class Spread:
    """How the rows of a range that pass are spread over values and over time. Every count adds up to `matched`."""

    matched: int = 0
    values: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """By the name of a facet's field: how many rows have the value with this number."""
    times: Mapping[int, int] = field(default_factory=dict)
    """How many were created in the span that begins at key * `GRAIN` milliseconds since the epoch."""
    undated: int = 0
    """How many have no date that can be drawn."""


class Looker:
    """Looks at the rows of a store through a filter."""

    def __init__(self, store: RecordStore, wanted: Filter, *, only_marked: bool = False) -> None:
        """Open a connection; quick enough to be done anywhere.

        Raises:
            StoreFailed: the file is gone.
        """
        self._path = store.path
        self._turn = threading.Lock()
        self._closed = False
        with reading_kindly(self._path):
            self._connection = sqlite3.connect(
                f"{store.path.as_uri()}?mode=ro", uri=True, check_same_thread=False, isolation_level=None
            )
            self._connection.executescript(_TEMPORARY)
            self._condition = Condition(self._connection, wanted, only_marked=only_marked)

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        with self._turn, reading_kindly(self._path):
            self._condition.follow()
            yield self._connection

    def _where(self, what: str, more: str) -> str:
        return f"SELECT {what} FROM {self._condition.sources} WHERE {more} AND {self._condition.sql}"

    def _given(self, **more: object) -> dict[str, object]:
        return {**self._condition.parameters, **more}

    def rows(self, first: int, end: int) -> array[int]:
        """The rows from `first` up to, not including, `end` that pass, ascending.

        Raises:
            StoreFailed: the file is gone; likewise for all that follow.
        """
        with self._asking() as connection:
            found = connection.execute(
                self._where("row", "row >= :first AND row < :end") + " ORDER BY row",
                self._given(first=first, end=end),
            )
            return array("I", (row for (row,) in found))

    def among(self, rows: Sequence[int]) -> frozenset[int]:
        """Which of these rows pass; some hundred at a time."""
        named = ", ".join(f":r{place}" for place in range(len(rows)))
        with self._asking() as connection:
            found = connection.execute(
                self._where("row", f"row IN ({named})"),
                self._given(**{f"r{place}": row for place, row in enumerate(rows)}),
            )
            return frozenset(row for (row,) in found)

    def texts(self, rows: Sequence[int]) -> list[str]:
        """The JSON texts of these rows, in their order; some hundred at a time."""
        with self._asking() as connection:
            found = dict(
                connection.execute(
                    f"SELECT row, raw FROM records WHERE row IN ({places(rows)})", tuple(rows)
                ).fetchall()
            )
        return [found[row] for row in rows]

    def by_date(self, end: int, *, descending: bool) -> array[int]:
        """The rows before `end` that pass, by their dates; equal ones stay in the site's order, undated ones come last."""
        with self._asking() as connection:
            found = connection.execute(
                f"SELECT row FROM {self._condition.sources} WHERE row < :end AND {self._condition.sql} "
                f"ORDER BY created IS NULL, created {'DESC' if descending else 'ASC'}, row",
                self._given(end=end),
            )
            return array("I", (row for (row,) in found))

    def filed(self, first: int, end: int, by: Field) -> list[tuple[int, int]]:
        """The rows of the range that pass, ascending, each with the number of its value."""
        with self._asking() as connection:
            return connection.execute(
                self._where(f"row, {column(by)}", "row >= :first AND row < :end") + " ORDER BY row",
                self._given(first=first, end=end),
            ).fetchall()

    def ranks(self, by: Field) -> list[int]:
        """The numbers of all names in their order."""
        with self._asking() as connection:
            if by.sort_key is None:
                return [number for (number,) in connection.execute("SELECT id FROM names ORDER BY folded")]
            key = by.sort_key
            names = connection.execute("SELECT id, folded FROM names").fetchall()
            names.sort(key=lambda name: key(decoded(name[1])))
            return [number for number, _ in names]

    def spread(self, first: int, end: int, facets: Collection[Field]) -> Spread:
        """How the rows of the range that pass are spread."""
        with self._asking() as connection:
            connection.execute("DELETE FROM temp.hits")
            connection.execute(
                f"INSERT INTO temp.hits {self._where('row', 'row >= :first AND row < :end')}",
                self._given(first=first, end=end),
            )
            values = {
                each.name: dict(
                    connection.execute(f"SELECT {column(each)}, count(*) FROM {_HITS} GROUP BY 1")
                )
                for each in facets
            }
            times = dict(
                connection.execute(
                    f"SELECT CASE WHEN created >= 0 AND created < {_LAST_DATE} THEN created / {GRAIN} END, count(*) "
                    f"FROM {_HITS} GROUP BY 1"
                )
            )
        undated = times.pop(None, 0)
        return Spread(sum(times.values()) + undated, values, times, undated)

    def times(self, end: int, since: int, until: int, grain: int) -> dict[int, int]:
        """How many of the rows before `end` that pass were created in each `grain` milliseconds of [since, until)."""
        with self._asking() as connection:
            return dict(
                connection.execute(
                    self._where(
                        "created / :grain, count(*)", "row < :end AND created >= :since AND created < :until"
                    )
                    + " GROUP BY 1",
                    self._given(end=end, since=since, until=until, grain=grain),
                )
            )

    def names(self, numbers: Collection[int]) -> dict[int, str]:
        """The texts of names, in one of the spellings that occur."""
        with self._asking() as connection:
            found = connection.execute(
                f"SELECT id, text FROM names WHERE id IN ({places(numbers)})", tuple(numbers)
            )
            return {number: decoded(text) for number, text in found}

    def number(self, text: str) -> int | None:
        """The number of a name, however it is spelled; None where it does not occur."""
        with self._asking() as connection:
            found = connection.execute(
                "SELECT id FROM names WHERE folded = ?", (encoded(fold(text)),)
            ).fetchone()
            return found[0] if found else None

    def counts(self, first: int, end: int, of: Field) -> dict[int, int]:
        """How many rows of the range have the value with each number, filtered or not."""
        with self._asking() as connection:
            return dict(
                connection.execute(
                    f"SELECT {column(of)}, count(*) FROM facts WHERE row >= ? AND row < ? GROUP BY 1",
                    (first, end),
                )
            )

    def close(self) -> None:
        """Give up the connection; a question under way is broken off."""
        if not self._closed:
            self._closed = True
            self._connection.interrupt()
            with self._turn:
                self._connection.close()


_HITS = "temp.hits JOIN facts USING (row)"
