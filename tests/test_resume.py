"""A dropped line loses nothing: the process ends, and --resume goes on where one was."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from textual.drivers._writer_thread import WriterThread

from auditui.ui.writer import Writer
from tests.pty_terminal import PtyTerminal
from tests.started import LEFT_ALTERNATE_SCREEN

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


def test_what_another_run_is_in_is_not_told_to_be_nothing(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ) as terminal:
        terminal.until("1,000 loaded")
        terminal.send(" ")
        until_kept(terminal, environ, '"cursor":[1,')
        with PtyTerminal(RESUME, environ) as second:
            assert second.exit_status() == 2
        assert "in use by another auditui that still runs" in " ".join(second.text.split())


@pytest.fixture
def read_only(environ: dict[str, str]) -> Iterator[Callable[[], None]]:
    """Makes the state folder one that cannot be written to, as on a disk that is mounted so."""
    folder = state(environ)
    mounts: list[list[str]] = [["--bind", str(folder), str(folder)], ["-o", "remount,ro,bind", str(folder)]]
    done: list[list[str]] = []

    def close() -> None:
        if os.geteuid() != 0:
            folder.chmod(0o500)
            return
        for mount in mounts:
            if subprocess.run(["mount", *mount], capture_output=True, check=False).returncode:
                pytest.skip("nothing can be mounted here")
            done.append(mount)

    yield close
    if done:
        subprocess.run(["umount", "-l", folder], check=True)
    else:
        folder.chmod(0o700)


def test_a_state_folder_for_reading_only_is_gone_on_from_and_nothing_is_kept(
    environ: dict[str, str], read_only: Callable[[], None]
) -> None:
    with PtyTerminal(DEMO, environ, columns=120, rows=36) as terminal:
        before = investigate(terminal)
        leave(terminal, environ)
    read_only()
    kept = {path: path.read_bytes() for path in state(environ).iterdir()}
    with PtyTerminal(RESUME, environ, columns=120, rows=36) as terminal:
        terminal.until(" as of ")
        terminal.until_so(lambda: table(terminal) == before, "the same table")
        terminal.until("Nothing is kept for --resume")
        leave(terminal, environ)
    assert "auditui: Where you were in the end is not kept for --resume:" in terminal.text
    assert kept == {path: path.read_bytes() for path in state(environ).iterdir()}


@pytest.mark.parametrize(
    "end",
    [lambda terminal: terminal.send("\x11"), lambda terminal: os.kill(terminal.pid, signal.SIGTERM)],
    ids=["quit", "TERM"],
)
def test_at_the_end_it_is_said_that_nothing_was_kept(
    environ: dict[str, str], end: Callable[[PtyTerminal], None]
) -> None:
    state(environ).parent.mkdir()
    state(environ).write_text("in the way")
    with PtyTerminal(DEMO, environ, columns=120, rows=36) as terminal:
        investigate(terminal)
        end(terminal)
        terminal.exit_status()
    after = bytes(terminal.raw).rpartition(LEFT_ALTERNATE_SCREEN)[2]
    assert b"auditui: Where you were in the end is not kept for --resume:" in after
    assert after.count(b"auditui:") == 1


def test_where_nothing_was_done_nothing_is_said_of_it_at_the_end(environ: dict[str, str]) -> None:
    state(environ).parent.mkdir()
    state(environ).write_text("in the way")
    with PtyTerminal(DEMO, environ) as terminal:
        terminal.until("Nothing is kept for --resume")
        leave(terminal, environ)
    assert b"auditui:" not in bytes(terminal.raw).rpartition(LEFT_ALTERNATE_SCREEN)[2]


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
