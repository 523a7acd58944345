"""When auditui asks a site again by itself, and how long it waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditui.client.retry import Kind, asked_seconds, delay, kind_of

NOW = datetime(2026, 11, 23, 10, 0, 0, tzinfo=UTC)
PATIENT = (Kind.CLOSED, Kind.CONNECTION, Kind.THROTTLED, Kind.SERVER)


def waits(kind: Kind, *, asked: float | None = None, roll: float = 1.0) -> list[float]:
    """The seconds between the tries, until it stops."""
    found: list[float] = []
    while (
        seconds := delay(kind, len(found) + 1, asked=asked, waited=sum(found), random=lambda: roll)
    ) is not None:
        found.append(seconds)
    return found


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.FINAL, []),
        (Kind.GARBLED, [1.0]),
        (Kind.NAME, [1.0, 2.0]),
        (Kind.CLOSED, [0.0, 2.0, 4.0]),
        (Kind.CONNECTION, [1.0, 2.0, 4.0]),
        (Kind.SERVER, [1.0, 2.0, 4.0]),
        (Kind.THROTTLED, [1.0, 2.0, 4.0]),
    ],
)
def test_each_kind_of_failure_has_its_number_of_tries_and_doubling_waits(
    kind: Kind, expected: list[float]
) -> None:
    assert waits(kind) == expected


def test_the_jitter_is_full_but_a_429_waits_at_least_half_a_second() -> None:
    assert waits(Kind.SERVER, roll=0.0) == [0.0, 0.0, 0.0]
    assert waits(Kind.THROTTLED, roll=0.0) == [0.5, 0.5, 0.5]
    assert waits(Kind.THROTTLED, asked=0.0, roll=0.0) == [0.5, 0.5, 0.5]


def test_what_the_site_asks_for_is_honoured_up_to_a_minute_in_all() -> None:
    assert waits(Kind.THROTTLED, asked=5.0) == [5.0, 5.0, 5.0]
    assert waits(Kind.SERVER, asked=5.0) == [5.0, 5.0, 5.0]
    assert waits(Kind.THROTTLED, asked=25.0) == [25.0, 25.0]
    assert waits(Kind.THROTTLED, asked=60.0) == [60.0]
    assert waits(Kind.THROTTLED, asked=60.5) == []


@given(
    kind=st.sampled_from(Kind),
    asked=st.none() | st.floats(0, 1e12),
    roll=st.floats(0, 1),
)
def test_never_more_than_four_tries_or_a_minute_of_waiting(
    kind: Kind, asked: float | None, roll: float
) -> None:
    found = waits(kind, asked=asked, roll=roll)
    assert len(found) <= 3
    assert sum(found) <= 60
    assert all(seconds >= 0 for seconds in found)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("5", 5.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        ("99999999999", 99999999999.0),
        ("9" * 5000, 1e12),
        ("Mon, 23 Nov 2026 10:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 09:59:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 12:00:30 +0200", 30.0),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("abc", None),
        ("5, 10", None),
        ("٥", None),
        ("Mon, 23 Nov 2026 10:00:30", None),
        ("Mon, 23 Nov 2026 10:00:30 -0000", None),
        ("Mon, 99 Nov 2026 10:00:30 GMT", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert asked_seconds(header, NOW) == seconds


def test_retry_after_in_the_last_year_of_the_calendar() -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert asked_seconds("Fri, 31 Dec 9999 23:59:59 GMT", NOW) == (last - NOW) / timedelta(seconds=1)


@given(st.text())
def test_no_retry_after_is_strange_enough_to_fail(header: str) -> None:
    seconds = asked_seconds(header, NOW)
    assert seconds is None or seconds >= 0


def test_which_statuses_are_asked_again() -> None:
    again = [status for status in range(100, 600) if kind_of(status) in PATIENT]
    assert again == [429, 500, 502, 503, 504]
