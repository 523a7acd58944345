"""The line that names the keys, at the foot of a screen: one widget, drawn as one line.

Textual's own footer mounts a widget for each key, and all of them anew whenever the keys change, as they do some six
times while a screen comes up: 30 % of the time until the first records were shown. Knows nothing of what keys do.
"""

from __future__ import annotations

from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from auditui.ui.present import plain

_KEY = "bold $footer-key-foreground on $footer-key-background"
_TITLE = "$footer-description-foreground on $footer-description-background"


class KeyLine(Widget):
    """The keys that the screen's active bindings show, each once; a click presses it."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        text-wrap: nowrap;
        color: $footer-foreground;
        background: $footer-background;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[ActiveBinding] = []
        self._ends: list[int] = []
        self._named = Content()
        self._stale = True

    def on_mount(self) -> None:
        """Hear of it when the keys change."""
        self.screen.bindings_updated_signal.subscribe(self, self._keys_changed)

    def on_unmount(self) -> None:
        """Hear no more of it."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _keys_changed(self, screen: Screen[object]) -> None:
        # Not while the terminal has lost the focus, where nothing has it.
        if screen is self.screen and self.app.app_focus:
            self._stale = True
            self.refresh()

    def render(self) -> Content:
        """The keys as they are when it is drawn: once for all changes of a moment, and in the same frame with these.
        None below a dialog, where they would do something else.
        """
        if self.app.screen is not self.screen:
            return Content()
        if self._stale:
            self._stale = False
            self._name_keys()
        return self._named

    def _name_keys(self) -> None:
        shown: dict[str, ActiveBinding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show:
                shown.setdefault(active.binding.action, active)
        self._keys, self._ends, parts = list(shown.values()), [], []
        for active in self._keys:
            dim = "" if active.enabled else " dim"
            parts += [
                plain(self.app.get_key_display(active.binding), _KEY + dim),
                plain(f" {active.binding.description}", _TITLE + dim),
                plain(" "),
            ]
            self._ends.append(sum(part.cell_length for part in parts))
        self._named = Content.assemble(*parts)

    def _under(self, event: events.MouseEvent) -> ActiveBinding | None:
        """What is named where the mouse is."""
        return next((named for named, end in zip(self._keys, self._ends, strict=True) if event.x < end), None)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell more of the key under the mouse."""
        under = self._under(event)
        self.tooltip = under.tooltip if under else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press the key under the mouse."""
        if under := self._under(event):
            self.app.simulate_key(under.binding.key) if under.enabled else self.app.bell()
