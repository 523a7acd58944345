"""Runs of auditui, watched, in a terminal, in a home whose very name is an attack."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.hostile.payloads import FOLDER
from tests.hostile.watched import LAUNCH, Seen, seen, watched
from tests.pty_terminal import PtyTerminal
from tests.started import bare_environ
from tests.terminal_stream import foreign

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
