"""What an export says while it goes on: on standard error, for people, and only on a terminal more than the outcome."""

from __future__ import annotations

import math
import shlex
import shutil
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from auditui.model.query import range_title
from auditui.model.text import inert, inert_line
from auditui.model.when import Zone, show_time

if TYPE_CHECKING:
    from auditui.client.log import Wait
    from auditui.session.evidence import Outcome
    from auditui.session.exporting import Exporting
    from auditui.session.outgoing import Counts
    from auditui.session.plan import Plan
    from auditui.session.streaming import Streamed

_EVERY = 0.5
"""Seconds between two lines of progress."""

_CAP = 8_000  # characters; a path is long


class Narration:
    """Tells how an export goes."""

    def __init__(self, zone: Zone, *, quiet: bool = False, beside_records: bool = False) -> None:
        """Say nothing yet.

        Args:
            zone: in which times are told.
            quiet: whether only what went wrong is worth telling.
            beside_records: whether the records come on the same terminal, where progress would lie among them.
        """
        self._zone = zone
        self._quiet = quiet
        self._shows_progress = (
            sys.stderr is not None and sys.stderr.isatty() and not quiet and not beside_records
        )
        self._begun = False
        self._next = 0.0
        self._width = 0

    # As an export's hearer

    def begins(self, plan: Plan, counts: Counts) -> None:
        """Say what is read."""
        self._begun = True
        asked = [range_title(plan.query), *([f"“{plan.query.text}”"] if plan.query.text else ())]
        asked += [f"filter {plan.filter}"] if plan.filter else []
        behind = f", behind the {counts.received:,} records received before" if counts.received else ""
        self._say(f"Reading {plan.site} as {plan.account}: {', '.join(asked)}{behind}.")

    def goes_on(self, streamed: Streamed) -> None:
        """Say how far it has come, every now and then."""
        now = time.monotonic()
        if self._shows_progress and now >= self._next:
            self._next = now + _EVERY
            self._show(progress_text(streamed, self._zone))

    def waits(self, wait: Wait | None) -> None:
        """Say what is waited for."""
        if self._shows_progress and wait is not None:
            self._show(f"Asking again in {math.ceil(wait.seconds):,} s: {inert(wait.why)}")

    def notice(self, text: str) -> None:
        """Something else worth knowing."""
        self._say(text)

    # The outcome

    def done(self, outcome: Outcome) -> None:
        """Say what was written where, and whether it is all."""
        from auditui.session.evidence import WHOLE

        counts, ending = outcome.counts, outcome.ending
        where = str(outcome.path) if outcome.path else "standard output"
        of = f" of {counts.received:,}" if counts.received != counts.written else ""
        records = "record" if counts.written == 1 and not of else "records"
        self._say(f"Wrote {counts.written:,}{of} {records} to {where} ({outcome.sealed.bytes:,} bytes).")
        if not ending.complete:
            self._warn(f"It is not whole: {ending.completeness}")
        elif ending.completeness != WHOLE:
            self._warn(f"It is the {ending.completeness}.")
        for warning in outcome.warnings:
            self._warn(warning)
        if outcome.path:
            self._say(f"SHA-256 {outcome.sealed.sha256}; auditui verify {shlex.quote(where)} checks it.")

    def stopped(self, exporting: Exporting) -> None:
        """Say what became of an export that was broken off."""
        self._clear()
        if not self._begun:
            return
        if (path := exporting.path) is None:
            self._warn("What was written to standard output is not whole.")
            return
        if exporting.continues():
            kept = "What was read is kept for a week: the same with --resume goes on with it."
        else:
            kept = "Nothing of it is kept."
        self._warn(f"Nothing was put in the place of {path}. {kept}")

    # Lines

    def _say(self, text: str) -> None:
        if not self._quiet:
            self._warn(text)

    def _warn(self, text: str) -> None:
        self._clear()
        if sys.stderr is not None:  # closed by whoever started us
            with suppress(OSError):  # an export is worth more than what is said of it
                print(inert_line(text, _CAP).text, file=sys.stderr, flush=True)

    def _show(self, text: str) -> None:
        """In the place of the progress that was shown before."""
        text = text[: shutil.get_terminal_size().columns - 1]  # a longer one would begin another line
        print(f"\r{text.ljust(self._width)}", end="", file=sys.stderr, flush=True)
        self._width = len(text)

    def _clear(self) -> None:
        if self._width:
            print(f"\r{' ' * self._width}\r", end="", file=sys.stderr, flush=True)
            self._width = 0


def progress_text(streamed: Streamed, zone: Zone) -> str:
    """`41,000 received, 310 written, back to 2026-03-01 · 9,800/s · about 40 s left`."""
    from auditui.session.pace import seconds_text

    counts = streamed.counts
    written = f", {counts.written:,} written" if counts.written != counts.received else ""
    back = f", back to {show_time(streamed.oldest, zone)[:10]}" if streamed.oldest is not None else ""
    parts = [f"{counts.received:,} received{written}{back}"]
    if streamed.rate:
        parts.append(f"{streamed.rate:,.0f}/s")
    if streamed.left is not None:
        parts.append(seconds_text(streamed.left))
    return " · ".join(parts)
