"""Textual's driver for a terminal, which can also ask where the cursor is, and leaves no answer to the shell.

Knows nothing of what the answers are for: they come to the app as `CursorPosition`.
"""

from __future__ import annotations

import threading
from typing import Any

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

_ASKED = "\x1b[6n"

_LAST_ANSWERS = 0.6
"""Seconds that the end waits for answers: what comes later is typed into the shell."""


class AskingDriver(LinuxDriver):
    """Counts what is written, and what was asked and not answered."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self.written = 0
        """Characters."""
        self.begun = 0
        """How often the terminal was taken over: at the start, and after each time that somebody else had it."""
        self._owed = 0
        self._answering = threading.Condition()

    def write(self, data: str) -> None:
        """As Textual's own."""
        self.written += len(data)
        super().write(data)

    def ask(self) -> None:
        """Have the terminal answer when it has drawn all that was written."""
        with self._answering:
            self._owed += 1
        self.write(_ASKED)

    def process_message(self, message: Message) -> None:
        """As Textual's own. Comes in the thread that reads the keys."""
        if isinstance(message, events.CursorPosition):
            with self._answering:
                self._owed = max(0, self._owed - 1)
                self._answering.notify_all()
        super().process_message(message)

    def start_application_mode(self) -> None:
        """As Textual's own."""
        self.begun += 1
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def disable_input(self) -> None:
        """As Textual's own, when the last answers are there."""
        with self._answering:
            self._answering.wait_for(lambda: not self._owed, timeout=_LAST_ANSWERS)
            self._owed = 0  # who did not answer by now is not waited for again
        super().disable_input()
