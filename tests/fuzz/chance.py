"""Chance that remembers what it chose, so that a case can be made again, and made shorter.

Every choice is a number, and the smaller the simpler: whoever chooses puts what is plain first. A shorter list of smaller
numbers is a simpler case, whatever is made of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Chooses at random, or again as before."""

    def __init__(self, seed: int, again: Sequence[int] | None = None) -> None:
        """Nothing is chosen yet.

        Args:
            seed: the same gives the same choices.
            again: what to choose instead; behind its end always the simplest.
        """
        self.made: list[int] = []
        """What was chosen so far."""
        self._random = Random(seed)  # noqa: S311 - no secret is made of it
        self._again = again

    def below(self, end: int) -> int:
        """A whole number from 0 on."""
        if self._again is None:
            number = int(self._random.random() * end)
        else:
            place = len(self.made)
            number = min(self._again[place], end - 1) if place < len(self._again) else 0
        self.made.append(number)
        return number

    def of(self, options: Sequence[T]) -> T:
        """One of several."""
        return options[self.below(len(options))]

    def rarely(self, one_in: int) -> bool:
        """Whether something happens that does so once in so many times."""
        return self.below(one_in) == one_in - 1

    def several(self, make: Callable[[Chance], T], most: int) -> list[T]:
        """Up to `most` of something."""
        return [make(self) for _ in range(self.below(most + 1))]


def shortest(choices: Sequence[int], fails: Callable[[Sequence[int]], bool], seconds: float) -> Sequence[int]:
    """The choices made fewer and smaller, as long as what is made of them still fails.

    Args:
        choices: of a case that fails.
        fails: whether the case of some choices does.
        seconds: after which it is short enough.
    """
    until, best, before = time.monotonic() + seconds, list(choices), list[int]()
    while best != before:
        before = best
        for shorter in (_with_fewer, _with_smaller):
            best = shorter(best, lambda some: time.monotonic() < until and fails(some))
    return best


def _with_fewer(best: list[int], fails: Callable[[Sequence[int]], bool]) -> list[int]:
    size = max(1, len(best) // 2)
    while size:
        at = 0
        while at < len(best):
            if fails(fewer := best[:at] + best[at + size :]):
                best = fewer
            else:
                at += size
        size //= 2
    return best


def _with_smaller(best: list[int], fails: Callable[[Sequence[int]], bool]) -> list[int]:
    for at in range(len(best)):
        for smaller in dict.fromkeys((0, best[at] // 2, best[at] - 1)):
            if 0 <= smaller < best[at] and fails(tried := [*best[:at], smaller, *best[at + 1 :]]):
                best = tried
                break
    return best
