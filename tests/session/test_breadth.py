"""More at the same time while one has to wait, fewer as soon as the site minds."""

from __future__ import annotations

from auditui.session.breadth import MOST, Breadth


def waited_for(answers: int, seconds: float = 0.4, breadth: Breadth | None = None) -> Breadth:
    breadth = breadth or Breadth()
    for _ in range(answers):
        breadth.answered(seconds, waited=True)
    return breadth


def test_while_one_waits_it_grows_to_four_and_no_further() -> None:
    assert Breadth().pages == 2
    assert [waited_for(answers).pages for answers in (1, 2, 9)] == [4, 4, 4]
    assert MOST == 4


def test_where_answers_are_there_before_their_turn_it_stays_as_it_is() -> None:
    breadth = Breadth()
    for _ in range(20):
        breadth.answered(0.01, waited=False)
    assert breadth.pages == 2


def test_a_site_that_takes_twice_its_time_is_asked_for_fewer_and_for_more_again_later() -> None:
    breadth = waited_for(4)
    assert waited_for(1, 0.9, breadth).pages == 3
    assert waited_for(1, 0.9, breadth).pages == 2
    assert waited_for(8, 0.4, breadth).pages == 2
    assert waited_for(1, 0.4, breadth).pages == 4


def test_a_few_milliseconds_more_are_no_slowness() -> None:
    assert waited_for(1, 0.05, waited_for(4, 0.01)).pages == 4


def test_offsets_that_are_slower_by_themselves_are_no_slowness_for_ever() -> None:
    assert waited_for(60, 1.0, waited_for(4)).pages == 4


def test_after_a_refusal_one_follows_the_other_for_a_long_while() -> None:
    breadth = waited_for(4)
    breadth.refused()
    assert breadth.pages == 1
    assert waited_for(40, breadth=breadth).pages == 1
    assert waited_for(1, breadth=breadth).pages == 2


def test_after_a_miss_one_follows_the_other_for_a_short_while() -> None:
    breadth = waited_for(4)
    breadth.missed()
    assert breadth.pages == 1
    assert waited_for(5, breadth=breadth).pages == 2
