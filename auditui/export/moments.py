"""Moments as files and programs get them: in UTC, exact to the millisecond, and what stands in place of one.

Knows no format and no zone. How times are shown to people is `model/when.py`'s and `model/clock.py`'s business.
"""

from __future__ import annotations

from auditui.model.record import Record
from auditui.model.when import invalid_date, utc_time


def moment(milliseconds: int) -> str:
    """`2026-11-01T09:30:07.123Z`, or `(invalid date: …)` outside the years 1 to 9999."""
    return utc_time(milliseconds) or invalid_date(str(milliseconds))


def dates(record: Record) -> tuple[str | None, str | None]:
    """When it happened in UTC, else what stands in place of a date: one of both is None, or both where nothing stands."""
    if record.created is None:
        return None, record.date_text or None
    time = utc_time(record.created)
    return time, None if time else str(record.created)
