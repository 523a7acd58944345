"""What a record can be the first of, among the records of its author."""

from __future__ import annotations

from enum import IntEnum


class First(IntEnum):
    """A kind of first."""

    RECORD = 0
    """The author's first record of all."""
    EVENT = 1
    """The first with this kind of event."""
    ADDRESS = 2
    """The first from this address."""
