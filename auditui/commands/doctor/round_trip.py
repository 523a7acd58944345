"""How long the terminal takes to answer: asks it where its cursor is. Knows nothing of what the figure means."""

from __future__ import annotations

import os
import re
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ASKED = b"\x1b[6n"
_ANSWER = re.compile(rb"\x1b\[\d{1,5};\d{1,5}R")
LIMIT = 1.0
"""Seconds."""


def may_ask(keys: int) -> bool:
    """Whether this process may change the terminal: one in the background would be stopped for it."""
    try:
        import termios  # noqa: F401 - there is none on Windows

        return os.tcgetpgrp(keys) == os.getpgrp()
    except (ImportError, OSError):
        return False


@contextmanager
def asking(keys: int, screen: int, seconds: float = LIMIT) -> Iterator[Callable[[], float | None]]:
    """A way to ask, which gives milliseconds, or None where no answer came in time.

    The terminal is left as it was, also when interrupted. What is typed while it is asked is lost, and so is an answer that
    comes late: it would be typed into the shell.

    Args:
        keys, screen: descriptors of the terminal, to read from and to write to.
        seconds: how long to wait.
    """
    owed = False

    def ask() -> float | None:
        nonlocal owed
        owed = True
        took = _round_trip(keys, screen, seconds)
        owed = took is None
        return took

    try:
        yield ask
    finally:
        if owed:
            _drop_what_came(keys)


def _round_trip(keys: int, screen: int, seconds: float) -> float | None:
    with _not_echoing(keys):
        began = time.monotonic()
        os.write(screen, _ASKED)
        came = b""
        while select.select([keys], [], [], max(0.0, began + seconds - time.monotonic()))[0]:
            piece = os.read(keys, 256)
            came = (came + piece)[-64:]
            if _ANSWER.search(came):
                return (time.monotonic() - began) * 1000
            if not piece:
                break
    return None


@contextmanager
def _not_echoing(keys: int) -> Iterator[None]:
    """Keys come as they are typed and are not shown; ctrl+c still interrupts."""
    import termios

    before = termios.tcgetattr(keys)
    signs = list(before[6])
    signs[termios.VMIN], signs[termios.VTIME] = 1, 0
    local = before[3] & ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(keys, termios.TCSANOW, [*before[:3], local, *before[4:6], signs])
    try:
        yield
    finally:
        termios.tcsetattr(keys, termios.TCSANOW, before)


def _drop_what_came(keys: int) -> None:
    import termios

    termios.tcflush(keys, termios.TCIFLUSH)
