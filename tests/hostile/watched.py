"""auditui, watched: what it draws is noted widget by widget, so that a test knows on which of them foreign text stood.

    HOSTILE_NOTES=NOTES python -m tests.hostile.watched [ARGUMENTS OF AUDITUI]

Each line of the file NOTES is `SCREEN WIDGET` once foreign text stood there, and `SCREEN WIDGET can be clicked` where a part
of what was drawn would run an action.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from auditui import cli, terminal
from tests.hostile.payloads import MARKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.geometry import Region
    from textual.strip import Strip

LAUNCH = ["-m", "tests.hostile.watched"]


class Seen(NamedTuple):
    """What was noted."""

    on: frozenset[str]
    """Names of the screens and widgets on which foreign text stood."""
    clickable: tuple[str, ...]


def seen(notes: Path) -> Seen:
    """What was noted by a run."""
    lines = [line.split(" ", 2) for line in notes.read_text().splitlines()]
    on = frozenset(name for line in lines if len(line) == 2 for name in line)
    return Seen(on, tuple(" ".join(line) for line in lines if len(line) > 2))


def watched(environ: Mapping[str, str], notes: Path) -> dict[str, str]:
    """The environment of a run that is watched, in whatever folder."""
    tests = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (tests, environ.get("PYTHONPATH", ""))))
    return {**environ, "PYTHONPATH": path, "HOSTILE_NOTES": str(notes)}


def _watch(tell: Callable[[str], None]) -> None:
    from textual.screen import Screen
    from textual.widget import Widget

    draw = Widget.render_lines

    def drawn(self: Widget, crop: Region) -> list[Strip]:
        strips = draw(self, crop)
        screen, names = type(self.screen).__name__, [type(each).__name__ for each in self.ancestors_with_self]
        if "ToastRack" in names:  # which lies over whatever screen there is
            screen, names = "Toast", ["Toast"]
        if not isinstance(self, Screen) and any(mark in strip.text for strip in strips for mark in MARKS):
            for name in names:
                tell(f"{screen} {name}")
        if any(segment.style and "@click" in segment.style.meta for strip in strips for segment in strip):
            tell(f"{screen} {names[0]} can be clicked")
        return strips

    Widget.render_lines = drawn  # type: ignore[method-assign]


def main() -> None:
    """Run auditui; begin to watch once Textual may be imported."""
    notes = Path(os.environ["HOSTILE_NOTES"])
    told: set[str] = set()

    def tell(line: str) -> None:
        if line not in told:
            told.add(line)
            with notes.open("a") as file:
                file.write(f"{line}\n")

    harden = terminal.harden

    def hardened() -> None:
        harden()
        _watch(tell)

    terminal.harden = hardened
    cli.run()


if __name__ == "__main__":
    main()
