"""The rows of a search that pass a filter, in an order, as far as they were looked at.

Row numbers, four bytes each, and no records. What is loaded later is looked at by the next `follow`. Knows nothing of
the network or of screens.
"""

from __future__ import annotations

import asyncio
import time
from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence

from auditui.model.columns import COLUMNS
from auditui.model.errors import StoreFailed
from auditui.model.fields import FIELDS, Field
from auditui.model.filter import Filter
from auditui.model.view import Order
from auditui.session.search import Search
from auditui.store.looker import Looker

_FIRST_STEP = 4_000
_STEP = 25_000  # rows looked at in one go, some 15 ms
_SORTING_PATIENCE = 4  # times what the last sorting took, between two while pages arrive


class Rows:
    """Positions 0 to `count` - 1, each the row of a loaded record."""

    def __init__(self, search: Search, wanted: Filter, order: Order, *, only_marked: bool = False) -> None:
        self.search = search
        self.wanted = wanted
        self.order = order
        self.only_marked = only_marked
        self.all_rows = not wanted and not only_marked and order.natural
        """Every loaded row in the site's order: there is nothing to look at."""
        self._rows = array("I")
        self._covers = 0
        self._looker: Looker | None = None
        self._turn = asyncio.Lock()
        self._sort_again = 0.0
        self._closed = False

    @property
    def count(self) -> int:
        """Rows found so far."""
        return self.search.progress.loaded if self.all_rows else len(self._rows)

    @property
    def covers(self) -> int:
        """How many of the loaded rows were looked at: the first so many."""
        return self.search.progress.loaded if self.all_rows else self._covers

    @property
    def behind(self) -> bool:
        """Whether rows are loaded that were not looked at."""
        return self.covers < self.search.progress.loaded

    def window(self, first: int, count: int) -> Sequence[int]:
        """The rows of up to `count` positions from `first` on."""
        if self.all_rows:
            return range(max(0, first), min(first + count, self.count))
        return self._rows[max(0, first) : first + count]

    def position(self, row: int) -> int | None:
        """Where a row stands; None where it does not pass or was not looked at."""
        if self.all_rows:
            return row if row < self.count else None
        if not self.order.natural:
            try:
                return self._rows.index(row)
            except ValueError:
                return None
        place = bisect_left(self._rows, row)
        return place if place < len(self._rows) and self._rows[place] == row else None

    def nearest(self, row: int) -> int:
        """The position of a row, or of the next one that is there."""
        if self.all_rows or not self.order.natural:
            return self.position(row) or 0
        return max(0, min(bisect_left(self._rows, row), len(self._rows) - 1))

    async def follow(self, changed: Callable[[], None], *, patiently: bool = False) -> None:
        """Look at all that is loaded, in steps. Cancelling it is all right at any moment.

        Args:
            changed: called whenever there may be more rows.
            patiently: while pages arrive: sort anew only every now and then.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        try:
            async with self._turn:
                if self.order.natural:
                    await self._look(changed)
                elif self.behind and not (patiently and time.monotonic() < self._sort_again):
                    await self._sort()
                    changed()
        except StoreFailed:
            if not self._closed:  # else nobody waits for these rows any more
                raise

    async def _look(self, changed: Callable[[], None]) -> None:
        step = _FIRST_STEP
        while self.behind and not self._closed:
            end = min(self._covers + step, self.search.progress.loaded)
            await self.search.file(end)
            found = await asyncio.to_thread(self._open().rows, self._covers, end)
            self._rows.extend(found)
            self._covers, step = end, _STEP
            changed()

    async def _sort(self) -> None:
        began, end = time.monotonic(), self.search.progress.loaded
        await self.search.file(end)
        by = next(column.order for column in COLUMNS if column.key == self.order.column)
        if by == "created":
            found = await asyncio.to_thread(self._open().by_date, end, descending=self.order.descending)
        else:
            found = await self._sorted_by(by, end)
        self._rows, self._covers = found, end
        now = time.monotonic()
        self._sort_again = now + _SORTING_PATIENCE * (now - began)

    async def _sorted_by(self, by: str, end: int) -> array[int]:
        """One array a value, filled in the site's order, then all of them in the order of the values."""
        field = next(field for field in FIELDS if field.name == by)
        filed: dict[int, array[int]] = {}
        for first in range(0, end, _STEP):
            await asyncio.to_thread(self._file, filed, field, first, min(first + _STEP, end))
        ranks = await asyncio.to_thread(self._open().ranks, field)
        found = array("I")
        for number in reversed(ranks) if self.order.descending else ranks:
            found.extend(filed.get(number, ()))
        return found

    def _file(self, filed: dict[int, array[int]], field: Field, first: int, end: int) -> None:
        for row, number in self._open().filed(first, end, field):
            if number not in filed:
                filed[number] = array("I")
            filed[number].append(row)

    async def passing(self, rows: Sequence[int]) -> frozenset[int]:
        """Which of some hundred rows pass the filter.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        await self.search.file(max(rows, default=0) + 1)
        return await asyncio.to_thread(self._open().among, rows)

    def _open(self) -> Looker:
        if self._looker is None:
            self._looker = self.search.look(self.wanted, only_marked=self.only_marked)
        return self._looker

    def close(self) -> None:
        """Give up what is open."""
        self._closed = True
        if self._looker is not None:
            self._looker.close()
