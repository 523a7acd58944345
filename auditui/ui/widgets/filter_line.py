"""The line on which a filter of the loaded records is typed, completed and found fault with.

Owns the text, the cursor, what is offered and what is said about the text. Knows no filter: its owner parses what is
`Typed`, sets the `completer`, and answers with `tell` and `fault`. No timers: the owner waits until typing pauses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from auditui.model.filter_completion import Completion
from auditui.model.filter_parse import FilterFault
from auditui.model.text import Inert, inert_line
from auditui.ui.keymap import key
from auditui.ui.present import content_of
from auditui.ui.widgets.cells import ELLIPSIS, fit_cell
from auditui.ui.widgets.inert_input import InertInput

Completer = Callable[[str, int], tuple[Completion, ...]]
"""From a text and the cursor's place in it to what may be put there."""

_PROMPT = "/ "
_INDENT = " " * len(_PROMPT)
_HINT = "enter keeps it, esc drops it, down: the records"
_ROOM_TO_TYPE = 16  # cells; with fewer the count gives way
_ROOM_TO_READ = 4  # the same for the closed line
_WIDEST_OFFER = 32  # cells of one completion


class _Line(Widget):
    """One line that is drawn for the width it has."""

    DEFAULT_CSS = """
    _Line { height: 1; text-wrap: nowrap; text-overflow: clip; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._drawing: Callable[[int], Content] = lambda _width: Content("")
        self._drawn = Content("")

    def show(self, drawing: Callable[[int], Content]) -> None:
        """Show what `drawing` gives for the line's width; what stands there already costs no bytes."""
        self._drawing = drawing
        now = drawing(self.size.width)
        if (now.plain, now.spans) != (self._drawn.plain, self._drawn.spans):
            self.refresh()

    def render(self) -> Content:
        """The line as it is now."""
        self._drawn = self._drawing(self.size.width)
        return self._drawn


