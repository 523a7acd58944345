"""The columns of the records table: what each shows, and how they give way as the terminal narrows.

Adding a column is one entry of `COLUMNS`. Texts are raw; who draws them makes them inert.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from auditui.model.record import Record
from auditui.model.when import Zone, invalid_date, show_time

GAP = 2
"""Cells between two columns."""

_SHORT_TIME = 11
_FULL_TIME = 19


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table."""

    key: str
    title: str
    text: Callable[[Record, Zone, int], str]
    """The record's text for this column: (record, zone, width in cells)."""
    least: int
    """Cells below which it is left out."""
    ideal: int
    """Cells at which it shows nearly every value whole."""
    rank: int
    """The order in which columns claim space: 0 comes first and goes last."""
    stepped: bool = False
    """Whether it is of use at `least` and at `ideal` only."""
    luxury: bool = False
    """Whether it comes only once all before it have their ideal width."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A column and the cells it got."""

    column: Column
    width: int


def _time(record: Record, zone: Zone, width: int) -> str:
    if record.created is None:
        return invalid_date(record.date_text) if record.date_text else "(no date)"
    full = show_time(record.created, zone)
    return full[5:16] if width < _FULL_TIME and not full.startswith("(") else full


COLUMNS = (
    Column("time", "Time", _time, _SHORT_TIME, _FULL_TIME, rank=1, stepped=True),
    Column("author", "Author", lambda record, _zone, _width: record.author.label, 14, 20, rank=2),
    Column("event", "Event", lambda record, _zone, _width: record.event, 24, 27, rank=0),
    Column("object", "Object", lambda record, _zone, _width: record.affected.label, 18, 29, rank=3),
    Column(
        "category", "Category", lambda record, _zone, _width: record.category, 16, 18, rank=5, luxury=True
    ),
    Column("address", "Address", lambda record, _zone, _width: record.address, 15, 15, rank=4),
)


def fit(width: int, columns: tuple[Column, ...] = COLUMNS) -> tuple[Fitted, ...]:
    """Share `width` cells among the columns; those for which there is no room are left out.

    Whatever is left over goes to the affected object, whose names are the longest.
    """
    chosen = _admitted(width, columns)
    widths = {column.key: column.least for column in chosen}
    left = width - _total(widths)
    for column in sorted(chosen, key=lambda column: column.rank):
        more = column.ideal - column.least
        more = (more if more <= left else 0) if column.stepped else min(more, left)
        widths[column.key] += more
        left -= more
    last = "object" if "object" in widths else next(iter(widths), "")
    if last and left > 0:
        widths[last] += left
    return tuple(Fitted(column, widths[column.key]) for column in columns if column.key in widths)


def _admitted(width: int, columns: tuple[Column, ...]) -> list[Column]:
    chosen: list[Column] = []
    for column in sorted(columns, key=lambda column: column.rank):
        before = {other.key: other.ideal if column.luxury else other.least for other in chosen}
        if _total({**before, column.key: column.least}) <= width:
            chosen.append(column)
    return chosen


def _total(widths: dict[str, int]) -> int:
    return sum(widths.values()) + GAP * max(0, len(widths) - 1)
