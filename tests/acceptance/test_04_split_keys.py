"""Check 4. The sequence of an arrow key that arrives in two pieces, over SSH, is still that key."""

from __future__ import annotations

from tests.pty_terminal import PtyTerminal
from tests.started import DEMO

FAR = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}
LATE = 0.3  # seconds between the pieces: what is tried here


def test_up_is_up_and_neither_escape_nor_letters(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ | FAR) as terminal:
        terminal.until("record 1")
        terminal.send("/svc\r")
        terminal.until("filter: 10 of")
        terminal.send("jj")
        terminal.until("record 3")
        terminal.send("\x1b")
        terminal.listen(LATE)
        terminal.send("[A")
        terminal.until("record 2")
        assert "/ svc" in terminal.text


def test_escape_alone_is_escape(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ | FAR) as terminal:
        terminal.until("record 1")
        terminal.send("?")
        terminal.until("type to narrow")
        terminal.send("\x1b")
        terminal.until_gone("type to narrow")
