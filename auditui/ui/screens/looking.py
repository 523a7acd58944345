"""The part of the explorer that decides which rows the table shows: filter, order, marks, and the way back.

A filter that is being typed shows its first rows as soon as they fill the screen; the rows before it stay open until it
is kept or dropped. What is drawn besides the table is up to whoever extends it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from textual import on, work
from textual.getters import query_one
from textual.timer import Timer

from auditui.model.errors import AudituiError, StoreFailed
from auditui.model.filter import NO_FILTER, Filter
from auditui.model.filter_completion import Completion, completions
from auditui.model.filter_parse import FilterFault
from auditui.model.query import Query
from auditui.model.view import View
from auditui.session.connection import Connection
from auditui.session.investigation import Investigation, Place
from auditui.session.known_values import KnownValues
from auditui.session.rows import Rows
from auditui.session.run import Run
from auditui.session.search import Search
from auditui.ui.present import notify_text
from auditui.ui.screens.loading import LoadingScreen
from auditui.ui.widgets.filter_line import FilterLine
from auditui.ui.widgets.record_table import RecordTable

_TYPING_PAUSES = 0.4
"""Seconds without a key after which pages are loaded for a filter that is being typed."""

_STEP = 500  # rows looked at in one go, when stepping from match to match


@dataclass(frozen=True, slots=True)
class _Before:
    """What was shown before somebody began to type a filter."""

    rows: Rows | None
    place: Place


class LookingScreen(LoadingScreen):
    """Looks at what is loaded through a filter and in an order."""

    _table = query_one("#records", RecordTable)
    _filter_line = query_one(FilterLine)

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._investigation = Investigation(self._exploring, run.options.view)
        self._row = 0
        self._aim: int | None = None
        self._coming: View | None = None
        self._before: _Before | None = None
        self._sought: Filter = NO_FILTER
        self._following = False
        self._typing: Timer | None = None
        self._known = KnownValues()

    # For whoever extends it

    def _shown_anew(self) -> None:
        """Other rows are shown, or rows of another filter."""

    def _grown(self) -> None:
        """More rows are shown, or were looked at."""

    def _show_record(self) -> None:
        """Show the cursor's record where there is a place for it."""

    def _arrived_at(self, view: View) -> None:
        """A view became a step of the trail."""

    # What has come

    def _arrived(self) -> None:
        search, rows = self._exploring.search, self._investigation.rows
        try:
            if search is not None and (rows is None or rows.search is not search):
                self._take(search)
            if (row := self._exploring.found_again()) is not None:
                self._aim = row
            if self._investigation.carry_marks():
                self._table.changed(self._table.seen)
        except StoreFailed as error:
            self._fail(error)
        self._follow()

    def _take(self, search: Search) -> None:
        """Show a search that has just begun to answer, through the filter one has or comes with."""
        view, before = self._coming or self._investigation.view, self._investigation.rows
        again = before is not None and before.search.query == search.query and self._coming is None
        try:
            wanted = self._investigation.read(view.filter)
        except FilterFault:
            wanted = NO_FILTER
        rows = Rows(search, wanted, view.order)
        if again and before is not None:
            self._investigation.replaced(before.search, search)
        self._present(rows, view, 0)
        if not again:
            self._arrive()
        self._coming = None

    @work(group="follow", description="look at what has come")
    async def _follow(self) -> None:
        if self._following:
            return
        self._following = True
        try:
            await self._catch_up()
        except StoreFailed as error:
            if self._exploring.search is not None:
                self._fail(error)
        finally:
            self._following = False
            self._see_growth()

    async def _catch_up(self) -> None:
        while (rows := self._investigation.rows) is not None and rows.behind:
            await rows.follow(self._see_growth, patiently=self._exploring.loading)
            if not rows.order.natural:
                return  # the end of the loading sorts again

    def _see_growth(self) -> None:
        rows = self._investigation.rows
        if rows is None or not self._standing:
            return
        if rows.order.natural:
            self._table.grow()
        elif rows.count != self._table.loaded:
            self._table.show(self._investigation, rows.nearest(self._row))
        if self._aim is not None and (rows.covers > self._aim or not self._exploring.loading):
            aim, self._aim = self._aim, None
            if self._table.cursor == 0:
                self._table.move_to(rows.nearest(aim))
        self._grown()

    @on(RecordTable.RowsNeeded)
    def _rows_needed(self) -> None:
        rows = self._investigation.rows
        if rows is None or rows.behind or self._typing is not None:
            return  # whoever looks at them, or types, asks again
        if self._investigation.exhausted or rows.only_marked:
            return  # nothing further back would be shown
        if rows.order.natural or rows.count < self._table.screenful:
            self._want(self._exploring.loaded + 1)

    # Showing other rows

    def _present(self, rows: Rows, view: View, row: int) -> None:
        """Show rows, with the cursor on the record of a row of the search."""
        left = self._investigation.rows
        self._investigation.adopt(rows, view)
        if left is not None and left is not rows and not (self._before and left is self._before.rows):
            left.close()
        self._aim = row if row and rows.covers <= row else None
        self._table.show(self._investigation, rows.nearest(row) if rows.covers > row else 0)
        self._shown_anew()

    def _look(self, wanted: Filter, view: View, place: Place, *, arrive: bool = True) -> None:
        """Show what a filter lets through, near a place; `arrive` makes it a step of the trail."""
        if arrive:
            self._leave()
        self._apply(wanted, view, place, arrive=arrive)

    @work(group="apply", exclusive=True, description="apply a filter or an order")
    async def _apply(self, wanted: Filter, view: View, place: Place, *, arrive: bool) -> None:
        rows = self._investigation.prepare(wanted, view, only_marked=place.only_marked)
        if rows is None:
            self._investigation.view = view
            return
        try:
            await rows.follow(lambda: self._present_soon(rows, view, place))
            self._present_soon(rows, view, place, whole=True)
        except StoreFailed as error:
            self._fail(error)
        finally:
            if self._investigation.rows is not rows:
                rows.close()
        if arrive and self._investigation.rows is rows:
            self._arrive()

    def _present_soon(self, rows: Rows, view: View, place: Place, *, whole: bool = False) -> None:
        """Show rows that are being looked at as soon as they fill the screen, and then what joins them."""
        if rows.search is not self._exploring.search:
            return
        if self._investigation.rows is not rows and (whole or rows.count >= self._table.screenful):
            self._present(rows, view, place.row)
        elif self._investigation.rows is rows:
            self._see_growth()

    def _filter_by(self, text: str) -> None:
        """Show what a filter text lets through, as a step of the trail."""
        try:
            wanted = self._investigation.read(text)
        except FilterFault as fault:
            notify_text(self.app, fault.sentences())
        else:
            self._look(wanted, replace(self._investigation.view, filter=text.strip()), self._here())

    def _here(self) -> Place:
        return self._investigation.here(self._table.cursor)

    def _arrive(self) -> None:
        self._investigation.trail.arrive(self._here())
        self._arrived_at(self._investigation.view)

    def _leave(self) -> None:
        self._investigation.trail.amend(self._here())

    def _move(self) -> None:
        """The cursor moved: remember on which row of the search it stands."""
        rows = self._investigation.rows
        here = rows.window(self._table.cursor, 1) if rows else ()
        self._row = here[0] if here else 0

    # Typing a filter

    def action_filter(self) -> None:
        """Type a filter."""
        if self._before is None:
            self._before = _Before(self._investigation.rows, self._here())
        self._filter_line.open(self._investigation.view.filter)
        self._learn_values()

    @work(group="values", exclusive=True, description="learn the values that occur")
    async def _learn_values(self) -> None:
        if (search := self._exploring.search) is not None:
            with suppress(StoreFailed):  # without them there is nothing to complete
                await self._known.learn(search)

    def _complete(self, text: str, at: int) -> tuple[Completion, ...]:
        return completions(text, at, self._known.holding)

    def _pause_asking(self) -> None:
        """Ask the site for nothing on account of a filter that is not typed to its end."""
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(_TYPING_PAUSES, self._ask_again)

    def _ask_again(self) -> None:
        if self._typing is not None:
            self._typing.stop()
            self._typing = None
        self._table.grow()

    @on(FilterLine.Typed)
    def _typed(self, typed: FilterLine.Typed) -> None:
        self._pause_asking()
        try:
            wanted = self._investigation.read(typed.text)
        except FilterFault as fault:
            self._filter_line.fault(fault)
            return
        self._filter_line.fault(None)
        if self._before is not None:
            view = replace(self._investigation.view, filter=typed.text.strip())
            self._look(wanted, view, self._before.place, arrive=False)

    @on(FilterLine.Kept)
    def _keep_filter(self, kept: FilterLine.Kept) -> None:
        try:
            wanted = self._investigation.read(kept.text)
        except FilterFault as fault:
            self._filter_line.fault(fault)
            return
        before, self._before = self._before, None
        self._filter_line.close()
        self._table.focus()
        self._ask_again()
        if before is None:
            return
        if before.rows is not None and before.rows is not self._investigation.rows:
            before.rows.close()
        self._investigation.trail.amend(before.place)
        view = replace(self._investigation.view, filter=kept.text.strip())
        if view.filter != before.place.view.filter:
            self._sought = wanted
            self._look_at_kept(wanted, view, before.place)

    def _look_at_kept(self, wanted: Filter, view: View, place: Place) -> None:
        """What was typed is shown already, as a rule; then it only becomes a step of the trail."""
        rows = self._investigation.rows
        if rows is not None and rows.wanted == wanted and rows.search is self._exploring.search:
            self._arrive()
            self._shown_anew()
            self._follow()
        else:
            self._apply(wanted, view, place, arrive=True)

    @on(FilterLine.Dropped)
    def _drop_filter(self) -> None:
        before, self._before = self._before, None
        self._ask_again()
        self.workers.cancel_group(self, "apply")
        self._filter_line.close()
        self._table.focus()
        if self._investigation.wanted:
            self._sought = self._investigation.wanted
        if before is None or before.rows is self._investigation.rows:
            self._shown_anew()
            return
        if before.rows is not None and before.rows.search is self._exploring.search:
            self._present(before.rows, before.place.view, before.place.row)
            self._follow()
        else:
            self._filter_by(before.place.view.filter)

    def clear_filter(self) -> bool:
        """Lift the filter and the choice of marked rows; whether there was one."""
        rows = self._investigation.rows
        if rows is None or not (rows.wanted or rows.only_marked):
            return False
        self._sought = rows.wanted or self._sought
        self._look(
            NO_FILTER, replace(self._investigation.view, filter=""), replace(self._here(), only_marked=False)
        )
        return True

    # The trail

    def _set_out(self, query: Query, *, view: View | None = None, place: Place | None = None) -> None:
        """Search anew; what is shown then is `view`, and the cursor goes to the record of `place`."""
        self._leave()
        self._coming = view
        self._search(query, (place.row, place.raw) if place and place.raw else None)

    def _go(self, place: Place) -> None:
        """Come back to a place of the trail."""
        search = place.search
        try:
            wanted = self._investigation.read(place.view.filter)
        except FilterFault:
            wanted = NO_FILTER
        if search is None or not self._investigation.is_open(search):
            self._coming = place.view
            self._search(place.view.query, (place.row, place.raw) if place.raw else None)
            return
        for group in ("search", "pages"):
            self.workers.cancel_group(self, group)
        self._investigation.return_to(search)
        self._apply(wanted, place.view, place, arrive=False)

    def action_step(self, steps: int) -> None:
        """Go back or forward through the views."""
        self._leave()
        if place := self._investigation.trail.step(steps):
            self._go(place)
        else:
            notify_text(self.app, "That is the first view." if steps < 0 else "That is the last view.")

    async def _switched(self, connection: Connection) -> None:
        self._investigation.close()
        self._before = self._coming = None
        await super()._switched(connection)
        self._table.show(self._investigation)

    async def on_unmount(self) -> None:
        """Close what is open. Textual calls the handler of every class, this one before that of the class above."""
        self._investigation.close()

    # Stepping through what matches

    @work(group="step", exclusive=True, description="find the next match")
    async def _step_to_match(self, forward: bool) -> None:
        rows, sought = self._investigation.rows, self._sought
        if rows is None or not sought:
            notify_text(
                self.app, "Nothing is sought: / filters, esc lifts it, then n goes on to what matched."
            )
            return
        matcher = Rows(rows.search, sought, rows.order)
        try:
            position = await self._next_match(rows, matcher, forward=forward)
        except AudituiError as error:
            self._fail(error)
            return
        finally:
            matcher.close()
        if position is None:
            notify_text(self.app, f"No match {'below' if forward else 'above'}, among the loaded records.")
        else:
            self._table.move_to(position)

    async def _next_match(self, rows: Rows, matcher: Rows, *, forward: bool) -> int | None:
        at = self._table.cursor + (1 if forward else -1)
        while 0 <= at < rows.count:
            first = at if forward else max(0, at - _STEP + 1)
            window = rows.window(first, _STEP if forward else at - first + 1)
            passing = await matcher.passing(tuple(window))
            places = [first + place for place, row in enumerate(window) if row in passing]
            if places:
                return places[0] if forward else places[-1]
            at = first + len(window) if forward else first - 1
        return None

    def action_match(self, steps: int) -> None:
        """Go to the next or the previous record that the last filter lets through."""
        self._step_to_match(steps > 0)
