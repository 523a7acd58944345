"""The part of the explorer that decides which rows the table shows, and the way back through the views.

Other rows are shown as soon as they fill the screen. What is drawn besides the table is up to whoever extends it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace

from textual import on, work
from textual.getters import query_one

from auditui import garbage
from auditui.model.errors import StoreFailed
from auditui.model.filter import NO_FILTER, Filter
from auditui.model.filter_parse import FilterFault
from auditui.model.query import Query
from auditui.model.resumption import Former
from auditui.model.view import View
from auditui.session.connection import Connection
from auditui.session.investigation import Investigation, Place
from auditui.session.rows import Rows
from auditui.session.run import Run
from auditui.session.search import Search
from auditui.ui.present import notify_text
from auditui.ui.screens.loading import LoadingScreen
from auditui.ui.widgets.record_table import RecordTable

_MANY = 20_000
"""Rows after which memory is tidied up."""

_PATIENCE = 0.06
"""Seconds that rows have to fill the screen; after that as many as there are are shown."""


@dataclass(frozen=True, slots=True)
class _Coming:
    """How a search is to be looked at that has not answered yet."""

    view: View
    arrive: bool
    """Whether that is a new step of the trail."""
    former: Former | None = None
    """The search of an earlier run that it is to be."""


@dataclass(eq=False, slots=True)
class _UnderWay:
    """Other rows that are to be shown and are not yet."""

    arrives: bool
    """Whether that is a new step of the trail."""


class LookingScreen(LoadingScreen):
    """Looks at what is loaded through a filter and in an order."""

    _table = query_one("#records", RecordTable)

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._investigation = Investigation(self._exploring, run.options.view)
        self._row = 0
        self._tidy = 0
        """Rows that were loaded when memory was tidied up."""
        self._aim: int | None = None
        self._coming: _Coming | None = None
        self._under_way: _UnderWay | None = None
        self._following = False
        self._held: Rows | None = None
        """Rows that stay open though others are shown."""
        self._asks_nothing = False
        """Whether pages are not loaded only because few rows are shown."""

    # For whoever extends it

    def _shown_anew(self) -> None:
        """Other rows are shown, or rows of another filter."""

    def _grown(self) -> None:
        """More rows are shown, or were looked at."""

    def _show_record(self) -> None:
        """Show the cursor's record where there is a place for it."""

    def _arrived_at(self, view: View) -> None:
        """A view became a step of the trail."""

    def _worth_showing(self, rows: Rows) -> bool:
        """Whether rows that were looked at whole take the place of those that are shown."""
        return True

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
        if search is not None and not self._exploring.loading:
            loaded = search.progress.loaded
            if search.filed < loaded or abs(loaded - self._tidy) >= _MANY:
                self._tidy = loaded
                self._file(search)

    def _take(self, search: Search) -> None:
        """Show a search that has just begun to answer, through the filter one has or comes with."""
        coming, self._coming = self._coming, None
        view, before = coming.view if coming else self._investigation.view, self._investigation.rows
        again = before is not None and before.search.query == search.query and coming is None
        try:
            wanted = self._investigation.read(view.filter)
        except FilterFault:
            wanted = NO_FILTER
        rows = Rows(search, wanted, view.order)
        if again and before is not None:
            self._investigation.replaced(before.search, search)
        if coming is not None and coming.former is not None and search.reopened:
            self._investigation.reopened(coming.former, search)
        self._present(rows, view, 0)
        if coming.arrive if coming else not again:
            self._arrive()

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

    @work(group="file", exclusive=True, description="file what came too quickly for that")
    async def _file(self, search: Search) -> None:
        try:
            await search.file()
        except StoreFailed as error:
            if search is self._exploring.search:
                self._fail(error)
        else:
            if not self._standing:
                return  # the end came meanwhile
            self._table.changed(self._table.seen)  # by now it is known what is the first of its kind
            self._show_record()
            await asyncio.to_thread(garbage.give_back)

    async def _catch_up(self) -> None:
        while (rows := self._investigation.rows) is not None and rows.behind:
            await rows.follow(self._see_growth, patiently=self._exploring.loading)
            if not rows.order.natural and self._exploring.loading:
                return  # each page calls again, and so does the end of the loading

    def _see_growth(self) -> None:
        rows = self._investigation.rows
        if rows is None or not self._standing:
            return
        if rows.order.natural:
            self._table.grow()
        elif rows.count != self._table.loaded:
            self._table.show(self._investigation, rows.nearest(self._row))
        else:
            self._table.grow()
        if self._aim is not None and (
            rows.covers > self._aim or not (rows.behind or self._exploring.loading)
        ):
            aim, self._aim = self._aim, None
            if self._table.cursor == 0 or self._row == 0:  # else somebody moved it meanwhile
                self._table.move_to(rows.nearest(aim))
        self._grown()

    @on(RecordTable.RowsNeeded)
    def _rows_needed(self) -> None:
        rows = self._investigation.rows
        if rows is None or rows.behind or self._asks_nothing:
            return  # whoever looks at them, or lets it ask, asks again
        if self._investigation.exhausted or rows.only_marked:
            return  # nothing further back would be shown
        if rows.order.natural or rows.count < self._table.screenful:
            self._want(self._exploring.loaded + 1)

    # Showing other rows

    def _present(self, rows: Rows, view: View, row: int) -> None:
        """Show rows, with the cursor on the record of a row of the search."""
        left = self._investigation.rows
        self._investigation.adopt(rows, view)
        if left is not None and left is not rows and left is not self._held:
            left.close()
        self._aim = row if row and rows.covers <= row else None
        self._table.show(self._investigation, rows.nearest(row) if rows.covers > row else 0)
        self._shown_anew()

    def _look(self, wanted: Filter, view: View, place: Place, *, arrive: bool = True) -> None:
        """Show what a filter lets through, near a place; `arrive` makes it a step of the trail."""
        if arrive:
            self._leave()
        self._start(wanted, view, place, arrive=arrive)

    def _start(self, wanted: Filter, view: View, place: Place, *, arrive: bool) -> None:
        self._under_way = _UnderWay(arrive)
        self._apply(wanted, view, place, self._under_way)

    @work(group="apply", exclusive=True, description="apply a filter or an order")
    async def _apply(self, wanted: Filter, view: View, place: Place, step: _UnderWay) -> None:
        rows = self._investigation.prepare(wanted, view, only_marked=place.only_marked)
        if rows is None:
            self._investigation.view = view
            return
        patience = time.monotonic() + _PATIENCE
        try:
            await rows.follow(
                lambda: self._present_soon(rows, view, place, step, late=time.monotonic() > patience)
            )
            self._present_soon(rows, view, place, step, whole=True)
        except StoreFailed as error:
            self._fail(error)
        finally:
            if self._investigation.rows is not rows:
                rows.close()
            if self._under_way is step:
                self._under_way = None

    def _present_soon(
        self,
        rows: Rows,
        view: View,
        place: Place,
        step: _UnderWay,
        *,
        late: bool = False,
        whole: bool = False,
    ) -> None:
        """Show rows that are being looked at as soon as they fill the screen, and then what joins them."""
        if rows.search is not self._exploring.search:
            return
        if self._investigation.rows is rows:
            self._see_growth()
        elif (rows.count and (late or rows.count >= self._table.screenful)) or (
            whole and self._worth_showing(rows)
        ):
            self._present(rows, view, place.row)
            if step.arrives:
                self._arrive()

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
        here, before = self._here(), self._investigation.trail.here
        if before is not None and (before.view, before.search, before.only_marked) == (
            here.view,
            here.search,
            here.only_marked,
        ):
            self._investigation.trail.amend(here)
            return
        self._investigation.trail.arrive(here)
        self._arrived_at(self._investigation.view)

    def _leave(self) -> None:
        self._investigation.trail.amend(self._here())

    def _move(self) -> None:
        """The cursor moved: remember on which row of the search it stands."""
        rows = self._investigation.rows
        here = rows.window(self._table.cursor, 1) if rows else ()
        self._row = here[0] if here else 0

    # The trail

    def _set_out(self, query: Query, *, view: View | None = None, place: Place | None = None) -> None:
        """Search anew; what is shown then is `view`, and the cursor goes to the record of `place`."""
        self._leave()
        self._coming = _Coming(view, arrive=True) if view else None
        self._search(query, place.spot if place else None)

    def _go(self, place: Place) -> None:
        """Come back to a place of the trail."""
        search = place.search
        try:
            wanted = self._investigation.read(place.view.filter)
        except FilterFault:
            wanted = NO_FILTER
        if search is None or not self._investigation.is_open(search):
            self._coming = _Coming(place.view, arrive=False, former=place.former)
            self._search(place.view.query, place.spot, place.former)
            return
        if search is not self._exploring.search:
            for group in ("search", "pages"):
                self.workers.cancel_group(self, group)
            self._investigation.return_to(search)
        self._start(wanted, place.view, place, arrive=False)

    def action_step(self, steps: int) -> None:
        """Go back or forward through the views; back from one that is not there yet is to stay."""
        if steps < 0 and self._set_back():
            return
        self._leave()
        if place := self._investigation.trail.step(steps):
            self._go(place)
        else:
            self._hint("That is the first view." if steps < 0 else "That is the last view.")

    def _set_back(self) -> bool:
        """Give up a step that is under way; whether there was one."""
        step, self._under_way = self._under_way, None
        coming, self._coming = self._coming, None
        if coming is not None and coming.arrive:
            self.cancel()
        elif step is None or not step.arrives:
            self._under_way, self._coming = step, coming
            return False
        self.workers.cancel_group(self, "apply")
        return True

    async def _switched(self, connection: Connection) -> None:
        self._investigation.close()
        self._held = self._coming = None
        await super()._switched(connection)
        self._table.show(self._investigation)

    async def on_unmount(self) -> None:
        """Close what is open. Textual calls the handler of every class, this one before that of the class above."""
        self._investigation.close()
