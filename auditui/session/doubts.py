"""What speaks against taking a site's answer for what was asked, counted while it is read; and in which words it is told.

Neither the range nor the order of an answer is a promise of this program's: they are the site's, and looked at here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from auditui.client.page import Entry
from auditui.model.query import Pinned
from auditui.model.when import FIRST_MOMENT, LAST_MOMENT

_GRACE = 1_000  # milliseconds: a site that counts in seconds does what it was asked


@dataclass(frozen=True, slots=True)
class Doubts:
    """Of one answer, as far as it was read."""

    unasked: int = 0
    """How much of the newest time was not asked for, in milliseconds, as this machine's clock was late."""
    outside: int = 0
    """Records that lie more than a second outside the time asked for."""
    risen: int = 0
    """Records that are more than a second newer than the dated one before them."""
    last: int | None = field(default=None, compare=False)
    """Where the counting stands: the date of the last record that has one, in milliseconds since the epoch."""

    def and_read(self, entries: Sequence[Entry], pinned: Pinned) -> Doubts:
        """These, and those of records that were read next. One without a date that a calendar has raises none."""
        outside, risen, last = self.outside, self.risen, self.last
        first, end = pinned.start - _GRACE, pinned.end + _GRACE
        for entry in entries:
            if (date := entry.created) is None or not FIRST_MOMENT <= date <= LAST_MOMENT:
                continue
            outside += not first <= date <= end
            risen += last is not None and date > last + _GRACE
            last = date
        return replace(self, outside=outside, risen=risen, last=last)

    @property
    def minutes_unasked(self) -> int:
        """How much of the newest time was not asked for."""
        return self.unasked // 60_000

    @property
    def brief(self) -> tuple[str, ...]:
        """For a line that has little room: what helps stands before what may be cut."""
        told = []
        if self.unasked:
            told.append(
                f"newest {self.minutes_unasked:,} min not asked for: r includes them (this machine's clock was late)"
            )
        if self.outside:
            told.append(f"{_records(self.outside)} outside the time asked for")
        if self.risen:
            told.append("not newest first")
        return tuple(told)

    @property
    def warnings(self) -> tuple[str, ...]:
        """For whoever gets an export, a sentence each; of `unasked` the ending tells (`unasked_told`)."""
        told = []
        if self.outside:
            told.append(f"The site gave {_records(self.outside)} from outside the time asked for.")
        if self.risen:
            newer = (
                "is newer than the one before it"
                if self.risen == 1
                else "are newer than the ones before them"
            )
            told.append(f"The site did not give them newest first: {_records(self.risen)} {newer}.")
        return tuple(told)

    @property
    def unasked_told(self) -> str:
        """How far the answer goes, where the newest records were not asked for; "" where they were."""
        if not self.unasked:
            return ""
        late = f"{self.minutes_unasked:,} min behind the site's"
        return f"up to the time of this machine's clock, {late}: newer were not asked for"


NONE = Doubts()


def _records(count: int) -> str:
    return f"{count:,} {'record' if count == 1 else 'records'}"
