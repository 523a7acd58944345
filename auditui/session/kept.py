"""What a site's retention means for a search: how far back its answer can reach. Pure; knows nothing of asking or of screens.

It is what the site says of itself, not what was seen: a setting that was changed lately tells nothing of what was removed before.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditui.model.query import Pinned
from auditui.model.retention import Retention
from auditui.model.when import Zone, show_time


@dataclass(frozen=True, slots=True)
class Kept:
    """How long the site keeps records."""

    words: str
    """`12 months`."""
    start: int
    """The moment from which on they are kept, in milliseconds since the epoch."""
    since: str
    """The day of that moment, as it is shown: `2025-11-26`."""
    older: bool = False
    """Whether the search asks for older ones, too."""
    none: bool = False
    """Whether it asks only for such as cannot be there any more."""


def kept(retention: Retention | None, pinned: Pinned | None, now: int, zone: Zone) -> Kept | None:
    """What is to be said; None where nothing is known, or nothing is ever removed.

    Args:
        retention: the site's setting.
        pinned: what is searched.
        now: milliseconds since the epoch.
        zone: in which days are shown.
    """
    if retention is None or (start := retention.since(now)) is None:
        return None
    reach = retention.reach(now) or 0
    return Kept(
        retention.words,
        start,
        show_time(start, zone)[:10],
        older=pinned is not None and pinned.start < start,
        none=pinned is not None and pinned.end < reach,
    )
