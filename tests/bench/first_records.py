"""How long a user looks at nothing: the first records of the demo against the first words of a hello-world app."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.line import Line, Row, best_and_median, ratio
from tests.bench.program import Program
from tests.bench.screen import RECORD
from tests.bench.setting import Setting

_BUDGET = 2.0


@dataclass(frozen=True, slots=True)
class Start:
    """One start, up to the words on the screen."""

    seconds: float
    processor: float
    """Seconds of processor time, a few milliseconds more than until then."""
    size: int
    """Bytes."""


def _start(program: Program, words: str) -> Start:
    with program:
        moment = program.until(words)
        used = program.processor
        size = sum(len(piece.data) for piece in program.pieces if piece.at <= moment)
        return Start(moment - program.started, used, size)


def _told(starts: Sequence[Start]) -> str:
    seconds = best_and_median([each.seconds for each in starts], "s")
    return f"{seconds}, {min(each.processor for each in starts):.2f} s CPU, {starts[-1].size:,} B"


def _measure(setting: Setting) -> Sequence[Row]:
    ours, theirs = [], []
    for _ in range(setting.number(12, 5)):
        theirs.append(_start(setting.peer("hello.py"), "Hello, world"))
        ours.append(_start(setting.auditui("--demo"), RECORD))
    best, peer = min(each.seconds for each in ours), min(each.seconds for each in theirs)
    return [
        Row(
            LINE.what,
            _told(ours),
            "hello world " + _told(theirs),
            ratio(best, peer),
            LINE.budget,
            best <= _BUDGET * peer,
        )
    ]


LINE = Line("first-records", "first records on screen, `--demo`", "≤ 2x hello world", _measure)
