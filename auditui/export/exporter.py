"""What a format of export is: an `Exporter`, as `formats.py` lists them, and the `Writer` that it opens.

A format knows records and what to write of them. It knows nothing of file names, of safe places or of manifests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from auditui.model.record import Record
from auditui.model.when import Zone


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is known of an export before its first record is written. Every text may be foreign: not inert."""

    site: str
    """The site's host, or what else the screen calls it."""
    account: str
    """The e-mail address the log was read with."""
    zone: Zone
    """In which times are shown to people; exact times are always in UTC."""
    start: int
    """The query's beginning, in milliseconds since the epoch, included; 0 for the oldest record the site keeps."""
    end: int
    """The query's end, in milliseconds since the epoch, included."""
    search: str
    """What the site itself searched for; "" for nothing."""
    filter: str
    """The filter as typed; "" where it lets everything through."""
    selection: str
    """Which records, in words: `all`, `those that pass the filter`, `the marked ones`."""
    order: str
    """In words: `newest first`, `by Author`."""
    exported_at: int
    """Milliseconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What is known when the last record was written."""

    written: int
    """Records in the export."""
    complete: bool
    """Whether it holds all that the site had for the query and that the selection lets through."""
    completeness: str
    """`whole answer`, or in a sentence where and why it stops."""
    warnings: tuple[str, ...] = ()
    """What speaks against taking the records for what was asked, a sentence each."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a format writes to."""

    stream: BinaryIO
    """Open for writing, at the end of what was written before. Written to and flushed, never closed, by the format."""
    path: Path | None
    """The same as a file that is ours alone; None where there is none, as at standard output."""
    written: int = 0
    """Records that an earlier run, which this one continues, has left there."""
    content: str = ""
    """What `Writer.content` was when that was noted."""


class Writer(Protocol):
    """Writes one export. Calls block, and come one at a time, from any thread. Raises `OSError` where the disk would not."""

    @property
    def warnings(self) -> Sequence[str]:
        """What the reader of the manifest should know of what was written so far, a sentence each, none twice."""
        ...

    @property
    def content(self) -> str:
        """A SHA-256 by which what was written is known again, where the format writes here and there; else ""."""
        ...

    def write(self, records: Sequence[Record]) -> None:
        """Add records, in their order."""
        ...

    def flush(self) -> None:
        """Hand all that was written to the operating system, so that the export can be continued behind it."""
        ...

    def finish(self, ending: Ending) -> None:
        """Write what belongs behind the last record. Nothing is written afterwards."""
        ...

    def abandon(self) -> None:
        """Let go of what is held, at any moment, also after `finish`; the file is somebody else's business."""
        ...


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format of export."""

    key: str
    """Its name on the command line: `jsonl`."""
    letter: str
    """The key that chooses it in the menu."""
    title: str
    """`JSON Lines`."""
    what: str
    """What it is good for, in a few words."""
    suffix: str
    """Of its files, with the dot: `.jsonl`. No two formats have the same."""
    open: Callable[[Destination, Occasion], Writer]
    """Begin an export, or go on with one that holds `Destination.written` records."""
    text: bool = True
    """Whether it is text in UTF-8, line by line, which a terminal or a pipe can take."""
    continues: bool = True
    """Whether an export that was broken off can be continued."""
    missing: Callable[[], str] = lambda: ""
    """What has to be installed before it can be used, in a sentence; "" where nothing has."""
