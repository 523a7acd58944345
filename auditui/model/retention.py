"""How long a site keeps the records of its audit log, by its own setting. Pure; knows nothing of how it was asked.

Two moments follow from a setting, since what is too old is removed once a week and the calendar is not counted alike by
everybody: from `since` on everything is kept, and from before `reach` nothing can be. Between the two a record may be there.

Source: RetentionPeriod in Atlassian's OpenAPI description (units of java.time.temporal.ChronoUnit), and
confluence-audit-api.md, section 4: a year by default, 1 to 12 months by choice, "a month = 31 days", removed weekly.
"""

from __future__ import annotations

from dataclasses import dataclass

_DAY = 86_400_000
_MONTH = 365 * _DAY // 12
_LONG_MONTH = 31 * _DAY
_YEAR = 365 * _DAY
_LONG_YEAR = 12 * _LONG_MONTH

_REMOVED_EVERY = 7 * _DAY

UNITS: dict[str, tuple[float, float] | None] = {
    "NANOS": (1e-6, 1e-6),
    "MICROS": (1e-3, 1e-3),
    "MILLIS": (1, 1),
    "SECONDS": (1_000, 1_000),
    "MINUTES": (60_000, 60_000),
    "HOURS": (_DAY / 24, _DAY / 24),
    "HALF_DAYS": (_DAY / 2, _DAY / 2),
    "DAYS": (_DAY, _DAY),
    "WEEKS": (7 * _DAY, 7 * _DAY),
    "MONTHS": (_MONTH, _LONG_MONTH),
    "YEARS": (_YEAR, _LONG_YEAR),
    "DECADES": (10 * _YEAR, 10 * _LONG_YEAR),
    "CENTURIES": None,
    "MILLENNIA": None,
    "ERAS": None,
    "FOREVER": None,
}
"""The milliseconds of a unit, as the shortest and the longest it is taken for; None where no log is as old."""

_ONE_OF = {"CENTURIES": "century", "MILLENNIA": "millennium"}


@dataclass(frozen=True, slots=True)
class Retention:
    """A setting: so many units from a record's creation until it is removed."""

    number: int
    units: str
    """A name in `UNITS`."""

    @property
    def words(self) -> str:
        """`12 months`, `1 year`, `forever`."""
        name = self.units.lower().replace("_", " ")
        if self.units == "FOREVER":
            return name
        return f"1 {_ONE_OF.get(self.units) or name[:-1]}" if self.number == 1 else f"{self.number:,} {name}"

    def since(self, now: int) -> int | None:
        """The moment from which on nothing was removed, in milliseconds since the epoch; None before 1970."""
        return self._back(now, 0, 0)

    def reach(self, now: int) -> int | None:
        """The earliest moment that a record can be from, in milliseconds since the epoch; None before 1970."""
        return self._back(now, 1, _REMOVED_EVERY)

    def _back(self, now: int, taken_for: int, late: int) -> int | None:
        lengths = UNITS[self.units]
        moment = now - late - round(self.number * lengths[taken_for]) if lengths else -1
        return moment if moment >= 0 else None
