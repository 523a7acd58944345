"""The part of the explorer in which a filter is typed, kept or dropped, and its matches are stepped through.

The rows before a filter stay open until it is kept or dropped, so that dropping it gives back just what was there.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from textual import on, work
from textual.getters import query_one
from textual.timer import Timer

from auditui.model.errors import AudituiError, StoreFailed
from auditui.model.filter import NO_FILTER, Filter
from auditui.model.filter_completion import Completion, completions
from auditui.model.filter_parse import FilterFault, may_become_a_field
from auditui.model.filter_scan import scan
from auditui.model.view import View
from auditui.session.connection import Connection
from auditui.session.investigation import Place
from auditui.session.known_values import KnownValues
from auditui.session.rows import Rows
from auditui.session.run import Run
from auditui.ui.screens.looking import LookingScreen
from auditui.ui.widgets.filter_line import FilterLine

_TYPING_PAUSES = 0.8
"""Seconds without a key after which pages are loaded for a filter that is being typed."""

_STEP = 500  # rows looked at in one go, when stepping from match to match


class FilteringScreen(LookingScreen):
    """Filters as somebody types."""

    _filter_line = query_one(FilterLine)

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._before: Place | None = None
        """Where one was when one began to type a filter; None while nobody types one."""
        self._sought: Filter = NO_FILTER
        self._typing: Timer | None = None
        self._applying: Timer | None = None
        self._stepping: object | None = None
        self._known = KnownValues()

    async def _switched(self, connection: Connection) -> None:
        self._before = None
        if self._held is not None:
            self._held.close()
        await super()._switched(connection)

    # Typing a filter

    def action_filter(self) -> None:
        """Type a filter."""
        if self._before is None:
            self._before, self._held = self._here(), self._investigation.rows
        text = self._investigation.view.filter
        self._filter_line.open(f"{text} " if text else "")
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
        self._asks_nothing = True
        self._typing = self.set_timer(_TYPING_PAUSES, self._ask_again)

    def _ask_again(self) -> None:
        if self._typing is not None:
            self._typing.stop()
            self._typing = None
        self._asks_nothing = False
        self._table.grow()

    @on(FilterLine.Typed)
    def _typed(self, typed: FilterLine.Typed) -> None:
        self._pause_asking()
        self._stop_applying()
        try:
            wanted, fault = self._investigation.read(typed.text), None
        except FilterFault as found:
            wanted, fault = self._readable(typed.text), found
        self._filter_line.fault(fault)
        if self._tempo.filter_follows:
            self._applying = self.set_timer(self._tempo.filter_follows, lambda: self._apply_typed(wanted))
        else:
            self._apply_typed(wanted)

    def _apply_typed(self, wanted: Filter) -> None:
        if self._before is not None and wanted.clauses != self._investigation.wanted.clauses:
            view = replace(self._investigation.view, filter=wanted.text.strip())
            self._look(wanted, view, self._before, arrive=False)

    def _stop_applying(self) -> None:
        if self._applying is not None:
            self._applying.stop()
            self._applying = None

    def _readable(self, text: str) -> Filter:
        """What of a text can be read: a clause that cannot, as on the way to it, takes no row away."""
        clauses: list[str] = []
        for written in scan(text):
            clause = text[written.start : written.end]
            with suppress(FilterFault):
                self._investigation.read(clause)
                clauses.append(clause)
        return self._investigation.read(" ".join(clauses))

    def _worth_showing(self, rows: Rows) -> bool:
        """No row has the word that is being typed, but it may become the name of a field."""
        return not (self._before is not None and not rows.count and may_become_a_field(rows.wanted.text))

    @on(FilterLine.Kept)
    def _keep_filter(self, kept: FilterLine.Kept) -> None:
        try:
            wanted = self._investigation.read(kept.text)
        except FilterFault as fault:
            self._filter_line.fault(fault)
            self._filter_line.resume()
            return
        before, held = self._end_typing()
        if before is None:
            return
        if held is not None and held is not self._investigation.rows:
            held.close()
        self._investigation.trail.amend(before)
        view = replace(self._investigation.view, filter=kept.text.strip())
        if view.filter != before.view.filter:
            self._sought = wanted
            self._look_at_kept(wanted, view, before)

    def _end_typing(self) -> tuple[Place | None, Rows | None]:
        """Close the line; where one was before, and the rows that were shown there."""
        self._stop_applying()
        before, self._before = self._before, None
        held, self._held = self._held, None
        self._filter_line.close()
        self.set_focus(self._table)
        self._ask_again()
        return before, held

    def _look_at_kept(self, wanted: Filter, view: View, place: Place) -> None:
        """What was typed is shown already, as a rule; then it only becomes a step of the trail."""
        rows = self._investigation.rows
        if rows is not None and rows.wanted == wanted and rows.search is self._exploring.search:
            self._arrive()
            self._shown_anew()
            self._follow()
        else:
            self._start(wanted, view, place, arrive=True)

    @on(FilterLine.Dropped)
    def _drop_filter(self) -> None:
        self.workers.cancel_group(self, "apply")
        self._under_way = None
        before, held = self._end_typing()
        self._sought = self._investigation.wanted or self._sought
        if before is None or held is self._investigation.rows:
            self._shown_anew()
        elif held is not None and held.search is self._exploring.search:
            self._present(held, before.view, before.row)
            self._follow()
        else:
            self._filter_by(before.view.filter)

    def clear_filter(self) -> bool:
        """Lift the filter and the choice of marked rows; whether there was one."""
        rows = self._investigation.rows
        if rows is None or not (rows.wanted or rows.only_marked):
            return False
        self._sought = rows.wanted or self._sought
        marked = rows.only_marked and bool(rows.wanted)  # one thing at a time
        place = replace(self._here(), only_marked=marked)
        self._look(NO_FILTER, replace(self._investigation.view, filter=""), place)
        return True

    # Stepping through what matches

    @work(group="step", exclusive=True, description="find the next match")
    async def _step_to_match(self, forward: bool, step: object) -> None:
        rows, sought = self._investigation.rows, self._sought
        if rows is None or not sought:
            self._stepping = None
            self._hint("Nothing is sought: / filters, esc lifts it, then n goes on to what matched.")
            return
        matcher = Rows(rows.search, sought, rows.order)
        try:
            position = await self._next_match(rows, matcher, forward=forward)
        except AudituiError as error:
            self._fail(error)
            return
        finally:
            matcher.close()
            if self._stepping is step:
                self._stepping = None
        if position is None:
            self._hint(f"No match {'below' if forward else 'above'}, among the loaded records.")
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
        self._stepping = object()
        self._step_to_match(steps > 0, self._stepping)
