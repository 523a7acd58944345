"""What the bench prints: the circumstances, and the table as Markdown. Pure but for the look at the machine."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from tests.bench.line import Row
from tests.bench.setting import TERM

_TITLES = ("what", "auditui", "peer", "ratio or figure", "budget", "met?")
_MET = {True: "yes", False: "**no**", None: "–"}


def circumstances(*, quick: bool) -> str:
    """When and on what it was measured."""
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {os.cpu_count()} cores, {platform.machine()}, load {load} · "
        f"Python {platform.python_version()}, Textual {version('textual')}, SQLite {sqlite3.sqlite_version}\n"
        f"Terminal 120x36, TERM={TERM}, no COLORTERM (256 colours), synchronised updates"
        f"{' · quick: fewer repetitions and records' if quick else ''}"
    )


def table(found: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    cells = [(row.what, row.auditui, row.peer, row.figure, row.budget, _MET[row.met]) for row in found]
    return "\n".join(map(_line, [_TITLES, ("---",) * len(_TITLES), *cells]))


def _line(cells: Sequence[str]) -> str:
    inside = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(inside)} |"
