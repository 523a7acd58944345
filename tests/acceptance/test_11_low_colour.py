"""What stands out in terminals with few colours, with none, and with a font that has only ASCII: the cursor, what is chosen,
and what has the focus, on every screen."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from pyte.screens import Char
from textual._border import BORDER_CHARS

import auditui
from auditui.demo.corpus import Corpus
from auditui.terminal import KEEPING, prepare
from auditui.ui.glyphs import plain_glyphs
from auditui.ui.themes import themes, themes_to_choose
from tests.pty_terminal import PtyTerminal

DEMO = ["-m", "auditui", "--demo", "--demo-records", "2000", "--tz", "utc"]
READABLE = {"default", "red", "magenta"}
"""In which of the sixteen colours letters can be read on black and on white alike."""


class Mode(NamedTuple):
    """A terminal, and what may tell things apart in it."""

    environ: dict[str, str]
    options: tuple[str, ...] = ()
    colours: int = 16
    ascii: bool = False


MODES = {
    "linux": Mode({"TERM": "linux"}, ascii=True),
    "vt220": Mode({"TERM": "vt220"}, ascii=True),
    "xterm": Mode({"TERM": "xterm"}),
    "screen": Mode({"TERM": "screen"}),
    "tmux-256color": Mode({"TERM": "tmux-256color"}, colours=256),
    "alacritty": Mode({"TERM": "alacritty"}, colours=1 << 24),
    "truecolor": Mode({"TERM": "xterm", "COLORTERM": "truecolor"}, colours=1 << 24),
    "NO_COLOR": Mode({"TERM": "xterm-256color", "NO_COLOR": "1"}, colours=0),
    "NO_COLOR and 16": Mode({"TERM": "xterm", "NO_COLOR": "1"}, colours=0),
    "NO_COLOR and a theme": Mode({"TERM": "xterm", "NO_COLOR": "1"}, ("--theme", "ansi-dark"), colours=0),
    "--color none": Mode({"TERM": "xterm-256color"}, ("--color", "none"), colours=0),
    "--color 16": Mode({"TERM": "xterm-256color"}, ("--color", "16")),
    "Latin-1": Mode({"TERM": "xterm", "LC_ALL": "en_US.ISO-8859-1", "PYTHONIOENCODING": "latin-1"}),
}


class Step(NamedTuple):
    """What is opened, by what it is known to be there, and what must be reversed on it."""

    keys: str
    words: str
    reversed: str = ""
    back: str = "\x1b"


WALK = (
    Step("\r", "Category ", "Record"),
    Step("x\r", "11 fields", "11 fields", back="x\x1b"),
    Step("/authr:x", "^^^^^", back="\x15\r"),
    Step("f", "Facets", "Facets"),
    Step("i", "not loaded"),
    Step("s", "Page size", "7 Everything kept", back=""),
    Step("\t", "Page size", "From", back=""),
    Step("\x1b[B", "enter take"),
    Step("\t", "Page size", "To"),
    Step("p", "Show all of", "Author"),
    Step("Y", "One line", "One line"),
    Step("O", "Sort by", "Newest first"),
    Step("cj", "enter applies", "Author"),
    Step("b", "enter opens"),
    Step("S", "Save this view", "Name"),
    Step("e", "Export which", "Loaded"),
    Step("elc", "enter exports", "File"),
    Step("P", "enter opens", "Sign in to another account"),
    Step("?", "Records table", "t"),
    Step(":", "Search for commands", "Account"),
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    folders = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CACHE", "CONFIG", "DATA", "STATE")}
    keyring = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    return kept | folders | keyring | {"HOME": str(tmp_path), "LANG": "C.UTF-8"}


def opened(mode: Mode, environ: dict[str, str]) -> PtyTerminal:
    return PtyTerminal([*DEMO, *mode.options], environ | mode.environ)


def drawn(terminal: PtyTerminal) -> Iterator[Char]:
    """Every cell in which something stands."""
    rows = len(terminal.text.splitlines())
    return (cell for row in range(rows) for cell in terminal.cells(row) if cell.data.strip())


def invisible(cell: Char, paper: str) -> bool:
    """Whether a sign has the colour of what it stands on, in a terminal whose own paper is black or white."""
    ink = "white" if paper == "black" else "black"
    over, under = (ink if cell.fg == "default" else cell.fg), (paper if cell.bg == "default" else cell.bg)
    return over == under


def look(cell: Char) -> tuple[object, ...]:
    return cell.fg, cell.bg, cell.bold, cell.reverse


def check_colours(terminal: PtyTerminal, mode: Mode) -> None:
    """Nothing is invisible, and no colour is used that is not there."""
    cells = list(drawn(terminal))
    assert len(cells) > 40
    for paper in ("black", "white") if mode.colours <= 16 else ("black",):
        assert not [cell for cell in cells if invisible(cell, paper)], terminal.text
    if mode.colours == 0:
        assert {(cell.fg, cell.bg) for cell in cells} == {("default", "default")}
    if mode.colours == 16:
        letters = [cell for cell in cells if cell.data.isalnum() and cell.bg == "default"]
        assert {cell.fg for cell in letters} <= READABLE


@pytest.mark.parametrize("name", MODES)
def test_the_cursors_row_is_told_from_its_neighbours(environ: dict[str, str], name: str) -> None:
    mode = MODES[name]
    with opened(mode, environ) as terminal:
        terminal.until("more below")
        terminal.send("jj")
        terminal.until("record 3")
        at = next(row for row in range(24) if terminal.cells(row)[0].data == ">")
        cursor, above, below = (
            [look(cell) for cell in terminal.cells(row)[4:20]] for row in (at, at - 1, at + 1)
        )
        assert not set(cursor) & (set(above) | set(below))
        if mode.colours <= 16:
            assert all(cell.reverse for cell in terminal.cells(at))
        check_colours(terminal, mode)


@pytest.mark.parametrize("name", ["xterm", "NO_COLOR", "linux"])
def test_on_every_screen_one_sees_what_is_chosen_and_nothing_is_invisible(
    environ: dict[str, str], name: str
) -> None:
    mode = MODES[name]
    with opened(mode, environ) as terminal:
        terminal.until("more below")
        for step in WALK:
            terminal.send(step.keys)
            terminal.until(step.words)
            if step.reversed:
                terminal.until_drawn(step.reversed, lambda cell: cell.reverse)
            check_colours(terminal, mode)
            if step.back:
                terminal.send(step.back)
                terminal.until_gone(step.words)
        signs = {sign for sign in terminal.raw.decode() if not sign.isascii()}
    corpus = Corpus(2_000, 1_900_000_000_000)
    if mode.ascii:
        assert signs <= {sign for row in range(2_000) for sign in str(corpus.record(row))}
        assert {sign for sign in signs if plain_glyphs(sign) != sign} == set()
    else:
        assert "─" in signs


def test_whatever_is_drawn_has_a_plain_glyph() -> None:
    """All that our texts and Textual's borders are made of."""
    folder = Path(auditui.__file__).parent
    sources = [
        path for path in folder.rglob("*.py") if path.parent.name in ("ui", "screens", "widgets", "session")
    ]
    signs = {
        sign
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for sign in node.value
    }
    signs |= {sign for border in BORDER_CHARS.values() for line in border for sign in line}
    assert {"…", "▊", "─", "“"} <= signs
    without = {sign for sign in signs if sign.isprintable() and not plain_glyphs(sign).isascii()}
    assert without == set()
    assert all(len(plain_glyphs(sign)) == 1 for sign in signs)


