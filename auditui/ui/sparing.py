"""An app that can spare the line to the terminal: it sends only what differs, and, over a slow one, no more than it takes.

Frames for which there is no room on the line are left out; when there is room again, what differs by then is sent. Over any
line, so are those that a terminal which stands still would have to wait with. Where
the driver cannot ask the terminal (on Windows, in tests without one), all is as Textual has it. Knows nothing of when the
line is to be spared.
"""

from __future__ import annotations

import math
import sys
import time

from rich.console import RenderableType
from textual import events
from textual._compositor import LayoutUpdate
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.screen import Screen
from textual.timer import Timer

from auditui.ui.flow import Flow
from auditui.ui.painted import Difference, Painted

if sys.platform != "win32":
    from textual.drivers.linux_driver import LinuxDriver

    from auditui.ui.asking_driver import AskingDriver


_AFTERWARDS = 0.5
"""Seconds after a dialog in which only differences are sent: what lay below it is there already."""

_STARTS = 0.3
"""Seconds within which the same size once more is no news: while it starts, Textual tells it three times."""

_STAYS = 0.15
"""Seconds after which a size is taken to stay."""

_AGAIN = 0.05
"""Seconds after which it is looked again whether something can be painted."""


class SparingApp(App[None]):
    """Paints as Textual does, or sparingly."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._flow, self._painted = Flow(), Painted()
        self._sparing = False
        self._begun = 1  # the start is nothing new
        self._differences_until = 0.0
        """By the monotonic clock; for ever while a dialog is open."""
        self._told: Size | None = None
        """The last size."""
        self._first_told = 0.0
        """When the first one was told, by the monotonic clock; 0 before."""
        self._resizing: Timer | None = None
        self._due = False
        """Whether a frame was left out."""
        self._whole_due = False
        """Whether one was of which it is not known any more what differs."""
        self._waiting: Timer | None = None

    def get_driver_class(self) -> type[Driver]:
        """Textual's choice, but one that can ask where the choice is the usual one."""
        found = super().get_driver_class()
        return AskingDriver if sys.platform != "win32" and found is LinuxDriver else found

    def spare_the_line(self, sparing: bool) -> None:
        """Paint sparingly from now on, or as Textual does."""
        self._paint_what_is_due()
        self._painted.forget()
        self._sparing = sparing

    def ask_round_trip(self) -> None:
        """Find out how long the line takes: `line_answered` is told."""
        if isinstance(self._driver, AskingDriver):
            self._driver.ask()
            self._flow.sent(0)

    def line_answered(self, round_trip: float, answers: int) -> None:
        """So many answers came, the quickest after so many seconds."""

    def on_cursor_position(self, answer: events.CursorPosition) -> None:
        """The terminal answered: it has drawn what was sent before that was asked."""
        self._flow.answered(answer.time)
        if self._flow.round_trip is not None:
            self.line_answered(self._flow.round_trip, self._flow.answers)
        if not self._flow.full:
            self._paint_what_is_due()

    def on_resize(self, event: events.Resize) -> None:
        """Terminals move about what they show when their size changes; and where it soon changes again, Textual leaves out
        what it had drawn for the size before. So all is drawn once more when it stays."""
        self._painted.forget()
        if self._resizing is not None:
            self._resizing.stop()
        now, self._first_told = time.monotonic(), self._first_told or time.monotonic()
        if self._told is not None and (event.size != self._told or now > self._first_told + _STARTS):
            self._resizing = self.set_timer(_STAYS, self._stays)
        self._told = event.size

    def _stays(self) -> None:
        self._resizing = None
        self.refresh(repaint=True, layout=True)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        driver, sparing = self._driver, self._sends_differences()
        if renderable is None or self._batch_count or not isinstance(driver, AskingDriver):
            super()._display(screen, renderable)
        elif driver.behind or (self._sparing and self._flow.full):
            self._due, self._whole_due = True, self._whole_due or not sparing
            if self._waiting is None:
                self._waiting = self.set_timer(self._flow.patience, self._paint_what_is_due)
        elif sparing:
            self._send_difference(driver)
        else:
            super()._display(screen, renderable)

    def _sends_differences(self) -> bool:
        """Also where a dialog is open: Textual would send all that lies below it with each change in it, 4 kB and more."""
        now = time.monotonic()
        if self._background_screens:
            if not self._sparing and now >= self._differences_until:
                self._painted.forget()
            self._differences_until = math.inf
        elif self._differences_until == math.inf:
            self._differences_until = now + _AFTERWARDS
        return self._sparing or now < self._differences_until

    def _paint_what_is_due(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        if self._due and isinstance(self._driver, AskingDriver):
            if (
                self._batch_count or self._driver.behind
            ):  # in the middle of a new layout, or of what was sent before
                self._waiting = self.set_timer(_AGAIN, self._paint_what_is_due)
            elif self._whole_due:
                self._due = self._whole_due = False
                self._painted.forget()
                self.refresh(repaint=True, layout=True)
            else:
                self._send_difference(self._driver)

    def _send_difference(self, driver: AskingDriver) -> None:
        self._due = False
        if driver.begun != self._begun:
            self._begun = driver.begun
            self._painted.forget()
            self._flow.forget()
        screen = self.screen
        compositor = screen._compositor  # noqa: SLF001  # nothing public gives what it would paint
        whole = compositor.render_update(full=True, screen_stack=self._background_screens)
        assert isinstance(whole, LayoutUpdate)  # noqa: S101  # it was asked for
        if drawn := self._painted.difference(whole.strips, self.console):
            before = driver.written
            super()._display(screen, Difference(drawn))
            if self._sparing:
                driver.ask()
                self._flow.sent(driver.written - before)
