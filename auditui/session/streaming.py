"""An export that reads the log and writes what passes as it comes: nothing is kept, so that memory does not grow.

Knows nothing of files, terminals or screens.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from auditui.client.decode import decode
from auditui.client.page import Entry
from auditui.client.paging import Walk
from auditui.export.exporter import Ending
from auditui.model.errors import ExportFailed
from auditui.model.filter import matches
from auditui.model.filter_parse import parse_filter
from auditui.model.retention import Retention
from auditui.session.doubts import NONE, Doubts
from auditui.session.evidence import ending_of
from auditui.session.outgoing import Counts, Outgoing
from auditui.session.pace import Pace
from auditui.session.plan import Noted, Plan
from auditui.session.reading import Log, Reading
from auditui.session.site_clock import Lag
from auditui.session.threads import to_the_end

_CHECKPOINT_EVERY = 2.0
"""Seconds; what is written in that time has to be read again when a run is killed."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """How far it has come."""

    counts: Counts
    rate: float
    """Records received in a second; 0 where that cannot be told yet."""
    oldest: int | None
    """The date of the last record received, in milliseconds since the epoch."""
    left: float | None
    """Seconds, if the log is as dense further back; None where that cannot be told."""


class Streaming:
    """Reads a log to its end, into an export."""

    def __init__(
        self,
        log: Log,
        plan: Plan,
        out: Outgoing,
        noted: Noted | None = None,
        *,
        lag: Lag | None = None,
    ) -> None:
        """Nothing is asked yet.

        Args:
            log: the endpoint.
            plan: what is asked, and what of it is written.
            out: where that goes; whoever made it finishes or abandons it.
            noted: where an earlier run stopped.
            lag: as for `Reading`; None where an earlier run has asked it.
        """
        self.kept: Retention | None = None
        """How long the site keeps its records; None where that is not known."""
        self._plan = plan
        self._out = out
        self._wanted = parse_filter(plan.filter, now=plan.filter_read_at, zone=plan.zone)
        walk = Walk(plan.pinned.limit, noted.mark) if noted else None
        self._reading = Reading(
            log, plan.pinned, walk, doubts=noted.doubts if noted else NONE, lag=None if noted else lag
        )
        self._oldest: int | None = None
        self._pace, self._pace_back = Pace(), Pace()
        self._sound = True
        self._checkpoint_at = time.monotonic() + _CHECKPOINT_EVERY

    @property
    def progress(self) -> Streamed:
        """How far it has come."""
        end = self._plan.pinned.end
        start = self._plan.pinned.start or (self.kept.since(end) if self.kept else None)
        left = self._pace_back.left(end - start) if start else None
        return Streamed(self._out.counts, self._pace.rate, self._oldest, left)

    @property
    def late(self) -> int:
        """Records that arrived above the place while it was read; they are not in the export. 0 where the place was lost."""
        walk = self._reading.walk
        return 0 if walk.notice else max(0, walk.late)

    @property
    def ending(self) -> Ending:
        """What can be said at the end."""
        notice = self._reading.walk.notice or self.doubts.unasked_told
        return ending_of(self._out.counts.written, late=self.late, notice=notice)

    @property
    def doubts(self) -> Doubts:
        """What speaks against taking the records for what was asked."""
        return self._reading.doubts

    async def run(self, changed: Callable[[], None]) -> None:
        """Read to the end. After a failure, or when it is cancelled, `keep` makes sure of what there is.

        Args:
            changed: called after each page.

        Raises:
            AudituiError: the site could not be asked, or the records not be written.
            BrokenPipeError: nobody reads them any more.
        """
        try:
            while not self._reading.walk.exhausted:
                entries = await self._reading.next(ahead=True)
                await to_the_end(partial(self._take, entries))
                changed()
        finally:
            self._reading.stop()

    async def make_sure(self) -> None:
        """Make sure of all that was written, before it is put in its place.

        Raises:
            ExportFailed: the disk would not take it.
        """
        await to_the_end(self._checkpoint)

    async def keep(self) -> None:
        """Make sure of what was written, as far as the disk takes it, of an export that was broken off."""
        if self._sound and self._out.counts.received:
            with suppress(ExportFailed):  # then what the checkpoint before made sure of is still there
                await self.make_sure()

    def _take(self, entries: Sequence[Entry]) -> None:
        """In a thread: write what passes."""
        self._sound = False  # the walk is behind these records already, and they are not written yet
        records = [decode(entry.raw, entry.value) for entry in entries]
        passing = [record for record in records if matches(self._wanted, record)] if self._wanted else records
        self._out.write(passing, of=len(records))
        self._sound = True
        self._pace.note(self._out.counts.received)
        if records and (created := records[-1].created) is not None:
            self._oldest = created
            self._pace_back.note(self._plan.pinned.end - created)
        if time.monotonic() >= self._checkpoint_at:
            self._checkpoint()

    def _checkpoint(self) -> None:
        self._sound = (
            False  # where it fails, the format may have lost what it was to keep: an older note stays true
        )
        mark, doubts = self._reading.walk.mark(), self._reading.doubts
        noted = Noted(self._plan, mark, self._out.counts, self._out.warnings, doubts)
        self._out.checkpoint(noted.to_bytes())
        self._sound = True
        self._checkpoint_at = time.monotonic() + _CHECKPOINT_EVERY
