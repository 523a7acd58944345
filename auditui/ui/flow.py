"""What is on its way to the terminal: how much, and for how long.

sshd takes whatever it is given, and the line brings it later: who paints as fast as keys are held down sees the cursor run
on for 20 s after the key was released. So each frame is followed by a question, where the cursor is; the answer tells that
the frame was drawn. Knows nothing of frames.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_LEAST = 2_000
"""Bytes that may be on their way; they keep a line of 64 kbit/s busy while an answer comes."""

_MOST = 64_000

_QUEUED = 0.1
"""Seconds by which an answer takes longer than the first one did, where frames wait for the line."""

_LATE = 4.0
"""Seconds after which nothing waits for an answer: as many as the largest frame takes on a line of 32 kbit/s."""

_SILENT = 0.4
"""The same while the terminal has answered nothing yet and may never do so."""


class Flow:
    """Told of what is sent and answered, it tells whether more would only queue up."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._unanswered: deque[tuple[float, int]] = deque()
        self._window = _LEAST
        self.round_trip: float | None = None
        """Seconds that the quickest answer took; None where none came."""
        self.answers = 0
        """How many came."""

    def sent(self, size: int) -> None:
        """So many bytes were sent, and a question behind them."""
        self._unanswered.append((self._clock(), size))

    def answered(self, now: float) -> None:
        """An answer came, for what was sent the longest ago."""
        if not self._unanswered:
            return  # not for us
        full = self.full
        sent, size = self._unanswered.popleft()
        took = now - sent
        self.answers += 1
        self.round_trip = took if self.round_trip is None else min(took, self.round_trip)
        if took > self.round_trip + _QUEUED:
            self._window = max(_LEAST, self._window // 2)
        elif full:
            self._window = min(_MOST, self._window + size)

    def forget(self) -> None:
        """Somebody else had the terminal, and the answers."""
        self._unanswered.clear()

    @property
    def full(self) -> bool:
        """Whether the line has enough to do."""
        if self._unanswered and self._clock() - self._unanswered[0][0] >= self.patience:
            return False
        return sum(size for _, size in self._unanswered) >= self._window

    @property
    def patience(self) -> float:
        """Seconds after which what was sent does not count any more, answered or not."""
        return _SILENT if self.round_trip is None else _LATE
