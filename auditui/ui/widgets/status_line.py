"""One line that tells the truth about what is loaded, and one number: where the cursor is.

Two widgets, so that a cursor key repaints twelve cells and not the line.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from auditui.ui.present import one_line

_ROOM = 14
"""Cells that the position has at least: that of any of the first 99,999 records fits."""


class StatusLine(Horizontal):
    """What is loaded, what is going on, and where the cursor is."""

    DEFAULT_CSS = f"""
    StatusLine {{
        height: 1;
        padding: 0 1;
        #status-text {{ width: 1fr; height: 1; text-overflow: ellipsis; text-wrap: nowrap; }}
        &.-long {{ height: auto; max-height: 6; }}
        &.-long #status-text {{ height: auto; text-wrap: wrap; text-overflow: fold; }}
        #status-position {{ width: auto; min-width: {_ROOM}; height: 1; text-align: right; text-wrap: nowrap; }}
        &.-nowhere #status-position {{ display: none; }}
    }}
    """

    _text = query_one("#status-text", Static)
    _position = query_one("#status-position", Static)

    def __init__(self) -> None:
        super().__init__(classes="-nowhere")
        self._said = self._place = ""

    def compose(self) -> ComposeResult:
        """The text and the position."""
        yield Static(id="status-text", markup=False)
        yield Static(id="status-position", markup=False)

    def say(self, text: str, *, whole: bool = False) -> None:
        """Show a text; what stands there already costs no bytes.

        Args:
            text: what to show.
            whole: whether to take as many lines as it needs, rather than to cut it.
        """
        if text != self._said:
            self._said = text
            self.set_class(whole, "-long")
            self._text.update(one_line(text))

    def at(self, row: int | None) -> None:
        """Show the cursor's row, counted from one. There is a layout, which costs a frame, only where it needs more room."""
        place = "" if row is None else f"record {row + 1:,}"
        before, self._place = self._place, place
        if place != before:
            self.set_class(not place, "-nowhere")
            wider = max(len(place), _ROOM) != max(len(before), _ROOM)
            self._position.update(Content(place), layout=wider)
