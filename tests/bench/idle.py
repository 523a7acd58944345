"""What comes over the line while nobody does anything, on every screen: nothing may."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from tests.bench.keys import DOWN
from tests.bench.line import Line, Row
from tests.bench.program import Failed, Program
from tests.bench.setting import Setting


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen of the explorer."""

    name: str
    keys: tuple[str, ...]
    """From the explorer to it, each typed when all is quiet."""
    words: str
    """A pattern that the screen matches then."""
    signed_in: bool = True


_SCREENS: Final = (
    Screen("explorer with detail", (), "─Record─"),
    Screen("table alone", ("z",), r"^(?![\s\S]*─Record─)[\s\S]*1,000 loaded"),
    Screen("filter line", ("/",), "author:  event:"),
    Screen("filter typed", ("/", "s", "v", "c"), "filter: 10 of all"),
    Screen("facets", ("f",), r"Facets  1,000 loaded"),
    Screen("timeline", ("i",), "space Brush"),
    Screen("raw record", ("x",), '"displayName"'),
    Screen("search form", ("s",), "Dates are read in"),
    Screen("calendar", ("s", DOWN), "Mo|Tu"),
    Screen("pivot menu", ("p",), "Other filters are lifted"),
    Screen("copy menu", ("Y",), "─ Copy"),
    Screen("sort menu", ("O",), "─ Sort by"),
    Screen("views", ("b",), "─ Views"),
    Screen("columns", ("c",), "space shows or hides"),
    Screen("export dialog", ("e",), "─ Export"),
    Screen("shell line", ("C",), "from a shell"),
    Screen("help", ("?",), "type to narrow"),
    Screen("palette", (":",), "Search for commands"),
    Screen("sign in", (), "API token", signed_in=False),
)

_AT_ONCE: Final = 5
"""Screens watched side by side: who is idle takes no processor from others."""


def _open(screen: Screen, program: Program) -> None:
    if screen.signed_in:
        program.until("1,000 loaded")
    for keys in screen.keys:
        program.settle()
        program.send(keys)
    try:
        program.until(screen.words)
    except Failed as error:
        raise Failed(f"{screen.name} did not open: {error}") from error


def _bytes(setting: Setting, screens: Sequence[Screen], seconds: float) -> Iterator[int]:
    """Bytes that come from each screen within so many seconds, from when it is quiet."""
    with ExitStack() as stack:
        programs = []
        for screen in screens:
            arguments = ("--demo",) if screen.signed_in else ()
            program = stack.enter_context(setting.auditui(*arguments, name=f"idle {screen.name}"))
            programs.append(program)
        for program, screen in zip(programs, screens, strict=True):
            _open(screen, program)
        for program in programs:
            program.calm()
        before = [len(program.pieces) for program in programs]
        programs[0].listen(seconds)
        for program, known in zip(programs, before, strict=True):
            yield sum(len(piece.data) for piece in program.pieces[known:])


def _measure(setting: Setting) -> Sequence[Row]:
    if setting.chosen & {"million-keys", "million-sort", "million-memory"}:
        _ = setting.million_begun  # bytes are counted here, not time: the million can be loaded meanwhile
    seconds = setting.number(3, 2)
    sent: dict[str, int] = {}
    for first in range(0, len(_SCREENS), _AT_ONCE):
        some = _SCREENS[first : first + _AT_ONCE]
        sent.update(zip((screen.name for screen in some), _bytes(setting, some, seconds), strict=True))
    loud = {name: size for name, size in sent.items() if size}
    told = ", ".join(f"{name} {size / seconds:,.0f} B/s" for name, size in loud.items())
    return [
        Row(
            f"idle, {len(sent)} screens: {', '.join(sent)}",
            told or f"0 B in {seconds} s on each",
            figure=f"{sum(loud.values()) / seconds:,.0f} B/s",
            budget=LINE.budget,
            met=not loud,
        )
    ]


LINE = Line("idle", "idle, any screen", "0 B/s", _measure)
