"""What keys and loading cost in bytes and frames, of which a slow line carries few."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.pty_terminal import PtyTerminal

DEMO = ["-m", "auditui", "--demo", "--tz", "utc"]
FRAME = b"\x1b[?2026h"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A terminal's environment, with nothing of the developer's own in it."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return kept | {
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }


@pytest.mark.parametrize(("key", "place", "most"), [("j", "record 2", 600), ("\x1b[6~", "record 18", 6_500)])
def test_a_key_repaints_what_it_changes_in_one_frame(
    environ: dict[str, str], key: str, place: str, most: int
) -> None:
    with PtyTerminal(DEMO, environ, columns=120, rows=36) as terminal:
        terminal.until("1,000 loaded")
        terminal.until("peak")
        terminal.until_quiet(0.5)  # nothing else is going to come
        begin = len(terminal.raw)
        terminal.send(key)
        terminal.until(place)
        sent = bytes(terminal.raw[begin:])
    assert sent.count(FRAME) == 1
    assert 0 < len(sent) <= most


def test_pages_that_arrive_below_a_dialog_are_not_drawn_one_by_one(environ: dict[str, str]) -> None:
    with PtyTerminal([*DEMO, "--demo-records", "20000"], environ, columns=120, rows=36) as terminal:
        terminal.until("peak")
        terminal.send("L")
        terminal.until("Loading the rest")
        terminal.send("?")
        terminal.until("type to narrow")
        begin = len(terminal.raw)
        terminal.until("all 20,000")  # drawn below the dialog once all are here
        sent = bytes(terminal.raw[begin:])
    assert sent.count(FRAME) < 6


def test_a_key_in_a_dialog_sends_what_it_changes_and_not_what_lies_below(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ, columns=120, rows=36) as terminal:
        terminal.until("1,000 loaded")
        terminal.send("c")
        terminal.until("enter applies")
        terminal.until_quiet(0.5)
        begin = len(terminal.raw)
        terminal.send("jj")
        terminal.until_quiet(0.5)
        assert 0 < len(terminal.raw) - begin < 3_000  # 12,000 where all is sent
        terminal.send("\x1b")
        terminal.until_gone("enter applies")
        terminal.until("L Load all")
        terminal.until_quiet(0.5)
        left = terminal.text
        terminal.send("\x0c")
        terminal.until_quiet(0.5)
        assert terminal.text == left