class FilterLine(Vertical):
    """A line for the filter; while it is open, up to two more below it for completions and words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key(
            "filter.keep",
            "enter,ctrl+j",
            "keep",
            "Keep",
            "Keep the filter and go to the records",
            show=True,
            label="enter",
        ),
        key(
            "filter.drop",
            "escape",
            "drop",
            "Drop",
            "Leave the filter as it was before",
            show=True,
            label="esc",
        ),
        key(
            "filter.complete", "right", "complete", "Complete", "At the end of the text: take what is offered"
        ),
        key(
            "filter.next", "down", "choose(1)", "Next", "The next completion; without any, go to the records"
        ),
        key("filter.previous", "up", "choose(-1)", "Previous", "The completion before"),
    ]
    """| Key | Does |
    | :- | :- |
    | enter, esc | keep the filter, drop what was typed |
    | up, down, right | choose among what is offered, take it |
    """

    DEFAULT_CSS = """
    FilterLine {
        height: auto;
        .filter-row { height: 1; }
        .filter-prompt { width: 2; text-style: bold; }
        .filter-told { width: auto; padding-left: 2; color: $foreground-muted; }
        InertInput { width: 1fr; }
        #filter-closed { color: $foreground-muted; }
    }
    """

    completer: Completer | None
    """What offers completions; called once for each change of text or cursor, so it has to be quick."""

    _input = query_one(InertInput)
    _row = query_one(".filter-row", Horizontal)
    _told_beside = query_one(".filter-told", Static)
    _stand_in = query_one("#filter-closed", _Line)
    _below = query_one("#filter-below", _Line)
    _lowest = query_one("#filter-lowest", _Line)

    @dataclass
    class Typed(Message):
        """The text has changed under somebody's hands."""

        text: str

    @dataclass
    class Kept(Message):
        """Somebody is done and wants this filter."""

        text: str

    class Dropped(Message):
        """Somebody wants the filter that was there before."""

    class Left(Message):
        """Somebody goes to the records for now; the line stays open."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.completer = None
        self._is_open = False
        self._told = ""
        self._note = ""
        self._fault: FilterFault | None = None
        self._looked: tuple[str, int] | None = None
        self._offers: tuple[Completion, ...] = ()
        self._chosen = 0
        self.display = False

    def compose(self) -> ComposeResult:
        """The row one types on, the row that stands for it when closed, and two below."""
        with Horizontal(classes="filter-row"):
            yield Static(_PROMPT, classes="filter-prompt", markup=False)
            yield InertInput()
            yield Static(classes="filter-told", markup=False)
        yield _Line(id="filter-closed")
        yield _Line(id="filter-below")
        yield _Line(id="filter-lowest")

    def on_mount(self) -> None:
        """Keep the marks below the text where it scrolls."""
        self.watch(self._input, "scroll_x", self._draw, init=False)
        self._lowest.display = False
        self._arrange()

    # What the owner says

    @property
    def text(self) -> str:
        """The filter, raw, as typed or as set. Setting it puts the cursor at its end and posts no `Typed`."""
        return self._input.value

    @text.setter
    def text(self, text: str) -> None:
        with self._input.prevent(Input.Changed):
            self._input.value = text
        self._input.cursor_position = len(text)
        self._note, self._fault, self._looked = "", None, None
        self._arrange()

    @property
    def is_open(self) -> bool:
        """Whether one can type."""
        return self._is_open

    def open(self, text: str) -> None:
        """Let somebody type, from `text` on."""
        self._is_open = True
        self.text = text
        self.screen.set_focus(
            self._input
        )  # at once: keys may arrive together with the one that opened the line

    def resume(self) -> None:
        """Let somebody go on typing: what is there cannot be kept."""
        self.screen.set_focus(self._input)

    def close(self) -> None:
        """End the typing: the text stays on a quiet line, or, where there is none, nothing does."""
        self._is_open = False
        self._note, self._fault, self._looked = "", None, None
        self._lowest.display = False
        self._arrange()

    def tell(self, told: str) -> None:
        """Show a short text that is inert already at the right end: `12 of 3,000 loaded`."""
        if told != self._told:
            self._told = told
            self._told_beside.update(Content(told))
            self._arrange()

    def fault(self, fault: FilterFault | None) -> None:
        """Mark what is wrong in the text, until that changes; None takes the mark away."""
        self._fault = fault
        self._draw()

    # What somebody does

    @on(Input.Changed)
    def _changed(self, changed: Input.Changed) -> None:
        changed.stop()
        self._note, self._fault = "", None
        self._look()
        self._draw()
        self.post_message(self.Typed(changed.value))

    @on(InertInput.Moved)
    def _moved(self, moved: InertInput.Moved) -> None:
        moved.stop()
        self._look()

    @on(InertInput.LeftOut)
    def _left_out(self, left_out: InertInput.LeftOut) -> None:
        left_out.stop()
        self._note = left_out.told
        self._draw()

    def on_resize(self) -> None:
        """Let the count give way where there is little room."""
        self._arrange()

    def complete(self) -> bool:
        """Put the chosen completion into the text; False where nothing is offered."""
        self._look()
        if not self._offers:
            return False
        taken = self._offers[self._chosen]
        self._input.replace(taken.text, taken.start, taken.end)
        return True

    def action_complete(self) -> None:
        """Take what is offered."""
        self.complete()

    def action_choose(self, step: int) -> None:
        """Choose another completion; without any, down goes to the records."""
        self._look()
        if self._offers:
            self._chosen = (self._chosen + step) % len(self._offers)
            self._draw()
        elif step > 0:
            self.post_message(self.Left())

    def action_keep(self) -> None:
        """Be done: keys that follow at once are the owner's."""
        self.screen.set_focus(None)
        self.post_message(self.Kept(self.text))

    def action_drop(self) -> None:
        """Want back what was there before."""
        self.screen.set_focus(None)
        self.post_message(self.Dropped())

    def _look(self) -> None:
        """Ask for completions, once for each place in each text."""
        looked = (self.text, self._input.cursor_position)
        if looked == self._looked:
            return
        self._looked, self._chosen, self._offers = looked, 0, ()
        if self._is_open and self.completer:
            text, at = looked
            self._offers = tuple(
                offer
                for offer in self.completer(text, at)
                if offer.end != at or text[offer.start : offer.end] != offer.text
            )
        self._draw()

    # Drawing

    def _arrange(self) -> None:
        """Show the rows that the state wants."""
        self.display = self._is_open or bool(self.text)
        self._row.display = self._below.display = self._is_open
        self._stand_in.display = not self._is_open
        room = self.size.width - len(_PROMPT) - cell_len(self._told) - 2
        self._told_beside.display = bool(self._told) and room >= _ROOM_TO_TYPE
        self._look()
        self._draw()

    def _draw(self) -> None:
        """Draw what stands below the text, or in its place."""
        if not self._is_open:
            self._stand_in.show(self._quiet)
            return
        rows = self._rows_below()
        if len(rows) > 1:
            # It stays until `close`: the table must not jump with every key.
            self._lowest.display = True
        self._below.show(rows[0])
        self._lowest.show(rows[1] if len(rows) > 1 else lambda _width: Content(""))

    def _rows_below(self) -> list[Callable[[int], Content]]:
        rows: list[Callable[[int], Content]] = []
        if self._fault:
            rows += self._rows_of_fault(self._fault)
        elif self._note:
            rows.append(lambda width: _cut(Inert(_INDENT + self._note), width))
        if self._offers:
            # as they are now: the line may be drawn after they have changed
            rows.append(partial(_offered, self._offers, self._chosen))
        return rows or [lambda width: _cut(Inert(_INDENT + _HINT), width).stylize("$foreground-muted")]

    def _quiet(self, width: int) -> Content:
        behind = f"  {self._told}" if self._told else ""
        room = width - len(_PROMPT) - cell_len(behind)
        if room < _ROOM_TO_READ:
            behind, room = "", width - len(_PROMPT)
        return Content.assemble(_PROMPT, _cut(inert_line(self.text), room), behind)

    def _rows_of_fault(self, fault: FilterFault) -> list[Callable[[int], Content]]:
        """Marks with as much beside them as fits, and below, where that is free, what did not."""
        rows: list[Callable[[int], Content]] = [lambda width: self._marked(fault, width)]
        start, end, _sign = self._marks(fault)
        _beside, below = self._said(fault, max(self.size.width - end - 1, start - 1))
        if below:
            rows.append(lambda width: _cut(inert_line(_INDENT + below), width))
        return rows

    def _marked(self, fault: FilterFault, width: int) -> Content:
        start, end, sign = self._marks(fault)
        right, left = width - end - 1, start - 1
        beside, _below = self._said(fault, max(left, right))
        words, marks = inert_line(beside), Content.styled(sign * (end - start), "$text-warning bold")
        if right >= left or cell_len(words.text) <= right:
            return Content.assemble(" " * start, marks, " ", _cut(words, right))
        shown = _cut(words, left)
        return Content.assemble(" " * (start - 1 - shown.cell_length), shown, " ", marks)

    def _said(self, fault: FilterFault, room: int) -> tuple[str, str]:
        """What is said of a fault in `room` cells beside its marks, and what on the row below, where that is free."""
        whole = f"{fault.happened} {fault.remedy}".strip()
        if _width(whole) <= room:
            return whole, ""
        if self._offers:
            return fault.happened, ""
        return (fault.happened, fault.remedy) if _width(fault.happened) <= room else ("", whole)

    def _marks(self, fault: FilterFault) -> tuple[int, int, str]:
        """Cells below what is wrong, first and last excluded, and the sign: `<` or `>` where that is out of sight."""
        cells, last = self._input.shown.cells, len(self.text)
        scrolled, width = self._input.scroll_offset.x, max(1, self._input.size.width)
        start = cells[min(fault.start, last)] - scrolled
        end = max(cells[min(fault.end, last)] - scrolled, start + 1)
        sign = "<" if end <= 0 else ">" if start >= width else "^"
        start = max(0, min(start, width - 1))
        end = max(start + 1, min(end, width))
        return len(_PROMPT) + start, len(_PROMPT) + end, sign


