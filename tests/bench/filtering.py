"""How soon matching rows stand after each letter of a filter, against SQLite's `LIKE` over the same texts."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Sequence
from typing import Any, Final

from auditui.client.decode import decode
from auditui.model.fields import FIELDS
from tests.bench.line import Line, Row
from tests.bench.loading import all_loaded, begin
from tests.bench.peers.bare_loop import records
from tests.bench.program import Failed, Program
from tests.bench.screen import below_header
from tests.bench.setting import SITE_RECORDS, Setting

_TEXTS: Final = {"common": "group", "rare": "svc-b", "none": "qqzz"}
_BUDGET: Final = 100.0


def _texts(record: dict[str, Any]) -> set[str]:
    """Every text of a record that a filter looks at."""
    decoded = decode("", record)
    return {value for field in FIELDS for value in field.values(decoded)}


def _plain_table(url: str) -> sqlite3.Connection:
    """The log's texts in a table of one column."""
    table = sqlite3.connect(":memory:")
    table.execute("CREATE TABLE texts (text TEXT)")
    rows = (("\n".join(_texts(record)),) for record in records(url, "1900000000000"))
    table.executemany("INSERT INTO texts VALUES (?)", rows)
    return table


def _like(table: sqlite3.Connection, text: str) -> tuple[float, int]:
    """Milliseconds of the quickest of five, and how many rows match."""
    times, count = [], 0
    for _ in range(5):
        began = time.perf_counter()
        [(count,)] = table.execute("SELECT count(*) FROM texts WHERE text LIKE ?", (f"%{text}%",))
        times.append((time.perf_counter() - began) * 1000)
    return min(times), count


def _letter(program: Program, letter: str) -> float | None:
    """Milliseconds until the rows stand that stay; None where they are the rows from before."""
    before = below_header(program.screen)
    sent = program.send(letter)
    program.settle(0.8)
    seen = program.trace(below_header)
    if not seen:
        raise Failed(f"{letter!r} was not answered")
    last = seen[-1][1]
    if last == before:
        return None
    return next((moment - sent) * 1000 for moment, rows in seen if rows == last)


def _typed(program: Program, text: str) -> tuple[list[tuple[str, float]], int]:
    """Each letter that changed the rows, with its time; and how many records passed in the end."""
    program.send("/")
    program.settle(0.5)
    program.trace(below_header)
    times = [(letter, taken) for letter in text if (taken := _letter(program, letter)) is not None]
    found = re.search(r"filter: ([\d,]+) of all", program.text)
    if not found or not times:
        raise Failed(f"no filter stands after {text!r}; the screen:\n{program.text}")
    program.send("\x1b")
    program.until(all_loaded(SITE_RECORDS))
    program.settle()
    return times, int(found[1].replace(",", ""))


def _measure(setting: Setting) -> Sequence[Row]:
    table = _plain_table(setting.site.url)
    found = []
    with setting.auditui(name="filter", url=setting.site.url) as program:
        begin(program)
        program.until(all_loaded(SITE_RECORDS), 240)
        program.settle(0.6)
        for kind, text in _TEXTS.items():
            times, count = _typed(program, text)
            taken, matched = _like(table, text)
            worst = max(each for _, each in times)
            found.append(
                Row(
                    f"filter keystroke to matching rows, {SITE_RECORDS:,} loaded: {kind} (“{text}”)",
                    " ".join(f"{letter} {each:.0f}" for letter, each in times) + f" ms; {count:,} match",
                    f"SQLite `LIKE`, all rows, {taken:.0f} ms; {matched:,} match",
                    f"slowest {worst:.0f} ms",
                    LINE.budget,
                    worst <= _BUDGET,
                )
            )
    return found


LINE = Line("filter", f"filter keystroke to matching rows, {SITE_RECORDS:,} loaded", "≤ 100 ms", _measure)
