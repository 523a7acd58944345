"""How much is drawn, and how soon: over a quick line, and over a slow one where each kilobyte is an eighth of a second.

Knows nothing of what is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

SLOW_FROM = 0.15
"""Seconds of a round trip to the terminal from which on a line is slow."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """All that the speed of the line decides; times in seconds."""

    detail_follows: float = 0.15
    """After which the detail shows the cursor's record: a held-down key then repaints two lines, not a pane."""
    filter_follows: float = 0.0
    """After which a filter that is being typed is applied."""
    counts_follow: float = 0.3
    """After which timeline and facets follow what is shown."""
    counts_while_loading: float | None = 3.0
    """The same while pages arrive; None has them wait until the last one is there."""
    status_every: float = 0.5
    """Between two status lines while pages arrive."""
    sparing: bool = False
    """Whether only what differs is sent, no more of it than the line takes, and dialogs do not dim what lies below."""


QUICK = Tempo()

SLOW = Tempo(
    detail_follows=1.0,
    filter_follows=0.3,
    counts_follow=1.0,
    counts_while_loading=None,
    status_every=3.0,
    sparing=True,
)
