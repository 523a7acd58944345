"""Beside the 16 checks: the mouse is the terminal's over SSH, and whose it is can be changed."""

from __future__ import annotations

import pytest

from tests.pty_terminal import PtyTerminal
from tests.started import DEMO

FAR = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}
TAKEN = (b"\x1b[?1000h", b"\x1b[?1003h", b"\x1b[?1006h", b"\x1b[?1015h")
GIVEN_BACK = (b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?1006l", b"\x1b[?1015l")


@pytest.mark.parametrize(
    ("far", "option", "taken"),
    [({}, [], True), (FAR, [], False), (FAR, ["--mouse"], True), ({}, ["--no-mouse"], False)],
    ids=["here", "far", "far, asked for", "here, not wanted"],
)
def test_whose_it_is_at_first(
    environ: dict[str, str], far: dict[str, str], option: list[str], taken: bool
) -> None:
    with PtyTerminal([*DEMO, *option], environ | far) as terminal:
        terminal.until("record 1")
        terminal.send("q")
        assert terminal.exit_status() == 0
    assert [mode in terminal.raw for mode in TAKEN] == [taken] * 4
    assert [mode in terminal.raw for mode in GIVEN_BACK] == [taken] * 4


def test_m_takes_it_and_gives_it_back(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ | FAR, columns=100) as terminal:
        terminal.until("record 1")
        sent = len(terminal.raw)
        terminal.send("m")
        terminal.until("Mouse on; shift- or option-drag selects text. m turns it off.")
        assert all(mode in terminal.raw[sent:] for mode in TAKEN)
        terminal.send("\x1b[<0;30;7M\x1b[<0;30;7m")  # below the query, the heads and four records
        terminal.until("record 5")
        sent = len(terminal.raw)
        terminal.send("m")
        terminal.until("Mouse off: the terminal selects text with it. m turns it on.")
        assert all(mode in terminal.raw[sent:] for mode in GIVEN_BACK)
        terminal.send("q")
        assert terminal.exit_status() == 0
