"""The values that occur in what is loaded, for completing a filter as it is typed: asked for beforehand, so that a key waits for nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

from auditui.model.fields import FIELDS, Field
from auditui.model.filter import NO_FILTER
from auditui.model.fold import fold
from auditui.session.search import Search
from auditui.store.looker import Looker

_SINGLES = tuple(field for field in FIELDS if field.single)
_STEP = 25_000  # rows counted in one go
_MOST = 500  # values of a field; what is rarer is typed in full
_LIKE = {"object": "affected", "type": "affected-type"}
"""Fields with several values are completed by what occurs in the one that has a single value."""


class KnownValues:
    """Frequent values of every field that has short ones."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[str, ...]] = {}
        self._counts: dict[str, Counter[int]] = {}
        self._search: Search | None = None
        self._covers = 0

    async def learn(self, search: Search) -> None:
        """Look at what was loaded since the last time.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        if search is not self._search:
            self._search, self._covers, self._counts = (
                search,
                0,
                {field.name: Counter() for field in _SINGLES},
            )
        if self._covers == search.progress.loaded:
            return
        looker = search.look(NO_FILTER)
        try:
            while self._covers < search.progress.loaded:
                end = min(self._covers + _STEP, search.progress.loaded)
                await search.file(end)
                await asyncio.to_thread(self._count, looker, self._covers, end)
                self._covers = end
            for field in _SINGLES:
                best = [number for number, _ in self._counts[field.name].most_common(_MOST)]
                names = await asyncio.to_thread(looker.names, best)
                self._values[field.name] = tuple(names[number] for number in best)
        finally:
            looker.close()

    def _count(self, looker: Looker, first: int, end: int) -> None:
        for field in _SINGLES:
            self._counts[field.name].update(looker.counts(first, end, field))

    def holding(self, field: Field, typed: str, most: int) -> Sequence[str]:
        """Known values of a field that hold what was typed, those that begin with it first, then by how often they occur."""
        text = fold(typed)
        known = self._values.get(_LIKE.get(field.name, field.name), ())
        found = [value for value in known if value and text in fold(value)]
        found.sort(key=lambda value: not fold(value).startswith(text))
        return found[:most]
