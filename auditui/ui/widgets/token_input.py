"""The field for an API token: masked, and a place that the token leaves as a `Secret` only.

Textual's own password field copies the clear text by ctrl+c and ctrl+x, puts it into every message it posts, and has
its messages recorded where `TEXTUAL_LOG` or the devtools are on.
"""

from __future__ import annotations

from typing import ClassVar

from textual import constants
from textual.actions import SkipAction
from textual.app import App
from textual.binding import BindingType
from textual.message import Message
from textual.selection import Selection
from textual.widgets import Input

from auditui.model.secret import Secret
from auditui.ui.keymap import key
from auditui.ui.widgets.date_field import LineInput


class TokenInput(LineInput):
    """One line that shows dots. Read it with `secret`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key(
            "token.reveal", "ctrl+r", "reveal", "Show token", "Show the token's letters, and hide them again"
        ),
    ]

    ALLOW_SELECT = False

    class Entered(Message):
        """Enter was pressed. Carries nothing."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(password=True, compact=True, select_on_focus=False, id=id)
        self.cursor_blink = False
        self.secret = Secret("")
        """What stands in the field, as it was typed; from then on, as what a crash must not repeat."""

    def watch_value(self) -> None:
        """Keep up with what is typed."""
        self.secret = Secret(self.value)

    def on_mount(self) -> None:
        """Take nothing where every key would be written down."""
        if is_recorded(self.app):
            self.disabled = True
            self.placeholder = "not while Textual’s devtools or TEXTUAL_LOG record the keys"

    def on_blur(self) -> None:
        """Hide the letters again."""
        self.password = True

    def post_message(self, message: Message) -> bool:
        """Post a message, unless the token is in it."""
        if isinstance(message, Input.Changed | Input.Submitted | Input.Blurred):
            return False
        return super().post_message(message)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Give nothing to the screen's own copying."""
        return None

    async def action_submit(self) -> None:
        """Tell that enter was pressed."""
        self.post_message(self.Entered())

    def action_copy(self) -> None:
        """Leave ctrl+c to what else it does; the token is not copied."""
        raise SkipAction

    def action_cut(self) -> None:
        """Do nothing: cutting would copy."""

    def action_reveal(self) -> None:
        """Show the letters, or hide them."""
        self.password = not self.password


def is_recorded(app: App[object]) -> bool:
    """Whether Textual writes keys and pastes somewhere."""
    return "devtools" in app.features or constants.LOG_FILE is not None
