"""Which columns the table shows, in which order and how wide. Knows no table: it gives a layout.

Everything is done on a copy; the layout that holds stays as it is until enter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from auditui.model.columns import COLUMNS, DEFAULT_LAYOUT, Column, Layout, bounded, column_of, tidied
from auditui.ui.keymap import key

_STEP = 2  # cells
_TITLE = max(len(column.title) for column in COLUMNS)
_KEYS = "space shows or hides · J K move it · + - (l h) wider, narrower · 0 default"


@dataclass(frozen=True, slots=True)
class _Line:
    """A column as it stands in the list."""

    column: Column
    extra: int
    shown: bool


class ColumnsScreen(ModalScreen[Layout | None]):
    """Gives the chosen layout; None on esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, as the list would take enter, which a click is to it, too.
        key("columns.apply", "enter,ctrl+j", "apply", "Apply", "Show these columns", priority=True),
        key("columns.close", "escape,q", "close", "Close", "Leave the columns as they were"),
        key("columns.down", "j", "go(1)", "Down", "The next column"),
        key("columns.up", "k", "go(-1)", "Up", "The column before"),
        key("columns.toggle", "space", "show_or_hide", "Show", "Show or hide the column"),
        key("columns.later", "J", "move(1)", "Later", "Move the column one place to the right"),
        key("columns.sooner", "K", "move(-1)", "Sooner", "Move the column one place to the left"),
        key(
            "columns.wider", "plus,l,equals_sign", f"widen({_STEP})", "Wider", "Give the column 2 cells more"
        ),
        key("columns.narrower", "minus,h", f"widen(-{_STEP})", "Narrower", "Take 2 cells from the column"),
        key("columns.default", "0", "default", "Default", "The columns as they are by themselves"),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-tall")]
    AUTO_FOCUS = "OptionList"

    DEFAULT_CSS = """
    ColumnsScreen {
        align: center middle;
        #columns {
            width: 78; max-width: 100%; height: auto; max-height: 22;
            border: solid $foreground; padding: 0 1; background: $surface;
        }
        #columns-words { height: 2; color: $text-muted; }
        OptionList { height: auto; max-height: 18; scrollbar-size: 0 0; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-short #columns { max-height: 100%; }
        &.-short OptionList { max-height: 12; }
    }
    """

    _list = query_one(OptionList)
    _words = query_one("#columns-words", Static)

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self._lines = _lines(layout)

    def compose(self) -> ComposeResult:
        """The columns, and what the keys do."""
        with Vertical(id="columns") as box:
            box.border_title = "Columns"
            box.border_subtitle = "enter applies · esc leaves them as they were"
            yield OptionList(*map(_prompt, self._lines), compact=True, markup=False)
            yield Static(_KEYS, id="columns-words", markup=False)

    def _change(self, *lines: tuple[int, _Line]) -> None:
        for index, line in lines:
            self._lines[index] = line
            self._list.replace_option_prompt_at_index(index, _prompt(line))

    def _at(self) -> int:
        return self._list.highlighted or 0

    def _say(self, words: str) -> None:
        self._words.update(Content(words), layout=False)

    # Keys

    def action_go(self, rows: int) -> None:
        """Move the cursor by one row."""
        if rows > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    @on(OptionList.OptionSelected)
    def action_show_or_hide(self) -> None:
        """Show or hide the column under the cursor; one stays."""
        line = self._lines[self._at()]
        if line.shown and sum(other.shown for other in self._lines) == 1:
            self._say("One column stays shown.")
            return
        self._say(_KEYS)
        self._change((self._at(), replace(line, shown=not line.shown)))

    def action_move(self, rows: int) -> None:
        """Move the column under the cursor by one place."""
        here, there = self._at(), self._at() + rows
        if 0 <= there < len(self._lines):
            self._change((here, self._lines[there]), (there, self._lines[here]))
            self._list.highlighted = there

    def action_widen(self, cells: int) -> None:
        """Give the column under the cursor more cells, or fewer."""
        line = self._lines[self._at()]
        extra = bounded(line.column, line.extra + cells)
        self._say(_KEYS if extra != line.extra else _limit(line, wider=cells > 0))
        self._change((self._at(), replace(line, extra=extra)))

    def action_default(self) -> None:
        """All columns as they are by themselves."""
        self._say(_KEYS)
        self._change(*enumerate(_lines(DEFAULT_LAYOUT)))

    def action_apply(self) -> None:
        """Leave with the columns that are shown."""
        self.dismiss(tidied((line.column.key, line.extra) for line in self._lines if line.shown))

    def action_close(self) -> None:
        """Leave the columns as they were."""
        self.dismiss(None)


def _lines(layout: Layout) -> list[_Line]:
    """The shown columns in their order, then the others."""
    shown = [(column_of(key), extra) for key, extra in tidied(layout.shown).shown]
    lines = [_Line(column, extra, shown=True) for column, extra in shown if column]
    there = {line.column.key for line in lines}
    return lines + [_Line(column, 0, shown=False) for column in COLUMNS if column.key not in there]


def _prompt(line: _Line) -> Content:
    mark = "[x]" if line.shown else "[ ]"
    extra = f"{line.extra:+}" if line.extra else ""
    return Content(f"{mark} {line.column.title:<{_TITLE}}  {extra:>4}  {line.column.what}")


def _limit(line: _Line, *, wider: bool) -> str:
    return f"{line.column.title} is as {'wide' if wider else 'narrow'} as it can be."
