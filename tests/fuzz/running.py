"""Runs a target on cases by number; of a fault it keeps the shortest case that shows it."""

from __future__ import annotations

import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.chance import Chance, shortest
from tests.fuzz.target import Target, Watch

_SHORTENING = 60.0  # seconds
_HERE = Path(__file__).parents[2]


@dataclass(slots=True)
class Run:
    """What has come of one target."""

    target: Target
    watch: Watch = field(default_factory=Watch)
    cases: int = 0
    seconds: float = 0.0
    """By the clock on the wall."""
    fault: str = ""
    """What went wrong, and the shortest case that shows it."""

    def one(self, number: int) -> None:
        """Try the case of this number, and tell in `fault` where it fails."""
        began = time.monotonic()
        chance = Chance(number)
        self.cases += 1
        if (error := self._try(chance)) is not None:
            self.fault = self._told(number, error, chance.made)
        self.seconds += time.monotonic() - began

    def _try(self, chance: Chance) -> Exception | None:
        try:
            self.target.check(self.target.make(chance), self.watch)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what was looked for
            return error
        return None

    def _told(self, number: int, error: Exception, choices: Sequence[int]) -> str:
        """The fault in words. Another fault that shows up while the case is made shorter is not followed."""
        kind = _kind(error)

        def fails(some: Sequence[int]) -> bool:
            found = self._try(Chance(0, some))
            return found is not None and _kind(found) == kind

        again = shortest(choices, fails, _SHORTENING)
        case = self.target.make(Chance(0, again))
        shown = self._try(Chance(0, again)) or error
        return f"{type(shown).__name__}: {shown}\n{_places(shown)}\ncase {number}: {case!r}"


def _kind(error: Exception) -> tuple[type[Exception], str]:
    frames = traceback.extract_tb(error.__traceback__)
    return type(error), f"{frames[-1].filename}:{frames[-1].lineno}"


def _places(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return "\n".join(
        f"  {Path(each.filename).relative_to(_HERE) if _HERE in Path(each.filename).parents else each.filename}"
        f":{each.lineno} {each.name}: {each.line}"
        for each in frames[-5:]
    )
