"""How the rows that pass a filter are spread over values and over time, counted as pages arrive.

Every number is a count over the first `covers` loaded rows, so that bars and values add up to `matched` at any moment.
Knows nothing of screens.
"""

from __future__ import annotations

import asyncio
import heapq
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from auditui.model.errors import StoreFailed
from auditui.model.fields import FACETS, Field
from auditui.model.filter import Filter
from auditui.session.search import Search
from auditui.store.looker import GRAIN, Looker, Spread

_STEP = 25_000  # rows counted in one go, some 50 ms of a thread


@dataclass(frozen=True, slots=True)
class TopValues:
    """The most frequent values of a field."""

    values: tuple[tuple[str, int], ...]
    """(value in a spelling that occurs, count), most frequent first."""
    others: int
    """How many values more there are."""
    other_count: int
    """How many records have one of those."""


class Tally:
    """Counts over one search, under one filter."""

    grain = GRAIN
    """Milliseconds in one unit of `times`."""

    def __init__(
        self, search: Search, wanted: Filter, facets: tuple[Field, ...] = FACETS, *, only_marked: bool = False
    ) -> None:
        self.search = search
        self.facets = facets
        self.covers = 0
        """How many of the loaded rows were counted: the first so many."""
        self.matched = 0
        """How many of those pass."""
        self.undated = 0
        """How many of those that pass have no date that can be drawn."""
        self.times: Counter[int] = Counter()
        """How many were created in the span that begins at key * `grain` milliseconds since the epoch."""
        self._wanted = wanted
        self._only_marked = only_marked
        self._values = {field.name: array("I") for field in facets}
        self._looker: Looker | None = None
        self._turn = asyncio.Lock()
        self._closed = False

    async def follow(self, changed: Callable[[], None], *, patiently: bool = False) -> None:
        """Count what is loaded and was not counted, in steps. Cancelling it is all right at any moment.

        Args:
            changed: called after each step.
            patiently: while pages arrive: count what is filed anyway, and hold up nothing for the rest.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        try:
            async with self._turn:
                await self._count(changed, patiently=patiently)
        except StoreFailed:
            if not self._closed:  # else nobody waits for these counts any more
                raise

    async def _count(self, changed: Callable[[], None], *, patiently: bool) -> None:
        while not self._closed:
            there = self.search.filed if patiently else self.search.progress.loaded
            if self.covers >= (end := min(self.covers + _STEP, there)):
                return
            await self.search.file(end)
            self._add(await asyncio.to_thread(self._open().spread, self.covers, end, self.facets), end)
            changed()

    def _add(self, spread: Spread, end: int) -> None:
        self.covers = end
        self.matched += spread.matched
        self.undated += spread.undated
        self.times.update(spread.times)
        for name, counts in spread.values.items():
            numbers = self._values[name]
            numbers.extend([0] * (max(counts, default=0) + 1 - len(numbers)))
            for number, count in counts.items():
                numbers[number] += count

    async def top(self, field: Field, most: int) -> TopValues:
        """The most frequent values of a facet.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        return await asyncio.to_thread(self._top, self._values[field.name], most)

    def _top(self, counts: Sequence[int], most: int) -> TopValues:
        best = heapq.nlargest(most, ((count, -number) for number, count in enumerate(counts) if count))
        names = self._open().names([-number for _, number in best])
        values = tuple((names[-number], count) for count, number in best)
        others = sum(1 for count in counts if count) - len(values)
        return TopValues(values, others, sum(counts) - sum(count for _, count in values))

    async def count(self, field: Field, value: str) -> int:
        """How many have one value of a facet.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        number = await asyncio.to_thread(self._open().number, value)
        counts = self._values[field.name]
        return counts[number] if number is not None and number < len(counts) else 0

    async def finer(self, since: int, until: int, grain: int) -> dict[int, int]:
        """Counts as in `times`, by another grain, of the counted rows created in [since, until) milliseconds.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        return await asyncio.to_thread(self._open().times, self.covers, since, until, grain)

    def _open(self) -> Looker:
        if self._looker is None:
            self._looker = self.search.look(self._wanted, only_marked=self._only_marked)
        return self._looker

    def close(self) -> None:
        """Give up what is open."""
        self._closed = True
        if self._looker is not None:
            self._looker.close()
