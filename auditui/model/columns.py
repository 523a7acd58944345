"""The columns of the records table: what each shows, and how they give way as the terminal narrows.

Adding a column is one entry of `COLUMNS`. Texts are raw; who draws them makes them inert.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from auditui.model.record import Record
from auditui.model.when import Zone, invalid_date, show_time

GAP = 2
"""Cells between two columns."""

_WHOLE_TIME = 19
_TIME_TO_THE_MINUTE = 16


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table."""

    key: str
    title: str
    text: Callable[[Record, Zone, int], str]
    """The record's text for this column: (record, zone, width in cells)."""
    least: int
    """Cells below which it is left out."""
    rank: int
    """The order in which columns are let in: 0 comes first and goes last."""
    wishes: tuple[tuple[int, int], ...] = ()
    """What it would like to have when all are in: (turn, cells), granted turn by turn over all columns."""
    stepped: bool = False
    """Whether it is of no use to grant a wish in part."""
    luxury: bool = False
    """Whether it is let in only once all before it have all they wish."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A column and the cells it got."""

    column: Column
    width: int


def _time(record: Record, zone: Zone, width: int) -> str:
    if record.created is None:
        return invalid_date(record.date_text) if record.date_text else "(no date)"
    whole = show_time(record.created, zone)
    if width >= _WHOLE_TIME or whole.startswith("("):
        return whole
    # Never without a year: the log goes back twelve months, and a row of last November must not look like this one's.
    return whole[:16] if width >= _TIME_TO_THE_MINUTE else whole[2:16]


COLUMNS = (
    Column(
        "time", "Time", _time, 14, rank=1, wishes=((2, _TIME_TO_THE_MINUTE), (5, _WHOLE_TIME)), stepped=True
    ),
    Column(
        "author",
        "Author",
        lambda record, _zone, _width: record.author.label,
        14,
        rank=2,
        wishes=((4, 18), (6, 20)),
    ),
    Column("event", "Event", lambda record, _zone, _width: record.event, 24, rank=0, wishes=((1, 27),)),
    Column(
        "object",
        "Object",
        lambda record, _zone, _width: record.affected.label,
        18,
        rank=3,
        wishes=((3, 24), (7, 29)),
    ),
    Column("category", "Category", lambda record, _zone, _width: record.category, 18, rank=5, luxury=True),
    Column("address", "Address", lambda record, _zone, _width: record.address, 15, rank=4),
)


def fit(width: int, columns: tuple[Column, ...] = COLUMNS) -> tuple[Fitted, ...]:
    """Share `width` cells among the columns; those for which there is no room are left out.

    Whatever is left over goes to the affected object, whose names are the longest.
    """
    chosen = _let_in(width, columns)
    widths = {one.key: one.least for one in chosen}
    left = width - _total(widths.values())
    wishes = [(turn, wished, one) for one in chosen for turn, wished in one.wishes]
    for _turn, wished, column in sorted(wishes, key=lambda wish: wish[:2]):
        more = wished - widths[column.key]
        more = (more if more <= left else 0) if column.stepped else min(more, left)
        widths[column.key] += more
        left -= more
    last = "object" if "object" in widths else next(iter(widths), "")
    if last and left > 0:
        widths[last] += left
    return tuple(Fitted(column, widths[column.key]) for column in columns if column.key in widths)


def _let_in(width: int, columns: tuple[Column, ...]) -> list[Column]:
    chosen: list[Column] = []
    for column in sorted(columns, key=lambda column: column.rank):
        before = [_most(other) if column.luxury else other.least for other in chosen]
        if _total([*before, column.least]) > width:
            break  # a narrower one further on would come and go as the terminal widens
        chosen.append(column)
    return chosen


def _most(column: Column) -> int:
    return max(column.least, *(wished for _turn, wished in column.wishes), 0)


def _total(widths: Collection[int]) -> int:
    return sum(widths) + GAP * max(0, len(widths) - 1)
