"""Buckets begin where people's days and hours do, cover all of a range, and lose no record."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from whenever import Date, DateDelta

from auditui.model.buckets import GRAIN, SCALES, Scale, counted, edges, scale_for
from auditui.model.when import Zone, show_time

HOUR = 3_600_000
DAY = 24 * HOUR
UTC, BERLIN, BEIRUT, KATHMANDU, ST_JOHNS, LORD_HOWE = map(
    Zone.parse,
    "UTC Europe/Berlin Asia/Beirut Asia/Kathmandu America/St_Johns Australia/Lord_Howe".split(),
)
# Clocks change at midnight, a minute after it, or by a whole day.
ODD = [*map(Zone.parse, "America/Goose_Bay Pacific/Apia America/Havana Pacific/Kiritimati".split())]
ZONES = st.sampled_from([UTC, BERLIN, BEIRUT, KATHMANDU, ST_JOHNS, LORD_HOWE, *ODD])

YEAR_9998 = 253_370_678_400_000
SINCE_2004 = st.integers(1_072_915_200_000, 2_000_000_000_000)
MOMENTS = SINCE_2004 | st.integers(0, YEAR_9998 - 1)
SPANS = st.integers(0, 48).flatmap(lambda power: st.integers(0, 2**power))


def titled(title: str) -> Scale:
    return next(scale for scale in SCALES if scale.title == title)


def at(text: str, zone: Zone = UTC) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone.key or "UTC")).timestamp() * 1000)


def on(day: str, title: str, zone: Zone) -> tuple[str, list[float]]:
    """Where a day's buckets begin, as its clocks show it, and how many hours each takes."""
    date = Date.parse_iso(day)
    found = edges(zone.day_start(date), zone.day_start(date + DateDelta(days=1)) - 1, titled(title), zone)
    begins = " ".join(show_time(edge, zone)[11:16] for edge in found[:-1])
    return begins.replace(":00", ""), [(end - begin) / HOUR for begin, end in pairwise(found)]


@pytest.mark.parametrize(
    ("day", "title", "zone", "begins", "hours"),
    [
        ("2026-03-29", "6 h", BERLIN, "00 06 12 18", [5, 6, 6, 6]),
        ("2026-10-25", "6 h", BERLIN, "00 06 12 18", [7, 6, 6, 6]),
        ("2026-03-29", "12 h", BERLIN, "00 12", [11, 12]),
        ("2026-10-25", "3 h", BERLIN, "00 03 06 09 12 15 18 21", [4, 3, 3, 3, 3, 3, 3, 3]),
        ("2026-03-29", "1 day", BERLIN, "00", [23]),
        ("2026-10-25", "1 day", BERLIN, "00", [25]),
        ("2022-03-27", "1 day", BEIRUT, "01", [23]),
        ("2022-03-27", "3 h", BEIRUT, "01 03 06 09 12 15 18 21", [2, 3, 3, 3, 3, 3, 3, 3]),
        ("2026-11-01", "12 h", ST_JOHNS, "00 12", [13, 12]),
        ("2026-11-02", "6 h", KATHMANDU, "00 06 12 18", [6, 6, 6, 6]),
        ("2026-04-05", "12 h", LORD_HOWE, "00 12", [12.5, 12]),
        ("2026-10-04", "3 h", LORD_HOWE, "00 03 06 09 12 15 18 21", [2.5, 3, 3, 3, 3, 3, 3, 3]),
    ],
)
def test_days_and_their_parts_follow_the_clocks_on_the_wall(
    day: str, title: str, zone: Zone, begins: str, hours: list[float]
) -> None:
    assert on(day, title, zone) == (begins, hours)


@pytest.mark.parametrize(
    ("day", "zone", "begins", "odd_hours"),
    [
        ("2026-03-29", BERLIN, "00 01 03 04", []),
        ("2026-10-25", BERLIN, "00 01 02 02", []),
        ("2022-03-27", BEIRUT, "01 02 03 04", []),
        ("2026-11-02", KATHMANDU, "00 01 02 03", []),
        ("2026-07-01", ST_JOHNS, "00 01 02 03", []),
        ("2026-04-05", LORD_HOWE, "00 01 01:30 02", [0.5]),
        ("2026-10-04", LORD_HOWE, "00 01 02:30 03", [0.5]),
    ],
)
def test_hours_begin_at_whole_local_hours_also_after_a_change_of_clocks(
    day: str, zone: Zone, begins: str, odd_hours: list[float]
) -> None:
    found, hours = on(day, "1 h", zone)
    assert found.startswith(begins)
    assert found.endswith("20 21 22 23")
    assert [length for length in hours if length != 1] == odd_hours


