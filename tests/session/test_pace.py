"""A pace is told from what was done lately, and only when enough was seen."""

from __future__ import annotations

import pytest

from auditui.session.pace import Pace, seconds_text


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def paced(*seen: tuple[float, float]) -> Pace:
    clock = Clock()
    pace = Pace(clock)
    for after, done in seen:
        clock.now = 100.0 + after
        pace.note(done)
    return pace


def test_before_a_second_has_passed_nothing_is_claimed() -> None:
    assert paced().rate == 0
    assert paced((0, 0), (0.5, 500)).rate == 0
    assert paced((0, 0), (0.5, 500)).left(1_000) is None


def test_the_rate_is_that_of_the_last_ten_seconds() -> None:
    assert paced((0, 0), (2, 4_000)).rate == 2_000
    slower = paced((0, 0), *((float(second), 100_000 + 10 * second) for second in range(1, 31)))
    assert slower.rate == pytest.approx(10)


def test_what_is_left_takes_as_long_as_what_was_done() -> None:
    assert paced((0, 0), (2, 4_000)).left(10_000) == 3
    assert paced((0, 0), (2, 4_000)).left(1_000) == 0
    assert paced((0, 0), (5, 0)).left(1_000) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "about 1 s left"),
        (40, "about 40 s left"),
        (200, "about 3 min left"),
        (8_000, "about 2 h left"),
    ],
)
def test_it_is_told_as_roughly_as_it_is_known(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text
