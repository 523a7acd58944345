"""How one line of the records table looks: gutter, cells, and what is set apart in them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from rich.style import Style
from textual.strip import Strip

from auditui.model.clock import Clock
from auditui.model.columns import GAP, Fitted
from auditui.model.record import Record
from auditui.model.text import Inert, inert_line
from auditui.ui.widgets.cells import fit_cell, joined, segments

GUTTER = 4
"""Cells before the first column: cursor, mark, remark, and a blank."""


class RecordLine(Protocol):
    """What a line shows."""

    @property
    def record(self) -> Record:
        """The record itself."""
        ...

    @property
    def marked(self) -> bool:
        """Somebody marked it: `*`."""
        ...

    @property
    def new_address(self) -> bool:
        """Its author had not used its address before: `1`."""
        ...


class Look(NamedTuple):
    """What decides how a row is drawn, beside its record."""

    cursor: bool
    ranged: bool
    """Whether it lies in the range that is being chosen: `|`."""


class Styles(NamedTuple):
    """The styles of a line."""

    line: Style
    spelled_out: Style
    """Laid over characters that were spelled out."""
    cell: Style
    """Laid over the cursor's cell."""


def record_line(
    line: RecordLine,
    columns: Sequence[Fitted],
    cell: str,
    clock: Clock,
    look: Look,
    width: int,
    styles: Styles,
) -> Strip:
    """A record in `width` cells; `cell` is the key of the cursor's column."""
    cells = [
        fit_cell(inert_line(fitted.column.text(line.record, clock, fitted.width)), fitted.width)
        for fitted in columns
    ]
    gutter = Inert(
        (">" if look.cursor else "|" if look.ranged else " ")
        + ("*" if line.marked else " ")
        + ("!" if line.record.unusual else "1" if line.new_address else " ")
        + " "
    )
    under = _span(columns, cell) if look.cursor else None
    return strip(joined([gutter, joined(cells, GAP)], 0), width, styles, under)


def header(columns: Sequence[Fitted], cell: str, width: int, styles: Styles) -> Strip:
    """The line of titles."""
    titles = joined([fit_cell(Inert(fitted.column.title), fitted.width) for fitted in columns], GAP)
    return strip(Inert(" " * GUTTER + titles.text), width, styles, _span(columns, cell))


def strip(line: Inert, width: int, styles: Styles, under: tuple[int, int] | None = None) -> Strip:
    """Inert text in `width` cells, with the cells from `under[0]` up to `under[1]` set apart."""
    pieces = segments(line, styles.line, styles.line + styles.spelled_out)
    drawn = Strip(pieces).adjust_cell_length(width, styles.line)
    if under is None:
        return drawn
    first, end = under
    inside = drawn.crop(first, end).apply_style(styles.cell)
    return Strip.join([drawn.crop(0, first), inside, drawn.crop(end, width)])


def _span(columns: Sequence[Fitted], cell: str) -> tuple[int, int] | None:
    at = GUTTER
    for fitted in columns:
        if fitted.column.key == cell:
            return at, at + fitted.width
        at += fitted.width + GAP
    return None