@pytest.mark.parametrize(
    ("title", "begin", "after"),
    [
        ("1 s", "2026-11-12 10:00:30", "2026-11-12 10:00:31"),
        ("10 s", "2026-11-12 10:00:30", "2026-11-12 10:00:40"),
        ("1 min", "2026-11-12 10:00:00", "2026-11-12 10:01:00"),
        ("5 min", "2026-11-12 10:00:00", "2026-11-12 10:05:00"),
        ("15 min", "2026-11-12 10:00:00", "2026-11-12 10:15:00"),
        ("1 week", "2026-11-09 00:00:00", "2026-11-16 00:00:00"),
        ("1 month", "2026-11-01 00:00:00", "2026-12-01 00:00:00"),
        ("1 quarter", "2026-10-01 00:00:00", "2027-01-01 00:00:00"),
        ("1 year", "2026-01-01 00:00:00", "2027-01-01 00:00:00"),
        ("10 years", "2020-01-01 00:00:00", "2030-01-01 00:00:00"),
    ],
)
@pytest.mark.parametrize("zone", [UTC, BERLIN, KATHMANDU])
def test_a_moment_lies_in_the_usual_bucket_of_each_scale(
    title: str, begin: str, after: str, zone: Zone
) -> None:
    moment = at("2026-11-12 10:00:30.500", zone)
    assert edges(moment, moment, titled(title), zone) == (at(begin, zone), at(after, zone))


def test_a_day_that_never_was_has_no_bucket() -> None:
    apia = Zone.parse("Pacific/Apia")
    found = edges(at("2011-12-28T12:00", apia), at("2012-01-01T12:00", apia), titled("1 day"), apia)
    assert [show_time(edge, apia)[5:10] for edge in found] == "12-28 12-29 12-31 01-01 01-02".split()


def test_a_record_from_before_the_epoch_has_a_bucket() -> None:
    moment = at("1969-07-20T20:17:40")
    found = edges(moment, moment, titled("1 day"), UTC)
    assert found == (at("1969-07-20"), at("1969-07-21"))
    assert counted(found, {moment // GRAIN: 1}, GRAIN) == ((1,), 0, 0)


@given(start=MOMENTS, span=SPANS, most=st.integers(10, 200), zone=ZONES)
@example(start=0, span=DAY, most=30, zone=UTC)
@example(start=0, span=YEAR_9998 - 1, most=10, zone=BERLIN)
@example(start=at("2011-12-29T23:00"), span=3 * DAY, most=40, zone=Zone.parse("Pacific/Apia"))
def test_the_buckets_cover_the_range_and_no_more_than_fit(
    start: int, span: int, most: int, zone: Zone
) -> None:
    end = min(start + span, YEAR_9998 - 1)
    found = edges(start, end, scale_for(start, end, most), zone)
    assert all(one < other for one, other in pairwise(found))
    assert found[0] <= start < found[1]
    assert found[-2] <= end < found[-1]
    assert len(found) - 1 <= most + 2


@given(start=st.integers(-(10**18), 10**18), end=st.integers(-(10**18), 10**18), zone=ZONES)
def test_no_date_a_broken_clock_can_tell_is_too_strange(start: int, end: int, zone: Zone) -> None:
    found = edges(start, end, scale_for(start, end, 60), zone)
    assert 2 <= len(found) <= 63
    assert all(one < other for one, other in pairwise(found))


@given(start=MOMENTS, span=SPANS, most=st.integers(10, 200))
def test_a_finer_scale_would_not_fit(start: int, span: int, most: int) -> None:
    chosen = SCALES.index(scale_for(start, start + span, most))
    if chosen and start + span < YEAR_9998:
        assert span // SCALES[chosen - 1].width >= most


@given(
    start=MOMENTS,
    span=SPANS,
    zone=ZONES,
    counts=st.dictionaries(st.integers(-(10**6), 10**7), st.integers(0, 10**6), max_size=30),
)
def test_every_record_is_counted_once(start: int, span: int, zone: Zone, counts: dict[int, int]) -> None:
    found = edges(start, start + span, scale_for(start, start + span, 60), zone)
    buckets, before, after = counted(found, counts, GRAIN)
    assert len(buckets) == len(found) - 1
    assert sum(buckets) + before + after == sum(counts.values())


@given(start=SINCE_2004, moments=st.lists(st.integers(0, 400 * DAY), min_size=1), zone=ZONES)
def test_the_grain_loses_nothing_from_a_quarter_of_an_hour_on(
    start: int, moments: list[int], zone: Zone
) -> None:
    created = [start + moment for moment in moments]
    end = max(created)
    scale = max(scale_for(start, end, 60), titled("15 min"), key=SCALES.index)
    found = edges(start, end, scale, zone)
    buckets, before, after = counted(found, Counter(moment // GRAIN for moment in created), GRAIN)
    exactly = [sum(begin <= moment < after for moment in created) for begin, after in pairwise(found)]
    assert (list(buckets), before, after) == (exactly, 0, 0)


def test_what_lies_outside_is_told_apart() -> None:
    assert counted((1_000, 2_000, 3_000), {0: 1, 1: 2, 2: 4, 3: 8, 9: 16}, 1_000) == ((2, 4), 1, 24)


def test_without_buckets_everything_is_outside() -> None:
    assert counted((), {5: 3}, GRAIN) == ((), 3, 0)
