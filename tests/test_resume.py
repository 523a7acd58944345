"""A dropped line loses nothing: the process ends, and --resume goes on where one was."""

from __future__ import annotations

import os
import pty
import re
import signal
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from textual.drivers._writer_thread import WriterThread

from auditui.ui.line import Writer
from tests.pty_terminal import PtyTerminal

DEMO = ["-m", "auditui", "--demo", "--tz", "utc"]
RESUME = ["-m", "auditui", "--resume"]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A terminal's environment, with nothing of the developer's own in it."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    folders = {
        name: str(tmp_path / name.lower())
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    }
    return kept | folders | {"HOME": str(tmp_path), "TERM": "xterm-256color", "LANG": "C.UTF-8"}


def state(environ: Mapping[str, str]) -> Path:
    return Path(environ["XDG_STATE_HOME"]) / "auditui"


def sessions(environ: Mapping[str, str]) -> list[Path]:
    return list(state(environ).glob("session-*.json"))


def until_kept(terminal: PtyTerminal, environ: Mapping[str, str], words: str) -> None:
    """Let it draw until what it keeps holds some words."""
    terminal.until_so(lambda: any(words in path.read_text() for path in sessions(environ)), f"kept {words}")


def table(terminal: PtyTerminal) -> list[str]:
    """The lines of the table: marks, cursor and records."""
    return [
        line.rstrip() for line in terminal.text.splitlines() if re.match(r"[> ][ *].*\d\d:\d\d:\d\d", line)
    ]


def investigate(terminal: PtyTerminal) -> list[str]:
    """Mark two records, filter, and go to another one; the table as it stands then."""
    terminal.until("1,000 loaded")
    terminal.send("jj ")
    terminal.until("1 marked")
    terminal.send("/author=system\r")
    terminal.until("/ author=system")
    terminal.send("jjj jj")
    terminal.until("record 9")
    terminal.until("2 marked")
    return table(terminal)


def close_the_line(terminal: PtyTerminal, _environ: Mapping[str, str]) -> None:
    terminal.hang_up()
    terminal.gone()


def say_that_the_line_dropped(terminal: PtyTerminal, _environ: Mapping[str, str]) -> None:
    os.kill(terminal.pid, signal.SIGHUP)
    assert terminal.exit_status() == 129


def kill(terminal: PtyTerminal, environ: Mapping[str, str]) -> None:
    until_kept(terminal, environ, '"cursor":[12,')
    os.kill(terminal.pid, signal.SIGKILL)
    assert terminal.exit_status() == -9


def leave(terminal: PtyTerminal, _environ: Mapping[str, str]) -> None:
    terminal.send("\x11")
    assert terminal.exit_status() == 0


@pytest.mark.parametrize("end", [close_the_line, say_that_the_line_dropped, kill, leave])
def test_resuming_shows_the_same_cursor_marks_and_filter_and_the_way_back(
    environ: dict[str, str], end: Callable[[PtyTerminal, Mapping[str, str]], None]
) -> None:
    with PtyTerminal(DEMO, environ, columns=120, rows=36) as terminal:
        before = investigate(terminal)
        end(terminal, environ)
    assert len([line for line in before if "*" in line[:3]]) == 2
    with PtyTerminal(RESUME, environ, columns=120, rows=36) as terminal:
        terminal.until(" as of ")
        terminal.until("/ author=system")
        terminal.until_so(lambda: table(terminal) == before, "the same table")
        terminal.send("<")
        terminal.until_gone("/ author=system")
        terminal.until("record 4 ")
        terminal.send("q")
        assert terminal.exit_status() == 0


def test_a_line_that_drops_while_pages_are_loaded_leaves_no_process_and_loses_nothing(
    environ: dict[str, str],
) -> None:
    with PtyTerminal([*DEMO, "--demo-records", "400,000"], environ, columns=120, rows=36) as terminal:
        before = investigate(terminal)
        terminal.send("L")
        terminal.until_so(
            lambda: re.search(r"of [3-9],\d\d\d loaded|[3-9],\d\d\d searched", terminal.text), "3,000"
        )
        terminal.hang_up()
        terminal.gone()
    assert not list(Path(environ["XDG_CACHE_HOME"]).glob("auditui/run-*"))
    with PtyTerminal(RESUME, environ, columns=120, rows=36) as terminal:
        terminal.until_so(lambda: table(terminal)[:9] == before[:9], "the same table")


def test_who_draws_on_a_terminal_that_is_gone_does_not_wait_for_ever() -> None:
    ours, theirs = pty.openpty()
    with open(theirs, "w", buffering=1) as drawn:  # noqa: PTH123
        os.close(ours)
        writer = Writer(drawn)
        writer.start()
        drawing = threading.Thread(target=draw, args=(writer,), daemon=True)
        drawing.start()
        drawing.join(20)
        assert not drawing.is_alive()


def draw(writer: WriterThread) -> None:
    """More than waits to be written, and the end."""
    for number in range(100):
        writer.write(f"{number}\n" * 1_000)
    writer.stop()
