"""When the demo site's records were created: a year of working days, and a place in it for the incident.

Ordinary records are counted from the newest, in cells of sixteen. `Timing.age` turns a place counted in cells into
milliseconds before now, along a table of hours weighted by how busy they are: small, and of the same size for any
number of records. Knows nothing of what happened.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Final

from auditui.demo.chance import mix, share

CELL: Final = 16
HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
YEAR: Final = 365 * DAY
"""The retention of the log, in milliseconds."""
USUAL: Final = 20_000
"""Records that this site leaves in a year; larger logs are busier, smaller ones reach back less far."""
_WEEKDAY: Final = tuple(
    hundredths / 100
    for hundredths in (
        *(3, 3, 4, 3, 3, 5, 16, 70, 165, 220, 232, 180),
        *(96, 190, 222, 204, 148, 82, 31, 16, 12, 8, 5, 4),
    )
)  # fmt: skip
_LIVELY: Final = 2 * HOUR
"""The last hours before now are never quite dead, so that a demo at night has something new to show."""


@lru_cache(maxsize=400)
def _busy(day: int, seed: int) -> float:
    """How busy a day since the epoch is: quiet weekends and year's ends, and now and then a great day."""
    weight = 0.6 + 0.9 * share(seed ^ day)
    if (day + 3) % 7 >= 5:  # 1 January 1970 was a Thursday
        return weight * 0.06
    if day % 365.2425 < 2 or day % 365.2425 > 357:
        return weight * 0.2
    return weight * 3 if mix(seed + day) % 61 == 0 else weight


def _hours(now: int, newest: int, oldest: int, seed: int) -> Iterator[tuple[int, float]]:
    """The hours between two ages, newest first: the age at which each began, and its weight."""
    age, busy, busy_day = newest, 0.0, -1
    while age < oldest:
        began = (now - age - 1) // HOUR * HOUR
        upto = min(now - began, oldest)
        day = began // DAY
        if day != busy_day:
            busy, busy_day = _busy(day, seed), day
        weight = busy * _WEEKDAY[began % DAY // HOUR]
        yield upto, (max(weight, 0.4) if age < _LIVELY else weight) * (upto - age) / HOUR
        age = upto


def _night(now: int, days: int, begins: int) -> int:
    """The age of a moment, given after midnight (UTC), of the day so many days ago."""
    return now - ((now - days * DAY) // DAY * DAY + begins)


class _Stretch:
    """A part of the year, and the work in it up to each of its hours."""

    def __init__(self, newest: int, hours: Iterable[tuple[int, float]]) -> None:
        ages, weights = zip(*hours, strict=True)
        self.ages: list[int] = [newest, *ages]
        self.work: list[float] = list(accumulate(weights, initial=0.0))

    @property
    def total(self) -> float:
        return self.work[-1]

    def records(self, work: float) -> int:
        """The records that leave so much work each, in whole cells and at least one."""
        return max(round(self.total / work / CELL), 1) * CELL

    def cells(self, first: float, work_a_cell: float) -> list[float]:
        return [first + work / work_a_cell for work in self.work]


class Timing:
    """The ages of `size` records, some of which are the incident's.

    `before` is the number of ordinary records newer than the incident; None where the log is too small to hold one.
    """

    def __init__(self, size: int, now: int, seed: int, *, incident: int, begins: int, lasts: int) -> None:
        """`incident` in records, `begins` in milliseconds after midnight, `lasts` in milliseconds."""
        self.before: int | None = None
        self.incident_age = 0
        """Milliseconds before now at which the incident began."""
        year = list(_hours(now, 0, YEAR - HOUR, seed))
        if size >= incident + 3 * CELL:
            self._around_incident(size, now, seed, year, incident, begins, lasts)
        else:
            whole = _Stretch(0, year)
            self._ages, self._cells = whole.ages, whole.cells(0.0, whole.total / (USUAL + CELL) * CELL)

    def _around_incident(
        self,
        size: int,
        now: int,
        seed: int,
        year: list[tuple[int, float]],
        incident: int,
        begins: int,
        lasts: int,
    ) -> None:
        """Twelve days back, or as far as leaves ordinary records on both sides."""

        def newer_than(days: int) -> _Stretch:
            until = _night(now, days, begins) - lasts
            return _Stretch(0, _hours(now, 0, until, seed))

        most = (size - incident - CELL) // CELL * CELL
        work = _Stretch(0, year).total / (max(size, USUAL) + 2 * CELL)
        days = 12
        newer = newer_than(days)
        while newer.records(work) > most and days > 1:
            days -= 1
            newer = newer_than(days)
        before = min(newer.records(work), most)
        began = _night(now, days, begins)
        first = next(
            _hours(now, began, YEAR - HOUR, seed)
        )  # a part of an hour; the others are the year's own
        older = _Stretch(began, [first, *(hour for hour in year if hour[0] > first[0])])
        self.before, self.incident_age = before, began
        # The incident lies between two cells; the newer ones are stretched by a few per cent to meet it.
        at = before / CELL
        self._ages = newer.ages + older.ages
        self._cells = newer.cells(0.0, newer.total / at) + older.cells(at, work * CELL)
        self._cells[len(newer.ages) - 1] = at

    def age(self, place: float) -> int:
        """Milliseconds before now of a place counted in cells, right behind whatever lies there."""
        return self._between(bisect_right(self._cells, place) - 1, place)

    def age_up_to(self, place: float) -> int:
        """The same, right before whatever lies there: the two differ at the incident only."""
        return self._between(bisect_left(self._cells, place) - 1, place)

    def _between(self, hour: int, place: float) -> int:
        hour = min(max(hour, 0), len(self._ages) - 2)
        ages, cells = self._ages, self._cells
        rate = (ages[hour + 1] - ages[hour]) / (cells[hour + 1] - cells[hour])
        return min(ages[hour] + int((place - cells[hour]) * rate), ages[hour + 1])
