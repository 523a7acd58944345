"""The fuzz: anything at all as bytes, pages, records, filters and answers, and what must be so of each.

usage: python -m tests.fuzz [--minutes N] [--seed S] [NAME ...]
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Sequence

from tests.fuzz.answering import ANSWERING
from tests.fuzz.bodies import BODIES
from tests.fuzz.exporting import EXPORTING
from tests.fuzz.filtering import FILTERING
from tests.fuzz.rendering import RENDERING
from tests.fuzz.running import Run
from tests.fuzz.target import Target

TARGETS: tuple[Target, ...] = (BODIES, RENDERING, FILTERING, EXPORTING, ANSWERING)
"""In the order in which they are told."""

_SHOWN = 4_000  # characters of a fault


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    names = "\n".join(f"  {target.name:12} {target.what}" for target in TARGETS)
    parser = argparse.ArgumentParser(
        "python -m tests.fuzz",
        description="Feed auditui with anything, and see whether it holds.",
        epilog=f"names:\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names",
        nargs="*",
        choices=[[], *(target.name for target in TARGETS)],
        metavar="NAME",
        help="all, if none",
    )
    parser.add_argument(
        "--minutes", type=float, default=1.0, help="in all, shared among the targets; 1 if not given"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="the number of the first case; each number is one case"
    )
    return parser.parse_args(given)


def _run(targets: Sequence[Target], minutes: float, number: int) -> list[Run]:
    """All targets in turn, each with the same share of the time, until it is over; one that failed gets no more."""
    runs = [Run(target) for target in targets]
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until and (left := [run for run in runs if not run.fault]):
        run = min(left, key=lambda each: each.seconds)
        run.one(number)
        number += 1
        if run.fault:
            sys.stderr.write(f"{run.target.name}: {run.fault[:_SHOWN]}\n\n")
            sys.stderr.flush()
    return runs


def _table(runs: Sequence[Run]) -> str:
    lines = [
        "| target | what | cases | cases/s | slowest step | fault |",
        "| --- | --- | ---: | ---: | --- | --- |",
    ]
    for run in runs:
        rate = run.cases / run.seconds if run.seconds else 0.0
        slowest = f"{run.watch.slowest:.2f} s, {run.watch.step}"
        fault = run.fault.partition("\n")[0][:80].replace("|", "\\|") or "none"
        told = (run.target.name, run.target.what, f"{run.cases:,}", f"{rate:,.0f}", slowest, fault)
        lines.append(f"| {' | '.join(told)} |")
    return "\n".join(lines)


def main(given: Sequence[str] | None = None) -> int:
    """Fuzz and print; 0 where nothing was found, else 1."""
    arguments = _arguments(given)
    chosen = [target for target in TARGETS if not arguments.names or target.name in arguments.names]
    began = time.monotonic()
    runs = _run(chosen, arguments.minutes, arguments.seed)
    mebibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    total = sum(run.cases for run in runs)
    told = f"{total:,} cases in {(time.monotonic() - began) / 60:.1f} min, from seed {arguments.seed}; {mebibytes:.0f} MiB at most"
    print(told, _table(runs), sep="\n\n")  # noqa: T201
    return int(any(run.fault for run in runs))


if __name__ == "__main__":
    sys.exit(main())
