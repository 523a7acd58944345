"""How far back a log can reach by a site's setting, and how that is said."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditui.model.retention import UNITS, Retention

DAY = 86_400_000
WEEK = 7 * DAY
YEAR = Retention(12, "MONTHS")

RETENTIONS = st.builds(
    Retention, st.integers(1, 2**31 - 1) | st.integers(1, 24), st.sampled_from(list(UNITS))
)
MOMENTS = st.integers(0, 253_402_300_799_999)


def at(text: str) -> int:
    return round(dt.datetime.fromisoformat(f"{text}+00:00").timestamp() * 1000)


NOW = at("2026-11-26T14:02:00")


@pytest.mark.parametrize(
    ("retention", "words"),
    [
        (YEAR, "12 months"),
        (Retention(1, "MONTHS"), "1 month"),
        (Retention(1, "YEARS"), "1 year"),
        (Retention(365, "DAYS"), "365 days"),
        (Retention(3, "HALF_DAYS"), "3 half days"),
        (Retention(1, "HALF_DAYS"), "1 half day"),
        (Retention(1, "CENTURIES"), "1 century"),
        (Retention(2, "MILLENNIA"), "2 millennia"),
        (Retention(31_536_000, "SECONDS"), "31,536,000 seconds"),
        (Retention(1, "FOREVER"), "forever"),
    ],
)
def test_a_setting_is_told_in_words(retention: Retention, words: str) -> None:
    assert retention.words == words


@pytest.mark.parametrize("retention", [YEAR, Retention(1, "YEARS"), Retention(365, "DAYS")])
def test_a_year_is_kept_since_the_same_day_of_the_last_year(retention: Retention) -> None:
    assert retention.since(NOW) == at("2025-11-26T14:02:00")


@pytest.mark.parametrize("months", range(1, 13))
def test_a_month_of_31_days_is_kept_whole_and_may_be_removed_a_week_late(months: int) -> None:
    retention = Retention(months, "MONTHS")
    since, reach = retention.since(NOW), retention.reach(NOW)
    assert since is not None
    assert NOW - months * 31 * DAY <= since <= NOW - months * 30 * DAY
    assert reach == NOW - months * 31 * DAY - WEEK


def test_a_year_reaches_as_far_as_its_twelve_months() -> None:
    assert Retention(1, "YEARS").reach(NOW) == YEAR.reach(NOW)
    assert Retention(2, "DECADES").reach(NOW) == Retention(20, "YEARS").reach(NOW)


@pytest.mark.parametrize("units", ["CENTURIES", "MILLENNIA", "ERAS", "FOREVER"])
def test_what_is_never_removed_has_no_reach(units: str) -> None:
    assert Retention(1, units).since(NOW) is Retention(1, units).reach(NOW) is None


def test_before_1970_nothing_is_claimed() -> None:
    assert Retention(56, "YEARS").since(NOW) is not None
    assert Retention(57, "YEARS").since(NOW) is None


@given(RETENTIONS, MOMENTS)
@example(Retention(2**31 - 1, "NANOS"), 10)
def test_no_record_that_is_surely_kept_lies_before_what_can_be_reached(
    retention: Retention, now: int
) -> None:
    since, reach = retention.since(now), retention.reach(now)
    if since is None:
        assert reach is None
    else:
        assert 0 <= since <= now
        assert reach is None or 0 <= reach <= since - WEEK
