"""A month in eight lines: the calendar of textual-timepiece with a cursor that walks by days, across month ends.

The library's own cursor begins in the header, stops at the grid's edge and leaves every second line blank. Here its
`date` is the cursor and its `end_date` is today. Import this module late: the library costs some 20 to 100 ms.
"""

from __future__ import annotations

from contextlib import suppress
from typing import ClassVar

from textual.binding import BindingType
from textual.geometry import Offset, Size
from textual.strip import Strip
from textual_timepiece import constants
from whenever import Date

from auditui.ui.keymap import key

# The library asks to be patched before its widgets are imported. Its `◎` has two widths and would do nothing here.
constants.LEFT_ARROW, constants.TARGET_ICON, constants.RIGHT_ARROW = "< p", " ", "n >"

from textual_timepiece.pickers import DateSelect  # noqa: E402

_HEADER = 2
_WEEKS = 6
WIDTH = 38
"""Cells of a line, as the library draws it."""


class DateGrid(DateSelect, inherit_bindings=False):
    """A month, with the cursor on one of its days.

    Posts the library's `StartChanged` when a day is clicked. The cursor's day is `date`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("calendar.left", "left,h", "move(-1)", "Day back", "The day before"),
        key("calendar.right", "right,l", "move(1)", "Day on", "The day after"),
        key("calendar.up", "up,k", "move(-7)", "Week back", "The same day, a week before"),
        key("calendar.down", "down,j", "move(7)", "Week on", "The same day, a week later"),
        key("calendar.month_back", "p,pageup", "move_months(-1)", "Month back", "The month before"),
        key("calendar.month_on", "n,pagedown", "move_months(1)", "Month on", "The month after"),
        key("calendar.today", "t", "today", "Today", "Go to today"),
    ]

    DEFAULT_CSS = """
    DateGrid {
        width: 38;
        border: none;
        background: $surface;
        .dateselect--primary-date { color: $foreground; }
        .dateselect--secondary-date { color: $text-muted; }
        .dateselect--start-date { color: $foreground; text-style: reverse bold; }
        .dateselect--end-date { color: $foreground; text-style: underline bold; }
    }
    """

    def __init__(self, day: Date, today: Date, *, id: str | None = None) -> None:
        super().__init__(day, id=id, select_on_focus=False)
        self._today = today

    def on_mount(self) -> None:
        """Show the cursor's month, which the library does for later dates only, and mark today."""
        self.end_date = self._today
        if self.date:
            self.loc = self.date

    def validate_scope(self, _scope: object) -> object:
        """Stay with months: from a 31st or a 29 February the library's views of years and decades crash."""
        return self.scope

    def validate_cursor_offset(self, _offset: Offset | None) -> None:
        """No trace of the mouse: it costs bytes with every cell it crosses."""
        return

    def watch_loc(self, shown: Date) -> None:
        """Take the cursor along where the mouse turned the page."""
        if self.date and self.date.year_month() != shown.year_month():
            months = (shown.year - self.date.year) * 12 + shown.month - self.date.month
            self.action_move_months(months)

    def action_move(self, days: int) -> None:
        """Move the cursor by days, into another month where that is where they lead."""
        with suppress(ValueError):  # before the year 1 or after 9999
            self.date = self.date and self.date.add(days=days)

    def action_move_months(self, months: int) -> None:
        """Move the cursor by months; the 31st becomes the last day of a shorter one."""
        with suppress(ValueError):
            self.date = self.date and self.date.add(months=months)

    def action_today(self) -> None:
        """Go to today."""
        self.date = self._today

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Month, weekdays and six weeks, whatever the month, so that nothing jumps."""
        return _HEADER + _WEEKS

    def render_line(self, y: int) -> Strip:
        """The library's lines without the blank ones between them."""
        return super().render_line(2 * y + 1)
