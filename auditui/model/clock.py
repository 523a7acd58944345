"""How moments are told: by a zone's clock, or by how long ago they were. `now` is always an argument."""

from __future__ import annotations

from dataclasses import dataclass

from auditui.model.when import Zone, show_time

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000  # milliseconds


@dataclass(frozen=True, slots=True)
class Clock:
    """One way to tell a moment."""

    zone: Zone
    ago_from: int | None = None
    """The moment from which the time that has passed is counted, in milliseconds since the epoch; None tells the time
    of the zone. It stays where it is, so that what is shown does not change by itself."""

    @property
    def name(self) -> str:
        """What the screen calls it: `times in UTC`, or `times ago, from 14:02 UTC`."""
        if self.ago_from is None:
            return f"times in {self.zone.name}"
        return f"times ago, from {show_time(self.ago_from, self.zone)[11:16]} {self.zone.name}"

    def show(self, milliseconds: int) -> str:
        """`2026-11-01 09:30:07`, or `3 d 4 h ago`; a moment that is still to come is told by the zone's time."""
        if self.ago_from is None or milliseconds > self.ago_from:
            return show_time(milliseconds, self.zone)
        return f"{_span(self.ago_from - milliseconds)} ago"


def _span(passed: int) -> str:
    """Two units at most, and with " ago" no more cells than the narrowest time column has: 14."""
    if passed < _MINUTE:
        return f"{passed // _SECOND} s"
    if passed < _HOUR:
        return f"{passed // _MINUTE} m {passed % _MINUTE // _SECOND:02} s"
    if passed < _DAY:
        return f"{passed // _HOUR} h {passed % _HOUR // _MINUTE:02} m"
    if passed < 1_000 * _DAY:
        return f"{passed // _DAY} d {passed % _DAY // _HOUR:02} h"
    return f"{passed // _DAY:,} d"
