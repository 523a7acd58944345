"""A machine whose resolver does not answer: what is on the screen lives, and quitting waits for nobody."""

from __future__ import annotations

import time
from pathlib import Path

from tests.pty_terminal import PtyTerminal
from tests.started import AUDITUI, account, bare_environ

_NEVER = """
import socket, time
def never(*_, **__):
    time.sleep(120)
socket.getaddrinfo = never
"""


def test_keys_are_answered_while_a_name_is_looked_up_and_quitting_takes_no_second(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_NEVER)
    environ = bare_environ(tmp_path) | account("https://acme.example.com") | {"PYTHONPATH": str(tmp_path)}
    with PtyTerminal(AUDITUI, environ) as terminal:
        terminal.until("Searching")
        terminal.send("?")
        terminal.until("type to narrow")
        terminal.send("\x1b")
        terminal.until_gone("type to narrow")
        terminal.send("q")
        asked = time.monotonic()
        assert terminal.exit_status() == 0
        assert time.monotonic() - asked < 1.0
