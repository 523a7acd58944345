"""The line for a shell that opens a view, to be read, selected and copied: nothing stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from auditui.model.text import TEXT_CAP, inert_line
from auditui.ui.keymap import key
from auditui.ui.present import content_of, plain

_TOLD = (
    "Run in a shell, this opens the view again, and with “export” at its end it writes its records. "
    "It holds no token and no e-mail address."
)
_SPELLED_OUT = "Some characters are spelled out here, so it cannot be copied as it stands."


class ShellLineScreen(ModalScreen[None]):
    """Shows one command, an option a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("shell_line.close", "escape,q,enter,ctrl+j", "dismiss", "Close", "Back to where you were"),
    ]

    DEFAULT_CSS = """
    ShellLineScreen {
        #shell-line { width: 100%; height: 100%; scrollbar-size: 0 0; background: $surface; }
        Static { height: auto; margin-bottom: 1; }
    }
    """

    def __init__(self, view: str, parts: Sequence[str]) -> None:
        """Show a command.

        Args:
            view: what it opens, in words.
            parts: the command, in parts that may each stand on a line.
        """
        super().__init__()
        self._view = view
        self._shown = [inert_line(part, TEXT_CAP) for part in parts]

    def compose(self) -> ComposeResult:
        """What it opens, the command from the first column on, and what to know about it."""
        told = _SPELLED_OUT if any(shown.marks for shown in self._shown) else _TOLD
        with VerticalScroll(id="shell-line"):
            yield Static(plain(f"This view, from a shell: {self._view}"), markup=False)
            yield Static(
                Content(" \\\n  ").join(map(content_of, self._shown)), id="shell-command", markup=False
            )
            yield Static(Content(f"{told} esc closes."), markup=False)
