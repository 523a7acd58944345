"""What somebody looks at: a search through a filter, in an order, with marks, and the views one came through.

Rows for the table, counts for facets and timeline. The searches themselves are `exploring`'s. Plain state without
Textual: a screen calls the coroutines from its workers, one at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from auditui.model.errors import StoreFailed
from auditui.model.fields import Field
from auditui.model.filter import NO_FILTER, Filter
from auditui.model.filter_parse import parse_filter
from auditui.model.first import First
from auditui.model.record import Record
from auditui.model.resumption import Former, Spot, fingerprint
from auditui.model.view import Order, View
from auditui.session.carried_marks import CarriedMarks
from auditui.session.exploring import Exploring
from auditui.session.rows import Rows
from auditui.session.search import Search
from auditui.session.tally import Tally
from auditui.session.trail import Trail

_LATE = 3_600_000  # milliseconds; records arrive minutes late, inside the log
_SEARCHES_KEPT = 3  # earlier ones, each with its file; going back to one asks the site nothing


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    row: int
    """The record's row in the search."""
    record: Record
    marked: bool
    new_address: bool
    """The first record of its author from this address, though not the first of all, among those loaded."""


@dataclass(frozen=True, slots=True)
class Place:
    """A view, and the record one was at."""

    view: View
    search: Search | None
    """What was searched; it may be closed by now."""
    row: int
    """The record's row in the search."""
    fingerprint: str
    """The record's; "" where there was none."""
    only_marked: bool = False
    former: Former | None = None
    """A search of an earlier run, which is to be made again as it was; `search` is None then."""

    @property
    def spot(self) -> Spot | None:
        """The record; None where there was none."""
        return Spot(self.row, self.fingerprint) if self.fingerprint else None


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of what is loaded is shown. Every number is counted."""

    count: int = 0
    """Rows that pass."""
    covers: int = 0
    """Loaded rows that were looked at."""
    filtered: bool = False
    """Whether a filter decides what is shown."""
    only_marked: bool = False
    marked: int = 0
    """Marked rows, shown or not."""
    order: Order = Order()
    exhausted: bool = False
    """Whether nothing further back can pass."""


class Investigation:
    """The state of one table."""

    def __init__(self, exploring: Exploring, view: View) -> None:
        self.exploring = exploring
        self.view = view
        """What is looked at: query, filter and order."""
        self.wanted = NO_FILTER
        """The filter, read."""
        self.rows: Rows | None = None
        self.trail: Trail[Place] = Trail()
        self._kept: list[Search] = []
        self._carried: dict[Search, CarriedMarks] = {}
        exploring.keeps = self._keep

    # Rows, for the table

    @property
    def count(self) -> int:
        """Rows that can be shown now."""
        return self.rows.count if self.rows else 0

    def window(self, first: int, count: int) -> Sequence[Line]:
        """Up to `count` lines from position `first` on.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        if self.rows is None:
            return ()
        search, rows = self.rows.search, self.rows.window(first, count)
        firsts = search.firsts(rows)
        return [
            Line(row, record, row in search.marked, _tells(firsts.get(row, frozenset())))
            for row, record in zip(rows, search.records(rows), strict=True)
        ]

    @property
    def shown(self) -> Shown:
        """How much is shown."""
        if (rows := self.rows) is None:
            return Shown()
        return Shown(
            rows.count,
            rows.covers,
            bool(rows.wanted),
            rows.only_marked,
            len(rows.search.marked),
            rows.order,
            self.exhausted,
        )

    def line(self, position: int) -> Line | None:
        """One line; None where there is none."""
        lines = self.window(position, 1)
        return lines[0] if lines else None

    @property
    def exhausted(self) -> bool:
        """Whether the filter's own beginning is passed, so that nothing further back can be let through.

        The log is in order of date but for records that arrive minutes late; where it is not, nobody knows.
        """
        since = self.wanted.since
        if since is None or self.rows is None or not (loaded := self.rows.search.progress.loaded):
            return False
        if self.rows.search.progress.doubts.risen:
            return False
        with suppress(StoreFailed):
            last = self.rows.search.records((loaded - 1,))[0].created
            return last is not None and last < since - _LATE
        return False

    def first_before(self, moment: int) -> int:
        """The position of the first line from before a moment, in the site's order; `count` where there is none.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        low, high = 0, self.count
        while low < high:
            middle = (low + high) // 2
            line = self.line(middle)
            created = line.record.created if line else None
            if created is not None and created < moment:
                high = middle
            else:
                low = middle + 1
        return low

    def firsts(self, row: int) -> frozenset[First]:
        """Of what a row of the search is the first among all that are loaded.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        return self.rows.search.firsts((row,)).get(row, frozenset()) if self.rows else frozenset()

    def next_mark(self, position: int, steps: int) -> int | None:
        """The position of the nearest marked line below (1) or above (-1) a position; None where there is none."""
        if self.rows is None:
            return None
        found = (self.rows.position(row) for row in self.rows.search.marked)
        beyond = [each for each in found if each is not None and (each - position) * steps > 0]
        return min(beyond, key=lambda each: abs(each - position), default=None)

    # Filters and orders

    def read(self, text: str) -> Filter:
        """Read a filter; dates in it are read in the zone that is shown.

        Raises:
            FilterFault: it cannot be read.
        """
        connection = self.exploring.connection
        return parse_filter(text, now=connection.now() if connection else 0, zone=self.exploring.zone)

    def prepare(self, wanted: Filter, view: View, *, only_marked: bool = False) -> Rows | None:
        """Other rows of the current search, not looked at yet; None before there is a search."""
        search = self.exploring.search
        return Rows(search, wanted, view.order, only_marked=only_marked) if search else None

    def adopt(self, rows: Rows, view: View) -> None:
        """Show these rows from now on; whoever showed others closes those."""
        self.rows, self.view, self.wanted = rows, replace(view, query=rows.search.query), rows.wanted

    def tally(self, facets: tuple[Field, ...], *, without: Filter | None = None) -> Tally | None:
        """Counts of what is shown, or of what another filter lets through; whoever counts closes it.

        Args:
            facets: the fields whose values are counted, besides times.
            without: the other filter.
        """
        if self.rows is None:
            return None
        wanted = self.wanted if without is None else without
        return Tally(self.rows.search, wanted, facets, only_marked=self.rows.only_marked)

    # The trail

    def here(self, position: int) -> Place:
        """Where one is, with the cursor at a position."""
        line = self.line(position)
        search = self.rows.search if self.rows else None
        only_marked = self.rows is not None and self.rows.only_marked
        row, known_by = (line.row, fingerprint(line.record.raw)) if line else (0, "")
        return Place(self.view, search, row, known_by, only_marked)

    def is_open(self, search: Search | None) -> bool:
        """Whether one can go back to a search without asking the site."""
        return search is not None and (search is self.exploring.search or search in self._kept)

    def return_to(self, search: Search) -> None:
        """Go back to an earlier search that is still open."""
        left = self.exploring.search
        if left is search:
            return
        self._kept.remove(search)
        self.exploring.resume(search)
        if left is not None:
            self._keep(left)

    def replaced(self, before: Search, by: Search) -> None:
        """A search was made anew: places and marks in the old one are places and marks in the new one.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        self._carried[by] = CarriedMarks.of(before, by, self.pending(before))
        self._carried.pop(before, None)
        for place in self.trail.places:
            if place.search is before:
                self.trail.swap(place, replace(place, search=by))

    def reopened(self, former: Former, search: Search) -> None:
        """A search of an earlier run was made again: places and marks in it are places and marks in this one."""
        self._carried[search] = CarriedMarks(search, former.marks, settled=True)
        for place in self.trail.places:
            if place.former is former:
                self.trail.swap(place, replace(place, search=search, former=None))

    def pending(self, search: Search) -> tuple[Spot, ...]:
        """Marks of records that have not come yet."""
        carried = self._carried.get(search)
        return carried.pending if carried else ()

    def carry_marks(self) -> bool:
        """Set the marks that belong to what has come; whether there were any.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        search = self.exploring.search
        carried = self._carried.get(search) if search else None
        return carried is not None and carried.follow()

    def _keep(self, left: Search) -> bool:
        """Keep a search while the trail leads to it."""
        if not any(place.search is left for place in self.trail.places):
            return False
        self._kept.append(left)
        for search in self._kept[:-_SEARCHES_KEPT]:
            search.close()
            self._carried.pop(search, None)
        del self._kept[:-_SEARCHES_KEPT]
        return True

    def close(self) -> None:
        """Give up what is open, but for the current search."""
        if self.rows is not None:
            self.rows.close()
        self.rows = None
        for search in self._kept:
            search.close()
        self._kept.clear()
        self._carried.clear()
        self.trail.clear()


def _tells(firsts: frozenset[First]) -> bool:
    return First.ADDRESS in firsts and First.RECORD not in firsts
