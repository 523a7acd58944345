"""The values that occur in what is loaded, for completing a filter as it is typed: asked for beforehand, so that a key waits for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from auditui.model.fields import FIELDS, Field
from auditui.model.filter import NO_FILTER
from auditui.model.fold import fold
from auditui.session.search import Search
from auditui.store.looker import Looker

_MOST = 500  # values of a field; what is rarer is typed in full
_LIKE = {"object": "affected", "type": "affected-type"}
"""Fields with several values are completed by what occurs in the one that has a single value."""


class KnownValues:
    """Frequent values of every field that has short ones."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[str, ...]] = {}

    async def learn(self, search: Search) -> None:
        """Look at what is loaded by now.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        looker = search.look(NO_FILTER)
        try:
            for field in FIELDS:
                if field.single:
                    self._values[field.name] = await asyncio.to_thread(_values, looker, field)
        finally:
            looker.close()

    def holding(self, field: Field, typed: str, most: int) -> Sequence[str]:
        """Known values of a field that hold what was typed, those that begin with it first, then by how often they occur."""
        text = fold(typed)
        known = self._values.get(_LIKE.get(field.name, field.name), ())
        found = [value for value in known if value and text in fold(value)]
        found.sort(key=lambda value: not fold(value).startswith(text))
        return found[:most]


def _values(looker: Looker, field: Field) -> tuple[str, ...]:
    return looker.values(field, "", _MOST)
