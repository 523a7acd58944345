"""Chance that is the same on every machine: a number's mixed double. Knows nothing of records."""

from __future__ import annotations

from typing import Final

_WORD: Final = (1 << 64) - 1


def mix(number: int) -> int:
    """Sixty-four well-mixed bits for a whole number (splitmix64, public domain).

    Several small draws are taken from one result by shifting it; `random.Random(number)` costs thirteen times as much.
    """
    word = (number * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & _WORD
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _WORD
    return word ^ (word >> 31)


def share(number: int) -> float:
    """A mixed number as a fraction, 0 <= share < 1."""
    return mix(number) / (_WORD + 1)
