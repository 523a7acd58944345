"""When a line to the terminal has enough to do, by a clock of the test's own."""

from __future__ import annotations

from auditui.ui.flow import Flow


class Line:
    """A flow, and the time on its clock."""

    def __init__(self, round_trip: float) -> None:
        self.now = 0.0
        self.flow = Flow(lambda: self.now)
        self.send(0, round_trip)

    def send(self, size: int, took: float) -> None:
        """Send a frame whose answer takes so long, with nothing else on the line."""
        self.flow.sent(size)
        self.now += took
        self.flow.answered(self.now)


def test_a_line_with_little_on_it_takes_more() -> None:
    line = Line(0.3)
    line.flow.sent(500)
    assert not line.flow.full


def test_a_line_with_a_frame_on_it_takes_no_more_until_that_is_drawn() -> None:
    line = Line(0.3)
    line.flow.sent(8_000)
    assert line.flow.full
    line.now += 1.3
    line.flow.answered(line.now)
    assert not line.flow.full


def test_a_line_that_is_far_and_quick_soon_takes_more_at_a_time() -> None:
    line = Line(0.3)
    for _ in range(5):
        line.send(8_000, 0.3)
    line.flow.sent(8_000)
    assert not line.flow.full


def test_a_line_that_becomes_slow_soon_takes_less_at_a_time() -> None:
    line = Line(0.3)
    for _ in range(5):
        line.send(8_000, 0.3)
    for _ in range(5):
        line.send(8_000, 1.3)
    line.flow.sent(3_000)
    assert line.flow.full


def test_the_round_trip_is_that_of_the_quickest_answer() -> None:
    line = Line(0.3)
    line.send(8_000, 1.3)
    line.send(100, 0.25)
    assert (line.flow.round_trip, line.flow.answers) == (0.25, 3)


def test_a_terminal_that_answers_nothing_is_not_waited_for() -> None:
    now = 0.0
    flow = Flow(lambda: now)
    flow.sent(8_000)
    assert flow.full
    now += flow.patience
    assert flow.patience < 0.5
    assert not flow.full


def test_an_answer_that_nobody_asked_for_means_nothing() -> None:
    flow = Flow()
    flow.answered(1.0)
    assert (flow.round_trip, flow.answers) == (None, 0)
