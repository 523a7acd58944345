"""Spans of time that records are counted in: how wide they are, where they begin, and what falls into each.

Pure: moments in milliseconds, a zone and counts in, edges and counts out. Knows nothing of records or of what is drawn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from whenever import Date, DateDelta, Time

from auditui.model.when import Zone

GRAIN = 900_000
"""Milliseconds of the finest count that is kept of many records.

As long as there has been a Confluence (2004) every zone's offset, and so every hour's and every day's begin, is a multiple
of 15 minutes: counts of that grain can be folded into any bucket of 15 minutes or more, in any zone, and are still exact.
"""

_SECOND = 1_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR

_FIRST = -62_104_060_800_000
_LAST = 253_370_678_400_000
"""The moments between which buckets are made: the years 2 to 9998. Beyond, not every zone has a date."""

_END_OF_TIME = 253_402_300_800_000
"""The year 10000, which no calendar here has: the end of a bucket that would reach past it."""

_A_MONDAY = Date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Scale:
    """A width of buckets."""

    title: str
    """What the screen calls it: `1 h`."""
    width: int
    """Milliseconds; of a day, a month or a year the usual ones."""
    months: int = 0
    """Calendar months in it, for what is no fixed number of days."""


SCALES = (
    Scale("1 s", _SECOND),
    Scale("10 s", 10 * _SECOND),
    Scale("1 min", _MINUTE),
    Scale("5 min", 5 * _MINUTE),
    Scale("15 min", 15 * _MINUTE),
    Scale("1 h", _HOUR),
    Scale("3 h", 3 * _HOUR),
    Scale("6 h", 6 * _HOUR),
    Scale("12 h", 12 * _HOUR),
    Scale("1 day", _DAY),
    Scale("1 week", 7 * _DAY),
    Scale("1 month", 30 * _DAY, months=1),
    Scale("1 quarter", 91 * _DAY, months=3),
    Scale("1 year", 365 * _DAY, months=12),
    # For the dates of broken clocks, which are loaded like all others.
    Scale("10 years", 3_652 * _DAY, months=120),
    Scale("100 years", 36_524 * _DAY, months=1_200),
    Scale("1,000 years", 365_242 * _DAY, months=12_000),
)
"""From the finest to the coarsest."""


def scale_for(start: int, end: int, most: int) -> Scale:
    """The finest scale that covers the milliseconds from `start` to `end` with at most `most` buckets.

    The buckets begin where the calendar says, so that `edges` may need up to two more; with `most` below ten even the
    coarsest may be too fine for all of time.
    """
    span = _within(end) - _within(start)
    return next((scale for scale in SCALES if span // scale.width < most), SCALES[-1])


def edges(start: int, end: int, scale: Scale, zone: Zone) -> tuple[int, ...]:
    """The n + 1 ascending edges, in milliseconds, of the n buckets that cover `start` to `end`, both included.

    Days, weeks and months begin with the zone's own day, hours with its whole hours: over a change of clocks a bucket
    is longer or shorter, and none is lost or there twice. What lies outside the years 2 to 9998 is not covered.
    """
    start = _within(start)
    end = max(start, _within(end))
    found: list[int] = []
    for begin in _begins(start, scale, zone):
        if begin <= start:
            found = [begin]
        elif begin > found[-1]:
            found.append(begin)
            if begin > end:
                break
    return tuple(found)


def counted(
    edges: tuple[int, ...], counts: Mapping[int, int], grain: int
) -> tuple[tuple[int, ...], int, int]:
    """Fold counts by `created // grain` into the buckets between `edges`: (buckets, before, after).

    A grain belongs to the bucket where it begins, even where it reaches into the next.
    """
    buckets = [0] * max(0, len(edges) - 1)
    before = after = 0
    for number, count in counts.items():
        index = bisect_right(edges, number * grain) - 1
        if index < 0:
            before += count
        elif index >= len(buckets):
            after += count
        else:
            buckets[index] += count
    return tuple(buckets), before, after


def _within(moment: int) -> int:
    return max(_FIRST, min(moment, _LAST))


def _begins(start: int, scale: Scale, zone: Zone) -> Iterator[int]:
    """Where buckets begin, from the one that holds `start` on or somewhat earlier, without an end."""
    day = zone.at(start).date()
    if scale.months:
        return _months(day, scale.months, zone)
    if scale.width >= _DAY:
        return _days(day, scale.width // _DAY, zone)
    if scale.width > _HOUR:
        return _hours(day, scale.width // _HOUR, zone)
    return _steps(start, scale.width, zone)


def _months(day: Date, step: int, zone: Zone) -> Iterator[int]:
    month = (day.year * 12 + day.month - 1) // step * step
    while month < 10_000 * 12:
        # There is no year 0, where the first thousand years would begin.
        yield zone.day_start(Date(month // 12, month % 12 + 1, 1)) if month >= 24 else _FIRST
        month += step
    yield _END_OF_TIME


def _days(day: Date, step: int, zone: Zone) -> Iterator[int]:
    day = day.subtract(days=day.days_since(_A_MONDAY) % step)
    while True:
        yield zone.day_start(day)
        day += DateDelta(days=step)


def _hours(day: Date, step: int, zone: Zone) -> Iterator[int]:
    """The hours on the wall that `step` divides. One that is skipped begins after the gap; one that comes twice, once."""
    while True:
        yield zone.day_start(day)
        yield from sorted(
            zone.resolve(day.at(Time(hour))).timestamp_millis() for hour in range(step, 24, step)
        )
        day += DateDelta(days=1)


def _steps(start: int, width: int, zone: Zone) -> Iterator[int]:
    """Steps of an hour or less. An hour that comes twice is two; clocks that change by half an hour cut one short."""
    moment = start - _clock(start, zone) % width
    while True:
        yield moment
        moment += width - _clock(moment, zone) % width


def _clock(moment: int, zone: Zone) -> int:
    """What a clock on the wall shows, in milliseconds."""
    return moment + round(zone.at(moment).offset.in_seconds() * _SECOND)
