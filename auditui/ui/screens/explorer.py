"""The explorer: query line, table, detail, status line. Owns the workers that connect, search and load.

What is explored is `session.exploring`'s; this screen draws it and passes keys on. Knows nothing of HTTP, SQLite or
keyrings.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.getters import query_one
from textual.reactive import reactive
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Static

from auditui.model.errors import AudituiError, SignInNeeded
from auditui.model.query import Query
from auditui.session.connection import Connection
from auditui.session.exploring import Exploring, Wait
from auditui.session.run import Run, now_in_milliseconds
from auditui.ui.doors import choose_connection, sign_in
from auditui.ui.keymap import key
from auditui.ui.present import notify_error, notify_text
from auditui.ui.status_text import foot, status_text
from auditui.ui.widgets.detail import Detail
from auditui.ui.widgets.query_line import QueryLine
from auditui.ui.widgets.record_table import RecordTable
from auditui.ui.widgets.status_line import StatusLine

_DETAIL_FOLLOWS = 0.15
"""Seconds after which the detail shows the cursor's record: a held-down key then repaints two lines, not a pane."""

_CLOSING = 0.5
"""Seconds that closing may take."""

_TWO_PANES = (100, 30)
"""Columns and rows from which table and record stand side by side or one above the other."""

_STATUS_EVERY = 0.5
"""Seconds between two status lines while pages arrive; bytes matter over SSH."""


