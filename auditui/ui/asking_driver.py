"""Textual's driver for a terminal, which can also ask where the cursor is, and leaves no answer to the shell.

Knows nothing of what the answers are for: they come to the app as `CursorPosition`.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from auditui.ui.writer import Writer

_ASKED = "\x1b[6n"

_LAST_ANSWERS = 0.9
"""Seconds that the end waits for answers where none has come yet: what comes later is typed into the shell."""

_LONGEST = 3.0
"""The same where the terminal is known to answer late, as behind a satellite."""


class AskingDriver(LinuxDriver):
    """Counts what is written, and what was asked and not answered."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self.written = 0
        """Characters."""
        self.begun = 0
        """How often the terminal was taken over: at the start, and after each time that somebody else had it."""
        self._owed: deque[float] = deque()
        """When the questions were asked that have no answer."""
        self._slowest = 0.0
        """Seconds that an answer took at most."""
        self._answering = threading.Condition()

    def write(self, data: str) -> None:
        """As Textual's own."""
        self.written += len(data)
        super().write(data)

    @property
    def behind(self) -> bool:
        """Whether so much waits for the terminal that no more should be drawn."""
        return isinstance(self._writer_thread, Writer) and self._writer_thread.behind

    def ask(self) -> None:
        """Have the terminal answer when it has drawn all that was written."""
        with self._answering:
            self._owed.append(time.monotonic())
        self.write(_ASKED)

    def process_message(self, message: Message) -> None:
        """As Textual's own. Comes in the thread that reads the keys."""
        if isinstance(message, events.CursorPosition):
            with self._answering:
                if self._owed:
                    self._slowest = max(self._slowest, time.monotonic() - self._owed.popleft())
                self._answering.notify_all()
        super().process_message(message)

    def start_application_mode(self) -> None:
        """As Textual's own."""
        self.begun += 1
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def stop_application_mode(self) -> None:
        """As Textual's own."""
        if isinstance(self._writer_thread, Writer):
            self._writer_thread.leave()
        super().stop_application_mode()

    def disable_input(self) -> None:
        """As Textual's own, when the last answers are there; a terminal that stands still gives none."""
        stalled = isinstance(self._writer_thread, Writer) and self._writer_thread.stalled
        with self._answering:
            patience = 0.0 if stalled else min(_LONGEST, _LAST_ANSWERS + 2 * self._slowest)
            self._answering.wait_for(lambda: not self._owed, timeout=patience)
            self._owed.clear()  # who did not answer by now is not waited for again
        super().disable_input()
