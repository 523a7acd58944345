"""The table of records: draws what can be seen, whatever the number of rows.

Owns the cursor (a row and a column), the row at the top and the columns' widths. Rows come from a `RowSource`; the table
asks for more with `RowsNeeded` and knows nothing of where they come from. A plain line-drawn widget, not a `ScrollView`:
the position stands in the status line, so that there is no scrollbar to repaint, no layout when rows arrive and no
animation. How a line looks is `record_line.py`'s.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from auditui.model.clock import Clock
from auditui.model.columns import Column, Layout
from auditui.model.errors import StoreFailed
from auditui.model.text import Inert, inert_line
from auditui.ui.keymap import key
from auditui.ui.widgets.record_line import GUTTER, Look, RecordLine, Styles, header, record_line, strip
from auditui.ui.widgets.shown_columns import ShownColumns

_HEADER = 1


class RowSource(Protocol):
    """Where the table gets its rows."""

    @property
    def count(self) -> int:
        """Rows that can be had now."""
        ...

    def window(self, first: int, count: int) -> Sequence[RecordLine]:
        """Up to `count` rows from row `first` on; quick enough to be called while drawing."""
        ...


class RecordTable(Widget, can_focus=True):
    """Records, a line each, newest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("table.down", "j,down", "move(1)", "Down", "Next record"),
        key("table.up", "k,up", "move(-1)", "Up", "Previous record"),
        key("table.page_down", "pagedown", "page(1)", "Page down", "One screen further"),
        key("table.page_up", "pageup", "page(-1)", "Page up", "One screen back"),
        key("table.half_down", "ctrl+d", "page(0.5)", "Half page down", "Half a screen further"),
        key("table.half_up", "ctrl+u", "page(-0.5)", "Half page up", "Half a screen back"),
        key("table.first", "g,home", "first", "First", "The newest record"),
        key("table.last", "G,end", "last", "Last loaded", "The last record loaded so far"),
        key("table.left", "h,left", "column(-1)", "Column left", "The column to the left"),
        key(
            "table.right",
            "l,right",
            "column(1)",
            "Column right",
            "The column to the right; scrolls to those out of sight",
        ),
        key("table.open", "enter,ctrl+j", "open", "Open", "Read the record", show=True, label="enter"),
    ]
    """| Key | Does |
    | :- | :- |
    | j, k, arrows, page keys, ctrl+d, ctrl+u, g, G | move |
    | h, l, arrows | choose a column |
    | enter | open the record |
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "record-table--header",
        "record-table--cursor",
        "record-table--cell",
        "record-table--spelled-out",
        "record-table--foot",
    }
    """| Class | What |
    | :- | :- |
    | `record-table--header` | the line of titles |
    | `record-table--cursor` | the cursor's row |
    | `record-table--cell` | the cursor's cell, and the title above it |
    | `record-table--spelled-out` | characters that were spelled out |
    | `record-table--foot` | what stands below the last row, or in place of rows |
    """

    DEFAULT_CSS = """
    RecordTable {
        height: 1fr;
        .record-table--header { color: $foreground-muted; }
        .record-table--cursor {
            background: $block-cursor-blurred-background; color: $foreground; text-style: $block-cursor-blurred-text-style;
        }
        .record-table--cell { text-style: underline; }
        .record-table--spelled-out { text-style: reverse; }
        .record-table--foot { color: $foreground-muted; }
        &:focus .record-table--header { text-style: bold; color: $foreground; }
        &:focus .record-table--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """

    ALLOW_SELECT = False

    cursor: var[int] = var(0, init=False, always_update=True)
    """The cursor's row; 0 while there is none. To be watched: that is told where the cursor goes, and that another record
    stands where it is, soon enough for the frame in which the row is drawn."""

    class RowsNeeded(Message):
        """What can be seen, and one screen more, reaches past the loaded rows."""

        def can_replace(self, message: Message) -> bool:
            """Asked once or ten times, it is the same."""
            return isinstance(message, RecordTable.RowsNeeded)

    @dataclass
    class Opened(Message):
        """Somebody wants to read the record of this row."""

        row: int

    def __init__(self, clock: Clock, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.top = 0
        """The row on the first line below the titles."""
        self.range_start: int | None = None
        """Where a range begins that ends at the cursor; None while there is none."""
        self._clock = clock
        self._columns = ShownColumns()
        self._source: RowSource | None = None
        self._count = 0
        self._foot: tuple[str, ...] = ()
        self._seen: dict[int, RecordLine] = {}
        self._strips: dict[tuple[int, Look], Strip] = {}
        self._styled: dict[str, Styles] = {}

    # What is shown

    def show(self, source: RowSource, row: int = 0) -> None:
        """Show other rows, with the cursor on one of them."""
        self._source, self._count = source, source.count
        self.range_start = None
        middle = self._lines // 2
        self.cursor = max(0, min(row, self._count - 1))
        self.top = 0 if self.cursor < self._lines - 1 else self.cursor - middle
        self._scroll_into_view()
        self._repaint()
        self._ask_for_rows()

    def grow(self) -> None:
        """More rows can be had: draw those that come into view, and what has changed of those in view."""
        before, self._count = self._count, self._source.count if self._source else 0
        if self._count != before:
            if before - self.top < self._lines:
                self._refresh_lines(before - self.top, self._lines)
            if not before:
                self.refresh()
                self.cursor = 0  # there was none
        self._look_again()
        self._ask_for_rows()

    @property
    def seen(self) -> range:
        """The rows that can be seen."""
        return range(self.top, min(self.top + self._lines, self._count))

    def changed(self, rows: Collection[int]) -> None:
        """Some rows look different now, such as by a mark."""
        for row in rows:
            self._seen.pop(row, None)
            self._forget(row)

    def _look_again(self) -> None:
        """What is the first of its kind may be another record once older ones are loaded."""
        if self._source is None or not self._seen:
            return
        rows = range(min(self._seen), max(self._seen) + 1)
        for row, line in zip(rows, self._source.window(rows.start, len(rows)), strict=False):
            if row in self._seen and self._seen[row] != line:
                self._seen[row] = line
                self._forget(row)

    def _forget(self, row: int) -> None:
        for look in list(self._strips):
            if look[0] == row:
                del self._strips[look]
        self._refresh_lines(row - self.top, row - self.top + 1)

    @property
    def loaded(self) -> int:
        """Rows the table knows of."""
        return self._count

    @property
    def clock(self) -> Clock:
        """How times are shown."""
        return self._clock

    @clock.setter
    def clock(self, clock: Clock) -> None:
        if clock != self._clock:
            self._clock = clock
            self._repaint()

    # Columns

    @property
    def column(self) -> Column | None:
        """The column of the cursor's cell; None while none has room."""
        return self._columns.cursor

    @property
    def columns(self) -> Layout:
        """Which columns are shown, if there is room."""
        return self._columns.layout

    @columns.setter
    def columns(self, columns: Layout) -> None:
        self._columns.choose(columns)
        self._repaint()

    def action_column(self, steps: int) -> None:
        """Go to another column; those that have no room are scrolled to."""
        self._columns.move(steps)
        self._repaint()

    @property
    def foot(self) -> tuple[str, ...]:
        """Inert lines below the last row; only the first is shown where there are rows."""
        return self._foot

    @foot.setter
    def foot(self, lines: tuple[str, ...]) -> None:
        if lines == self._foot:
            return
        self._foot = lines
        below = self._count - self.top
        self._refresh_lines(below, below + 1 if self._count else self._lines)

    # Moving

    def move_to(self, row: int) -> None:
        """Put the cursor on a row, or on the nearest there is."""
        before, top, after = self.cursor, self.top, max(0, min(row, self._count - 1))
        if after != before:
            self.cursor = after
        self._scroll_into_view()
        if self.top != top:
            self.refresh()
        elif self.range_start is not None:
            first, last = sorted((before, self.cursor))
            self._refresh_lines(first - top, last - top + 1)
        elif after != before:
            for changed in (before, after):
                self._refresh_lines(changed - top, changed - top + 1)
        if after != before:
            self._ask_for_rows()

    def action_move(self, rows: int) -> None:
        """Move the cursor by some rows."""
        self.move_to(self.cursor + rows)
        self._ask_for_rows()

    def action_page(self, screens: float) -> None:
        """Move view and cursor by a part of the screen."""
        rows = round(screens * self._lines)
        self.top = max(0, min(self.top + rows, self._count + 1 - self._lines))
        self._seen.clear()
        self.move_to(self.cursor + rows)
        self.refresh()
        self._ask_for_rows()

    def action_first(self) -> None:
        """Go to the newest record."""
        self.move_to(0)

    def action_last(self) -> None:
        """Go to the last loaded record."""
        self.move_to(self._count - 1)
        self._ask_for_rows()

    def set_range(self, row: int | None) -> None:
        """Begin a range at a row, or end it."""
        before, self.range_start = self.range_start, row
        if before is not None:
            first, last = sorted((before, self.cursor))
            self._refresh_lines(first - self.top, last - self.top + 1)

    @property
    def chosen(self) -> range:
        """The rows of the range, or the cursor's."""
        if not self._count:
            return range(0)
        first, last = sorted((self.cursor if self.range_start is None else self.range_start, self.cursor))
        return range(first, last + 1)

    @property
    def screenful(self) -> int:
        """Rows that can be seen at once."""
        return self._lines

    def action_open(self) -> None:
        """Read the cursor's record."""
        if self._count:
            self.post_message(self.Opened(self.cursor))

    def on_click(self, event: events.Click) -> None:
        row = self.top + event.y - _HEADER
        if event.y < _HEADER or row >= self._count:
            return
        self.move_to(row)
        if event.chain > 1:
            self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_move(-3)

    def on_resize(self) -> None:
        self._scroll_into_view()
        self._columns.resize(self.size.width - GUTTER)
        self._repaint()
        self._ask_for_rows()

    @property
    def _lines(self) -> int:
        return max(1, self.size.height - _HEADER)

    def _scroll_into_view(self) -> None:
        last = self.cursor + (1 if self.cursor < self._count - 1 else 2)  # with the last row comes the foot
        lowest = max(0, last - self._lines)
        self.top = max(0, min(max(self.top, lowest), self.cursor))

    def _ask_for_rows(self) -> None:
        if self._source is not None and self.top + 2 * self._lines > self._count:
            self.post_message(self.RowsNeeded())

    # Drawing

    def _repaint(self) -> None:
        self._strips.clear()
        self._seen.clear()
        self.refresh()

    def _refresh_lines(self, first: int, end: int) -> None:
        """Repaint lines, counted from the first row that can be seen."""
        first, end = max(0, first), min(end, self._lines)
        if first < end:
            self.refresh(Region(0, first + _HEADER, self.size.width, end - first))

    def notify_style_update(self) -> None:
        """Another theme, or the focus: the strips hold styles."""
        self._strips.clear()
        self._styled.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        if y < _HEADER:
            return self._header()
        row = self.top + y - _HEADER
        if row < self._count:
            return self._row(row)
        lines = self._foot[:1] if self._count else self._wrapped
        index = row - self._count if self._count else y - 2 * _HEADER
        line = lines[index] if 0 <= index < len(lines) else ""
        return strip(Inert("  " + line), self.size.width, self._styles("record-table--foot"))

    @property
    def _wrapped(self) -> list[str]:
        width = max(20, self.size.width - 2 * GUTTER)
        return [part for line in self._foot for part in (textwrap.wrap(line, width) or [""])]

    def _styles(self, component: str = "") -> Styles:
        if component not in self._styled:
            self._styled[component] = Styles(
                self.get_component_rich_style(component) if component else self.rich_style,
                self.get_component_rich_style("record-table--spelled-out", partial=True),
                self.get_component_rich_style("record-table--cell", partial=True),
            )
        return self._styled[component]

    def _header(self) -> Strip:
        columns = self._columns
        return header(columns.fitted, columns.cell, self.size.width, self._styles("record-table--header"))

    def _row(self, row: int) -> Strip:
        look = Look(row == self.cursor, row in self.chosen and self.range_start is not None)
        drawn = self._strips.get((row, look))
        if drawn is None:
            drawn = self._draw(row, look)
            if len(self._strips) > 8 * self._lines:
                self._strips.clear()
            self._strips[row, look] = drawn
        return drawn

    def _draw(self, row: int, look: Look) -> Strip:
        styles = self._styles("record-table--cursor" if look.cursor else "")
        try:
            line = self._line(row)
        except StoreFailed as error:
            return strip(inert_line(f"  {error.happened}"), self.size.width, styles)
        columns = self._columns
        return record_line(line, columns.fitted, columns.cell, self._clock, look, self.size.width, styles)

    def _line(self, row: int) -> RecordLine:
        """The line of a visible row; all that can be seen are read at once."""
        if row not in self._seen and self._source is not None:
            first = min(self.top, row)
            self._seen = dict(enumerate(self._source.window(first, max(self._lines, row - first + 1)), first))
        return self._seen[row]
