"""One export on its way out: a format, the place it is written to, and the count of what went there.

The same for records that are read from the site and for records that are loaded. Calls block, and come from one thread
at a time. Knows nothing of networks or screens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from auditui.export.exporter import Destination, Ending, Exporter, Occasion
from auditui.export.files import Sealed, failing_kindly
from auditui.model.errors import ExportFailed
from auditui.model.record import Record
from auditui.model.when import utc_time


class Place(Protocol):
    """Where an export is written to."""

    @property
    def stream(self) -> BinaryIO:
        """Open for writing."""
        ...

    @property
    def part(self) -> Path | None:
        """The file in which it grows; None where it is no file."""
        ...

    @property
    def content(self) -> str:
        """What the format knew its work by, where it is gone on with; "" where nothing is."""
        ...

    def checkpoint(self, note: bytes, content: str = "") -> None:
        """What was written so far, which the format knows by that, can be gone on from, with this note."""
        ...

    def commit(self, beside: Callable[[Sealed], bytes]) -> Sealed:
        """Put it where it belongs, with its manifest."""
        ...

    def set_aside(self) -> Path | None:
        """Put it under a name that says that it is not whole, and which that is; None where it has none."""
        ...

    def abandon(self, *, keep: bool) -> None:
        """Give it up, or keep it to be gone on with."""
        ...


@dataclass(frozen=True, slots=True)
class Counts:
    """What went through so far; every number is counted."""

    received: int = 0
    """Records that were looked at."""
    written: int = 0
    """Records of these that the selection lets through."""
    unusual: int = 0
    """Written records that hold something no record should have."""
    newest: int | None = None
    """The latest date among the written ones, in milliseconds since the epoch; None where none has one that a calendar has."""
    oldest: int | None = None

    def and_written(self, records: Sequence[Record], of: int) -> Counts:
        """These, and these records, which were chosen from among `of`."""
        dates = [date for record in records if (date := record.created) is not None and utc_time(date)]
        return replace(
            self,
            received=self.received + of,
            written=self.written + len(records),
            unusual=self.unusual + sum(1 for record in records if record.unusual),
            newest=max((date for date in (self.newest, *dates) if date is not None), default=None),
            oldest=min((date for date in (self.oldest, *dates) if date is not None), default=None),
        )


NOTHING = Counts()


class Outgoing:
    """Writes records in a format to a place."""

    def __init__(
        self,
        exporter: Exporter,
        occasion: Occasion,
        place: Place,
        counts: Counts = NOTHING,
        warnings: Sequence[str] = (),
    ) -> None:
        """Begin, or go on.

        Args:
            exporter: the format.
            occasion: what is known before.
            place: whoever opened it abandons it.
            counts: what an earlier run, which this one goes on with, has counted.
            warnings: what that run had to tell.

        Raises:
            ExportFailed: the disk would not take it; nothing is left behind.
        """
        self.counts = counts
        self._place = place
        self._continues = exporter.continues
        self._earlier = tuple(warnings)
        self._broken = False
        with failing_kindly(place.part):
            there = Destination(place.stream, place.part, counts.written, place.content)
            self._writer = exporter.open(there, occasion)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What whoever reads the export should know of its texts, a sentence each."""
        return tuple(dict.fromkeys((*self._earlier, *self._writer.warnings)))

    def write(self, records: Sequence[Record], *, of: int) -> None:
        """Write records, which were chosen from among `of`.

        Raises:
            ExportFailed: the disk would not take them.
        """
        with self._failing():
            self._writer.write(records)
        self.counts = self.counts.and_written(records, of)

    def checkpoint(self, note: bytes) -> None:
        """Make sure of what was written, so that another run can go on behind it.

        Args:
            note: what that run has to know.

        Raises:
            ExportFailed: the disk would not take it.
        """
        if self._continues:
            with self._failing():
                self._writer.flush()
                self._place.checkpoint(note, self._writer.content)

    def finish(self, ending: Ending, manifest: Callable[[Sealed], bytes]) -> Sealed:
        """Write the end, and put file and manifest in their places.

        Raises:
            ExportFailed: they could not be; what stood there before still does.
        """
        with self._failing():
            self._writer.finish(ending)
        return self._place.commit(manifest)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """After one failure nothing is written any more: a format may have lost what it held, and would not know."""
        if self._broken:
            raise ExportFailed("The export had failed already.", remedy="Export again.")
        self._broken = True
        with failing_kindly(self._place.part):
            yield
        self._broken = False

    def close(self) -> None:
        """Let go of what the format holds; the place is somebody else's business."""
        self._writer.abandon()
