"""The views one came through, to go back and forward in. Pure: knows nothing of searches or screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

P = TypeVar("P")

_MOST = 100


class Trail(Generic[P]):
    """Places in the order in which one came to them, and where among them one is."""

    def __init__(self) -> None:
        self._places: list[P] = []
        self._at = -1

    @property
    def places(self) -> Sequence[P]:
        """The places, oldest first."""
        return tuple(self._places)

    @property
    def at(self) -> int:
        """Which of `places` one is at; -1 before the first."""
        return self._at

    @property
    def here(self) -> P | None:
        """The place one is at."""
        return self._places[self._at] if self._places else None

    def arrive(self, place: P) -> None:
        """Come to a new place; those one had gone back from are given up."""
        self._places[self._at + 1 :] = [place]
        del self._places[:-_MOST]
        self._at = len(self._places) - 1

    def amend(self, place: P) -> None:
        """Say better where one is, as before leaving it."""
        if self._places:
            self._places[self._at] = place

    def swap(self, place: P, by: P) -> None:
        """Put another place where one was, wherever it stands."""
        self._places = [by if each is place else each for each in self._places]

    def step(self, steps: int) -> P | None:
        """Go back (negative) or forward; None, and nothing happens, where there is no such place."""
        target = self._at + steps
        if not 0 <= target < len(self._places):
            return None
        self._at = target
        return self._places[target]

    def restore(self, places: Sequence[P], at: int) -> None:
        """Take these places, oldest first, in the place of all others, and be at one of them."""
        self._places, self._at = list(places), at

    def clear(self) -> None:
        """Forget all."""
        self._places.clear()
        self._at = -1
