"""Check 6. A fault of ours, with a token in reach: said, without the token, and the exit status is not 0."""

from __future__ import annotations

import pytest

from tests.pty_terminal import PtyTerminal
from tests.started import LEFT_ALTERNATE_SCREEN, spools

CRASH = """
import sys
from auditui.ui.screens.explorer import ExplorerScreen
from auditui import cli

def action_go_detail(self):
    token = "planted" + "-token"
    raise RuntimeError("a bug of ours \\x1b]0;PWNED\\x07")

async def in_a_worker(self):
    action_go_detail(self)

def in_worker(self):
    self.run_worker(in_a_worker(self))

ExplorerScreen.action_go_detail = {action}
sys.argv[1:] = ["--demo"]
cli.run()
"""


@pytest.mark.parametrize("action", ["action_go_detail", "in_worker"])
def test_a_crash_says_what_broke_and_shows_no_local_variables(environ: dict[str, str], action: str) -> None:
    with PtyTerminal(["-c", CRASH.format(action=action)], environ) as terminal:
        terminal.until("loaded")
        terminal.send("3")
        assert terminal.exit_status() == 1
    assert b"a bug of ours" in terminal.raw
    assert b"planted-token" not in terminal.raw
    assert b"\x1b]0;PWNED" not in terminal.raw
    assert LEFT_ALTERNATE_SCREEN in terminal.raw
    assert spools(environ) == []
