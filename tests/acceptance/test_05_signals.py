"""Check 5. A signal ends it with its own status, and leaves the terminal as it was."""

from __future__ import annotations

import os
import signal

import pytest

from tests.pty_terminal import PtyTerminal
from tests.started import DEMO, spools

LEFT = tuple(
    f"\x1b[{mode}".encode() for mode in ("?1049l", "?25h", "?1000l", "?1003l", "?1004l", "?2004l", "<u")
)
"""Alternate screen, hidden cursor, mouse, focus, marked paste and the kitty protocol, each taken back."""

IDLE = ("", "1,000 loaded")
LOADING = ("L", "esc cancels")
IN_A_DIALOG = ("s", "Last 7 days")


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
@pytest.mark.parametrize("situation", [IDLE, LOADING, IN_A_DIALOG], ids=["idle", "loading", "dialog"])
def test_a_signal_restores_the_terminal(
    environ: dict[str, str], number: signal.Signals, status: int, situation: tuple[str, str]
) -> None:
    keys, words = situation
    arguments = [*DEMO, "--mouse", "--demo-records", "2000000"]
    with PtyTerminal(arguments, environ) as terminal:
        terminal.until("loaded")
        was_canonical = terminal.canonical
        terminal.send(keys)
        terminal.until(words)
        os.kill(terminal.pid, number)
        assert terminal.exit_status() == status
        assert (was_canonical, terminal.canonical) == (False, True)
    assert [mode for mode in LEFT if mode not in terminal.raw] == []
    assert spools(environ) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_before_anything_is_drawn_restores_it_too(
    environ: dict[str, str], number: signal.Signals
) -> None:
    for _ in range(4):
        with PtyTerminal(DEMO, environ) as terminal:
            terminal.until_so(lambda: b"\x1b[?1049h" in terminal.raw, "the alternate screen")
            os.kill(terminal.pid, number)
            assert terminal.exit_status() == 128 + number
        assert [mode for mode in LEFT if mode not in terminal.raw] == []
        assert b"Traceback" not in terminal.raw
