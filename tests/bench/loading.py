"""Reading a whole log: into the explorer with `L`, and as a headless export, against the least that it takes."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from statistics import median
from typing import Final

from auditui.demo.site import EMAIL, TOKEN
from tests.bench.line import Line, Row, best_and_median, percentile, ratio
from tests.bench.pressing import Pressed, press_until
from tests.bench.program import Failed, Program
from tests.bench.setting import AUDITUI, PEERS, SITE_RECORDS, Setting, signed_in

_LIMIT: Final = 240.0
"""Seconds after which a load has failed."""

_END: Final = "1900000000000"
"""2030: whatever is in the log was before."""


def all_loaded(records: int) -> str:
    """What the status line says then."""
    return f"all {records:,} loaded"


def begin(program: Program) -> float:
    """Wait for the first page, then ask for everything; the moment of the key."""
    program.until("1,000 loaded")
    program.settle(0.4)
    return program.send("L")


def _explorer(setting: Setting, number: int) -> tuple[float, float]:
    """Seconds of one load, and bytes a second meanwhile."""
    with setting.auditui(name=f"load {number}", url=setting.site.url) as program:
        mark, sent = len(program.pieces), begin(program)
        taken = program.until(all_loaded(SITE_RECORDS), _LIMIT) - sent
        size = sum(len(piece.data) for piece in program.pieces[mark:] if piece.at >= sent)
        return taken, size / taken


def _bare(setting: Setting, url: str, records: int) -> float:
    count, seconds = setting.run([sys.executable, str(PEERS / "bare_loop.py"), url, _END]).split()
    _same(int(count), records)
    return float(seconds)


def _shell(setting: Setting) -> float:
    loop = [str(PEERS / "curl_loop.sh"), setting.site.url, _END, f"{EMAIL}:{TOKEN}", str(SITE_RECORDS)]
    began = time.perf_counter()
    count = setting.run(["sh", "-c", 'sh "$0" "$@" | wc -l', *loop])
    taken = time.perf_counter() - began
    _same(int(count), SITE_RECORDS)
    return taken


def _export(setting: Setting) -> float:
    path = setting.folder / "export.jsonl"
    command = [*AUDITUI, "export", "--quiet", "--overwrite", "--format", "jsonl", "--output", str(path)]
    began = time.perf_counter()
    setting.run(command, signed_in(setting.site.url))
    taken = time.perf_counter() - began
    with path.open("rb") as lines:
        _same(sum(1 for _ in lines), SITE_RECORDS)
    return taken


def _same(count: int, records: int) -> None:
    if count != records:
        raise Failed(f"{count:,} records came, not {records:,}")


def _measure(setting: Setting) -> Sequence[Row]:
    bare, ours, export, shell = list[float](), list[tuple[float, float]](), list[float](), list[float]()
    for number in range(setting.number(3, 1)):
        bare.append(_bare(setting, setting.site.url, SITE_RECORDS))
        ours.append(_explorer(setting, number))
        export.append(_export(setting))
        shell.append(_shell(setting))
    taken, rate = [each for each, _ in ours], median(rate for _, rate in ours)
    least, exported = min(taken), min(export)
    curl = f"curl + jq {best_and_median(shell, 's', 1)}"
    loop = f"httpx + json {best_and_median(bare, 's', 1)}"
    told = best_and_median(taken, "s", 1)
    return [
        Row(LINE.what, told, loop, ratio(least, min(bare)), "≤ 2x", least <= 2 * min(bare)),
        Row("the same, against a shell", told, curl, ratio(least, min(shell)), "< 1x", least < min(shell)),
        Row(
            "`auditui export --format jsonl` of the same, with its start",
            best_and_median(export, "s", 1),
            f"{loop}; {curl}",
            f"{ratio(exported, min(bare))}; {ratio(exported, min(shell))}",
        ),
        Row(
            "while that loads",
            f"{rate:,.0f} B/s",
            figure=f"{rate:,.0f} B/s",
            budget="≤ 1 kB/s",
            met=rate <= 1000,
        ),
    ]


def _pressed(setting: Setting, url: str, records: int) -> tuple[float, Pressed]:
    """Seconds of a load in which keys are pressed, and their answers."""
    with setting.auditui(name="pressed", url=url) as program:
        began = begin(program)
        pressed = press_until(program, all_loaded(records), _LIMIT)
        return pressed.ended - began, pressed


def _key_row(what: str, pressed: Pressed) -> Row:
    p99 = percentile(pressed.times, 0.99)
    met = p99 <= 50 and not pressed.unanswered
    return Row(what, pressed.told, figure=f"p99 {p99:.0f} ms", budget="p99 ≤ 50 ms", met=met)


def _keys(setting: Setting) -> Sequence[Row]:
    taken, pressed = _pressed(setting, setting.site.url, SITE_RECORDS)
    return [_key_row(f"{KEY_LINE.what}, loopback ({taken:.1f} s)", pressed)]


def _slow(setting: Setting) -> Sequence[Row]:
    records = setting.slow_records
    bare = _bare(setting, setting.slow_url, records)
    taken, pressed = _pressed(setting, setting.slow_url, records)
    what = f"load {records:,} records at 400 ms a page (`L`, keys pressed meanwhile)"
    return [
        Row(
            what,
            f"{taken:.1f} s",
            f"httpx + json {bare:.1f} s",
            ratio(taken, bare),
            "≤ 0.35x",
            taken <= 0.35 * bare,
        ),
        _key_row(f"{KEY_LINE.what}, 400 ms a page", pressed),
    ]


LINE = Line(
    "load", f"load {SITE_RECORDS:,} records from loopback HTTP (`L`)", "≤ 2x, ahead of curl + jq", _measure
)
KEY_LINE = Line("load-keys", "slowest key answer while it loads", "p99 ≤ 50 ms", _keys)
SLOW_LINE = Line(
    "slow-load", "load at 400 ms a page (`L`), and keys meanwhile", "≤ 0.35x; p99 ≤ 50 ms", _slow
)
