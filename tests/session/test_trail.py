"""Going back and forward through places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from auditui.session.trail import Trail


def test_one_goes_back_and_forward_and_not_beyond() -> None:
    trail: Trail[str] = Trail()
    for place in "abc":
        trail.arrive(place)
    assert [trail.step(-1), trail.step(-1), trail.step(-1)] == ["b", "a", None]
    assert [trail.step(2), trail.step(1), trail.here] == ["c", None, "c"]


def test_a_new_place_gives_up_those_one_had_gone_back_from() -> None:
    trail: Trail[str] = Trail()
    for place in "abc":
        trail.arrive(place)
    trail.step(-2)
    trail.arrive("d")
    assert trail.places == ("a", "d")


def test_where_one_is_can_be_said_better() -> None:
    trail: Trail[str] = Trail()
    trail.amend("nowhere")
    trail.arrive("a")
    trail.amend("a, row 7")
    assert trail.places == ("a, row 7",)


@given(st.lists(st.integers(-3, 3) | st.text(max_size=1), max_size=300))
def test_one_is_always_at_a_place_of_the_trail(moves: list[int | str]) -> None:
    trail: Trail[str] = Trail()
    for move in moves:
        before = trail.here
        if isinstance(move, str):
            trail.arrive(move)
            assert trail.here == move
        elif trail.step(move) is None:
            assert trail.here is before
    assert (trail.here is None) == (not trail.places)
    assert len(trail.places) <= 100
