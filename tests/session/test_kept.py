"""What a site's retention means for what is searched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditui.model.query import Pinned, Query
from auditui.model.retention import UNITS, Retention
from auditui.model.when import Zone, show_time
from auditui.session.kept import kept

UTC = Zone("UTC")
NOW = 1_795_701_720_000  # 2026-11-26 14:02
YEAR = Retention(12, "MONTHS")


@pytest.mark.parametrize(
    ("since", "until", "older", "none"),
    [
        ("", "", True, False),
        ("30d", "", False, False),
        ("2025-11-27", "", False, False),
        ("2025-11-26", "", True, False),
        ("2024-01-01", "", True, False),
        ("2025-11-01", "2025-11-20", True, False),  # removed a week late, some of it may be there
        ("2025-01-01", "2025-11-12", True, False),
        ("2025-01-01", "2025-11-11", True, True),
        ("", "2024-12-31", True, True),
    ],
)
def test_a_search_asks_for_what_is_kept_or_for_what_is_older(
    since: str, until: str, older: bool, none: bool
) -> None:
    found = kept(YEAR, Query(since, until).pinned(NOW, UTC), NOW, UTC)
    assert found is not None
    assert (found.words, found.since, found.older, found.none) == ("12 months", "2025-11-26", older, none)


def test_the_day_is_told_in_the_zone_that_is_shown() -> None:
    found = kept(YEAR, None, NOW, Zone("Pacific/Kiritimati"))
    assert found is not None
    assert (found.since, found.older, found.none) == ("2025-11-27", False, False)


@pytest.mark.parametrize("retention", [None, Retention(1, "FOREVER"), Retention(1, "ERAS")])
def test_where_nothing_is_removed_or_known_nothing_is_said(retention: Retention | None) -> None:
    assert kept(retention, Pinned(0, NOW, "", 100), NOW, UTC) is None


@given(
    st.integers(1, 100),
    st.sampled_from([units for units, length in UNITS.items() if length]),
    st.integers(0, NOW),
    st.integers(0, NOW),
)
def test_none_can_be_there_only_where_all_that_is_asked_for_is_older(
    number: int, units: str, start: int, end: int
) -> None:
    found = kept(Retention(number, units), Pinned(min(start, end), max(start, end), "", 100), NOW, UTC)
    if found is not None:
        assert found.older or not found.none
        assert found.since == show_time(found.start, UTC)[:10]
