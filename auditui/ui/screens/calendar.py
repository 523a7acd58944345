"""A calendar that asks for one day. Knows nothing of searches.

Import this module late: it imports textual-timepiece.
"""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Static
from whenever import Date

from auditui.ui.keymap import key
from auditui.ui.widgets.date_grid import DateGrid


class CalendarScreen(ModalScreen[Date | None]):
    """Asks for a day: the day taken, or None on esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("calendar.take", "enter,ctrl+j,space", "take", "Take", "Take the cursor's day"),
        key("calendar.cancel", "escape,q", "cancel", "Cancel", "Leave the date as it was"),
    ]

    DEFAULT_CSS = """
    CalendarScreen {
        align: center middle;
        #calendar { width: 40; height: 12; border: solid $foreground; background: $surface; }
        #calendar-day, #calendar-keys { height: 1; padding: 0 1; }
        #calendar-day { text-style: bold; }
        #calendar-keys { color: $text-muted; }
    }
    """

    _day = query_one("#calendar-day", Static)
    _grid = query_one("#calendar-grid", DateGrid)

    def __init__(self, day: Date, today: Date) -> None:
        super().__init__()
        self._first = day
        self._today = today

    def compose(self) -> ComposeResult:
        """The month, the cursor's day in words, the keys."""
        with Vertical(id="calendar"):
            yield DateGrid(self._first, self._today, id="calendar-grid")
            yield Static(id="calendar-day", markup=False)
            yield Static("enter take  p n month  t today  esc", id="calendar-keys", markup=False)

    def on_mount(self) -> None:
        """Say the day under the cursor from now on."""
        self.watch(self._grid, "date", self._say)

    def _say(self, day: Date | None) -> None:
        if day is None:
            return
        today = " · today" if day == self._today else ""
        self._day.update(Content(f"{day.day_of_week().name.capitalize()} {day}{today}"), layout=False)

    def action_take(self) -> None:
        """Take the cursor's day."""
        self.dismiss(self._grid.date)

    @on(DateGrid.StartChanged)
    def _clicked(self, clicked: DateGrid.StartChanged) -> None:
        self.dismiss(clicked.date)

    def action_cancel(self) -> None:
        """Leave things as they were."""
        self.dismiss(None)
