"""A JSON text as lines under a cursor, some of them folded. Owns the cursor, the view and the drawing.

How a text becomes lines is `json_lines`'s. A value too long for the width goes on in the next row, so that nothing has
to be scrolled sideways; only rows that can be seen are ever made.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, islice
from typing import ClassVar, NamedTuple

from rich.cells import get_character_cell_size
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from auditui.ui.json_lines import Found, Outline, json_lines, occurrences
from auditui.ui.keymap import key

_GUTTER = 2
_INDENT = 2
_LEAST = 8  # cells that a line's text has in any case

_NAME_STYLE = "$foreground-muted"
_FOLD_STYLE = "italic"
_MATCH_STYLE = "reverse"
_MATCH_HERE_STYLE = "reverse bold underline"
_MARKED = 500  # matches of one line that are set apart

Row = tuple[int, int]
"""A row of the picture: a line by its place among those that can be seen, and which of its rows."""


class Place(NamedTuple):
    """Where somebody is in a text."""

    line: int
    """The cursor's, counted over all lines."""
    top: int
    """The line at the top."""
    folded: frozenset[int]
    """The lines that are folded."""


class JsonView(Widget, can_focus=True):
    """The lines of a JSON text, each object and list foldable."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("raw.down", "j,down", "move(1)", "Down", "Next line"),
        key("raw.up", "k,up", "move(-1)", "Up", "Previous line"),
        key("raw.page_down", "pagedown", "page(1)", "Page down", "One screen further"),
        key("raw.page_up", "pageup", "page(-1)", "Page up", "One screen back"),
        key("raw.half_down", "ctrl+d", "page(0.5)", "Half page down", "Half a screen further"),
        key("raw.half_up", "ctrl+u", "page(-0.5)", "Half page up", "Half a screen back"),
        key("raw.top", "g,home", "top", "Top", "The first line"),
        key("raw.bottom", "G,end", "bottom", "Bottom", "The last line"),
    ]
    """| Key | Does |
    | :- | :- |
    | j, k, arrows, page keys, ctrl+d, ctrl+u, g, G | move |
    | space, enter, h, l, e, E | fold and unfold |
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"json-view--cursor"}
    """| Class | What |
    | :- | :- |
    | `json-view--cursor` | the cursor's line |
    """

    DEFAULT_CSS = """
    JsonView {
        height: 1fr;
        .json-view--cursor {
            background: $block-cursor-blurred-background; color: $foreground; text-style: $block-cursor-blurred-text-style;
        }
        &:focus .json-view--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.outline = Outline(())
        """The lines, and which of them are folded."""
        self._raw: str | None = None
        self._visible: tuple[int, ...] = ()
        self._cursor = 0
        self._top: Row = (0, 0)
        self._below = 0
        self._wanted = ""
        self._here: Found | None = None
        self._pieces: dict[tuple[int, bool], list[Content]] = {}

    def show(self, raw: str | None) -> None:
        """Show a JSON text unfolded from its first line on, None for nothing; the one shown already stays as it is."""
        if raw == self._raw:
            return
        self._raw = raw
        self.outline = Outline(json_lines(raw) if raw is not None else ())
        self._visible, self._cursor, self._top = self.outline.visible(), 0, (0, 0)
        self.mark("", None)

    def mark(self, wanted: str, here: Found | None) -> None:
        """Set apart where a text occurs, one place more than the others."""
        self._wanted, self._here = wanted, here
        self._repaint()

    @property
    def below(self) -> int:
        """Rows at the bottom that something else takes."""
        return self._below

    @below.setter
    def below(self, rows: int) -> None:
        self._below = rows
        self._keep_in_view()

    @property
    def place(self) -> Place:
        """Where the cursor is; setting it goes back there."""
        if not self._visible:
            return Place(0, 0, self.outline.folded)
        return Place(self._visible[self._cursor], self._visible[self._top[0]], self.outline.folded)

    @place.setter
    def place(self, place: Place) -> None:
        self.outline.folded = place.folded
        self._visible = self.outline.visible()
        if self._visible:
            self._cursor = self._visible.index(self.outline.seen_at(place.line))
            self._top = self._visible.index(self.outline.seen_at(place.top)), 0
        self._keep_in_view()

    def go_to(self, found: Found) -> None:
        """Put the cursor on the line of a match and its row into view; unfold what hides it."""
        self.outline.reveal(found.line)
        self.place = self.place._replace(line=found.line, folded=self.outline.folded)
        ends = breaks(self.outline.lines[found.line].text, self._width_of(found.line))
        row = self._cursor, bisect_right(ends, found.start)
        self._bring_into_view(row, row)

    # Moving

    def action_move(self, lines: int) -> None:
        """Move the cursor by some lines; in one that is longer than the screen, the view by as many rows."""
        for _ in range(abs(lines) if self._visible else 0):
            way = 1 if lines > 0 else -1
            first, last = self._rows_of(self._cursor)
            if (first < self._top) if way < 0 else (last > self._step(self._top, self._height - 1)):
                self._top = self._step(self._top, way)
                self.refresh()
            else:
                self._move_to(self._cursor + way)

    def action_page(self, screens: float) -> None:
        """Move view and cursor by a part of the screen."""
        if not self._visible:
            return
        rows = round(screens * self._height)
        row = self._step(max((self._cursor, 0), self._top), rows)
        self._top = max((0, 0), min(self._step(self._top, rows), self._step(self._last, 1 - self._height)))
        self._cursor = row[0]
        self._bring_into_view(row, row)
        self.refresh()

    def action_top(self) -> None:
        """Go to the first line."""
        self._move_to(0)

    def action_bottom(self) -> None:
        """Go to the last line."""
        self._move_to(len(self._visible) - 1)

    def _move_to(self, cursor: int) -> None:
        if not self._visible:
            return
        before, self._cursor = self._cursor, max(0, min(cursor, len(self._visible) - 1))
        if not self._bring_into_view(*self._rows_of(self._cursor)) and self._cursor != before:
            self._refresh_lines(before, self._cursor)

    def on_click(self, event: events.Click) -> None:
        """Go to the line."""
        if event.widget is self and event.y < len(rows := self._rows()):
            self._move_to(rows[event.y][0])

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three lines further."""
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three lines back."""
        event.stop()
        self.action_move(-3)

    # The view

    @property
    def _height(self) -> int:
        return max(1, self.size.height - self._below)

    @property
    def _last(self) -> Row:
        return self._rows_of(len(self._visible) - 1)[1]

    def _rows_of(self, place: int) -> tuple[Row, Row]:
        """The first and the last row of a line."""
        return (place, 0), (place, len(self._drawn(place)) - 1)

    def _step(self, row: Row, rows: int) -> Row:
        """The row that is so many rows further, or the last or first there is."""
        place, part = row[0], row[1] + rows
        while part < 0 and place > 0:
            place -= 1
            part += len(self._drawn(place))
        while part >= (height := len(self._drawn(place))):
            if place == len(self._visible) - 1:
                return place, height - 1
            place, part = place + 1, part - height
        return place, max(0, part)

    def _rows(self) -> list[Row]:
        """The rows on the screen, from the top one on."""
        if not self._visible:
            return []
        rows = [self._top]
        while len(rows) < self._height and (following := self._step(rows[-1], 1)) != rows[-1]:
            rows.append(following)
        return rows

    def _bring_into_view(self, first: Row, last: Row) -> bool:
        """Move the view as little as it takes to show these rows, rather the first ones; whether it moved."""
        lowest = min(first, self._step(last, 1 - self._height))
        top = min(max(self._top, lowest), first)
        if top == self._top:
            return False
        self._top = top
        self.refresh()
        return True

    def _keep_in_view(self) -> None:
        """After the lines, or the rows for them, have become others."""
        if self._visible:
            self._top = self._step((self._top[0], 0), 0)
            self._bring_into_view(*self._rows_of(self._cursor))
        self._repaint()

    def on_resize(self) -> None:
        """Longer or shorter rows."""
        self._pieces.clear()
        self._keep_in_view()

    # Drawing

    def _repaint(self) -> None:
        self._pieces.clear()
        self.refresh()

    def _refresh_lines(self, *places: int) -> None:
        regions = [Region(0, y, self.size.width, 1) for y, row in enumerate(self._rows()) if row[0] in places]
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        rows = self._rows()
        if y >= len(rows):
            return Strip.blank(self.size.width, self.rich_style)
        place, part = rows[y]
        under_cursor = place == self._cursor
        style = self.get_visual_style("json-view--cursor") if under_cursor else self.visual_style
        begins = ">" if under_cursor and (y == 0 or part == 0) else ""
        indent = self._indent_of(self._visible[place]) + (_INDENT if part else 0)
        row = Content.assemble(begins.ljust(_GUTTER + indent), self._drawn(place)[part])
        strip = Visual.to_strips(self, row, self.size.width, 1, style)[0]
        return strip.adjust_cell_length(self.size.width, style.rich_style)

    def _indent_of(self, line: int) -> int:
        """Where a line begins: never so far to the right that its text would have no room."""
        return min(_INDENT * self.outline.lines[line].depth, self.size.width // 2 - _GUTTER)

    def _width_of(self, line: int) -> int:
        return max(_LEAST, self.size.width - _GUTTER - self._indent_of(line) - _INDENT)

    def _drawn(self, place: int) -> list[Content]:
        """The rows of a line, without what stands before them."""
        line, under_cursor = self._visible[place], place == self._cursor
        pieces = self._pieces.get((line, under_cursor))
        if pieces is None:
            content = self._marked(line, "" if under_cursor else _NAME_STYLE)
            pieces = content.divide(breaks(content.plain, self._width_of(line)))
            if len(self._pieces) > 8 * self._height:
                self._pieces.clear()
            self._pieces[line, under_cursor] = pieces
        return pieces

    def _marked(self, line: int, name_style: str) -> Content:
        """A line with the matches in it set apart."""
        folded = line in self.outline.folded
        content = self.outline.lines[line].content(
            folded=folded, name_style=name_style, fold_style=_FOLD_STYLE
        )
        for start, end in islice(occurrences(content.plain, self._wanted), _MARKED):
            content = content.stylize(_MATCH_STYLE, start, end)
        if self._here is not None and self._here.line == line and not folded:
            content = content.stylize(_MATCH_HERE_STYLE, self._here.start, self._here.end)
        return content


def breaks(text: str, width: int) -> list[int]:
    """Where a text goes on in the next row, in characters: behind a blank where one is near, else anywhere."""
    cells: Sequence[int] = range(len(text) + 1)
    if not text.isascii():
        cells = [0, *accumulate(map(get_character_cell_size, text))]
    ends: list[int] = []
    at = 0
    while cells[-1] - cells[at] > width:
        end = max(at + 1, bisect_right(cells, cells[at] + width) - 1)
        at = text.rfind(" ", (at + end) // 2, end) + 1 or end
        ends.append(at)
    return ends
