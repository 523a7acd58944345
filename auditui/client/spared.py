"""How long a site is to be spared that refused a page which was asked for ahead of its turn. Asks and waits for nothing itself."""

from __future__ import annotations

import time

from auditui.client.faults import Fault
from auditui.client.retry import LEAST_AFTER_429, Kind


class Spared:
    """What the site said of itself, until somebody has waited for it."""

    def __init__(self) -> None:
        self._until = 0.0
        self._by: Fault | None = None

    @property
    def by(self) -> Fault | None:
        """What it said, while that holds and nobody has waited for it; None where it may be asked."""
        return self._by if time.monotonic() < self._until else None

    def heard(self, fault: Fault) -> None:
        """A page that was asked for ahead failed. A 429, and a wait that is asked for, count; never less than what was said before."""
        if fault.kind is not Kind.THROTTLED and not fault.asked:
            return
        until = time.monotonic() + max(fault.asked or 0.0, LEAST_AFTER_429)
        if self._by is None or until > self._until:
            self._until, self._by = until, fault

    def take(self) -> tuple[Fault | None, float]:
        """What it said and the seconds that are left, for somebody who waits for it now; told once."""
        fault, self._by = self._by, None
        return fault, max(0.0, self._until - time.monotonic())
