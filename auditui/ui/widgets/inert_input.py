"""A field for text that may be anybody's: what is in it is kept exactly, what is drawn of it is inert.

Knows nothing of what the text is for.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.events import Paste
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from auditui.model.text import MARKS_KEPT, inert_line

_MOST_PASTED = 10_000  # characters
_TEXT_BLANKS = {ord(blank): " " for blank in "\t\n\v\f\r\x85"}


@dataclass(frozen=True, slots=True)
class Spelled:
    """A text as an editor shows it: each character by itself, so that each has a place for the cursor."""

    pieces: tuple[str, ...]
    """What stands for each character."""
    cells: tuple[int, ...]
    """Where each piece begins, in cells, and where the last one ends."""


def spelled(text: str) -> Spelled:
    """Every character of `text` as something a terminal may be given; marks stay on the letter before them."""
    pieces: list[str] = []
    piled = 0
    for character in text:
        piece = inert_line(character).text
        mark = len(piece) == 2 and piece[1] == character  # alone, it was given a circle to stand on
        piled = piled + 1 if mark else 0
        on_its_letter = mark and len(pieces) >= piled and piled <= MARKS_KEPT
        pieces.append(character if on_its_letter else piece)
    return Spelled(tuple(pieces), (0, *accumulate(map(cell_len, pieces))))


class InertInput(Input, inherit_bindings=False):
    """An input that keeps any text exactly and gives the terminal only inert text.

    Textual draws an input's value raw. Here each character is spelled out where it has to be; what Textual computes
    from the value's cells (drawing, scrolling, the mouse) is computed from that. Two of the methods are Textual's own
    (`_position_to_cell`, `_cell_offset_to_index`); a test pins each. Enter, and right at the end, are left to whoever
    holds the input.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in Input.BINDINGS if not isinstance(binding, Binding) or binding.key != "enter"
    ]
    """As any input's, without those of what scrolls: up and down are its holder's."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"inert-input--spelled-out"}
    """| Class | What |
    | :- | :- |
    | `inert-input--spelled-out` | characters that were spelled out |
    """

    DEFAULT_CSS = """
    InertInput {
        .inert-input--spelled-out { text-style: underline; }
    }
    """

    class Moved(Message):
        """The cursor may stand elsewhere."""

        def can_replace(self, message: Message) -> bool:
            """Only where it is now matters."""
            return isinstance(message, InertInput.Moved)

    @dataclass
    class LeftOut(Message):
        """A part of what was pasted was not taken, and why."""

        told: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(compact=True, select_on_focus=False, id=id)
        self.cursor_blink = False
        self._shown = ("", spelled(""))

    @property
    def shown(self) -> Spelled:
        """The value as it is drawn."""
        if self._shown[0] != self.value:
            self._shown = (self.value, spelled(self.value))
        return self._shown[1]

    # What comes in

    def on_paste(self, event: Paste) -> None:
        """Take a paste without its controls."""
        event.prevent_default()
        event.stop()
        self._take(event.text)

    def action_paste(self) -> None:
        """Take what was copied last."""
        self._take(self.app.clipboard)

    def _take(self, text: str) -> None:
        if len(text) > _MOST_PASTED:
            self.post_message(self.LeftOut(f"Too long to paste: {len(text):,} characters."))
            return
        line = text.strip("\r\n").replace("\r\n", "\n").translate(_TEXT_BLANKS)
        kept = "".join(character for character in line if unicodedata.category(character) != "Cc")
        self.replace(kept, *self.selection)
        if count := len(line) - len(kept):
            told = "1 control character was" if count == 1 else f"{count:,} control characters were"
            self.post_message(self.LeftOut(f"{told} left out."))

    # What goes out

    @property
    def selected_text(self) -> str:
        """The text that is selected, as it can be encoded: a lone surrogate cannot."""
        return super().selected_text.encode("utf-8", "replace").decode()

    async def action_submit(self) -> None:
        """Leave enter to the holder."""
        raise SkipAction

    def action_cursor_right(self, select: bool = False) -> None:
        """Go right, or leave the key to the holder where there is nothing to the right."""
        if self.cursor_at_end and self.selection.is_empty and not select:
            raise SkipAction
        super().action_cursor_right(select)

    def watch_selection(self) -> None:
        """Tell that the cursor has moved."""
        self.post_message(self.Moved())

    # Drawing

    @property
    def content_width(self) -> int:
        """Cells of the text, and one for the cursor behind it."""
        return self.shown.cells[-1] + 1

    def _position_to_cell(self, position: int) -> int:
        return self.shown.cells[min(position, len(self.value))]

    def _cell_offset_to_index(self, offset: int) -> int:
        cells = self.shown.cells
        at = max(0, offset + self.scroll_offset.x)
        return min(bisect_right(cells, at) - 1, len(self.value))

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        at = self._position_to_cell(self.cursor_position)
        self.scroll_to_region(Region(at, 0, 2, 1), force=True, animate=False)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        base, width = self.rich_style, self.scrollable_content_region.width
        if y:
            return Strip.blank(width, base)
        styles = self._styles()
        pieces = [*self.shown.pieces, " "]
        strip = Strip([Segment(piece, base + style) for piece, style in zip(pieces, styles, strict=True)])
        left = self.scroll_offset.x
        return strip.crop(left, left + width).extend_cell_length(width, base).simplify()

    def _styles(self) -> list[Style]:
        """A style for each piece, and for the place behind the last."""
        plain, odd = Style.null(), self.get_component_rich_style("inert-input--spelled-out", partial=True)
        pieces = self.shown.pieces
        styles = [
            odd if piece != character else plain for piece, character in zip(pieces, self.value, strict=True)
        ]
        styles.append(plain)
        if self.has_focus:
            start, end = sorted(self.selection)
            selected = self.get_component_rich_style("input--selection")
            styles[start:end] = [selected] * (end - start)
            first, last = self._whole_letter(self.cursor_position)
            cursor = self.get_component_rich_style("input--cursor")
            styles[first:last] = [cursor] * (last - first)
        return styles

    def _whole_letter(self, at: int) -> tuple[int, int]:
        """The letter at a place together with the marks on it: a cursor of no width could not be seen."""
        cells, end = self.shown.cells, at + 1
        while at > 0 and at < len(self.value) and cells[at + 1] == cells[at]:
            at -= 1
        while end < len(self.value) and cells[end + 1] == cells[end]:
            end += 1
        return at, end
