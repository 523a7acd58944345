"""Points in time as people write and read them. `now` and the zone are always arguments.

Milliseconds since the epoch everywhere inside; days, zones and daylight-saving changes are `whenever`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from whenever import Date, DateDelta, Instant, OffsetDateTime, PlainDateTime, Time, ZonedDateTime

from auditui.model.errors import UsageError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SPAN = re.compile(r"([0-9]{1,6})\s*([mhdw])")
_WITH_OFFSET = re.compile(r"([0-9-]+[t ][0-9:.]+)\s*(z|[+-][0-9]{2}:?[0-9]{2})")
_MILLISECONDS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
FIRST_MOMENT, LAST_MOMENT = -62_135_596_800_000, 253_402_300_799_999
"""Milliseconds since the epoch: what a calendar of the years 1 to 9999 has."""

WHEN_FORMS = "2026-11-01, 2026-11-01T09:30, 7d, 24h, 90m, today, yesterday"


class Edge(Enum):
    """Which end of a range a point stands for: a day begins the one and ends the other."""

    SINCE = "since"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class Zone:
    """The zone times are shown and read in."""

    key: str | None
    """`Europe/Berlin`, `UTC`; None where the system's zone has no name."""

    @classmethod
    def parse(cls, text: str) -> Zone:
        """Read `local`, `utc` or `Area/City`.

        Raises:
            UsageError: no such zone.
        """
        if text.casefold() == "local":
            return cls(_system_zone())
        key = "UTC" if text.casefold() in ("utc", "z") else text
        try:
            Instant.from_timestamp(0).to_tz(key)
        except ValueError:
            raise UsageError(
                f"There is no time zone “{text}” here.",
                remedy="Give local, utc or a name such as Europe/Berlin.",
            ) from None
        return cls(key)

    @property
    def name(self) -> str:
        """What the screen calls it."""
        if self.key in ("UTC", "Etc/UTC"):
            return "UTC"
        return self.key or "local time"

    def at(self, milliseconds: int) -> ZonedDateTime:
        """The moment in this zone.

        Raises:
            ValueError: before the year 1 or after 9999.
        """
        instant = Instant.from_timestamp_millis(milliseconds)
        return instant.to_tz(self.key) if self.key else instant.to_system_tz()

    def resolve(self, plain: PlainDateTime) -> ZonedDateTime:
        """The moment a clock on the wall here shows `plain`; where it is skipped, the moment after the gap."""
        return plain.assume_tz(self.key) if self.key else plain.assume_system_tz()

    def day_start(self, day: Date) -> int:
        """The first moment of the day: not always midnight, where a change of clocks skips it."""
        return self.resolve(day.at(Time.MIDNIGHT)).start_of_day().timestamp_millis()

    def today(self, now: int) -> Date:
        """The date here at `now`."""
        return self.at(now).date()


def _system_zone() -> str | None:
    try:
        return Instant.from_timestamp(0).to_system_tz().tz
    except (ValueError, LookupError, OSError):
        raise UsageError(
            "This system's time zone cannot be used.",
            why="TZ may name one that there is not.",
            remedy="Give --tz utc.",
        ) from None


def parse_when(text: str, edge: Edge, *, now: int, zone: Zone) -> int:
    """A point in time, in milliseconds, from what somebody typed (`WHEN_FORMS`).

    A day is its first moment as SINCE and its last as UNTIL. A span counts back from `now`. A time with an offset or
    `Z` is read as such, whatever the zone.

    Raises:
        UsageError: not one of the forms, or no such date.
    """
    text = text.strip()
    try:
        return _read(text.casefold(), edge, now, zone)
    except ValueError:
        raise UsageError(
            f"“{text}” is not a date or a span of time.", remedy=f"Write {WHEN_FORMS}."
        ) from None


def _read(text: str, edge: Edge, now: int, zone: Zone) -> int:
    if text == "now":
        return now
    if day := _day(text, zone.today(now)):
        return _edge_of(day, edge, zone)
    if span := _SPAN.fullmatch(text):
        return now - int(span[1]) * _MILLISECONDS[span[2]]
    if moment := _WITH_OFFSET.fullmatch(text):
        return OffsetDateTime.parse_iso(_iso(moment[1]) + moment[2].upper()).timestamp_millis()
    return zone.resolve(PlainDateTime.parse_iso(_iso(text))).timestamp_millis()


def _iso(text: str) -> str:
    return text.upper().replace(" ", "T")


def _day(text: str, today: Date) -> Date | None:
    if text == "today":
        return today
    if text == "yesterday":
        return today.subtract(days=1)
    try:
        return Date.parse_iso(text)
    except ValueError:
        return None


def _edge_of(day: Date, edge: Edge, zone: Zone) -> int:
    if edge is Edge.SINCE:
        return zone.day_start(day)
    return zone.day_start(day + DateDelta(days=1)) - 1


def show_time(milliseconds: int, zone: Zone) -> str:
    """`2026-11-01 09:30:07`, or `(invalid date: …)` outside the years 1 to 9999."""
    at = _at(milliseconds, zone)
    if at is None:
        return invalid_date(str(milliseconds))
    return f"{at.year:04}-{at.month:02}-{at.day:02} {at.hour:02}:{at.minute:02}:{at.second:02}"


def show_time_exactly(milliseconds: int, zone: Zone) -> str:
    """`2026-11-01 09:30:07.123 +01:00`: with the milliseconds and the offset, which tells a repeated hour apart."""
    at = _at(milliseconds, zone)
    if at is None:
        return invalid_date(str(milliseconds))
    minutes = round(at.offset.in_minutes())
    offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return f"{show_time(milliseconds, zone)}.{at.nanosecond // 1_000_000:03} {offset}"


def utc_time(milliseconds: int) -> str | None:
    """`2026-11-01T08:30:07.123Z`, for files and programs; None outside the years 1 to 9999."""
    try:
        at = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
    return f"{at.isoformat(timespec='milliseconds')[:-6]}Z"


def _at(milliseconds: int, zone: Zone) -> ZonedDateTime | None:
    """The moment in the zone; in UTC where the zone would carry it past the year 9999."""
    for shown in (zone, Zone("UTC")):
        try:
            return shown.at(milliseconds)
        except (ValueError, OverflowError):
            continue
    return None


def invalid_date(text: str) -> str:
    """How a date that is none is shown."""
    return f"(invalid date: {text if len(text) <= 40 else text[:40] + '…'})"
