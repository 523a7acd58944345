"""What is sent when only what differs is sent: a terminal shows the same as if all had been sent."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from auditui.ui.painted import Painted

WIDTH, HEIGHT = 12, 4
CONSOLE = Console(color_system="256", force_terminal=True, width=WIDTH)
STYLES = [
    None,
    Style.parse("bold"),
    Style.parse("red on blue"),
    Style.parse("reverse"),
    Style(meta={"at": 1}),
]

words = st.lists(st.sampled_from(["a", "b", " ", "日", "한", "e\u0301"]), min_size=1, max_size=5).map("".join)
pieces = st.tuples(words, st.sampled_from(STYLES)).map(lambda piece: Segment(*piece))
lines = st.lists(pieces, max_size=5).map(lambda found: Strip(found).adjust_cell_length(WIDTH))
screens = st.lists(lines, min_size=HEIGHT, max_size=HEIGHT)


def shown(drawn: str) -> pyte.Screen:
    """What a terminal makes of it."""
    screen = pyte.Screen(WIDTH, HEIGHT)
    pyte.Stream(screen).feed(f"\x1b[?7l{drawn}")  # no line wraps, as Textual has it
    return screen


def cells(screen: pyte.Screen) -> list[list[pyte.screens.Char]]:
    """Every cell with its looks."""
    return [[screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


@given(st.lists(screens, min_size=2, max_size=4))
def test_the_terminal_shows_the_same_as_if_all_had_been_sent(frames: list[list[Strip]]) -> None:
    painted = Painted()
    sent = "".join(painted.difference([[line] for line in frame], CONSOLE) for frame in frames)
    anew = Painted().difference([[line] for line in frames[-1]], CONSOLE)
    plainly = "".join(f"\x1b[{y};1H{line.render(CONSOLE)}" for y, line in enumerate(frames[-1], 1))
    assert cells(shown(sent)) == cells(shown(anew)) == cells(shown(plainly))


def frame(*texts: str, style: Style | None = None) -> list[list[Strip]]:
    """A screen with these lines."""
    return [[Strip([Segment(text, style)]).adjust_cell_length(WIDTH)] for text in texts]


def test_what_the_terminal_shows_already_is_not_sent_again() -> None:
    painted = Painted()
    assert "alpha" in painted.difference(frame("alpha", "beta"), CONSOLE)
    assert painted.difference(frame("alpha", "beta"), CONSOLE) == ""
    assert painted.difference(frame("alpha", "bela"), CONSOLE) == "\x1b[2;3Hl"


def test_what_looks_the_same_is_the_same_whatever_else_it_carries() -> None:
    painted = Painted()
    painted.difference(frame("alpha", style=Style(bold=True, meta={"at": 1})), CONSOLE)
    assert painted.difference(frame("alpha", style=Style(bold=True, meta={"at": 2})), CONSOLE) == ""


def test_all_is_sent_again_when_something_else_may_have_been_drawn() -> None:
    painted = Painted()
    first = painted.difference(frame("alpha", "beta"), CONSOLE)
    painted.forget()
    assert painted.difference(frame("alpha", "beta"), CONSOLE) == first
