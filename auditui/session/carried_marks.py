"""Marks that go along when a search is made anew: records have no id, so that they are found again by their fingerprints."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable

from auditui.model.resumption import Spot, fingerprint
from auditui.session.search import NEAR, Search

_AT_ONCE = 5_000  # rows looked at in one go


class CarriedMarks:
    """Marks to be set in a search as its records come."""

    def __init__(self, search: Search, spots: Iterable[Spot], *, settled: bool = False) -> None:
        """Look for these records, each as often as it is given: equal records can be real.

        Args:
            search: where they are looked for.
            spots: the records, and where they stood.
            settled: whether the rows are still about the same, so that beyond them none is looked for.
        """
        self._search = search
        self._wanted: defaultdict[str, deque[int]] = defaultdict(deque)
        for spot in sorted(spots, key=lambda spot: spot.row):
            self._wanted[spot.fingerprint].append(spot.row)
        rows = (row for waiting in self._wanted.values() for row in waiting)
        self._end = max(rows, default=0) + NEAR if settled else None
        self._looked_at = 0

    @classmethod
    def of(cls, before: Search, search: Search, pending: Iterable[Spot] = ()) -> CarriedMarks:
        """The marks of one search, and those that had not come there, for another one with the same question.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        rows = sorted(before.marked)
        marked = zip(rows, before.records(rows), strict=True)
        return cls(search, (*(Spot(row, fingerprint(record.raw)) for row, record in marked), *pending))

    @property
    def pending(self) -> tuple[Spot, ...]:
        """Those that were not found yet."""
        return tuple(Spot(row, known_by) for known_by, rows in self._wanted.items() for row in rows)

    def follow(self) -> bool:
        """Mark what has come since the last time; whether there was anything.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        found: list[int] = []
        loaded = self._search.progress.loaded
        limit = loaded if self._end is None else min(loaded, self._end)
        while self._wanted and self._looked_at < limit:
            end = min(self._looked_at + _AT_ONCE, limit)
            texts = self._search.texts(range(self._looked_at, end))
            found += [row for row, raw in sorted(texts.items()) if self._takes(raw)]
            self._looked_at = end
        if found:
            self._search.mark(found, marked=True)
        return bool(found)

    def _takes(self, raw: str) -> bool:
        """Whether a record with this text was marked, as often as it is asked."""
        known_by = fingerprint(raw)
        if known_by not in self._wanted:
            return False
        rows = self._wanted[known_by]
        rows.popleft()
        if not rows:
            del self._wanted[known_by]
        return True
