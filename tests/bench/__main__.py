"""The budgets, measured: every line against its peer in the same run, through a real pseudo-terminal.

usage: python -m tests.bench [--quick] [--json FILE] [NAME ...]
"""

from __future__ import annotations

import argparse
import compileall
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.bench import filtering, first_records, idle, keys, loading, loading_bytes, million
from tests.bench.line import Line, Row
from tests.bench.report import circumstances, table
from tests.bench.setting import ROOT, Setting

LINES: tuple[Line, ...] = (
    first_records.LINE,
    keys.DOWN_LINE,
    keys.PAGE_LINE,
    loading.LINE,
    loading.KEY_LINE,
    loading.SLOW_LINE,
    filtering.LINE,
    idle.LINE,
    loading_bytes.LINE,
    million.KEY_LINE,
    million.SORT_LINE,
    million.MEMORY_LINE,
)
"""In the order in which they are measured and told."""


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    names = "\n".join(f"  {line.name:16} {line.what}" for line in LINES)
    parser = argparse.ArgumentParser(
        "python -m tests.bench",
        description="Measure auditui against its peers.",
        epilog=f"names:\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", nargs="*", choices=[[], *(line.name for line in LINES)], metavar="NAME", help="all, if none"
    )
    parser.add_argument("--quick", action="store_true", help="fewer repetitions and records")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    return parser.parse_args(given)


def _measured(line: Line, setting: Setting) -> list[Row]:
    """The line's rows; a row that says so where it failed."""
    began = time.perf_counter()
    try:
        found = list(line.measure(setting))
    except Exception as error:  # noqa: BLE001  # whatever it is, the line is told as failed and the others go on
        sys.stderr.write(f"{line.name} failed: {type(error).__name__}: {error}\n")
        why = (str(error) or type(error).__name__).partition("\n")[0]
        found = [Row(line.what, f"**failed**: {why}", budget=line.budget, met=False)]
    sys.stderr.write(f"{line.name}: {time.perf_counter() - began:.0f} s\n")
    for row in found:
        sys.stderr.write(f"  {row.what}: {row.auditui} | {row.peer} | {row.figure}\n")
    return found


def _rows(chosen: Sequence[Line], *, quick: bool) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="auditui-bench-") as folder:
        setting = Setting(Path(folder), quick, frozenset(line.name for line in chosen))
        with setting.stack:
            for line in chosen:
                yield from _measured(line, setting)


def main(given: Sequence[str] | None = None) -> int:
    """Measure and print; 0 where every budget is met, else 1."""
    arguments = _arguments(given)
    chosen = [line for line in LINES if not arguments.names or line.name in arguments.names]
    compileall.compile_dir(ROOT / "auditui", quiet=1)  # as pip leaves it; else the first start pays for it
    told = circumstances(quick=arguments.quick)
    found = list(_rows(chosen, quick=arguments.quick))
    print(told, table(found), sep="\n\n")  # noqa: T201
    if arguments.json:
        written = {"circumstances": told, "rows": [asdict(row) for row in found]}
        arguments.json.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return int(any(row.met is False for row in found))


if __name__ == "__main__":
    sys.exit(main())
