"""When to ask again, and after how long. Pure: knows no HTTP library, no clock and no sleep.

Only GET is ever asked again, at most four times in all. The advice followed is Atlassian's ("Rate limiting": honour
`Retry-After`, double the delay, add jitter, four tries), with full jitter so that many clients do not come back together.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_TRIES = 4
LONGEST_BACKOFF = 20.0
"""Seconds."""
BASE_BACKOFF = 0.5
"""Seconds; doubled with each try."""
LEAST_AFTER_429 = 0.5
"""Seconds."""
MOST_WAITING = 60.0
"""Seconds that all automatic waits for one answer may take together; beyond that a person decides."""

_FOREVER = 10**12
"""Seconds; what a `Retry-After` with more digits than a date can hold is taken for."""


class Kind(Enum):
    """What a failure is, as far as asking again is concerned."""

    FINAL = auto()
    """The same question gets the same answer."""
    GARBLED = auto()
    """An answer that stops in the middle: once more."""
    NAME = auto()
    """The name was not found: twice more."""
    CLOSED = auto()
    """The peer closed a connection that it had kept: once more at once, then as `CONNECTION`."""
    CONNECTION = auto()
    """Refused, reset, cut off or too slow."""
    THROTTLED = auto()
    """429."""
    SERVER = auto()
    """500, 502, 503, 504."""


_TRIES = {Kind.FINAL: 1, Kind.GARBLED: 2, Kind.NAME: 3}


def kind_of(status: int) -> Kind:
    """What a status means for asking again."""
    if status == 429:
        return Kind.THROTTLED
    return Kind.SERVER if status in (500, 502, 503, 504) else Kind.FINAL


def delay(
    kind: Kind, attempt: int, *, asked: float | None, waited: float, random: Callable[[], float]
) -> float | None:
    """Seconds to wait before the next try, or None when to stop.

    Args:
        kind: of the failure just seen.
        attempt: how many tries have been made, from 1.
        asked: seconds that the answer asked for (`asked_seconds`).
        waited: seconds waited so far for this answer.
        random: gives a number from 0 to 1.
    """
    if attempt >= _TRIES.get(kind, MOST_TRIES):
        return None
    if kind is Kind.CLOSED and attempt == 1:
        return 0.0
    backoff = random() * min(LONGEST_BACKOFF, BASE_BACKOFF * 2**attempt)
    least = LEAST_AFTER_429 if kind is Kind.THROTTLED else 0.0
    seconds = max(asked or 0.0, backoff, least)
    return seconds if waited + seconds <= MOST_WAITING else None


def asked_seconds(text: str, now: datetime) -> float | None:
    """The seconds that a `Retry-After` header asks for; None where it says nothing that counts.

    Whole seconds and HTTP dates count (RFC 9110, 10.2.3). A sign, a fraction, a list or a date without a zone does not.

    Args:
        text: the header's value, or "".
        now: with a zone; best the server's own `Date`, as clocks differ.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(int(text)) if len(text) <= 12 else float(_FOREVER)
    until = http_date(text)
    return None if until is None else max(0.0, (until - now).total_seconds())


def http_date(text: str) -> datetime | None:
    """The moment that an HTTP date names, in UTC; None where the text is no date or names no zone."""
    try:
        moment = parsedate_to_datetime(text)
        return None if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
