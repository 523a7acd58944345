"""The part of the explorer that leads from a record elsewhere: pivot, surroundings, days, related records, marks.

Each asks with a small list at most, and ends in a filter, a search or a move of the cursor.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work
from whenever import Date, DateDelta

from auditui.model.cell_text import of_object
from auditui.model.columns import COLUMNS
from auditui.model.errors import AudituiError
from auditui.model.fields import field_named
from auditui.model.filter import NO_FILTER
from auditui.model.filter_edit import added, between, clause_text, moment
from auditui.model.first import First
from auditui.model.pivot import pivots
from auditui.model.query import Query
from auditui.model.record import Record
from auditui.model.view import Order, View
from auditui.session.investigation import Line, Place
from auditui.session.related import Related, naming, related
from auditui.session.search import Search
from auditui.ui.present import notify_error
from auditui.ui.screens.counting import CountingScreen
from auditui.ui.screens.menu import Entry, Menu

if TYPE_CHECKING:
    from auditui.ui.record_view import Relation

AROUND = 300_000
"""Milliseconds before and after a record that its surroundings reach."""


_SECOND = 1_000  # milliseconds; bounds are whole seconds, as they stand on the screen


class PivotingScreen(CountingScreen):
    """Leads from the cursor's record elsewhere."""

    @property
    def _line_here(self) -> Line | None:
        """The line under the cursor."""
        try:
            return self._investigation.line(self._table.cursor)
        except AudituiError as error:
            notify_error(self.app, error)
            return None

    # Pivot, and filters from the cell under the cursor

    async def action_pivot(self) -> None:
        """Show all that share something with the cursor's record, and nothing else."""
        if (line := self._line_here) is None:
            return
        entries = [
            Entry(pivot.letter, pivot.label, pivot.value, pivot.filter)
            for pivot in pivots(line.record, self._exploring.zone)
        ]
        menu = Menu("Show all of …", entries, "Other filters are lifted; < goes back.")
        await self.app.push_screen(menu, self._pivot)

    def _pivot(self, text: str | None) -> None:
        if text is not None:
            wanted = self._investigation.read(text)
            view = replace(self._investigation.view, filter=text)
            self._look(wanted, view, replace(self._here(), only_marked=False))

    def action_filter_for(self) -> None:
        """Only records with the value under the cursor."""
        self._filter_by_cell(negated=False)

    def action_filter_out(self) -> None:
        """No records with the value under the cursor."""
        self._filter_by_cell(negated=True)

    def _filter_by_cell(self, *, negated: bool) -> None:
        column, line = self._table.column, self._line_here
        if column is None or line is None:
            return
        field = field_named(column.field) if column.field else None
        if field is None:
            self._hint(f"{column.title} cannot be filtered by its cell; h and l go to another column.")
            return
        clause = clause_text(field.name, field.values(line.record)[0], negated=negated)
        self._filter_by(added(self._investigation.view.filter, clause))

    # Surroundings and days

    def action_around(self) -> None:
        """What happened 5 minutes before and after, by whomever, with the cursor kept on the record."""
        line, search = self._line_here, self._exploring.search
        if line is None or search is None:
            return
        at = line.record.created
        if at is None:
            self._hint("This record has no date, so nothing is around it.")
            return
        start, end = (at - AROUND) // _SECOND * _SECOND, -(-(at + AROUND + 1) // _SECOND) * _SECOND
        place = replace(self._here(), only_marked=False)
        if search.spans(start, end):
            text = between("", NO_FILTER, start, end, self._exploring.zone)
            self._look(self._investigation.read(text), View(search.query, text), place)
        else:
            zone, size = self._exploring.zone, search.query.page_size
            query = Query(moment(max(0, start), zone), moment(end - 1, zone), page_size=size)
            self._set_out(query, view=View(query), place=replace(place, row=0))

    def action_day(self, days: int) -> None:
        """Go to the newest record of the day after, or before, the cursor's."""
        line = self._line_here
        if line is None or line.record.created is None:
            return
        if not self._investigation.view.order.natural:
            self._hint("Days follow the site's order; O chooses it.")
            return
        try:
            position = self._day_position(line.record.created, days)
        except AudituiError as error:
            notify_error(self.app, error)
            return
        if position is None:
            self._hint("No newer day is shown.")
        else:
            self._table.move_to(position)

    def _day_position(self, created: int, days: int) -> int | None:
        zone = self._exploring.zone
        day = zone.at(created).date()
        if days < 0:
            return min(self._investigation.first_before(zone.day_start(day)), self._investigation.count - 1)
        newer = self._investigation.first_before(self._day_end(day)) - 1
        line = self._investigation.line(newer) if newer >= 0 else None
        if line is None or line.record.created is None:
            return None
        return self._investigation.first_before(self._day_end(zone.at(line.record.created).date()))

    def _day_end(self, day: Date) -> int:
        return self._exploring.zone.day_start(day + DateDelta(days=1))

    # Order

    async def action_sort(self) -> None:
        """Order the loaded records by a column; chosen again, the other way round."""
        now = self._investigation.view.order
        entries = [Entry("t", "Newest first", "the site's own order", Order())]
        sortable = [column for column in COLUMNS if column.order]
        for letter, column in zip(_LETTERS, sortable, strict=False):
            by = _turned(now, column.key)
            entries.append(Entry(letter, column.title, _way(by), by))
        whole = self._exploring.situation.progress.whole
        loaded = f"{self._exploring.loaded:,} loaded records"
        menu = Menu(
            "Sort by …", entries, "" if whole else f"The {loaded} are sorted; L loads the rest first."
        )
        await self.app.push_screen(menu, self._sort)

    def _sort(self, order: Order | None) -> None:
        if order is not None:
            view = replace(self._investigation.view, order=order)
            self._look(self._investigation.wanted, view, self._here())

    # Related records

    def _remarks(self, line: Line) -> tuple[str, ...]:
        """Of what a record is the first among those that are loaded."""
        firsts = self._investigation.firsts(line.row)
        if First.RECORD in firsts:
            return ("by this author, among those loaded",)
        told = ((First.ADDRESS, "from this address"), (First.EVENT, "of this kind"))
        parts = " and ".join(text for first, text in told if first in firsts)
        return (f"by this author {parts}, among those loaded",) if parts else ()

    def _named_beside(self, line: Line) -> tuple[Relation, ...]:
        """The neighbours that name what the record itself does not."""
        search = self._exploring.search
        from auditui.ui.record_view import Relation

        others = naming(search, line.row, line.record) if search else ()
        return (Relation("Named beside it", tuple(map(_told, others))),) if others else ()

    @work(group="menu", exclusive=True, description="choose a related record")
    async def action_related(self) -> None:
        """Go to a record beside this one, of the same object, or of the same author's burst."""
        line, search = self._line_here, self._exploring.search
        if line is None or search is None:
            return
        try:
            groups = await related(self._investigation, search, line.row, line.record)
            entries = self._related_entries(search, groups)
        except AudituiError as error:
            notify_error(self.app, error)
            return
        if not entries:
            self._hint("No loaded record is related to this one.")
            return
        row = await self.app.push_screen_wait(Menu("Related records", entries, "< comes back."))
        if row is not None:
            self._go_to_row(row)

    def _related_entries(self, search: Search, groups: tuple[Related, ...]) -> list[Entry[int]]:
        letters = iter(_LETTERS)
        entries: list[Entry[int]] = []
        for group in groups:
            entries.append(Entry(next(letters), group.title, _told_of(group), 0, enabled=False))
            for row, record in zip(group.rows, search.records(group.rows), strict=True):
                told = f"{record.author.label}  {record.event}  {of_object(record)}"
                when = self._table.clock.show(record.created) if record.created is not None else "(no date)"
                entries.append(Entry(next(letters), when, told, row))
        return entries

    def _go_to_row(self, row: int) -> None:
        """Put the cursor on a row of the search, and lift the filter where it hides that row."""
        rows = self._investigation.rows
        position = rows.position(row) if rows else None
        if position is not None:
            self._leave()
            self._table.move_to(position)
            self._investigation.trail.arrive(self._here())
        else:
            place: Place = replace(self._here(), row=row, only_marked=False)
            self._look(NO_FILTER, replace(self._investigation.view, filter=""), place)

    # Marks

    def action_range(self) -> None:
        """Begin a range at the cursor, or end it."""
        self._table.set_range(self._table.cursor if self._table.range_start is None else None)

    def action_mark(self) -> None:
        """Mark what is chosen, or take the marks away where all of it has one; step down."""
        rows, search = self._investigation.rows, self._exploring.search
        positions = self._table.chosen
        if rows is None or search is None or not positions:
            return
        chosen = rows.window(positions.start, len(positions))
        try:
            search.mark(chosen, marked=not search.marked >= set(chosen))
        except AudituiError as error:
            notify_error(self.app, error)
            return
        ranged = self._table.range_start is not None
        self._table.set_range(None)
        self._table.changed(positions)
        if rows.only_marked:
            self._look(self._investigation.wanted, self._investigation.view, self._here(), arrive=False)
        elif not ranged:
            self._table.action_move(1)
        self._tell()

    def action_only_marked(self) -> None:
        """Show only marked records, or all again."""
        rows, search = self._investigation.rows, self._exploring.search
        if rows is None or search is None:
            return
        if not rows.only_marked and not search.marked:
            self._hint("Nothing is marked: space marks the cursor's record.")
            return
        place = replace(self._here(), only_marked=not rows.only_marked)
        self._look(self._investigation.wanted, self._investigation.view, place)

    def action_go_mark(self, steps: int) -> None:
        """Go to the next or the previous marked record that is shown."""
        position = self._investigation.next_mark(self._table.cursor, steps)
        if position is None:
            self._hint(f"No marked record {'below' if steps > 0 else 'above'}.")
        else:
            self._table.move_to(position)


_LETTERS = "123456789abcdefghilmnoprstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"  # j, k and q move and close


def _way(order: Order) -> str:
    if order.column == "time":
        return "oldest first"
    return "descending" if order.descending else "ascending"


def _turned(now: Order, column: str) -> Order:
    """By the column, the other way round where it is sorted by that already."""
    if column == "time":
        return Order("time", descending=False)
    return Order(column, descending=now == Order(column, descending=False))


def _told(record: Record) -> tuple[int | None, str, str, str]:
    return record.created, record.author.label, record.event, of_object(record)


def _told_of(group: Related) -> str:
    """How many of a group there are, and how many of them are offered."""
    more = group.total > len(group.rows)
    return f"the nearest {len(group.rows):,} of {group.total:,}" if more else f"{group.total:,}"
