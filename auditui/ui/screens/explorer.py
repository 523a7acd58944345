"""The explorer: query line, timeline, facets, table, record, filter line and status line, and what its keys do.

What is explored is `session`'s; the classes this one extends load it, decide what of it is shown, and count it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import ActiveBinding, BindingType
from textual.containers import Container
from textual.css.query import NoMatches
from textual.getters import query_one
from textual.keys import key_to_character
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from auditui.model.clock import Clock
from auditui.model.errors import AudituiError
from auditui.model.query import Query
from auditui.session.run import Run
from auditui.ui.present import notify_error
from auditui.ui.screens.explorer_footer import in_footer
from auditui.ui.screens.explorer_keys import EXPLORER_KEYS
from auditui.ui.screens.resuming import ResumingScreen
from auditui.ui.status_text import foot, shown_text, status_text
from auditui.ui.tempo import Tempo
from auditui.ui.widgets.detail import Detail
from auditui.ui.widgets.facets import Facets
from auditui.ui.widgets.filter_line import FilterLine
from auditui.ui.widgets.key_line import KeyLine
from auditui.ui.widgets.query_line import QueryLine
from auditui.ui.widgets.record_table import RecordTable
from auditui.ui.widgets.status_line import StatusLine
from auditui.ui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from auditui.ui.widgets.raw_record import RawRecord

_TWO_PANES = (100, 30)
"""Columns and rows from which table and record stand side by side or one above the other."""


class ExplorerScreen(ResumingScreen):
    """Where one spends the day."""

    BINDINGS: ClassVar[list[BindingType]] = list(EXPLORER_KEYS)

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-normal"), (140, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (16, "-short"), (30, "-tall")]
    AUTO_FOCUS = "RecordTable"

    zoomed: reactive[str] = reactive("")
    """`table` or `detail` where that pane has the whole screen; "" otherwise."""
    raw: reactive[bool] = reactive(False)
    """Whether the record is shown as JSON."""
    opened: reactive[str] = reactive("")
    """`facets` or `timeline` where one of them was opened though there is no room for it by itself."""

    _detail = query_one("#detail", Detail)
    _status = query_one(StatusLine)
    _line = query_one(QueryLine)
    _key_line = query_one(KeyLine)

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._follow_cursor: Timer | None = None
        self._hinted: int | None = None
        """The cursor's row when something was said in passing, which stands until the cursor moves on."""
        self._told_of = 0
        self._unsaid = ""
        """What is said as soon as nothing else has to be."""

    def compose(self) -> ComposeResult:
        """Query line, panes, status line, footer; and what is said where there is no room for them."""
        self.suit_size()
        yield QueryLine()
        yield Timeline(id="timeline")
        with Container(id="body"):
            yield Facets(id="facets")
            with Container(id="panes"):
                yield RecordTable(Clock(self._exploring.zone), id="records")
                yield Detail(id="detail")
        yield Static(id="too-small", markup=False)
        yield FilterLine()
        yield StatusLine()
        yield KeyLine()

    @property
    def _standing(self) -> bool:
        try:
            drawn = (
                *(self._line, self._timeline, self._facets, self._table),
                *(self._detail, self._filter_line, self._status),
            )
        except NoMatches:
            return False
        return all(pane.is_attached for pane in drawn)

    @property
    def is_current(self) -> bool:
        """As Textual has it, but not below a dialog while records come in: what they change is drawn when all are here.

        Textual draws the whole screen for each change, dialog and all: 100 kB/s while pages arrive.
        """
        return super().is_current and (self.app.screen is self or not self._busy)

    @property
    def _busy(self) -> bool:
        rows = self._investigation.rows
        return self._exploring.loading or (rows is not None and rows.behind)

    def on_mount(self) -> None:
        """Show the columns that were chosen once, and complete filters by what is loaded."""
        self._filter_line.completer = self._complete
        self.watch(self._table, "cursor", self._cursor_moved, init=False)
        self._restore_columns()

    def _tell(self) -> None:
        """Say how things stand: query line, filter line, status line, the table's foot."""
        if not self._standing:
            return
        situation, shown = self._exploring.situation, self._investigation.shown
        connection = self._exploring.connection
        place = connection.place if connection else "not connected"
        search = self._exploring.search
        query = search.query_in(self._exploring.zone) if search else self._exploring.query
        self._line.show(place, query, self._table.clock, self._as_of)
        if self._before is None and self._filter_line.text != self._investigation.view.filter:
            self._filter_line.text = self._investigation.view.filter
        told = shown.filtered and self._filter_line.is_open
        self._filter_line.tell(shown_text(shown, situation.progress) if told else "")
        self._told_of = shown.count
        if situation.doing or situation.error is not None or self._hinted != self._table.cursor:
            self._status.say(status_text(situation, shown), whole=situation.error is not None)
            self._hinted = None
        self._table.foot = foot(situation, self._exploring.query, shown)
        if self._unsaid and search is not None and not situation.doing and situation.error is None:
            self._hint(self._unsaid)
            self._unsaid = ""

    def _hint(self, text: str) -> None:
        self._status.say(text, whole=True)
        self._hinted = self._table.cursor

    def keep_tempo(self, tempo: Tempo, round_trip: float) -> None:
        """Draw as much and as soon as this line takes, whose round trip was measured in seconds; say where that is little."""
        self._tempo = tempo
        if tempo.sparing:
            told = f"slow line ({round_trip * 1000:.0f} ms)"
            self._unsaid = f"{told}: records show on enter, or after 1 s; --no-slow undoes it"
            self._tell()

    def _shown_anew(self) -> None:
        super()._shown_anew()
        self._hinted = None
        self._tell()

    def _grown(self) -> None:
        super()._grown()
        rows = self._investigation.rows
        if rows is not None and rows.behind:
            self._tell_soon()
        elif not self._exploring.loading:
            self._tell()

    # The table and the detail

    def _cursor_moved(self, row: int) -> None:
        self._move()
        if self._hinted is not None or row >= self._told_of:
            self._tell()
        self._status.at(row if self._investigation.count else None)
        if self._follow_cursor is not None:
            self._follow_cursor.stop()
        self._follow_cursor = self.set_timer(self._tempo.detail_follows, self._show_record)

    def _show_record(self) -> None:
        """Let the detail and the timeline follow the cursor, where they can be seen."""
        try:
            line = self._investigation.line(self._table.cursor)
            record = line.record if line else None
            self._timeline.mark(record.created if record else None)
            if self.raw and self._raw_record.display:
                self._raw_record.show(record.raw if record else None)
            elif line and record and self._detail.display:
                remarks, relations = self._remarks(line), self._named_beside(line)
                self._detail.show(record, self._exploring.zone, remarks, relations)
            elif not record:
                self._detail.show(None, self._exploring.zone)
        except AudituiError as error:
            notify_error(self.app, error)

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        if not self._record_pane.display:
            self.zoomed = "detail"
        self._record_pane.focus()
        self._show_record()

    @property
    def _raw_record(self) -> RawRecord:
        """There once `raw` was true: to import and mount its outline and its field takes 15 ms, which no start should pay."""
        from auditui.ui.widgets.raw_record import RawRecord

        return self.query_one("#raw", RawRecord)

    @property
    def _record_pane(self) -> Widget:
        return self._raw_record if self.raw else self._detail

    def watch_zoomed(self, zoomed: str) -> None:
        """Give one pane the screen, or both their part."""
        for pane in ("table", "detail"):
            self.set_class(zoomed == pane, f"-zoom-{pane}")
        self.call_after_refresh(self._show_record)

    def watch_opened(self, opened: str) -> None:
        """Make room for facets or timeline, or take it back."""
        for pane in ("facets", "timeline"):
            self.set_class(opened == pane, f"-open-{pane}")

    def watch_raw(self, raw: bool) -> None:
        """Show the record in JSON, or in words."""
        self.set_class(raw, "-raw")
        self.call_after_refresh(self._show_record)

    def on_resize(self) -> None:
        """Say what is missing where there is too little room; where there is one pane, there is no zoom."""
        width, height = self.app.size
        self.query_one("#too-small", Static).update(f"auditui needs 60x16; this is {width}x{height}")
        self.refresh_bindings()
        self.call_after_refresh(self._show_record)
        self.call_after_refresh(self._heed_keys)

    def _heed_keys(self) -> None:
        """After a size in which nothing has room, which takes the focus from all: keys work again."""
        if self.focused is None and self._table in self.focus_chain:
            self.set_focus(self._table)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Zoom is of use only where there are two panes, or one of two is zoomed."""
        two = self.app.size.width >= _TWO_PANES[0] and self.app.size.height >= _TWO_PANES[1]
        return action != "zoom" or two

    @property
    def pending(self) -> bool:
        """Whether what was asked for is not there yet, so that keys which came together with that have to wait."""
        facets = self.opened == "facets" and not (self._facets.has_focus and self._facets.filled)
        found = self._investigation.count or not (self._investigation.wanted and self._exploring.loading)
        return self.focused is None or facets or not found or bool(self._under_way or self._stepping)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """As Textual has them; in another pane than the table, the footer names that pane's keys and the way back."""
        aside = self.focused is not None and self.focused is not self._table
        return in_footer(super().active_bindings, self.app.size.width, aside=aside, typed=self._is_typed)

    def _is_typed(self, key: str) -> bool:
        focused = self.focused
        return focused is not None and focused.check_consume_key(key, key_to_character(key))

    def on_screen_suspend(self) -> None:
        """A dialog opens: it has keys of its own."""
        self._key_line.refresh()

    def on_screen_resume(self) -> None:
        """The keys do again what they are named for."""
        self._key_line.refresh()

    # Keys

    @on(QueryLine.Clicked)
    async def action_search(self) -> None:
        """Open the search form."""
        from auditui.ui.screens.search_form import SearchForm

        form = SearchForm(self._exploring.asked, self._exploring.zone, self._now)
        await self.app.push_screen(form, self._search_again)

    def _search_again(self, query: Query | None) -> None:
        if query is None:
            return
        if self._exploring.connection is not None:
            self._set_out(query)
        else:
            self._exploring.asked = query
            self._connect()

    def action_reload(self) -> None:
        """After a failure ask for the same page again, else search anew; nothing while an answer is on its way."""
        if self._exploring.situation.doing:
            return
        if self._exploring.connection is None:
            self._connect()
        elif self._exploring.again():
            self._pages()
        elif (place := self._investigation.trail.here) is not None and place.former is not None:
            self._go(place)  # what an earlier run had searched, and is not there yet
        else:
            self._search(self._exploring.asked, self._here().spot)

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, and take it back."""
        self.zoomed = "" if self.zoomed else "detail" if self._record_pane.has_focus else "table"

    def action_go_table(self) -> None:
        """Go to the table."""
        self.opened = ""
        if self.zoomed == "detail":
            self.zoomed = ""
        self._table.focus()

    def action_go_detail(self) -> None:
        """Go to the record."""
        self.opened = ""
        self._opened()

    async def action_raw(self) -> None:
        """Show the record as the site sent it, or in words again."""
        if not self.query("#raw"):
            from auditui.ui.widgets.raw_record import (
                RawRecord,
            )  # an outline and a field: 15 ms that a start can do without

            await self.query_one("#panes").mount(RawRecord(id="raw"))
        self._turn_raw()

    def _turn_raw(self) -> None:
        seen, focused = self._record_pane.display, self._record_pane.has_focus
        self.raw = not self.raw or not seen
        if not seen:
            self.zoomed = "detail"
        if focused or not seen:
            self._record_pane.focus()

    def on_raw_record_closed(self) -> None:
        """Back to the record in words."""
        self._turn_raw()

    def action_scroll_detail(self, lines: int) -> None:
        """Scroll the record from wherever one is."""
        if self.raw:
            self._raw_record.action_move(lines)
        else:
            self._detail.action_scroll_by(lines)

    def action_facets(self) -> None:
        """Go to the facets, and back."""
        self._go_aside("facets", self._facets)

    def action_timeline(self) -> None:
        """Go to the timeline, and back."""
        self._go_aside("timeline", self._timeline)

    def _go_aside(self, name: str, pane: Facets | Timeline) -> None:
        if pane.has_focus:
            self.close_pane()
            return
        self.zoomed = ""
        if not pane.display:
            self.opened = name
            self._give_up_counts()
        self.set_focus(pane) if pane.display else pane.focus()
        self._count()

    @on(Facets.Done)
    def _facets_done(self) -> None:
        self.opened = ""
        self._table.focus()

    @on(FilterLine.Left)
    def _leave_filter_line(self) -> None:
        self._table.focus()

    def action_back(self) -> None:
        """One step back: from a pane to the table, from a range, from the loading, from the filter."""
        if self._before is not None:
            self._drop_filter()
        elif self.close_pane() or self.cancel():
            return
        elif self._table.range_start is not None:
            self._table.set_range(None)
        else:
            self.clear_filter()

    def close_pane(self) -> bool:
        """From any other pane to the table, and from one pane to all; whether there was such a step."""
        if self.raw and self._raw_record.has_focus:
            self._turn_raw()
            return True
        aside = self.opened or any(
            pane.has_focus for pane in (self._facets, self._timeline, self._record_pane)
        )
        if not self.zoomed and not aside:
            return False
        self.zoomed = self.opened = ""
        self._table.focus()
        return True