def test_letters_are_left_alone() -> None:
    assert plain_glyphs("Søren Kjærgaard, 東京, عمر") == "Søren Kjærgaard, 東京, عمر"


def test_the_theme_for_few_colours_is_one_that_there_is() -> None:
    environ = {"TERM": "xterm"}
    prepare(environ)
    assert environ["TEXTUAL_THEME"] in themes()


def test_with_few_colours_those_themes_can_be_chosen_that_keep_them_and_the_one_in_use_comes_first() -> None:
    assert themes_to_choose("terminal", few=True) == ["terminal", "ansi-dark", "ansi-light"]
    assert set(themes_to_choose("nord", few=True)) == KEEPING
    every = themes_to_choose("nord", few=False)
    assert every[0] == "nord"
    assert set(every) == themes()


@pytest.mark.parametrize(("name", "offered"), [("xterm", False), ("truecolor", True)])
def test_the_palette_offers_the_themes_that_can_be_read(
    environ: dict[str, str], name: str, offered: bool
) -> None:
    with opened(MODES[name], environ) as terminal:
        terminal.until("more below")
        terminal.send(":Theme")
        terminal.until("Change the colours")
        terminal.send("\x1b[B\r")
        terminal.until("Search for themes")
        terminal.until("ansi-light")
        terminal.until_quiet(0.3)
        assert ("catppuccin" in terminal.text) == offered
