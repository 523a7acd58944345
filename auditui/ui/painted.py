"""What the terminal shows, cell by cell, so that only what differs is sent.

Textual repaints whole panes, and the whole screen thrice for a dialog that opens: 50 kB, six seconds at 64 kbit/s. Knows
nothing of when something is painted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual._compositor import CompositorUpdate
from textual.strip import Strip

_GAP = 6
"""Cells that stay the same and are sent again all the same, as going past them takes as many bytes."""

_TEXT = "\0"
"""Stands for the text in what a style is drawn with."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What is sent before and after a text in some style."""

    before: str
    after: str


_Cell = tuple[str, _Look]
"""A sign and how it looks; the second cell of a wide sign has none of its own."""


class Difference(CompositorUpdate):
    """An update that is worked out already."""

    def __init__(self, drawn: str) -> None:
        self._drawn = drawn

    def render_segments(self, console: Console) -> str:
        """What is sent for it."""
        return self._drawn

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The same, for Rich."""
        yield Segment(self._drawn)


class Painted:
    """What the terminal shows."""

    def __init__(self) -> None:
        self._lines: list[list[_Cell]] = []
        self._looks: dict[Style | None, _Look] = {}

    def forget(self) -> None:
        """Something else may have been drawn there."""
        self._lines = []

    def difference(self, lines: Iterable[Iterable[Strip]], console: Console) -> str:
        """What has to be sent for these lines, which are all of the screen; "" where it shows them already."""
        now = [self._cells(line, console) for line in lines]
        before, self._lines = self._lines, now
        if [len(line) for line in before] != [len(line) for line in now]:
            before = [[] for _ in now]
        return "".join(
            _drawn(start, y, line[start:end])
            for y, (old, line) in enumerate(zip(before, now, strict=True))
            if old != line
            for start, end in _changed(old, line)
        )

    def _cells(self, strips: Iterable[Strip], console: Console) -> list[_Cell]:
        cells: list[_Cell] = []
        for text, style, control in (segment for strip in strips for segment in strip):
            if control:
                continue
            look = self._look(style, console)
            cells.extend((sign, look) for sign in (text if text.isascii() else _signs(text)))
        return cells

    def _look(self, style: Style | None, console: Console) -> _Look:
        look = self._looks.get(style)
        if look is None:
            before, _, after = Strip([Segment(_TEXT, style)]).render(console).partition(_TEXT)
            look = self._looks[style] = _Look(before, after)
        return look


def _signs(text: str) -> Iterator[str]:
    """A sign for each cell: a wide one is followed by an empty one, one without a width joins the one before."""
    sign = ""
    for character in text:
        width = cell_len(character)
        if width == 0:
            sign += character
            continue
        if sign:
            yield sign
            yield from [""] * (cell_len(sign) - 1)
        sign = character
    if sign:
        yield sign
        yield from [""] * (cell_len(sign) - 1)


def _changed(old: list[_Cell], new: list[_Cell]) -> Iterator[tuple[int, int]]:
    """The parts of a line that have to be sent, half-open; none begins within a wide sign, as both of its cells change."""
    if not old:
        yield 0, len(new)
        return
    start = end = -1
    for at, (before, now) in enumerate(zip(old, new, strict=True)):
        if before == now:
            continue
        if start < 0:
            start = at
        elif at - end > _GAP:
            yield start, end
            start = at
        end = at + 1
    if start >= 0:
        yield start, end


def _drawn(x: int, y: int, cells: list[_Cell]) -> str:
    """These cells, with one change of style where it changes."""
    pieces = [Control.move_to(x, y).segment.text]
    look: _Look | None = None
    for sign, own in cells:
        if own is not look and own != look:
            pieces += [look.after if look else "", own.before]
            look = own
        pieces.append(sign)
    if look:
        pieces.append(look.after)
    return "".join(pieces)
