"""The columns of the records table: what each shows, which are shown, and how they share the terminal's width.

Adding a column is one entry of `COLUMNS`. Texts are raw; who draws them makes them inert. Who chooses a layout and where
it is kept is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from auditui.model import cell_text
from auditui.model.clock import Clock
from auditui.model.record import Record

GAP = 2
"""Cells between two columns."""

WIDER_MOST = 200
"""Cells by which a column can be widened at most."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table."""

    key: str
    title: str
    text: Callable[[Record, Clock, int], str]
    """The record's text for this column: (record, clock, width in cells)."""
    least: int
    """Cells below which it is left out."""
    rank: int = 0
    """The order in which the columns of `DEFAULT_LAYOUT` are let in: 0 comes first and goes last."""
    wishes: tuple[tuple[int, int], ...] = ()
    """What it would like to have when all are in: (turn, cells), granted turn by turn over all columns."""
    stepped: bool = False
    """Whether it is of no use to grant a wish in part."""
    luxury: bool = False
    """Whether it is let in by rank only once all before it have all they wish."""
    free: bool = False
    """Whether its texts have any length, so that it can use cells that nobody else wants."""
    field: str = ""
    """The filter field that finds its value; "" where there is none."""
    order: str = ""
    """What the records are sorted by for it, a filter field or `created`; "" where they cannot be."""
    what: str = ""
    """What it shows, for the list of columns."""

    @property
    def most(self) -> int:
        """Cells that it wishes for, all in all."""
        return max(self.least, *(wished for _turn, wished in self.wishes), 0)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A column and the cells it got."""

    column: Column
    width: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns somebody wants to see, from left to right."""

    shown: tuple[tuple[str, int], ...]
    """Column key and extra cells: 0 leaves the width to the column, less than 0 makes it narrower than it wishes."""


COLUMNS = (
    Column(
        "time",
        "Time",
        cell_text.time,
        14,
        rank=1,
        wishes=((2, cell_text.TIME_TO_THE_MINUTE), (5, cell_text.WHOLE_TIME)),
        stepped=True,
        order="created",
        what="when it happened",
    ),
    Column(
        "author",
        "Author",
        lambda record, _clock, _width: record.author.label,
        14,
        rank=2,
        wishes=((4, 18), (6, 20)),
        free=True,
        field="author",
        order="author",
        what="who did it",
    ),
    Column(
        "event",
        "Event",
        lambda record, _clock, _width: record.event,
        24,
        rank=0,
        wishes=((1, 27),),
        free=True,
        field="event",
        order="event",
        what="what happened",
    ),
    Column(
        "object",
        "Object",
        lambda record, _clock, _width: record.affected.label,
        18,
        rank=3,
        wishes=((3, 24), (7, 29)),
        free=True,
        field="affected",
        order="affected",
        what="the affected object",
    ),
    Column(
        "category",
        "Category",
        lambda record, _clock, _width: record.category,
        18,
        rank=5,
        luxury=True,
        free=True,
        field="category",
        order="category",
        what="Confluence's kind of event",
    ),
    Column(
        "address",
        "Address",
        lambda record, _clock, _width: record.address,
        15,
        rank=4,
        field="ip",
        order="ip",
        what="the remote address",
    ),
    Column(
        "account",
        "Account",
        lambda record, _clock, _width: record.author.account_id,
        12,
        wishes=((8, 24),),
        field="account",
        order="account",
        what="the author's account id",
    ),
    Column(
        "type",
        "Type",
        lambda record, _clock, _width: record.affected.kind,
        8,
        wishes=((8, 14),),
        field="affected-type",
        order="affected-type",
        what="the affected object's type",
    ),
    Column(
        "associated",
        "Associated",
        cell_text.associated,
        18,
        wishes=((9, 24),),
        free=True,
        what="the associated objects",
    ),
    Column(
        "changes",
        "Changed values",
        cell_text.changes,
        20,
        wishes=((9, 40),),
        free=True,
        what="old and new values",
    ),
    Column(
        "description",
        "Description",
        lambda record, _clock, _width: cell_text.cut(record.description),
        20,
        wishes=((9, 40),),
        free=True,
        what="Confluence's own words",
    ),
    Column("flags", "Flags", cell_text.flags, 12, what="system or super admin"),
)

DEFAULT_LAYOUT = Layout(
    tuple((key, 0) for key in ("time", "author", "event", "object", "category", "address"))
)
"""What is shown until somebody chooses; these columns give way by rank as the terminal narrows."""


def column_of(key: str) -> Column | None:
    """The column of this key; None where there is none."""
    return next((column for column in COLUMNS if column.key == key), None)


