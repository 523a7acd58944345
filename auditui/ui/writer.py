"""Writes to the terminal in a thread, so that one that takes nothing holds up nobody: neither a key, nor a signal, nor the end.

A terminal stands still when its line is dead or its multiplexer hangs. Textual's own writer has the application wait for
room, and at the end for the last byte. Knows nothing of what is written. Source: Textual 8.2.8.
"""

from __future__ import annotations

import os
import signal
import termios
import threading
import time
from contextlib import suppress
from typing import TextIO

from textual._ansi_sequences import SYNC_END
from textual.drivers._writer_thread import WriterThread

_ROOM = 1 << 16
"""Characters that may wait before it is behind: a large screen, drawn whole."""

_MOST = 1 << 22
"""Characters after which nothing more is kept for it, such as what keys copy that are typed blindly for hours."""

_STALLS = 0.3
"""Seconds in which nothing was taken, after which it is known to stand still."""

_PATIENCE = 0.5
"""Seconds that the end waits for the terminal to take what was written."""

_PIECE = 1 << 12
"""Bytes that are handed over at once."""


class Writer(WriterThread):
    """In the place of Textual's own. Writes to nobody once the terminal is gone."""

    def __init__(self, file: TextIO) -> None:
        super().__init__(file)
        self._encoding, self._errors = file.encoding, file.errors or "replace"
        self._changed = threading.Condition()
        self._waiting: list[str] = []
        self._untaken = 0
        """Characters, of those waiting and those on their way."""
        self._moved = 0.0
        """When the terminal last took something, or had nothing left to take, by the monotonic clock."""
        self._leaving = False
        self._parting: list[str] = []
        """What is written since the terminal is being left: it sets its modes back."""
        self._ended = False

    @property
    def behind(self) -> bool:
        """Whether so much waits that no more should be drawn."""
        return self._untaken > _ROOM

    @property
    def stalled(self) -> bool:
        """Whether the terminal takes nothing."""
        return self._untaken > 0 and time.monotonic() - self._moved > _STALLS

    def leave(self) -> None:
        """The terminal is being left: what is written from now on matters more than all that waits."""
        with self._changed:
            self._leaving = True

    def write(self, text: str) -> None:
        """Have it written. Never waits."""
        with self._changed:
            if self._leaving:
                self._parting.append(text)
            elif self._untaken > _MOST or not text:
                return
            if not self._untaken:
                self._moved = time.monotonic()
            self._waiting.append(text)
            self._untaken += len(text)
            self._changed.notify()

    def run(self) -> None:
        """Write what comes, until it has ended or the terminal is gone."""
        with suppress(OSError):
            while text := self._next():
                self._hand_over(text.encode(self._encoding, self._errors))
                with self._changed:
                    self._untaken -= len(text)
        while self._next():  # nobody reads it
            self._untaken = 0

    def _next(self) -> str:
        """All that waits; "" at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended)
            text = "".join(self._waiting)
            self._waiting.clear()
            return text

    def _hand_over(self, data: bytes) -> None:
        # Past Python's buffer, which would be locked while the terminal stands still, and be written at the very end.
        left = memoryview(data)
        while left:
            left = left[os.write(self.fileno(), left[:_PIECE]) :]
            self._moved = time.monotonic()

    def stop(self) -> None:
        """End, when the terminal has taken all, or else soon."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self.join(_PATIENCE)
        if self.is_alive():
            with suppress(OSError, termios.error):
                self._break_off()

    def _break_off(self) -> None:
        """Have the terminal set back all the same, in the place of what waits in the system to be drawn.

        A signal ends the write that hangs. What is set on the terminal is the shell's, too, so it is set back.
        """
        signal.signal(signal.SIGWINCH, lambda *_: None)  # what has no handler interrupts nothing
        os.set_blocking(self.fileno(), False)
        try:
            assert self.ident is not None  # noqa: S101  # it was started
            signal.pthread_kill(self.ident, signal.SIGWINCH)
            self.join(_PATIENCE)
            termios.tcflush(self.fileno(), termios.TCOFLUSH)
            os.write(self.fileno(), "".join((SYNC_END, *self._parting)).encode())
        finally:
            os.set_blocking(self.fileno(), True)
            signal.signal(signal.SIGWINCH, signal.SIG_DFL)
