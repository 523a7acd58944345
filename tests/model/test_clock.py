"""Times as a zone's clock tells them, and as how long ago they were."""

from __future__ import annotations

import pytest

from auditui.model.clock import Clock
from auditui.model.columns import column_of
from auditui.model.when import Zone
from tests.model.records import NOW

KATHMANDU = Zone("Asia/Kathmandu")


def test_a_clock_tells_the_time_of_its_zone_and_names_it() -> None:
    clock = Clock(KATHMANDU)
    assert clock.show(NOW) == "2026-11-12 15:45:30"
    assert clock.name == "times in Asia/Kathmandu"


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (0, "0 s ago"),
        (59_999, "59 s ago"),
        (60_000, "1 m 00 s ago"),
        (3_599_999, "59 m 59 s ago"),
        (3_600_000, "1 h 00 m ago"),
        (86_399_999, "23 h 59 m ago"),
        (86_400_000, "1 d 00 h ago"),
        (400 * 86_400_000, "400 d 00 h ago"),
        (1_000 * 86_400_000 - 1, "999 d 23 h ago"),
        (1_000 * 86_400_000, "1,000 d ago"),
    ],
)
def test_how_long_ago_it_was(passed: int, told: str) -> None:
    assert Clock(KATHMANDU, NOW).show(NOW - passed) == told
    time = column_of("time")
    assert time is not None
    assert len(told) <= time.least


def test_what_is_still_to_come_is_not_ago() -> None:
    assert Clock(Zone("UTC"), NOW).show(NOW + 1_000) == "2026-11-12 10:00:31"
    assert Clock(Zone("UTC"), NOW).name == "times ago, from 10:00 UTC"
