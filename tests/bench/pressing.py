"""How soon keys are answered while the explorer is at work: `j` and `k` up and down the table, told apart by the cursor."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.bench.answer import answered, plain
from tests.bench.line import percentile
from tests.bench.program import Failed, Program
from tests.bench.screen import cursor_row

_EVERY: Final = 0.1
"""Seconds between two keys."""

_WAY: Final = 12
"""Rows that the cursor goes down before it comes back."""

_LAST: Final = 0.3
"""Seconds before the end of the work within which a key need not have been answered."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """What came of it."""

    times: Sequence[float]
    """Milliseconds from each key to the cursor at its place."""
    unanswered: int
    ended: float
    """The moment when the last words came."""
    size: int
    """Bytes that came in all."""

    @property
    def told(self) -> str:
        """`p50 12, p99 30, max 31 ms of 48 keys`."""
        p50, p99 = percentile(self.times, 0.5), percentile(self.times, 0.99)
        lost = f", {self.unanswered} unanswered" if self.unanswered else ""
        return f"p50 {p50:.0f}, p99 {p99:.0f}, max {max(self.times):.0f} ms of {len(self.times)} keys{lost}"


def press_until(program: Program, words: str, limit: float) -> Pressed:
    """Press keys until the words come. Nothing is drawn meanwhile, as that would take time from the program.

    Raises:
        Failed: the words do not come within `limit` seconds, or no key was answered.
    """
    program.trace(cursor_row)
    home, mark, sent = cursor_row(program.screen), len(program.pieces), list[tuple[float, int]]()
    if home is None:
        raise Failed(f"no cursor on the screen:\n{program.text}")
    done, end, seen = re.compile(words), time.perf_counter() + limit, mark
    while not done.search(plain(b"".join(piece.data for piece in program.pieces[seen:]))):
        seen = max(mark, len(program.pieces) - 8)
        if time.perf_counter() > end or program.ended:
            program.until(words, 1)
            break
        turn, step = divmod(len(sent), _WAY)
        goes_down = turn % 2 == 0
        row = home + (step + 1 if goes_down else _WAY - step - 1)
        sent.append((program.send("j" if goes_down else "k"), row))
        program.listen(_EVERY)
    ended = program.pieces[-1].at
    times = answered(sent, program.trace(cursor_row))
    program.until(words)  # they really stand there
    found = [each for each in times if each is not None]
    lost = sum(
        each is None and moment < ended - _LAST for each, (moment, _row) in zip(times, sent, strict=True)
    )
    if not found:
        raise Failed("no key was answered")
    return Pressed(found, lost, ended, sum(len(piece.data) for piece in program.pieces[mark:]))
