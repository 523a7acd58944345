"""What a key in the table costs, against the same key in a DataTable that holds the same rows."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final, Self

from auditui.client.decode import decode
from auditui.demo.corpus import Corpus
from auditui.model.clock import Clock
from auditui.model.columns import COLUMNS
from auditui.model.when import Zone
from tests.bench.answer import Answer, before
from tests.bench.line import Line, Row, ratio
from tests.bench.program import Failed, Program
from tests.bench.screen import RECORD, record_number, rows
from tests.bench.setting import Setting

DOWN: Final = "\x1b[B"
PAGE_DOWN: Final = "\x1b[6~"

DETAIL_FOLLOWS: Final = 0.15
"""Seconds after a key, before which nothing but its answer comes."""

_ONE_ANSWER: Final = 0.06
"""Seconds from the first byte of an answer within which its last one has come."""

_WATCHED: Final = 0.5
"""Seconds after a key, in which the detail has followed, too."""

_RECORDS: Final = 1000


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians over several presses of a key."""

    last: float
    """Milliseconds to the last byte of the answer."""
    best: float
    """The least of them."""
    size: float
    frames: float
    most_frames: int
    after: float
    """Bytes that followed later: the detail, and whatever else."""

    @classmethod
    def of(cls, presses: Sequence[tuple[Answer, int]]) -> Self:
        """Of answers, each with the bytes that followed."""
        answers = [answer for answer, _ in presses]
        return cls(
            median(each.last for each in answers),
            min(each.last for each in answers),
            median(each.size for each in answers),
            median(each.frames for each in answers),
            max(each.frames for each in answers),
            median(after for _, after in presses),
        )


def press(program: Program, key: str) -> tuple[Answer, int]:
    """Press a key in a program that is quiet; its answer, and the bytes that followed later.

    Raises:
        Failed: nothing came.
    """
    program.settle(0.1)
    sent = program.send(key)
    pieces = program.listen(_WATCHED)
    if not pieces:
        raise Failed(f"{key!r} was not answered within {_WATCHED} s")
    # A machine that has other things to do may answer so late that the detail's delay is over in one's own count.
    ends = max(sent + DETAIL_FOLLOWS, pieces[0].at + _ONE_ANSWER)
    answer = before(ends, pieces)
    return Answer.to(sent, answer), sum(len(piece.data) for piece in pieces[len(answer) :])


def side_by_side(programs: Sequence[Program], key: str, times: int) -> list[Cost]:
    """The same key in several programs in turn; its cost in each."""
    presses = [[press(program, key) for program in programs] for _ in range(times)]
    return [Cost.of([turn[number] for turn in presses]) for number in range(len(programs))]


def same_rows(folder: Path) -> Path:
    """What the explorer shows at 120 columns, for the DataTable."""
    corpus, clock = Corpus(_RECORDS, int(time.time() * 1000)), Clock(Zone("UTC"))
    widths = {"time": 19, "author": 20, "event": 27, "object": 27, "address": 16}
    columns = [column for column in COLUMNS if column.key in widths]
    records = [decode(json.dumps(corpus.record(index))) for index in range(_RECORDS)]
    held = {
        "columns": [(column.title, widths[column.key]) for column in columns],
        "rows": [
            [column.text(record, clock, widths[column.key]) for column in columns] for record in records
        ],
    }
    path = folder / "rows.json"
    path.write_text(json.dumps(held), "utf-8")
    return path


def _against_data_table(setting: Setting, key: str, times: int) -> tuple[Cost, Cost]:
    """The key's cost in the explorer and in a DataTable of the same height; both proved to have moved."""
    with setting.auditui("--demo", "--demo-records", str(_RECORDS)) as ours:
        ours.until("all 1,000 loaded")
        ours.until(RECORD)
        height = len(rows(ours.screen)) + 1
        with setting.peer("data_table.py", str(same_rows(setting.folder)), str(height)) as theirs:
            theirs.until(RECORD)
            found, peer = side_by_side([ours, theirs], key, times)
            ours.until(r"record (?!1\b)[\d,]+")
            theirs.send("q")
            theirs.until(r"cursor \d+")
            moved = re.search(r"cursor (\d+)", theirs.text)
            assert moved
            least = times if key == DOWN else times * (height - 3)
            if record_number(ours.text) <= least or int(moved[1]) < least:
                raise Failed(f"moved to {record_number(ours.text)} and {moved[1]}, not by {least}")
    return found, peer


def _down(setting: Setting) -> Sequence[Row]:
    ours, theirs = _against_data_table(setting, DOWN, setting.number(30, 12))
    return [
        Row(
            "cursor down, detail open: bytes until the detail follows",
            f"{ours.size:,.0f} B, then {ours.after:,.0f} B with the detail",
            f"DataTable {theirs.size:,.0f} B",
            f"{ours.size:,.0f} B",
            "≤ 600 B",
            ours.size <= 600,
        ),
        Row(
            "cursor down, detail open: time to the last byte of the answer",
            f"{ours.last:.1f} ms (best {ours.best:.1f}), frames {ours.frames:g}",
            f"DataTable {theirs.last:.1f} ms (best {theirs.best:.1f})",
            ratio(ours.best, theirs.best) + " of the best",
            "≤ 0.5x DataTable",
            ours.best <= 0.5 * theirs.best,
        ),
    ]


def _page(setting: Setting) -> Sequence[Row]:
    ours, theirs = _against_data_table(setting, PAGE_DOWN, setting.number(20, 8))
    return [
        Row(
            "page down: bytes until the detail follows",
            f"{ours.size:,.0f} B, then {ours.after:,.0f} B with the detail",
            f"DataTable {theirs.size:,.0f} B",
            f"{ours.size:,.0f} B",
            "≤ 6.5 kB",
            ours.size <= 6500,
        ),
        Row(
            "page down: frames until the detail follows",
            f"{ours.frames:g} (most {ours.most_frames}), {ours.last:.1f} ms (best {ours.best:.1f})",
            f"DataTable {theirs.frames:g}, {theirs.last:.1f} ms (best {theirs.best:.1f})",
            f"{ours.frames:g}",
            "1 frame",
            ours.most_frames == 1,
        ),
    ]


DOWN_LINE = Line("keys", "cursor down, detail open", "≤ 600 B, ≤ 0.5x DataTable", _down)
PAGE_LINE = Line("pages", "page down", "≤ 6.5 kB, one frame", _page)
