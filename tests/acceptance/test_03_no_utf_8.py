"""Check 3. Bytes that are not UTF-8, as from a terminal set to Latin-1: auditui lives."""

from __future__ import annotations

from tests.pty_terminal import PtyTerminal
from tests.started import DEMO


def test_such_a_byte_does_not_end_it(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ) as terminal:
        terminal.until("record 1")
        terminal.send(b"\xe9")
        terminal.send("j")
        terminal.until("record 2")


def test_nor_within_a_paste_and_a_letter_in_two_pieces_is_one(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ) as terminal:
        terminal.until("record 1")
        terminal.send("/")
        terminal.until("Keep")
        terminal.send(b"\x1b[200~caf\xe9s\x1b[201~")
        terminal.until("/ caf�s")
        terminal.send(b"Z\xc3")
        terminal.until("/ caf�sZ")
        terminal.send(b"\xa9")
        terminal.until("/ caf�sZé")
