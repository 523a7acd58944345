"""A real tmux judges what a terminal would have done: title, clipboard, what is typed back, and where each column stands."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditui.demo.server import serve
from tests.hostile.payloads import MARK, PAYLOADS
from tests.hostile_site import HostileSite
from tests.pty_terminal import PtyTerminal
from tests.started import AUDITUI, account, bare_environ

COLUMNS, ROWS = 120, 90
JUDGED = [each for each in PAYLOADS if each.case in ("D3", "D6", "D7", "D11", "D13")]


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[tuple[list[str], dict[str, str]]]:
    """A tmux with nothing of the developer's own, that passes on titles and copies; and its environment."""
    sockets = tmp_path / "tmux"
    sockets.mkdir(mode=0o700)
    environ = bare_environ(tmp_path) | {"TMUX_TMPDIR": str(sockets)}
    command = [str(shutil.which("tmux")), "-L", "auditui-hostile", "-f", "/dev/null"]
    try:
        yield command, environ
    finally:
        subprocess.run([*command, "kill-server"], env=environ, capture_output=True, check=False)


@pytest.mark.program("tmux")
def test_orders_in_records_leave_title_clipboard_keys_and_other_rows_alone(
    tmux: tuple[list[str], dict[str, str]],
) -> None:
    command, environ = tmux

    def told(*arguments: str) -> str:
        asked = subprocess.run([*command, *arguments], env=environ, capture_output=True, check=True)
        return asked.stdout.decode()

    texts = [each.text for each in JUDGED]
    with serve(HostileSite(texts)) as served:
        run = [
            *command[1:],
            "new-session",
            "-s",
            "judge",
            "sh",
            "-c",
            LET_COPY,
            "sh",
            command[0],
            sys.executable,
            *AUDITUI,
        ]
        with PtyTerminal(
            run, environ | account(served.url), program=command[0], columns=COLUMNS, rows=ROWS
        ) as terminal:
            terminal.until(f"all {len(texts)} loaded")
            terminal.until("record 1")
            rows = told("capture-pane", "-p").splitlines()
            widths = []
            for before in _second_cells(rows):
                told("set", "-g", "@before", before)
                widths.append(told("display-message", "-p", "#{w:@before}").strip())
            terminal.send("\r")
            terminal.until_gone("f Facets")
            terminal.send("\x1b")
            terminal.until("f Facets")
            assert "PWNED" not in told("display-message", "-p", "#{pane_title} #{window_name}")
            assert told("list-buffers") == ""
            assert told("display-message", "-p", "#{alternate_on}") == "1\n"
            terminal.send("q")
            assert terminal.exit_status() == 0
    assert b"PWNED\a" not in terminal.raw
    shown = [row for row in rows if " ! 20" in row]
    assert len(shown) == len(texts)
    assert len(set(widths)) == 1, widths


LET_COPY = '"$1" -L auditui-hostile set -s set-clipboard on; shift; exec "$@"'
"""For a shell: tmux takes what is copied, as its default is not in every version."""


def _second_cells(rows: list[str]) -> list[str]:
    """What stands before the second text of each row."""
    return [row[: row.index(MARK, row.index(MARK) + 1)] for row in rows if " ! 20" in row]
