"""Check 7. ctrl+z and fg, twice, as a command of a shell and of a script: the shell is usable meanwhile, and all is drawn anew."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.pty_terminal import PtyTerminal
from tests.started import DEMO

SHELLS = [("/bin/bash", ["--noprofile", "--norc", "-i"]), ("/bin/sh", ["-i"])]
WAYS = ("{command}", "sh -c '{command}; true'", "{script}")
"""Directly, and under two shells that stay above it."""
LEFT = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1004l", b"\x1b[?2004l")


def states_below(pid: int) -> list[str]:
    """The state of each process that this one started, or that those started: `T` is stopped."""
    listed = subprocess.run(
        ["ps", "-ax", "-o", "pid=,ppid=,state="], capture_output=True, text=True, check=True
    )
    processes = [line.split() for line in listed.stdout.splitlines()]
    found, states = {str(pid)}, []
    for _ in range(4):  # generations
        for child, parent, state in processes:
            if parent in found and child not in found:
                found.add(child)
                states.append(state[0])
    return states


@pytest.mark.parametrize("way", WAYS, ids=["directly", "under sh", "in a script"])
@pytest.mark.parametrize(("shell", "arguments"), SHELLS, ids=["bash", "sh"])
def test_it_stops_and_goes_on_as_a_whole(
    environ: dict[str, str], tmp_path: Path, shell: str, arguments: list[str], way: str
) -> None:
    command = " ".join([sys.executable, *DEMO, "--mouse"])
    script = tmp_path / "wrapper"
    script.write_text(f"#!/bin/sh\n{command}\nexit 0\n")
    script.chmod(0o755)
    with PtyTerminal(arguments, environ | {"PS1": "ready> "}, program=shell) as terminal:
        terminal.until("ready>")
        terminal.send(way.format(command=command, script=script) + "\n")
        terminal.until("record 1")
        for row in (2, 3):
            terminal.send("j")
            terminal.until(f"record {row}")
            sent = len(terminal.raw)
            terminal.send("\x1a")
            terminal.until("topped")
            assert set(states_below(terminal.pid)) == {"T"}
            assert [mode for mode in LEFT if mode not in terminal.raw[sent:]] == []
            terminal.forget()
            terminal.send("stty -a | tr ' ' '_'\n")
            terminal.until("_icanon_")
            terminal.until("_echo_")
            terminal.until("ready>")
            terminal.forget()
            terminal.send("fg\n")
            terminal.until(f"record {row}")
            terminal.until("Quit")
            terminal.until("times in UTC")
            terminal.until("Author")
            assert not terminal.canonical
        terminal.send("q")
        terminal.forget()
        terminal.until("ready>")
        terminal.send("exit 7\n")
        assert terminal.exit_status() == 7
