"""Whether records are those that were seen before, and how far their places are proven by it.

Pure functions of records in the log's order. Knows nothing of offsets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from auditui.client.page import Entry


def equal(some: Sequence[Entry], others: Sequence[Entry]) -> bool:
    """Whether these are the same records in the same order."""
    return len(some) == len(others) and all(
        one.raw == other.raw or one.key == other.key for one, other in zip(some, others, strict=True)
    )


def in_order(entries: Sequence[Entry]) -> bool:
    """Whether all have dates, the newest first."""
    dates = [entry.created for entry in entries]
    return None not in dates and all(
        newer is not None and older is not None and newer >= older for newer, older in pairwise(dates)
    )


def same_date_at_end(entries: Sequence[Entry]) -> list[Entry]:
    """The last records, as far as they share one date; of those without dates the last one."""
    first = len(entries)
    while first and (
        first == len(entries)
        or (entries[-1].created is not None and entries[first - 1].created == entries[-1].created)
    ):
        first -= 1
    return list(entries[first:])


def found(some: Sequence[Entry], entries: Sequence[Entry]) -> int | None:
    """Where among the entries these stand, in this order and one behind the other; None where they do not, or are none."""
    places = range(len(entries) - len(some) + 1) if some else ()
    return next((at for at in places if equal(entries[at : at + len(some)], some)), None)


def without(entries: Sequence[Entry], others: Sequence[Entry]) -> list[Entry]:
    """The entries less the others, each taken away as often as it is among the others."""
    if not others:
        return list(entries)
    counts = Counter(entry.key for entry in others)
    left = []
    for entry in entries:
        if counts[entry.key] > 0:
            counts[entry.key] -= 1
        else:
            left.append(entry)
    return left


def single(some: Sequence[Entry], *among: Sequence[Entry]) -> bool:
    """Whether one of these records, at least, has no twin in any of the others: then it tells where they stand."""
    counts = [Counter(entry.key for entry in each) for each in among]
    return any(all(count[entry.key] <= 1 for count in counts) for entry in some)
