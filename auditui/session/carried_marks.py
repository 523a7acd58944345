"""Marks that go along when a search is made anew: records have no id, so that they are found again by their text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from auditui.session.search import Search

_AT_ONCE = 5_000  # rows looked at in one go


class CarriedMarks:
    """Marks to be set in a search as its records come."""

    def __init__(self, search: Search, raws: Iterable[str]) -> None:
        """Look for these texts, each as often as it is given: equal records can be real."""
        self._search = search
        self._wanted = Counter(raws)
        self._looked_at = 0

    @classmethod
    def of(cls, before: Search, search: Search) -> CarriedMarks:
        """The marks of one search, for another one with the same question.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        rows = sorted(before.marked)
        return cls(search, (record.raw for record in before.records(rows)))

    def follow(self) -> bool:
        """Mark what has come since the last time; whether there was anything.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        found: list[int] = []
        while self._wanted and self._looked_at < self._search.progress.loaded:
            end = min(self._looked_at + _AT_ONCE, self._search.progress.loaded)
            for row, raw in sorted(self._search.texts(range(self._looked_at, end)).items()):
                if self._wanted[raw] > 0:
                    self._wanted[raw] -= 1
                    found.append(row)
            self._wanted = +self._wanted
            self._looked_at = end
        if found:
            self._search.mark(found, marked=True)
        return bool(found)
