"""A few cases of every target of the fuzz; `python -m tests.fuzz` tries as many as there is time for."""

from __future__ import annotations

import pytest

from tests.fuzz.__main__ import TARGETS
from tests.fuzz.chance import Chance, shortest
from tests.fuzz.running import Run
from tests.fuzz.target import Target, Watch


@pytest.mark.parametrize("target", [pytest.param(target, id=target.name) for target in TARGETS])
def test_whatever_comes_nothing_raises_and_no_record_is_lost(target: Target) -> None:
    run = Run(target)
    for number in range(target.quick):
        run.one(number)
        assert not run.fault, run.fault
    assert run.cases == target.quick


def _fails_at_a_long_text(case: str, watch: Watch) -> None:
    assert len(case) < 3


def test_of_a_fault_the_shortest_case_is_told() -> None:
    letters = Target(
        "letters", "", lambda chance: "".join(chance.several(_letter, 30)), _fails_at_a_long_text, 1
    )
    run, number = Run(letters), 0
    while not run.fault:
        run.one(number)
        number += 1
    assert run.fault.endswith("'aaa'")


def _letter(chance: Chance) -> str:
    return chance.of("abc")


def test_the_same_choices_make_the_same_case() -> None:
    target = TARGETS[0]
    first = Chance(7)
    assert target.make(first) == target.make(Chance(0, first.made))
    assert shortest(first.made, lambda some: True, 1.0) == []