def _offered(offers: tuple[Completion, ...], chosen: int, width: int) -> Content:
    """As many completions as fit, `>` before the chosen one, and behind them what that one is."""
    labels = [_cut(inert_line(offer.text), _WIDEST_OFFER) for offer in offers]
    shown = _window([label.cell_length + 2 for label in labels], chosen, width - 4)
    parts = [Content(ELLIPSIS if shown.start else " ")]
    for at in shown:
        label = labels[at].stylize("bold underline") if at == chosen else labels[at]
        parts += [Content(">" if at == chosen else " "), label, Content(" ")]
    parts.append(Content(ELLIPSIS if shown.stop < len(offers) else ""))
    line = Content.assemble(*parts)
    what = inert_line(f"  ({offers[chosen].what})" if offers[chosen].what else "")
    if line.cell_length + cell_len(what.text) <= width:
        return Content.assemble(line, content_of(what, "$foreground-muted"))
    return line


def _window(widths: list[int], chosen: int, room: int) -> range:
    """Which of the items to show so that the chosen one is among them."""
    first = chosen
    while first > 0 and sum(widths[first - 1 : chosen + 1]) <= room:
        first -= 1
    end = chosen + 1
    while end < len(widths) and sum(widths[first : end + 1]) <= room:
        end += 1
    return range(first, end)


def _width(text: str) -> int:
    return cell_len(inert_line(text).text)


def _cut(shown: Inert, width: int) -> Content:
    """The text in `width` cells at most, with an ellipsis where it is cut."""
    if width <= 0:
        return Content("")
    return content_of(fit_cell(shown, min(width, cell_len(shown.text))))
