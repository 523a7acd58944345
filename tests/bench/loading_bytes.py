"""What comes over the line while records are loaded, by `L` and for an export, in terminals of three sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final

from tests.bench.line import Line, Row
from tests.bench.loading import begin
from tests.bench.program import Failed, Program
from tests.bench.setting import Setting

_SECONDS: Final = 5.0
"""How long is listened."""

_SIZES: Final = ((80, 24), (120, 36), (160, 45))


def _export(program: Program) -> float:
    """Ask for an export of everything; the moment of the key."""
    program.until("1,000 loaded")
    for keys, words in (("e", "Export which records"), ("a", "In which format"), ("c", "A new file")):
        program.settle(0.4)
        program.send(keys)
        program.until(words)
    program.settle(0.4)
    return program.send("\r")


def _rates(setting: Setting, what: str, ask: Callable[[Program], float]) -> list[float]:
    with ExitStack() as stack:
        programs = [
            stack.enter_context(
                setting.auditui(
                    name=f"{what} {columns}", url=setting.site.slow_url, columns=columns, rows=rows
                )
            )
            for columns, rows in _SIZES
        ]
        sent = [ask(program) for program in programs]
        programs[-1].listen(_SECONDS)
        for program in programs:
            if "Loading the rest" not in program.text:
                raise Failed(f"{what} does not load; the screen:\n{program.text}")
        return [
            sum(len(piece.data) for piece in program.pieces if moment <= piece.at <= moment + _SECONDS)
            / _SECONDS
            for program, moment in zip(programs, sent, strict=True)
        ]


def _measure(setting: Setting) -> Sequence[Row]:
    found = []
    for what, ask in (("L", begin), ("an export dialog", _export)):
        rates = _rates(setting, what, ask)
        told = ", ".join(
            f"{columns}x{rows} {rate:,.0f}" for (columns, rows), rate in zip(_SIZES, rates, strict=True)
        )
        worst = max(rates)
        found.append(
            Row(
                f"while {what} loads at 400 ms a page",
                f"{told} B/s",
                figure=f"{worst:,.0f} B/s",
                budget="≤ 1 kB/s",
                met=worst <= 1000,
            )
        )
    return found


LINE = Line("loading-bytes", "while loading, three sizes", "≤ 1 kB/s", _measure)
