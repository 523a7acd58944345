"""A search is pinned once, so that the log may grow at its head while it is read."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditui.model.errors import UsageError
from auditui.model.query import PAGE_CAP, PRESETS, Pinned, Preset, Query, range_title
from auditui.model.when import Zone

UTC = Zone.parse("utc")
ZONES = [UTC, Zone.parse("Pacific/Kiritimati"), Zone.parse("America/Los_Angeles")]
DAY = 86_400_000
NOW = round(dt.datetime(2026, 11, 12, 10, tzinfo=dt.UTC).timestamp() * 1000)

TYPED = (
    st.sampled_from(["", "  ", "today", "yesterday", "now", "7d", "24h", "90m", "999999h"])
    | st.dates().map(str)
    | st.text(max_size=8)
)


def test_a_query_without_dates_asks_for_everything_up_to_now() -> None:
    assert Query(text="  login ").pinned(NOW, UTC) == Pinned(0, NOW, "login", PAGE_CAP)


@pytest.mark.parametrize("text", ["\ud800", "caf\udce9"])
def test_a_text_that_no_request_can_carry_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no character"):
        Query(text=text).pinned(NOW, UTC)


@pytest.mark.parametrize("until", ["", "today", "2026-11-13", "2030-01-01", "now", "2026-11-12T10:01"])
def test_the_end_is_never_after_now(until: str) -> None:
    assert Query("7d", until).pinned(NOW, UTC) == Pinned(NOW - 7 * DAY, NOW, "", PAGE_CAP)


def test_both_ends_are_fixed_to_the_millisecond() -> None:
    pinned = Query("2026-11-01", "2026-11-01").pinned(NOW, UTC)
    assert pinned.end - pinned.start == DAY - 1


@pytest.mark.parametrize(
    ("since", "until", "word"),
    [
        ("2026-11-10", "2026-11-09", "end before that"),
        ("24h", "48h", "end before that"),
        ("2026-11-13", "", "in the future"),
        ("2026-11-13", "2026-11-14", "in the future"),
        ("", "1969-07-20", "end before that"),
    ],
)
def test_a_range_that_ends_before_it_begins_is_refused(since: str, until: str, word: str) -> None:
    with pytest.raises(UsageError, match=word) as refusal:
        Query(since, until).pinned(NOW, UTC)
    assert refusal.value.remedy


@given(since=TYPED, until=TYPED, zone=st.sampled_from(ZONES))
@example(since="1960-01-01", until="1965-01-01", zone=UTC)
def test_a_pinned_range_is_in_order_and_over(since: str, until: str, zone: Zone) -> None:
    try:
        pinned = Query(since, until).pinned(NOW, zone)
    except UsageError:
        return
    assert 0 <= pinned.start <= pinned.end <= NOW


@pytest.mark.parametrize("size", [1, 250, PAGE_CAP])
def test_a_page_size_that_the_site_takes(size: int) -> None:
    assert Query(page_size=size).pinned(NOW, UTC).limit == size


@pytest.mark.parametrize("size", [-1, 0, PAGE_CAP + 1])
def test_a_page_size_that_the_site_does_not_take_is_refused(size: int) -> None:
    with pytest.raises(UsageError, match="1 to 1000"):
        Query(page_size=size).pinned(NOW, UTC)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.name)
def test_every_preset_can_be_asked_and_has_its_title(preset: Preset, zone: Zone) -> None:
    query = Query(preset.since, preset.until)
    assert query.pinned(NOW, zone).end > NOW - 2 * DAY
    assert range_title(query) == preset.title


@pytest.mark.parametrize(
    ("since", "until", "title"),
    [
        (" TODAY", "", "Today"),
        ("2026-11-01", "", "2026-11-01 → now"),
        ("", "3d", "oldest → 3d"),
        ("7d", "1d", "7d → 1d"),
    ],
)
def test_a_range_in_words(since: str, until: str, title: str) -> None:
    assert range_title(Query(since, until)) == title
