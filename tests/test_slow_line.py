"""The explorer at the other end of a slow line: what it sends, what it says of that, and that no answer is left over."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.pty_terminal import PtyTerminal
from tests.slow_line import SlowTerminal
from tests.started import bare_environ

ASKED = b"\x1b[6n"
DEMO = ("-m", "auditui", "--demo", "--tz=utc")
QUICK = 100_000_000
"""Bits in a second: only the way is long."""


@pytest.fixture
def remote(tmp_path: Path) -> dict[str, str]:
    """The environment of an SSH session."""
    return bare_environ(tmp_path) | {"SSH_TTY": "/dev/pts/1"}


def test_a_key_held_down_leaves_no_repaints_on_the_line(remote: dict[str, str]) -> None:
    with SlowTerminal(DEMO, remote) as terminal:
        terminal.until("slow line (")
        terminal.rest()
        before = len(terminal.raw)
        terminal.hold("j", 45)
        terminal.until("record 46")
        assert len(terminal.raw) - before < 25_000  # 90,000 where each key is painted


def test_dialogs_cost_their_own_cells_and_leave_the_screen_as_it_was(remote: dict[str, str]) -> None:
    with SlowTerminal([*DEMO, "--slow"], remote, bits=QUICK) as terminal:
        terminal.until("peak ")  # the last that comes: what was counted
        terminal.rest()
        screen, before = terminal.text, len(terminal.raw)
        terminal.send("?")
        terminal.until("type to narrow")
        terminal.send("\x1b")
        terminal.until_gone("type to narrow")
        terminal.rest()
        assert terminal.text == screen
        assert (
            len(terminal.raw) - before < 16_000
        )  # 70,000 where the screen behind is dimmed and all is repainted


def test_a_long_way_is_noticed_and_said_until_one_moves_on(remote: dict[str, str]) -> None:
    with SlowTerminal(DEMO, remote, columns=80, rows=24, bits=QUICK) as terminal:
        terminal.until("--no-slow undoes it")
        terminal.send("j")
        terminal.until_gone("slow line")
        terminal.until("1,000 loaded")


def test_a_quick_line_is_asked_no_more_once_it_is_known(remote: dict[str, str]) -> None:
    with PtyTerminal(DEMO, remote) as terminal:
        terminal.until("1,000 loaded")
        asked = terminal.raw.count(ASKED)
        assert asked
        terminal.send("j")
        terminal.until("record 2")
        assert terminal.raw.count(ASKED) == asked
        assert b"slow line" not in terminal.raw


@pytest.mark.parametrize(("given", "over_ssh"), [(["--no-slow"], True), ([], False)])
def test_nothing_is_measured_where_somebody_chose_nor_on_this_machine(
    given: list[str], over_ssh: bool, remote: dict[str, str]
) -> None:
    if not over_ssh:
        del remote["SSH_TTY"]
    with PtyTerminal([*DEMO, *given], remote) as terminal:
        terminal.until("1,000 loaded")
        terminal.send("j")
        terminal.until("record 2")
    assert ASKED not in terminal.raw


def test_all_is_shown_anew_after_a_resize_and_when_something_else_wrote_on_the_screen(
    remote: dict[str, str],
) -> None:
    with SlowTerminal([*DEMO, "--slow"], remote, delay=0, bits=QUICK) as terminal:
        terminal.until("peak ")
        terminal.resize(90, 28)
        terminal.until("Thandiwe Moko…")
        terminal.rest()
        small = terminal.text
        terminal.forget()
        terminal.send("\x0c")
        terminal.until("kept since")
        terminal.rest()
        assert terminal.text == small


def test_no_answer_of_the_terminal_is_typed_into_the_shell(remote: dict[str, str]) -> None:
    """The shell behind it shows what it is given."""
    command = f"{sys.executable} {' '.join(DEMO)}; stty -icanon -echo min 0 time 10; cat -v; echo The end"
    with SlowTerminal(["-c", command], remote, program="/bin/sh", bits=QUICK) as terminal:
        terminal.until("loaded")
        terminal.send("jjjj\x11")
        terminal.until("The end")
        assert terminal.exit_status() == 0
    left = terminal.raw.rpartition(b"\x1b[?1049l")[2]
    assert b"The end" in left
    assert b"[" not in left.replace(b"\x1b[", b"")
