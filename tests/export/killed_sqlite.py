"""Exports records to a SQLite file until it is killed in the middle: a program for test_sqlite_format.py."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from auditui.export.exporter import Destination
from auditui.export.sqlite_format import SQLITE
from auditui.model.record import Record
from tests.export.an_occasion import OCCASION
from tests.store.plain_records import records

FLUSHED, FLUSHED_LATER = 7, 3
"""Records that are flushed, and flushed again when nobody has noted it any more."""

UNDER_WAY = ("begun", "in a small transaction", "in a large transaction")
MOMENTS = ("flushed", "flushed later", *UNDER_WAY)


def all_records() -> tuple[Record, ...]:
    """More than fits into the memory that SQLite takes for a transaction, so that the rest is in the file already."""
    return tuple(records(*(f"{row} {'x' * 1_000_000}" for row in range(40))))


def _export_until(moment: str, path: Path) -> None:
    every = all_records()
    with path.open("r+b") as stream:
        writer = SQLITE.open(Destination(stream, path), OCCASION)
        if moment == "begun":
            return
        writer.write(every[:FLUSHED])
        writer.flush()
        if moment == "flushed later":
            writer.write(every[FLUSHED : FLUSHED + FLUSHED_LATER])
            writer.flush()
        elif moment == "in a small transaction":
            writer.write(every[FLUSHED : FLUSHED + 1])
        elif moment == "in a large transaction":
            writer.write(every[FLUSHED:])
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    _export_until(sys.argv[1], Path(sys.argv[2]))
    os.kill(os.getpid(), signal.SIGKILL)