class ExplorerScreen(Screen[None]):
    """Where one spends the day."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key(
            "explorer.search",
            "s,1",
            "search",
            "Search",
            "Change dates, text and page size",
            show=True,
            label="s",
        ),
        key(
            "explorer.load_rest", "L", "load_rest", "Load all", "Load everything the search finds", show=True
        ),
        key(
            "explorer.reload",
            "r,f5",
            "reload",
            "Reload",
            "Try the failed page again, else read anew from the top",
            show=True,
            label="r",
        ),
        key(
            "explorer.accounts",
            "P",
            "accounts",
            "Account",
            "Switch to another account, or sign in",
        ),
        key(
            "explorer.zoom",
            "z",
            "zoom",
            "Zoom",
            "Give the whole screen to this pane, and take it back",
            show=True,
        ),
        key("explorer.table", "2", "go_table", "Table", "Go to the table"),
        key("explorer.detail", "3", "go_detail", "Detail", "Go to the record"),
        key(
            "explorer.detail_down",
            "J",
            "scroll_detail(1)",
            "Scroll record",
            "Scroll the record down, without leaving the table",
        ),
        key("explorer.detail_up", "K", "scroll_detail(-1)", "Scroll record back", "Scroll the record up"),
        key("explorer.back", "escape", "back", "Back", "Close the pane, or cancel the loading"),
    ]

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-normal"), (140, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (16, "-short"), (30, "-tall")]
    AUTO_FOCUS = "RecordTable"

    zoomed: reactive[str] = reactive("")
    """`table` or `detail` where that pane has the whole screen; "" otherwise."""

    _table = query_one("#records", RecordTable)
    _detail = query_one("#detail", Detail)
    _status = query_one(StatusLine)
    _line = query_one(QueryLine)

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self._exploring = Exploring(run.options.query, run.options.zone)
        self._drawn: object = None
        self._follow: Timer | None = None
        self._telling: Timer | None = None
        self._counting: Timer | None = None

    def compose(self) -> ComposeResult:
        """Query line, panes, status line, footer; and what is said where there is no room for them."""
        yield QueryLine()
        with Container(id="body"):
            yield RecordTable(self._exploring.zone, id="records")
            yield Detail(id="detail")
        yield Static(id="too-small", markup=False)
        yield StatusLine()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Connect with what the command line or the keyring gives."""
        self._connect()

    async def on_unmount(self) -> None:
        """Close what is open; a connection that hangs is left behind."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING):
                await self._exploring.close()

    # Connecting

    @work(group="connect", exclusive=True, description="connect")
    async def _connect(self) -> None:
        demo = self._run.options.demo_records is not None
        self._begin_doing("Opening the demo site" if demo else "Looking for a saved account")
        try:
            await self._use(await self._run.open())
        except SignInNeeded as error:
            self._fail(error)
            reason = error
            self._ask(lambda: sign_in(self.app, self._run, reason))
        except AudituiError as error:
            self._fail(error)

    async def _use(self, connection: Connection) -> None:
        """Explore with this connection from now on."""
        for group in ("search", "pages"):
            self.workers.cancel_group(self, group)
        connection.listen(self._waits)
        await self._exploring.switch(connection)
        self._loaded()
        for notice in connection.notices:
            notify_text(self.app, notice)
        self._search(self._exploring.asked)

    def action_accounts(self) -> None:
        """Choose another account, or sign in to one."""
        used = self._exploring.connection
        self._ask(lambda: choose_connection(self.app, self._run, used.account if used else None))

    @work(group="accounts", exclusive=True, description="ask for an account")
    async def _ask(self, door: Callable[[], Awaitable[Connection | None]]) -> None:
        try:
            if connection := await door():
                await self._use(connection)
        except AudituiError as error:
            self._fail(error)

    # Searching and loading

    @work(group="search", exclusive=True, description="begin a search")
    async def _search(self, query: Query) -> None:
        self.workers.cancel_group(self, "pages")
        try:
            await self._exploring.begin(query)
        except AudituiError as error:
            self._fail(error)
        else:
            self._pages()

    @work(group="pages", exclusive=True, description="load pages")
    async def _pages(self) -> None:
        await self._exploring.load(self._loaded)

    def _want(self, rows: float) -> None:
        if self._exploring.want(rows):
            self._pages()

    def _loaded(self) -> None:
        """Some page came, or the loading ended."""
        if not self.query(RecordTable):
            return  # the end: a worker that is cancelled still has its last word
        if self._drawn is not self._exploring.current:
            self._drawn = self._exploring.current
            self._table.show(self._exploring)
        else:
            self._table.grow()
        if (row := self._exploring.found_again()) is not None and self._table.cursor == 0:
            self._table.move_to(row)
        if not self._exploring.loading:
            self._tell()
        elif self._telling is None:
            self._tell()
            self._telling = self.set_timer(_STATUS_EVERY, self._told)

    def _told(self) -> None:
        self._telling = None
        self._tell()

    def _waits(self, wait: Wait | None) -> None:
        """The site asked for patience: count down where it can be seen."""
        if self._counting is not None:
            self._counting.stop()
            self._counting = None
        self._exploring.waits(wait)
        if wait is not None:
            self._counting = self.set_interval(1, self._tell)
        self._tell()

    def _now(self) -> int:
        connection = self._exploring.connection
        return connection.now() if connection else now_in_milliseconds()

    def _begin_doing(self, words: str) -> None:
        self._exploring.doing, self._exploring.error = words, None
        self._tell()

    def _fail(self, error: AudituiError) -> None:
        self._exploring.doing, self._exploring.error = "", error
        self._tell()

    def _tell(self) -> None:
        """Say how things stand: query line, status line, the table's foot."""
        if not self.query(QueryLine):
            return
        situation = self._exploring.situation
        connection = self._exploring.connection
        place = connection.place if connection else "not connected"
        self._line.show(place, self._exploring.query, self._exploring.zone)
        self._status.say(status_text(situation), whole=situation.error is not None)
        self._table.foot = foot(situation, self._exploring.query)

    # The table and the detail

    @on(RecordTable.RowsNeeded)
    def _rows_needed(self) -> None:
        self._want(self._exploring.loaded + 1)

    @on(RecordTable.CursorMoved)
    def _cursor_moved(self, moved: RecordTable.CursorMoved) -> None:
        self._status.at(moved.row if self._exploring.loaded else None)
        if self._follow is not None:
            self._follow.stop()
        self._follow = self.set_timer(_DETAIL_FOLLOWS, self._show_record)

    def _show_record(self) -> None:
        """Let the detail follow the cursor, where it can be seen."""
        try:
            records = self._exploring.window(self._table.cursor, 1)
        except AudituiError as error:
            notify_error(self.app, error)
        else:
            self._detail.show(records[0] if records else None, self._exploring.zone)

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        if not self._detail.display:
            self.zoomed = "detail"
        self._detail.focus()
        self._show_record()

    def watch_zoomed(self, zoomed: str) -> None:
        """Give one pane the screen, or both their part."""
        for pane in ("table", "detail"):
            self.set_class(zoomed == pane, f"-zoom-{pane}")

    def on_resize(self) -> None:
        """Say what is missing where there is too little room; where there is one pane, there is no zoom."""
        width, height = self.app.size
        self.query_one("#too-small", Static).update(f"auditui needs 60x16; this is {width}x{height}")
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Zoom is of use only where there are two panes, or one of two is zoomed."""
        two = self.app.size.width >= _TWO_PANES[0] and self.app.size.height >= _TWO_PANES[1]
        return action != "zoom" or two

    # Keys

    @on(QueryLine.Clicked)
    async def action_search(self) -> None:
        """Open the search form."""
        from auditui.ui.screens.search_form import SearchForm

        form = SearchForm(self._exploring.asked, self._exploring.zone, self._now)
        self.app.push_screen(form, self._search_again)

    def _search_again(self, query: Query | None) -> None:
        if query is None:
            return
        self._exploring.asked = query
        if self._exploring.connection is not None:
            self._search(query)
        else:
            self._connect()

    def action_load_rest(self) -> None:
        """Load everything the search finds."""
        if self._exploring.want_all():
            self._pages()

    def action_reload(self) -> None:
        """After a failure ask for the same page again, else search anew; nothing while an answer is on its way."""
        if self._exploring.situation.doing:
            return
        if self._exploring.connection is None:
            self._connect()
        elif self._exploring.again():
            self._pages()
        else:
            self._exploring.remember(self._table.cursor)
            self._search(self._exploring.asked)

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, and take it back."""
        self.zoomed = "" if self.zoomed else "detail" if self._detail.has_focus else "table"

    def action_go_table(self) -> None:
        """Go to the table."""
        if self.zoomed == "detail":
            self.zoomed = ""
        self._table.focus()

    def action_go_detail(self) -> None:
        """Go to the record."""
        self._opened()

    def action_scroll_detail(self, lines: int) -> None:
        """Scroll the record from wherever one is."""
        self._detail.action_scroll_by(lines)

    def action_back(self) -> None:
        """One step back: from the record to the table, from one pane to all, from loading to what is there."""
        if not self.close_pane():
            self.cancel()

    def close_pane(self) -> bool:
        """From the record to the table, and from one pane to all; whether there was such a step."""
        if not self.zoomed and not self._detail.has_focus:
            return False
        self.zoomed = ""
        self._table.focus()
        return True

    def cancel(self) -> bool:
        """Cancel whatever is being waited for; whether there was anything."""
        doing = self._exploring.doing
        for group in ("connect", "search", "pages"):
            self.workers.cancel_group(self, group)
        self._exploring.cancel()
        self._tell()
        return bool(doing)
