"""How fast something goes, and how long it will take at that pace. Knows nothing of what goes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_LOOKS_BACK = 10.0
"""Seconds; the pace of a while ago tells little about what is left."""

_TOO_SOON = 1.0
"""Seconds before a pace can be told."""


class Pace:
    """Told how much is done, ever more, it tells how much that is in a second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, float]] = deque()

    def note(self, done: float) -> None:
        """So much is done now, in any unit."""
        now = self._clock()
        self._seen.append((now, done))
        while len(self._seen) > 2 and self._seen[1][0] < now - _LOOKS_BACK:
            self._seen.popleft()

    @property
    def rate(self) -> float:
        """Units in a second; 0 where that cannot be told yet."""
        if not self._seen:
            return 0.0
        (began, before), (now, done) = self._seen[0], self._seen[-1]
        return (done - before) / (now - began) if now - began >= _TOO_SOON else 0.0

    def left(self, total: float) -> float | None:
        """Seconds until `total` units are done, if it goes on so; None where that cannot be told."""
        if not self._seen or not (rate := self.rate) > 0:
            return None
        return max(0.0, total - self._seen[-1][1]) / rate


def seconds_text(seconds: float) -> str:
    """`about 40 s left`, `about 3 min left`, `about 2 h left`."""
    if seconds < 90:
        return f"about {max(1, round(seconds)):,} s left"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60):,} min left"
    return f"about {round(seconds / 3600):,} h left"
