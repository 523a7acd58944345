"""Which records of an investigation an export takes: what can be chosen, and which rows that is. Knows no formats, no files."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from auditui.model.errors import ExportFailed
from auditui.model.view import Order, order_title
from auditui.session.exploring import Exploring
from auditui.session.investigation import Investigation
from auditui.session.rows import Rows

_NATURAL = order_title(Order())


class Scope(Enum):
    """Which records."""

    MARKED = "the marked ones"
    MARKED_SHOWN = "the marked ones that pass the filter"
    SHOWN = "those that pass the filter, among those loaded"
    FILTERED = "those that pass the filter"
    LOADED = "those loaded"
    ALL = "all"

    @property
    def loads_the_rest(self) -> bool:
        """Whether what the search finds and is not loaded has to be loaded first."""
        return self in (Scope.FILTERED, Scope.ALL)

    @property
    def filtered(self) -> bool:
        """Whether the filter decides."""
        return self in (Scope.MARKED_SHOWN, Scope.SHOWN, Scope.FILTERED)


@dataclass(frozen=True, slots=True)
class Offer:
    """One scope that can be chosen now."""

    scope: Scope
    count: int | None
    """How many records it is; None where that is not counted yet."""
    loaded: int
    """How many are loaded now."""
    more: bool
    """Whether more is below, so that it is loaded first, or left out."""


def offers(investigation: Investigation) -> tuple[Offer, ...]:
    """What can be chosen, the likeliest first; nothing where nothing is loaded."""
    rows = investigation.rows
    if rows is None or not (loaded := rows.search.progress.loaded):
        return ()
    more = rows.search.progress.more
    shown = None if rows.only_marked or rows.behind else rows.count
    offered: list[tuple[Scope, int | None]] = []
    if marked := len(rows.search.marked):
        offered.append((Scope.MARKED, marked))
    if rows.wanted:
        if rows.only_marked:
            offered.append((Scope.MARKED_SHOWN, rows.count))
        if more and shown is not None:
            offered.append((Scope.SHOWN, shown))
        offered.append((Scope.FILTERED, None if more else shown))
    if more:
        offered.append((Scope.LOADED, loaded))
    offered.append((Scope.ALL, None if more else loaded))
    return tuple(Offer(scope, count, loaded, more) for scope, count in offered)


def hindrance(exploring: Exploring) -> ExportFailed | None:
    """Why nothing can be exported now, and when it can be; None where something can be."""
    under_way = exploring.error is None and (exploring.arriving or bool(exploring.doing))
    if not exploring.loaded:
        if under_way:
            return ExportFailed("Nothing is loaded yet.", remedy="Export when the site has answered.")
        return ExportFailed("Nothing is loaded that could be exported.")
    if not exploring.arriving:
        return None
    if under_way:
        return ExportFailed("Another search is under way.", remedy="Export when it has answered.")
    return ExportFailed(
        "These records are of the search before the one that failed.",
        remedy="r tries again: export when it has answered.",
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows of a search that a scope takes, in the order in which they are written."""

    rows: Sequence[int]
    looked_at: int
    """Loaded records among which they were chosen."""
    order: str
    """In words."""


def chosen(scope: Scope, rows: Rows) -> Chosen:
    """The rows of a scope, once all is loaded and looked at that it needs.

    Args:
        scope: what was chosen.
        rows: for `SHOWN` and `FILTERED` those that pass the filter, in the order in which they are shown.
    """
    loaded = rows.search.progress.loaded
    if scope is Scope.MARKED:
        return Chosen(array("I", sorted(rows.search.marked)), loaded, _NATURAL)
    if scope.filtered:
        return Chosen(rows.window(0, rows.count), rows.covers, order_title(rows.order))
    return Chosen(range(loaded), loaded, _NATURAL)
