"""Runs of auditui, watched, in a terminal, in a home whose very name is an attack."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import auditui
from tests.hostile.payloads import FOLDER
from tests.hostile.watched import LAUNCH, Seen, seen, watched
from tests.pty_terminal import PtyTerminal
from tests.started import bare_environ
from tests.terminal_stream import foreign

COLUMNS, ROWS = 160, 50
"""Of the terminal in which commands are run."""

IN_FOLDER = ("-c", 'cd "$1" && shift && exec "$@"', "sh")
"""Arguments of a shell that starts something in a folder."""


def hostile_home(within: Path) -> Path:
    """A home; nothing is in it."""
    home = within / FOLDER
    home.mkdir()
    return home


@contextmanager
def explorer(
    home: Path,
    environ: Mapping[str, str],
    *arguments: str,
    shows: set[str],
    columns: int = 120,
    rows: int = 36,
    copied: bool = False,
) -> Iterator[PtyTerminal]:
    """auditui in a terminal, in its home; afterwards it is looked at what it sent.

    Args:
        home: where it is at home, and in.
        environ: what its environment has more than a bare one.
        arguments: its own.
        shows: names of screens and widgets on which foreign text has to have stood.
        columns, rows: of the terminal.
        copied: whether something is copied.
    """
    notes = home.parent / "notes"
    command = [*IN_FOLDER, str(home), sys.executable, *LAUNCH, "--tz", "utc", "--mouse", *arguments]
    told = watched({**bare_environ(home), **environ}, notes)
    with PtyTerminal(command, told, program="/bin/sh", columns=columns, rows=rows) as terminal:
        yield terminal
        terminal.send("\x11")  # ctrl+q
        assert terminal.exit_status() == 0
    sent = foreign(bytes(terminal.raw), columns=columns, rows=rows, copied=copied)
    assert not sent, sent
    noted: Seen = seen(notes)
    assert noted.clickable == ()
    assert not shows - noted.on, shows - noted.on


def here(home: Path) -> dict[str, str]:
    """The environment of auditui, run in whatever folder."""
    return {**bare_environ(home), "PYTHONPATH": str(Path(auditui.__file__).parents[1])}


def on_a_terminal(home: Path, environ: Mapping[str, str], *arguments: str) -> tuple[str, int]:
    """What is read of a command, and its exit status; nothing may have been sent that a terminal obeys."""
    command = [*IN_FOLDER, str(home), sys.executable, "-m", "auditui", *arguments]
    told = {**here(home), **environ}
    with PtyTerminal(command, told, program="/bin/sh", columns=COLUMNS, rows=ROWS) as terminal:
        status = terminal.exit_status()
    sent = foreign(bytes(terminal.raw), columns=COLUMNS, rows=ROWS)
    assert not sent, sent
    return terminal.raw.decode(), status
