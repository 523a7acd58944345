"""Check 16, one half: the line drops, and the process is gone, with all that it had on disk. (The other is `--resume`.)"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tests.pty_terminal import PtyTerminal
from tests.stand_ins import SilentKeyring
from tests.started import AUDITUI, DEMO, spools

LOADING = ("L", "esc cancels")
IN_A_DIALOG = ("s", "Last 7 days")
TYPING = ("/svc", "/ svc")


@pytest.mark.parametrize("situation", [LOADING, IN_A_DIALOG, TYPING], ids=["loading", "dialog", "typing"])
def test_nothing_is_left_of_it(environ: dict[str, str], situation: tuple[str, str]) -> None:
    keys, words = situation
    with PtyTerminal([*DEMO, "--demo-records", "2000000"], environ) as terminal:
        terminal.until("loaded")
        terminal.send(keys)
        terminal.until(words)
        assert len(spools(environ)) == 1
        terminal.hang_up()
        assert terminal.gone() == 129
    assert spools(environ) == []


def test_nor_while_the_keyring_is_silent(environ: dict[str, str]) -> None:
    with PtyTerminal(AUDITUI, environ | SilentKeyring.environ()) as terminal:
        terminal.until("Looking for a saved account")
        terminal.hang_up()
        assert terminal.gone() == 129
    assert spools(environ) == []


def test_nor_when_the_line_had_stopped_taking_anything_before(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ, columns=200, rows=60) as terminal:
        terminal.until("loaded")
        terminal.until_quiet(0.2)
        for _ in range(60):  # each draws the whole screen, which nobody reads
            terminal.send("\x0c")
            time.sleep(0.02)
        terminal.hang_up()
        assert terminal.gone() == 129
    assert spools(environ) == []


def test_nor_where_nobody_tells_it(environ: dict[str, str], tmp_path: Path) -> None:
    """Under a leader that ignores the signal, no more is heard than that the terminal is at its end."""
    told = tmp_path / "status"
    command = f'trap "" HUP; "$0" "$@"; echo $? >{told}'
    with PtyTerminal(["-c", command, sys.executable, *DEMO], environ, program="/bin/sh") as terminal:
        terminal.until("loaded")
        terminal.hang_up()
        terminal.gone()
    assert told.read_text() == "129\n"
    assert spools(environ) == []
