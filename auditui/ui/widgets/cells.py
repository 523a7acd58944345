"""Inert text cut and padded to a number of terminal cells, and as the segments of a line."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from auditui.model.text import Inert

ELLIPSIS = "…"


def fit_cell(shown: Inert, width: int) -> Inert:
    """The text in exactly `width` cells: padded with blanks, or cut with an ellipsis at its end."""
    text = shown.text
    if text.isascii():
        text = text.ljust(width) if len(text) <= width else text[: width - 1] + ELLIPSIS
    elif cell_len(text) <= width:
        text = set_cell_size(text, width)
    else:
        text = set_cell_size(text, width - 1) + ELLIPSIS
    return Inert(text, tuple((start, min(end, len(text))) for start, end in shown.marks if start < len(text)))


def joined(cells: list[Inert], gap: int) -> Inert:
    """Cells side by side, `gap` blanks between them."""
    pieces: list[str] = []
    marks: list[tuple[int, int]] = []
    at = 0
    for cell in cells:
        marks.extend((at + start, at + end) for start, end in cell.marks)
        pieces.append(cell.text)
        at += len(cell.text) + gap
    return Inert((" " * gap).join(pieces), tuple(marks))


def segments(shown: Inert, style: Style, spelled_out: Style) -> Iterator[Segment]:
    """The text in a style, with what was spelled out in another."""
    at = 0
    for start, end in shown.marks:
        yield Segment(shown.text[at:start], style)
        yield Segment(shown.text[start:end], spelled_out)
        at = end
    yield Segment(shown.text[at:], style)