def tidied(shown: Iterable[tuple[str, int]]) -> Layout:
    """A layout without keys that no column has or that come twice, and with extra cells in bounds.

    The default where nothing is left, as a table without columns shows nothing.
    """
    kept: dict[str, int] = {}
    for key, extra in shown:
        if (column := column_of(key)) is not None:
            kept.setdefault(key, bounded(column, extra))
    return Layout(tuple(kept.items())) if kept else DEFAULT_LAYOUT


def bounded(column: Column, extra: int) -> int:
    """The nearest extra cells that the column can have: never narrower than its least."""
    return max(column.least - column.most, min(extra, WIDER_MOST))


def fit(width: int, layout: Layout = DEFAULT_LAYOUT, first: int = 0) -> tuple[Fitted, ...]:
    """Share `width` cells among the columns.

    With the default layout columns are let in by rank, and what is left over goes to the affected object. With a chosen
    one, or `first` > 0, they are let in from the left: each as wide as it wishes plus its extra cells. Where there is less
    room, those that nobody widened give way down to their least before one at the right end is left out. What is left
    over goes to the last of free text.

    Args:
        width: cells, the gaps included.
        layout: what is to be shown.
        first: how many columns have been scrolled out at the left. A time that comes first stays.
    """
    if layout == DEFAULT_LAYOUT and first <= 0:
        return _by_rank(width)
    return _as_chosen(width, _scrolled(layout, first))


def more_at_the_right(fitted: Sequence[Fitted], layout: Layout = DEFAULT_LAYOUT, first: int = 0) -> bool:
    """Whether scrolling on would show another column; `fitted` is what `fit` gave for the same layout and `first`."""
    shown = {each.column.key for each in fitted}
    return any(column.key not in shown for column, _extra in _scrolled(layout, first))


def _by_rank(width: int) -> tuple[Fitted, ...]:
    chosen = _let_in(width)
    widths = {one.key: one.least for one in chosen}
    left = _grant(widths, {one.key: one.most for one in chosen}, chosen, width - _total(widths.values()))
    last = "object" if "object" in widths else next(iter(widths), "")
    if last and left > 0:
        widths[last] += left
    return tuple(Fitted(column, widths[column.key]) for column in COLUMNS if column.key in widths)


def _let_in(width: int) -> list[Column]:
    chosen: list[Column] = []
    candidates = [column for key, _extra in DEFAULT_LAYOUT.shown if (column := column_of(key)) is not None]
    for column in sorted(candidates, key=lambda column: column.rank):
        before = [other.most if column.luxury else other.least for other in chosen]
        if _total([*before, column.least]) > width:
            break  # a narrower one further on would come and go as the terminal widens
        chosen.append(column)
    return chosen


def _scrolled(layout: Layout, first: int) -> list[tuple[Column, int]]:
    """The columns from `first` on, at least one, behind a time that comes first."""
    shown = [(column, extra) for key, extra in layout.shown if (column := column_of(key)) is not None]
    pinned = 1 if shown and shown[0][0].key == "time" else 0
    rest = shown[pinned:]
    return shown[:pinned] + rest[max(0, min(first, len(rest) - 1)) :]


def _as_chosen(width: int, wanted: Sequence[tuple[Column, int]]) -> tuple[Fitted, ...]:
    widths: dict[str, int] = {}
    goals: dict[str, int] = {}
    for column, extra in wanted:
        room = width - _total([*widths.values(), 0])
        if room < (column.least if widths else 1):
            break
        goals[column.key] = column.most + bounded(column, extra)
        widths[column.key] = min(goals[column.key] if extra > 0 else column.least, room)
    columns = [column for column, _extra in wanted if column.key in widths]
    left = _grant(widths, goals, columns, width - _total(widths.values()))
    if free := [column.key for column in columns if column.free]:
        widths[free[-1]] += left
    return tuple(Fitted(column, widths[column.key]) for column in columns)


def _grant(widths: dict[str, int], goals: dict[str, int], columns: Sequence[Column], left: int) -> int:
    """Grant the columns' wishes turn by turn, none beyond its goal, out of `left` cells; what remains of them."""
    wishes = [(turn, wished, one) for one in columns for turn, wished in one.wishes]
    for _turn, wished, column in sorted(wishes, key=lambda wish: wish[:2]):
        more = max(0, min(wished, goals[column.key]) - widths[column.key])
        more = (more if more <= left else 0) if column.stepped else min(more, left)
        widths[column.key] += more
        left -= more
    return left


def _total(widths: Collection[int]) -> int:
    return sum(widths) + GAP * max(0, len(widths) - 1)
