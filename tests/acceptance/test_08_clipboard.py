"""Check 8. Copying in real terminals: a plain one, a default tmux, a GNU screen, and the Linux console."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditui.client.decode import decode
from auditui.demo.corpus import Corpus
from auditui.demo.server import serve
from auditui.demo.site import DemoSite
from auditui.model.when import Zone
from auditui.session.copies import as_lines
from tests.hostile_site import HostileSite
from tests.pty_terminal import OSC_52, PtyTerminal
from tests.started import AUDITUI, account, bare_environ

CORPUS = Corpus(300, 1_795_423_911_962)
FRAME = (b"\x1b[?2026h", b"\x1b[?2026l")


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A terminal's environment, with nothing of the developer's own in it, and a site with 300 records."""
    with serve(DemoSite(CORPUS)) as served:
        yield environment(tmp_path, served.url)


def environment(home: Path, url: str) -> dict[str, str]:
    return bare_environ(home) | account(url) | {"SHELL": "/bin/sh"}


def line(row: int) -> str:
    """What `y` copies of a record of the site."""
    return as_lines([decode(json.dumps(CORPUS.record(row)))], Zone("UTC")).text


def test_a_plain_terminal_is_sent_the_record_by_one_osc_52_between_two_frames(
    environ: dict[str, str],
) -> None:
    with PtyTerminal(AUDITUI, environ) as terminal:
        terminal.until("record 1")
        terminal.send("y")
        terminal.until(f"Sent 1 record as one line, {len(line(0).encode()):,} B, by OSC 52. No paste? Y f.")
        assert terminal.clipboard() == [line(0)]
        sent = OSC_52.search(bytes(terminal.raw))
        assert sent
        begun, ended = (terminal.raw[: sent.start()].count(mark) for mark in FRAME)
        assert begun == ended > 0
        terminal.send("jYf")
        terminal.until("(0600)")
        (file,) = Path(environ["XDG_CACHE_HOME"]).glob("auditui/copied-*.txt")
        assert file.read_text() == line(0)
        terminal.send("y")
        terminal.until("No paste?")
        assert terminal.clipboard() == [line(0), line(1)]
        terminal.send("q")
        assert terminal.exit_status() == 0


def test_a_thousand_records_are_too_many_for_a_terminal_and_are_in_a_private_file(
    environ: dict[str, str],
) -> None:
    with PtyTerminal(AUDITUI, environ | {"XDG_RUNTIME_DIR": environ["HOME"]}) as terminal:
        terminal.until("record 1")
        terminal.send("LGvg YN")
        terminal.until("300 records as JSON Lines")
        terminal.until("Too long for OSC 52: wrote")
        terminal.until("(0600).")
        assert terminal.clipboard() == []
    (file,) = Path(environ["HOME"]).glob("auditui/copied-*.txt")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [json.loads(each) for each in file.read_text().split("\n")] == [
        CORPUS.record(row) for row in range(300)
    ]


def test_the_linux_console_has_no_clipboard_so_that_the_copy_is_in_a_file(environ: dict[str, str]) -> None:
    with PtyTerminal(AUDITUI, environ | {"TERM": "linux"}) as terminal:
        terminal.until("record 1")
        terminal.send("y")
        terminal.until("This terminal has no clipboard: wrote")
        assert terminal.clipboard() == []


@pytest.mark.program("tmux")
def test_a_default_tmux_has_the_record_in_its_buffer_and_passes_it_on(
    environ: dict[str, str], tmp_path: Path
) -> None:
    sockets = tmp_path / "tmux"
    sockets.mkdir(mode=0o700)
    environ |= {"TMUX_TMPDIR": str(sockets)}
    tmux = [str(shutil.which("tmux")), "-L", "auditui-test", "-f", "/dev/null"]
    try:
        with PtyTerminal(
            [*tmux[1:], "new-session", sys.executable, *AUDITUI], environ, program=tmux[0]
        ) as terminal:
            terminal.until("record 1")
            terminal.send("j")
            terminal.until("record 2")
            terminal.send("y")
            terminal.until(f"Copied 1 record as one line, {len(line(1).encode()):,} B, to the tmux buffer.")
            shown = subprocess.run([*tmux, "show-buffer"], env=environ, capture_output=True, check=True)
            assert shown.stdout.decode() == line(1)
            assert terminal.clipboard() == [line(1)]
            terminal.send("q")
            assert terminal.exit_status() == 0
    finally:
        subprocess.run([*tmux, "kill-server"], env=environ, capture_output=True, check=False)


@pytest.mark.program("tmux")
def test_a_tmux_that_is_gone_leaves_the_copy_in_a_file(environ: dict[str, str], tmp_path: Path) -> None:
    with PtyTerminal(AUDITUI, environ | {"TMUX": f"{tmp_path}/gone,1,0"}) as terminal:
        terminal.until("record 1")
        terminal.send("y")
        terminal.until("tmux took nothing: wrote")
        assert terminal.clipboard() == []
    (file,) = Path(environ["XDG_CACHE_HOME"]).glob("auditui/copied-*.txt")
    assert file.read_text() == line(0)


@pytest.mark.program("screen")
def test_gnu_screen_passes_on_what_is_longer_than_it_takes_at_once(
    environ: dict[str, str], tmp_path: Path
) -> None:
    sockets = tmp_path / "screen"
    sockets.mkdir(mode=0o700)
    environ |= {"SCREENDIR": str(sockets)}
    screen = str(shutil.which("screen"))
    try:
        with PtyTerminal(["-c", "/dev/null", sys.executable, *AUDITUI], environ, program=screen) as terminal:
            terminal.until("record 1")
            terminal.send("v" + "j" * 39 + " YL")
            terminal.until("Sent 40 records as lines")
            terminal.until("via screen")
            assert terminal.clipboard() == ["\n".join(line(row) for row in range(40))]
            terminal.send("q")
            assert terminal.exit_status() == 0
    finally:
        subprocess.run([screen, "-X", "quit"], env=environ, capture_output=True, check=False)


def test_no_hostile_text_reaches_the_terminal_or_its_clipboard_as_it_is(tmp_path: Path) -> None:
    with serve(HostileSite()) as served:
        with PtyTerminal(AUDITUI, environment(tmp_path, served.url), columns=120) as terminal:
            terminal.until("record 1")
            terminal.send("y")
            terminal.until("spelled out")
            terminal.send("GvgYc")
            terminal.until("the cell Author")
            terminal.send(" YL")
            terminal.until("9 records as lines")
            terminal.send("q")
            assert terminal.exit_status() == 0
        first, cell, lines = terminal.clipboard()
        assert first.startswith("2026")
        assert len(lines.split("\n")) == 9
        for text in (first, cell, *lines.split("\n")):
            assert not any(character < " " or "\x7f" <= character <= "\x9f" for character in text)
        assert b"\x1b]0;PWNED" not in terminal.raw
        assert b"cHdu\a" not in terminal.raw
