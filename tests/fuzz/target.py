"""One target of the fuzz: what is tried, what must be so of it, and the clock by which no step may take long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.fuzz.chance import Chance

STEP_MOST = 2.0
"""Seconds of processor time that a step may take, whatever stands in a record; a text of a case has 140,000 characters at most."""


class TooSlow(AssertionError):
    """A step took longer than it may."""


@dataclass(slots=True)
class Watch:
    """How long the steps of the cases took; processor time, so that a busy machine counts for nothing."""

    slowest: float = 0.0
    """Seconds."""
    step: str = ""
    """Which step that was."""

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Time a step.

        Raises:
            TooSlow: it took longer than it may.
        """
        began = time.process_time()
        yield
        took = time.process_time() - began
        if took > self.slowest:
            self.slowest, self.step = took, step
        if took > STEP_MOST:
            raise TooSlow(f"{step} took {took:.1f} s")


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is fed with anything."""

    name: str
    what: str
    make: Callable[[Chance], Any]
    """Makes a case."""
    check: Callable[[Any, Watch], None]
    """Raises where something that must be so of a case is not."""
    quick: int
    """Cases that the tests try."""
