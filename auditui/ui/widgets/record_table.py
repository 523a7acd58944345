"""The table of records: draws what can be seen, whatever the number of rows.

Owns the cursor, the row at the top and the columns' widths. Rows come from a `RowSource`; the table asks for more with
`RowsNeeded` and knows nothing of where they come from. A plain line-drawn widget, not a `ScrollView`: the position
stands in the status line, so that there is no scrollbar to repaint, no layout when rows arrive and no animation.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from auditui.model.columns import GAP, Fitted, fit
from auditui.model.errors import StoreFailed
from auditui.model.record import Record
from auditui.model.text import Inert, inert_line
from auditui.model.when import Zone
from auditui.ui.keymap import key
from auditui.ui.widgets.cells import fit_cell, joined

_GUTTER = 2
_HEADER = 1


class RowSource(Protocol):
    """Where the table gets its rows."""

    @property
    def loaded(self) -> int:
        """Rows that can be had now."""
        ...

    def window(self, first: int, count: int) -> Sequence[Record]:
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
        key("table.open", "enter,ctrl+j", "open", "Open", "Read the record", show=True, label="enter"),
    ]
    """| Key | Does |
    | :- | :- |
    | j, k, arrows, page keys, ctrl+d, ctrl+u, g, G | move |
    | enter | open the record |
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "record-table--header",
        "record-table--cursor",
        "record-table--spelled-out",
        "record-table--foot",
    }
    """| Class | What |
    | :- | :- |
    | `record-table--header` | the line of titles |
    | `record-table--cursor` | the cursor's row |
    | `record-table--spelled-out` | characters that were spelled out |
    | `record-table--foot` | what stands below the last row, or in place of rows |
    """

    DEFAULT_CSS = """
    RecordTable {
        height: 1fr;
        .record-table--header { color: $foreground-muted; }
        .record-table--cursor { background: $block-cursor-blurred-background; color: $foreground; }
        .record-table--spelled-out { text-style: reverse; }
        .record-table--foot { color: $foreground-muted; }
        &:focus .record-table--header { text-style: bold; color: $foreground; }
        &:focus .record-table--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
        }
        &:nocolor .record-table--cursor { background: $background; color: $foreground; text-style: reverse; }
        &:focus:nocolor .record-table--cursor { text-style: bold reverse; }
    }
    """

    ALLOW_SELECT = False

    @dataclass
    class CursorMoved(Message):
        """The cursor stands on another row, or the row's record is another one."""

        row: int

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor is now matters, not each row it passed."""
            return isinstance(message, RecordTable.CursorMoved)

    class RowsNeeded(Message):
        """What can be seen, and one screen more, reaches past the loaded rows."""

        def can_replace(self, message: Message) -> bool:
            """Asked once or ten times, it is the same."""
            return isinstance(message, RecordTable.RowsNeeded)

    @dataclass
    class Opened(Message):
        """Somebody wants to read the record of this row."""

        row: int

    def __init__(self, zone: Zone, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0
        """The cursor's row; 0 while there is none."""
        self.top = 0
        """The row on the first line below the titles."""
        self._zone = zone
        self._source: RowSource | None = None
        self._count = 0
        self._foot: tuple[str, ...] = ()
        self._columns: tuple[Fitted, ...] = ()
        self._seen: dict[int, Record] = {}
        self._strips: dict[tuple[int, bool], Strip] = {}

    # What is shown

    def show(self, source: RowSource) -> None:
        """Show other rows, from the first one on."""
        self._source, self._count = source, source.loaded
        self.cursor = self.top = 0
        self._repaint()
        self._tell()

    def grow(self) -> None:
        """More rows can be had: draw those that come into view."""
        before, self._count = self._count, self._source.loaded if self._source else 0
        if self._count == before:
            return
        if before - self.top < self._lines:
            self._refresh_lines(before - self.top, self._lines)
        if not before:
            self.refresh()
            self.post_message(self.CursorMoved(self.cursor))
        self._ask_for_rows()

    @property
    def loaded(self) -> int:
        """Rows the table knows of."""
        return self._count

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
        before, top = self.cursor, self.top
        self.cursor = max(0, min(row, self._count - 1))
        self._scroll_into_view()
        if self.top != top:
            self.refresh()
        elif self.cursor != before:
            for changed in (before, self.cursor):
                self._refresh_lines(changed - top, changed - top + 1)
        if self.cursor != before:
            self._tell()

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

    def on_resize(self, event: events.Resize) -> None:
        self._columns = fit(max(1, event.size.width - _GUTTER))
        self._scroll_into_view()
        self._repaint()
        self._ask_for_rows()

    @property
    def _lines(self) -> int:
        return max(1, self.size.height - _HEADER)

    def _scroll_into_view(self) -> None:
        last = self.cursor + (1 if self.cursor < self._count - 1 else 2)  # with the last row comes the foot
        lowest = max(0, last - self._lines)
        self.top = max(0, min(max(self.top, lowest), self.cursor))

    def _tell(self) -> None:
        self.post_message(self.CursorMoved(self.cursor))
        self._ask_for_rows()

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
        return self._strip(Inert("  " + line), self.get_component_rich_style("record-table--foot"))

    @property
    def _wrapped(self) -> list[str]:
        width = max(20, self.size.width - 2 * _GUTTER)
        return [part for line in self._foot for part in (textwrap.wrap(line, width) or [""])]

    def _header(self) -> Strip:
        titles = [fit_cell(Inert(fitted.column.title), fitted.width) for fitted in self._columns]
        text = "  " + joined(titles, GAP).text
        return self._strip(Inert(text), self.get_component_rich_style("record-table--header"))

    def _row(self, row: int) -> Strip:
        under_cursor = row == self.cursor
        strip = self._strips.get((row, under_cursor))
        if strip is None:
            strip = self._draw(row, under_cursor=under_cursor)
            if len(self._strips) > 8 * self._lines:
                self._strips.clear()
            self._strips[row, under_cursor] = strip
        return strip

    def _draw(self, row: int, *, under_cursor: bool) -> Strip:
        style = self.get_component_rich_style("record-table--cursor") if under_cursor else self.rich_style
        try:
            record = self._record(row)
        except StoreFailed as error:
            return self._strip(inert_line(f"  {error.happened}"), style)
        cells = [
            fit_cell(inert_line(fitted.column.text(record, self._zone, fitted.width)), fitted.width)
            for fitted in self._columns
        ]
        gutter = Inert((">" if under_cursor else " ") + ("!" if record.unusual else " "))
        return self._strip(joined([gutter, joined(cells, GAP)], 0), style)

    def _record(self, row: int) -> Record:
        """The record of a visible row; all that can be seen are read at once."""
        if row not in self._seen and self._source is not None:
            first = min(self.top, row)
            self._seen = dict(enumerate(self._source.window(first, max(self._lines, row - first + 1)), first))
        return self._seen[row]

    def _strip(self, line: Inert, style: Style) -> Strip:
        segments: list[Segment] = []
        at = 0
        spelled_out = style + self.get_component_rich_style("record-table--spelled-out", partial=True)
        for start, end in line.marks:
            segments += [Segment(line.text[at:start], style), Segment(line.text[start:end], spelled_out)]
            at = end
        segments.append(Segment(line.text[at:], style))
        return Strip(segments).adjust_cell_length(self.size.width, style)
