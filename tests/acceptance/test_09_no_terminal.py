"""Check 9. Where nothing can be typed or shown: one sentence, exit status 2, and no escape sequence in anybody's file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pty_terminal import PtyTerminal
from tests.started import DEMO


@pytest.mark.parametrize("missing", ["</dev/null", "2>{log}"])
def test_no_keys_or_no_screen(environ: dict[str, str], tmp_path: Path, missing: str) -> None:
    log = tmp_path / "log"
    command = f'"$0" "$@" {missing.format(log=log)}'
    with PtyTerminal(["-c", command, sys.executable, *DEMO], environ, program="/bin/sh") as terminal:
        assert terminal.exit_status() == 2
    said = log.read_bytes() if log.exists() else bytes(terminal.raw)
    assert b"auditui needs a terminal" in said
    assert b"\x1b" not in said + terminal.raw


def test_nothing_at_all(environ: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, *DEMO], env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"auditui needs a terminal" in done.stderr
    assert b"\x1b" not in done.stderr + done.stdout


def test_a_terminal_that_cannot_move_its_cursor(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ | {"TERM": "dumb"}) as terminal:
        assert terminal.exit_status() == 2
    assert "TERM=dumb" in terminal.text
    assert b"\x1b" not in terminal.raw


def test_what_is_piped_on_gets_nothing_of_the_screen(environ: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = f'"$0" "$@" >{out}'
    with PtyTerminal(["-c", command, sys.executable, *DEMO], environ, program="/bin/sh") as terminal:
        terminal.until("loaded")
        terminal.send("q")
        assert terminal.exit_status() == os.EX_OK
    assert out.read_bytes() == b""
