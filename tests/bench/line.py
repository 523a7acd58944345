"""A line of the bench: what it is called, what it measures, and the rows of the table that come of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.setting import Setting


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table."""

    what: str
    auditui: str
    peer: str = "–"
    figure: str = "–"
    """The ratio, or whatever else the budget speaks of."""
    budget: str = "–"
    met: bool | None = None
    """None where there is no budget."""


@dataclass(frozen=True, slots=True)
class Line:
    """What can be asked for by name."""

    name: str
    what: str
    budget: str
    measure: Callable[[Setting], Sequence[Row]]
    """Raises `Failed`, or whatever else went wrong, where nothing was measured."""


def ratio(ours: float, theirs: float) -> str:
    """`0.35x`."""
    return f"{ours / theirs:.2f}x"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed; at least one value."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def best_and_median(values: Sequence[float], unit: str, digits: int = 2) -> str:
    """`0.24 s (median 0.26)`."""
    return f"{min(values):.{digits}f} {unit} (median {median(values):.{digits}f})"
