"""Check 10. A locale that is not UTF-8: lines are lines, and not the names of their characters."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.pty_terminal import PtyTerminal
from tests.started import BARE_C, DEMO

LATIN_1 = "en_US.ISO-8859-1"


def drawn(environ: dict[str, str], letters: bytes) -> None:
    """What is drawn, with the letters that this locale has of an author's name."""
    with PtyTerminal(DEMO, environ, columns=120, rows=36) as terminal:
        terminal.until("loaded")
        terminal.until("-Record-")  # in such a locale, signs are plain ones
        terminal.send("p")
        terminal.until("+- Show all of")
        assert b"\\u" not in terminal.raw
        assert b"\\x" not in terminal.raw
        assert letters in terminal.raw
        assert not any(0x80 <= byte < 0xA0 for byte in terminal.raw), "a terminal of eight bits obeys these"


def test_latin_1(environ: dict[str, str], tmp_path: Path) -> None:
    made = subprocess.run(
        ["localedef", "-i", "en_US", "-f", "ISO-8859-1", str(tmp_path / LATIN_1)],
        capture_output=True,
        check=False,
    )
    if not (tmp_path / LATIN_1 / "LC_CTYPE").exists():
        pytest.skip(f"no sources of locales here: {made.stderr!r}")
    drawn(environ | {"LOCPATH": str(tmp_path), "LC_ALL": LATIN_1}, "Søren Kjærgaard".encode("latin-1"))


def test_plain_c(environ: dict[str, str]) -> None:
    drawn(environ | BARE_C, b"S?ren Kj?rgaard")
