"""Dates and times as people write them, on days that are not 24 hours long, too."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from whenever import Date

from auditui.model.errors import UsageError
from auditui.model.when import Edge, Zone, parse_when, show_time, show_time_exactly

HOUR = 3_600_000
UTC = Zone.parse("utc")
BERLIN = Zone.parse("Europe/Berlin")
BEIRUT = Zone.parse("Asia/Beirut")

# Clocks change at midnight, a minute after it, by half an hour, or by a whole day.
ZONES = st.sampled_from(
    "UTC Europe/Berlin Asia/Beirut America/Havana America/Sao_Paulo America/Goose_Bay Australia/Lord_Howe "
    "Pacific/Apia Asia/Kathmandu Pacific/Kiritimati America/St_Johns".split()
).map(Zone.parse)
DAYS = st.dates(date(1970, 1, 2), date(2037, 12, 30))


def at(text: str, zone: Zone = UTC) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone.key or "UTC")).timestamp() * 1000)


NOW = at("2026-11-12T10:00:30")


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026-11-01", "2026-11-01T00:00:00", "2026-11-01T23:59:59.999"),
        ("2026-11-01T09:30", "2026-11-01T09:30:00", "2026-11-01T09:30:00"),
        ("2026-11-01 09:30:15", "2026-11-01T09:30:15", "2026-11-01T09:30:15"),
        ("7d", "2026-11-05T10:00:30", "2026-11-05T10:00:30"),
        ("24h", "2026-11-11T10:00:30", "2026-11-11T10:00:30"),
        ("90m", "2026-11-12T08:30:30", "2026-11-12T08:30:30"),
        ("2w", "2026-10-29T10:00:30", "2026-10-29T10:00:30"),
        ("today", "2026-11-12T00:00:00", "2026-11-12T23:59:59.999"),
        ("yesterday", "2026-11-11T00:00:00", "2026-11-11T23:59:59.999"),
        ("now", "2026-11-12T10:00:30", "2026-11-12T10:00:30"),
        ("  Yesterday ", "2026-11-11T00:00:00", "2026-11-11T23:59:59.999"),
        ("7 D", "2026-11-05T10:00:30", "2026-11-05T10:00:30"),
    ],
)
def test_each_form_as_the_begin_and_as_the_end_of_a_range(text: str, since: str, until: str) -> None:
    assert parse_when(text, Edge.SINCE, now=NOW, zone=UTC) == at(since)
    assert parse_when(text, Edge.UNTIL, now=NOW, zone=UTC) == at(until)


@pytest.mark.parametrize(
    "text",
    "|7|7y|-7d|+7d|7d7d|9999999d|٧d|tomorrow|2026-02-30|2026-13-01|11/12/2026|2026-11-01T25:00|1763000000000|"
    "2026-11-01T09:30+25:00|2026-11-01+01:00|2026-11-01Z|09:30Z|2026-11-01T09:30Z[UTC]|2026-02-30T09:30Z|\ud800".split(
        "|"
    ),
)
def test_anything_else_is_refused_with_the_forms_that_work(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parse_when(text, Edge.SINCE, now=NOW, zone=UTC)
    assert "yesterday" in refusal.value.remedy


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-01T02:12Z", "2026-11-01T02:12:00"),
        ("2026-11-01 02:12 z", "2026-11-01T02:12:00"),
        ("2026-10-25T02:12:30.123+01:00", "2026-10-25T01:12:30.123"),
        ("2026-10-25T02:12:30.123+02:00", "2026-10-25T00:12:30.123"),
        ("2026-11-01T00:00-0330", "2026-11-01T03:30:00"),
    ],
)
@pytest.mark.parametrize("zone", [UTC, BERLIN])
@pytest.mark.parametrize("edge", Edge)
def test_a_time_with_an_offset_is_the_same_moment_in_every_zone(
    text: str, moment: str, zone: Zone, edge: Edge
) -> None:
    assert parse_when(text, edge, now=NOW, zone=zone) == at(moment)


@given(
    text=st.text(max_size=30)
    | st.text("0123456789-:T. dhmw", max_size=20)
    | st.dates().map(str)
    | st.datetimes().map(str),
    edge=st.sampled_from(Edge),
    zone=ZONES,
)
def test_no_text_does_more_than_be_refused(text: str, edge: Edge, zone: Zone) -> None:
    with suppress(UsageError):
        assert isinstance(parse_when(text, edge, now=NOW, zone=zone), int)


@pytest.mark.parametrize(
    ("now", "hours"), [("2026-03-30T12:00", 23), ("2026-10-26T12:00", 25), ("2026-06-15T12:00", 24)]
)
def test_yesterday_is_as_long_as_the_clocks_made_it(now: str, hours: int) -> None:
    since = parse_when("yesterday", Edge.SINCE, now=at(now, BERLIN), zone=BERLIN)
    until = parse_when("yesterday", Edge.UNTIL, now=at(now, BERLIN), zone=BERLIN)
    assert until - since + 1 == hours * HOUR


@pytest.mark.parametrize("now", ["2026-03-29T12:00", "2026-10-25T12:00"])
def test_a_span_counts_hours_whatever_the_clocks_did(now: str) -> None:
    assert parse_when("24h", Edge.SINCE, now=at(now, BERLIN), zone=BERLIN) == at(now, BERLIN) - 24 * HOUR


def test_a_day_without_midnight_begins_at_one() -> None:
    start = parse_when("2022-03-27", Edge.SINCE, now=NOW, zone=BEIRUT)
    assert show_time(start, BEIRUT) == "2022-03-27 01:00:00"
    end = parse_when("2022-03-26", Edge.UNTIL, now=NOW, zone=BEIRUT)
    assert (end + 1, show_time(end, BEIRUT)) == (start, "2022-03-26 23:59:59")


def test_a_time_the_clocks_skip_is_read_as_the_one_after_the_gap() -> None:
    moment = parse_when("2026-03-29T02:30", Edge.SINCE, now=NOW, zone=BERLIN)
    assert show_time(moment, BERLIN) == "2026-03-29 03:30:00"


def test_a_repeated_hour_is_told_apart_by_its_offset() -> None:
    first = parse_when("2026-10-25T02:30", Edge.SINCE, now=NOW, zone=BERLIN)
    assert show_time(first, BERLIN) == show_time(first + HOUR, BERLIN) == "2026-10-25 02:30:00"
    assert show_time_exactly(first, BERLIN) == "2026-10-25 02:30:00.000 +02:00"
    assert show_time_exactly(first + HOUR + 7, BERLIN) == "2026-10-25 02:30:00.007 +01:00"


@given(day=DAYS, zone=ZONES)
@example(day=date(2011, 12, 29), zone=Zone.parse("Pacific/Apia"))
@example(day=date(2022, 3, 27), zone=BEIRUT)
@example(day=date(2010, 11, 7), zone=Zone.parse("America/Goose_Bay"))
def test_a_day_begins_where_the_one_before_it_ended(day: date, zone: Zone) -> None:
    start = zone.day_start(Date.from_py_date(day))
    assert show_time(start - 1, zone)[:10] < f"{day}" <= show_time(start, zone)[:10]
    assert parse_when(str(day), Edge.UNTIL, now=NOW, zone=zone) + 1 == parse_when(
        str(date.fromordinal(day.toordinal() + 1)), Edge.SINCE, now=NOW, zone=zone
    )


@given(seconds=st.integers(at("0001-01-02T00:00") // 1000, at("9999-12-30T00:00") // 1000))
def test_a_time_that_is_shown_can_be_typed_back(seconds: int) -> None:
    shown = show_time(seconds * 1000, UTC)
    assert parse_when(shown, Edge.SINCE, now=NOW, zone=UTC) == seconds * 1000


@given(milliseconds=st.integers(at("1970-01-02T00:00"), at("2037-12-30T00:00")), zone=ZONES, other=ZONES)
def test_an_exact_time_that_is_shown_can_be_typed_back_anywhere(
    milliseconds: int, zone: Zone, other: Zone
) -> None:
    shown = show_time_exactly(milliseconds, zone)
    assert parse_when(shown, Edge.UNTIL, now=NOW, zone=other) == milliseconds


@given(milliseconds=st.integers(), zone=ZONES)
@example(milliseconds=10**18, zone=UTC)
@example(milliseconds=10**30, zone=UTC)
@example(milliseconds=-(10**30), zone=BERLIN)
@example(milliseconds=253_402_300_799_999, zone=Zone.parse("Pacific/Kiritimati"))
@example(milliseconds=-62_135_596_800_000, zone=Zone.parse("America/St_Johns"))
def test_any_number_is_shown_as_a_time_or_as_an_invalid_date(milliseconds: int, zone: Zone) -> None:
    for shown in (show_time(milliseconds, zone), show_time_exactly(milliseconds, zone)):
        assert shown[4:5] == "-" or shown.startswith("(invalid date: ")
        assert len(shown) < 60


@pytest.mark.parametrize(
    ("text", "name"), [("utc", "UTC"), ("UTC", "UTC"), ("z", "UTC"), ("Europe/Berlin", "Europe/Berlin")]
)
def test_zones_have_the_name_they_were_asked_for_by(text: str, name: str) -> None:
    assert Zone.parse(text).name == name


def test_the_local_zone_can_be_used() -> None:
    assert show_time(NOW, Zone.parse("local")).startswith("2026-11-1")


@given(text=st.text(max_size=30) | st.sampled_from(["", "Europe", "../../etc/passwd", "zone.tab", "\0", "."]))
def test_an_unknown_zone_is_only_refused(text: str) -> None:
    with suppress(UsageError):
        assert Zone.parse(text).name
