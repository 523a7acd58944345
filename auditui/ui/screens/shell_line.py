"""The line for a shell that opens a view, to be read, selected and copied."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from auditui.model.text import inert_line
from auditui.ui.keymap import key
from auditui.ui.present import content_of, plain


class ShellLineScreen(ModalScreen[None]):
    """Shows one line, whole."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("shell_line.close", "escape,q,enter,ctrl+j", "dismiss", "Close", "Back to where you were"),
    ]

    DEFAULT_CSS = """
    ShellLineScreen {
        align: center middle;
        #shell-line {
            width: 78; max-width: 100%; height: auto; max-height: 20; scrollbar-size: 0 0;
            border: solid $foreground; padding: 0 1; background: $surface;
        }
        Static { height: auto; }
    }
    """

    def __init__(self, view: str, line: str) -> None:
        super().__init__()
        self._view = view
        self._line = line

    def compose(self) -> ComposeResult:
        """The view's title, the line, and what to know about it."""
        shown = inert_line(self._line, 20_000)
        told = "Run in a shell, it opens this view again. It holds no token and no e-mail address."
        if shown.marks:
            told = "Some characters are spelled out here, so this line cannot be copied as it stands."
        with VerticalScroll(id="shell-line") as box:
            box.border_title = "This view, from a shell"
            box.border_subtitle = "esc closes"
            yield Static(plain(self._view, "$foreground-muted"), markup=False)
            yield Static(Content(""), markup=False)
            yield Static(content_of(shown, "bold"), markup=False)
            yield Static(Content(""), markup=False)
            yield Static(Content(told), markup=False)
