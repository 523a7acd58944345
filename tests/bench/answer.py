"""What a terminal got for a key: bytes, frames and times, counted from the pieces that came. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

FRAME_BEGINS: Final = b"\x1b[?2026h"
FRAME_ENDS: Final = b"\x1b[?2026l"

_CODES: Final = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]*[0-~])"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one read from the terminal gave."""

    at: float
    """Seconds of the performance counter, right after the read."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a key."""

    first: float
    """Milliseconds from the key to the first byte."""
    last: float
    """Milliseconds from the key to the last byte."""
    size: int
    """Bytes."""
    frames: int
    """Synchronised updates that were ended; 0 where the program sends none."""
    reads: int
    """Pieces in which it came: of a program that sends no synchronised updates, the nearest to its writes."""

    @classmethod
    def to(cls, sent: float, pieces: Sequence[Piece]) -> Self:
        """Count the pieces that came for a key sent at that moment; at least one."""
        data = b"".join(piece.data for piece in pieces)
        return cls(
            (pieces[0].at - sent) * 1000,
            (pieces[-1].at - sent) * 1000,
            len(data),
            data.count(FRAME_ENDS),
            len(pieces),
        )


def before(moment: float, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that came before a moment."""
    return [piece for piece in pieces if piece.at < moment]


def plain(data: bytes) -> str:
    """The text without its escape sequences: enough to tell that words may stand on the screen."""
    return _CODES.sub(b"", data).decode("utf-8", "replace")


def answered(
    sent: Sequence[tuple[float, int]], seen: Sequence[tuple[float, int | None]]
) -> list[float | None]:
    """Milliseconds from each key to the cursor at its place; None where it never got there.

    A picture may answer several keys at once. So that none is missed, keys must not come back to a place within the time
    of an answer.

    Args:
        sent: the moment of each key, and the row where the cursor is to be after it.
        seen: the moment of each picture, and the row where the cursor was; None where there was none.
    """
    times: list[float | None] = [None] * len(sent)
    waiting = 0
    for moment, row in seen:
        reached = [
            number
            for number in range(waiting, len(sent))
            if sent[number][0] < moment and sent[number][1] == row
        ]
        if reached:
            for number in range(waiting, reached[-1] + 1):
                times[number] = (moment - sent[number][0]) * 1000
            waiting = reached[-1] + 1
    return times
