"""Which records of an investigation an export takes: what can be chosen, and which rows that is. Knows no formats, no files."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from auditui.model.view import Order, order_title
from auditui.session.investigation import Investigation
from auditui.session.rows import Rows

_NATURAL = order_title(Order())


class Scope(Enum):
    """Which records."""

    MARKED = "the marked ones"
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
        return self in (Scope.SHOWN, Scope.FILTERED)


@dataclass(frozen=True, slots=True)
class Offer:
    """One scope that can be chosen now."""

    scope: Scope
    count: int | None
    """How many records it is; None where the rest is to be loaded first."""
    loaded: int
    """How many are loaded now."""


def offers(investigation: Investigation) -> tuple[Offer, ...]:
    """What can be chosen, the likeliest first; nothing where nothing is loaded."""
    rows = investigation.rows
    if rows is None or not (loaded := rows.search.progress.loaded):
        return ()
    whole = rows.search.progress.whole and not rows.behind
    found: list[Offer] = []
    if marked := len(rows.search.marked):
        found.append(Offer(Scope.MARKED, marked, loaded))
    if rows.wanted:
        shown = None if rows.only_marked else rows.count
        if not whole and shown is not None:
            found.append(Offer(Scope.SHOWN, shown, loaded))
        found.append(Offer(Scope.FILTERED, shown if whole else None, loaded))
    if not whole:
        found.append(Offer(Scope.LOADED, loaded, loaded))
    found.append(Offer(Scope.ALL, loaded if whole else None, loaded))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows of a search that a scope takes, in the order in which they are written."""

    rows: Sequence[int]
    looked_at: int
    """Loaded records among which they were chosen."""
    order: str
    """In words."""
    complete: bool
    """Whether they are all that the site has for the query and that the scope lets through."""
    completeness: str


def chosen(scope: Scope, rows: Rows) -> Chosen:
    """The rows of a scope, once all is loaded and looked at that it needs.

    Args:
        scope: what was chosen.
        rows: for `SHOWN` and `FILTERED` those that pass the filter, in the order in which they are shown.
    """
    progress = rows.search.progress
    if scope is Scope.MARKED:
        marked = array("I", sorted(rows.search.marked))
        told = f"marked by hand, among {progress.loaded:,} loaded"
        return Chosen(marked, progress.loaded, _NATURAL, complete=True, completeness=told)
    if scope.filtered:
        found: Sequence[int] = rows.window(0, rows.count)
        order, looked_at = order_title(rows.order), rows.covers
    else:
        found, order, looked_at = range(progress.loaded), _NATURAL, progress.loaded
    complete = progress.whole and looked_at == progress.loaded
    return Chosen(
        found, looked_at, order, complete, _completeness(looked_at, progress.notice, complete=complete)
    )


def _completeness(looked_at: int, notice: str, *, complete: bool) -> str:
    if complete:
        return "whole answer"
    return f"of the {looked_at:,} newest records, which were loaded. {notice or 'More is below: it was not loaded.'}"
