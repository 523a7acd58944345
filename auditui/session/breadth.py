"""How many pages are asked for at the same time: more while one has to wait for them, fewer as soon as the site minds.

Pure but for what it is told; knows nothing of pages.
"""

from __future__ import annotations

from collections import deque

MOST = 4
"""Requests at the same time; Atlassian asks apps to keep few under way, and says no number ("Rate limiting")."""

_LOOKS_BACK = 20
"""Answers; the quickest of them is what the site can do. Deep offsets may be slower than the first ones by themselves."""

_SLOWER = 2.0
_GRACE = 0.25
"""Seconds. An answer that takes twice the time of the quickest, and so much more, shows that the site is busy."""

_AFTER_SLOWNESS, _AFTER_REFUSAL, _AFTER_A_MISS = 8, 40, 4
"""Answers, before it is tried with more again."""


class Breadth:
    """The number of requests under way."""

    def __init__(self) -> None:
        self.pages = 2
        """How many pages may be asked for at the same time."""
        self._patience = 0
        self._seconds: deque[float] = deque(maxlen=_LOOKS_BACK)

    def answered(self, seconds: float, *, waited: bool) -> None:
        """An answer came.

        Args:
            seconds: after the question.
            waited: whether its turn had come before it did.
        """
        quickest = min(self._seconds, default=seconds)
        self._seconds.append(seconds)
        if seconds > max(_SLOWER * quickest, quickest + _GRACE):
            self.pages, self._patience = max(1, self.pages - 1), _AFTER_SLOWNESS
        elif self._patience:
            self._patience -= 1
        elif waited:
            self.pages = min(MOST, 2 * self.pages)

    def refused(self) -> None:
        """The site, or the network, would not have it: one after the other."""
        self.pages, self._patience = 1, _AFTER_REFUSAL

    def missed(self) -> None:
        """Pages do not lie where they were foreseen: one after the other, for a while."""
        self.pages, self._patience = 1, _AFTER_A_MISS
