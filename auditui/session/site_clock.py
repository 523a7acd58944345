"""What the site's clock shows now, by what its answers told. Knows nothing of what is asked.

This machine's clock can be late, and can be set at any moment. So the site's is carried on by a clock that nobody sets.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

TOLERANCE = 60_000
"""Milliseconds by which two clocks may differ: less is the Date header's and the network's business."""

Lag = Callable[[], int]
"""Asked when a question's first answer is there: by how many milliseconds the site's clock was past the question's end when
that was fixed; 0 where it was not, where it was by less than `TOLERANCE`, or where the site does not tell."""


class SiteClock:
    """The site's clock, as far as it is known."""

    def __init__(self, clock: Callable[[], int], steady: Callable[[], int] | None = None) -> None:
        """Nothing is known yet.

        Args:
            clock: this machine's time in milliseconds since the epoch.
            steady: milliseconds that only ever pass; None for the system's.
        """
        self._clock = clock
        self._steady = steady or _steady
        self._heard: datetime | None = None
        self._ahead = 0
        """Milliseconds from the steady clock to the site's."""

    @property
    def known(self) -> bool:
        """Whether an answer has told it."""
        return self._heard is not None

    def hear(self, date: datetime | None) -> None:
        """An answer has this date; None where it, or every one so far, has none."""
        if date is None or date == self._heard:
            return
        ahead, known, self._heard = round(date.timestamp() * 1000) - self._steady(), self.known, date
        # A date is as old as its answer was on its way, so that of two that differ little the later one is nearer to the truth.
        if not known or not 0 <= self._ahead - ahead <= TOLERANCE:
            self._ahead = ahead

    def now(self) -> int:
        """The site's clock, or this machine's where that is ahead of it: too late an end of a question leaves nothing out."""
        here = self._clock()
        return max(here, self._steady() + self._ahead) if self.known else here

    def lag(self, end: int) -> Lag:
        """Begin to wait for the first answer to a question that ends at `end`, in milliseconds since the epoch."""
        begun = self._steady()

        def lag() -> int:
            late = begun + self._ahead - end if self.known else 0
            return late if late >= TOLERANCE else 0

        return lag


def _steady() -> int:
    """Milliseconds from some moment on; goes on while the machine sleeps, where the system has such a clock."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return (time.monotonic_ns() if boot is None else time.clock_gettime_ns(boot)) // 1_000_000
