"""What stands where on the explorer's screen. Pure; the only module that knows how the explorer looks."""

from __future__ import annotations

import re
from typing import Final

import pyte

from tests.bench.program import lines

RECORD: Final = r"^.{0,4}\s*20\d\d-\d\d-\d\d \d\d:\d\d:\d\d  "
"""A row of the table, at 120 columns."""

_CURSOR: Final = (">", "▸", "❯", "▶")


def cursor_row(screen: pyte.Screen) -> int | None:
    """The row of the screen on which the table's cursor is, by the sign in front of it; None where there is none."""
    for number in range(screen.lines):
        if screen.buffer[number][0].data in _CURSOR:
            return number
    return None


def rows(screen: pyte.Screen) -> tuple[str, ...]:
    """The table's rows, without the sign of the cursor."""
    shown = lines(screen)
    return tuple(line[1:] for line in shown if re.match(RECORD, line))


def record_number(text: str) -> int:
    """Where the cursor stands, as the status line tells; 0 where it does not."""
    found = re.search(r"record ([\d,]+)", text)
    return int(found[1].replace(",", "")) if found else 0


def below_header(screen: pyte.Screen) -> tuple[str, ...]:
    """What stands in the table's place: its rows without the cursor's sign, or what is said instead of rows."""
    shown = lines(screen)
    header = next((number for number, line in enumerate(shown) if re.match(r"\s+Time\s+Author", line)), -1)
    end = next((number for number, line in enumerate(shown) if number > header and "─Record─" in line), -1)
    return tuple(line[1:].rstrip() for line in shown[header + 1 : end])
