"""A text field with a label before it and words below it: what the text means, or why it means nothing.

Knows no query: the screen says how a text is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Click
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, Static

from auditui.model.errors import AudituiError
from auditui.model.text import MARKS_KEPT, inert
from auditui.ui.keymap import key
from auditui.ui.present import plain


class LineInput(Input):
    """An input of one line that holds nothing a terminal obeys, wherever the text comes from."""

    def validate_value(self, value: str) -> str:
        """A blank for each character that would have to be spelled out, so that the cursor stays where it is."""
        return value if value.isascii() and value.isprintable() else "".join(_plainly(value))


def _plainly(value: str) -> Iterator[str]:
    """Each character, or a blank; of the marks on a letter, as many as are read as one."""
    piled = 0
    for character in value:
        shown = inert(character)
        mark = shown == f"\u25cc{character}"  # alone, it was given a circle to stand on
        piled = piled + 1 if mark else 0
        yield character if shown == character or (mark and piled <= MARKS_KEPT) else " "


class Field(Vertical):
    """Label, text, and words about the text. A fault begins with `✗`."""

    DEFAULT_CSS = """
    Field {
        height: auto;
        .field-line { height: 1; }
        .field-label { width: 11; }
        .field-remark { height: auto; min-height: 1; max-height: 3; margin-left: 11; color: $text-muted; }
        LineInput { width: 1fr; }
        &:focus-within { height: auto; }  /* Textual styles the label anew only where the field itself has such a rule. */
        &:focus-within .field-label { text-style: bold reverse; width: auto; margin-right: 1; min-width: 10; }
        &.-fault .field-remark { color: $text-error; text-style: bold; }
        &:ansi LineInput { text-style: underline; }
    }
    """

    input = query_one(LineInput)
    _remark = query_one(".field-remark", Static)

    def __init__(self, label: str, value: str, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.fault: AudituiError | None = None
        """Why the text cannot be used."""
        self._label = label
        self._value = value
        self._placeholder = placeholder
        self._words = Content("")

    def compose(self) -> ComposeResult:
        """Label and input side by side, the remark below."""
        with Horizontal(classes="field-line"):
            yield Static(self._label, classes="field-label", markup=False)
            field = LineInput(self._value, placeholder=self._placeholder, compact=True)
            field.cursor_blink = False
            yield field
            yield from self.compose_after()
        yield Static(classes="field-remark", markup=False)

    def compose_after(self) -> ComposeResult:
        """What stands behind the input."""
        yield from ()

    @property
    def text(self) -> str:
        """What was typed, without blanks at its ends."""
        return self.input.value.strip()

    def explain(self, words: Content) -> None:
        """The text is good, and this is what it means."""
        self.fault = None
        self._tell(words)

    def refuse(self, fault: AudituiError) -> None:
        """The text cannot be used, and why."""
        self.fault = fault
        self._tell(Content.assemble("✗ ", plain(fault.happened)))

    def _tell(self, words: Content) -> None:
        if words != self._words:  # an update lays the whole form out again
            self._words = words
            self.set_class(self.fault is not None, "-fault")
            self._remark.update(words)

    def on_descendant_focus(self) -> None:
        """Bring the words into view together with the input, where there is little room."""
        self.call_after_refresh(self.scroll_visible, animate=False)


class CalendarDoor(Static):
    """The word to click for the calendar."""

    DEFAULT_CSS = """
    CalendarDoor { width: auto; margin-left: 1; &:hover { text-style: underline; } }
    """

    ALLOW_SELECT = False


class DateField(Field):
    """A field for a point in time, with a door to the calendar."""

    DEFAULT_CSS = """
    DateField .field-remark { min-height: 2; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("date.calendar", "down", "calendar", "Calendar", "Pick the day in a calendar"),
    ]

    class CalendarWanted(Message):
        """Somebody wants to pick the day in a calendar."""

        def __init__(self, field: DateField) -> None:
            super().__init__()
            self.field = field

    def compose_after(self) -> ComposeResult:
        """The door to the calendar, for the mouse."""
        yield CalendarDoor("[calendar]", markup=False)

    @on(Click, "CalendarDoor")
    def action_calendar(self) -> None:
        """Ask for a calendar."""
        self.post_message(self.CalendarWanted(self))
