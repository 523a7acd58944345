"""Check 13. What it sends: nothing while nothing happens, little for a key that is held down, little while it loads."""

from __future__ import annotations

import time
from collections.abc import Mapping

from auditui.demo.answers import Answer
from auditui.demo.corpus import Corpus
from auditui.demo.server import serve
from auditui.demo.site import DemoSite
from tests.acceptance.places import visited
from tests.hostile_site import NOW
from tests.pty_terminal import PtyTerminal
from tests.started import AUDITUI, DEMO, account

STILL = 0.7
"""Seconds without a byte: a cursor blinks, and anything that turns moves, more often; a clock ticks in one place or another."""
PRESSES = 30
MOST = 1_000  # bytes for a press, and in a second of loading


def test_nothing_in_any_place_where_nothing_happens(environ: dict[str, str]) -> None:
    with (
        serve(DemoSite(Corpus(300, NOW))) as served,
        PtyTerminal(AUDITUI, environ | account(served.url), columns=120, rows=36) as terminal,
    ):
        terminal.until("all 300 loaded")
        terminal.until_quiet(STILL)
        for _place in visited(terminal):
            terminal.until_quiet(STILL)


def test_nothing_in_sign_in(environ: dict[str, str]) -> None:
    with PtyTerminal(
        AUDITUI, environ | {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    ) as terminal:
        terminal.until("Test and continue")
        terminal.until_quiet(STILL)


def test_little_for_an_arrow_that_is_held_down(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ, columns=120, rows=50) as terminal:
        terminal.until("loaded")
        terminal.until("Category")
        terminal.until_quiet(0.3)
        before = len(terminal.raw)
        terminal.send(
            "\x1b[B" * PRESSES
        )  # faster than any keyboard repeats them, so that a busy machine pauses nowhere
        terminal.until(f"record {PRESSES + 1}")
        assert 0 < len(terminal.raw) - before < MOST * PRESSES


class SlowSite(DemoSite):
    """Takes a quarter of a second for a page."""

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        time.sleep(0.25)
        return super().answer(method, target, headers)


def test_little_while_it_loads(environ: dict[str, str]) -> None:
    with (
        serve(SlowSite(Corpus(30_000, NOW), page_cap=250)) as served,
        PtyTerminal(AUDITUI, environ | account(served.url), columns=120, rows=36) as terminal,
    ):
        terminal.until("250 loaded")
        terminal.until_quiet(0.3)
        before, began = len(terminal.raw), time.monotonic()
        terminal.send("L")
        terminal.until("all 30,000 loaded")
        assert 0 < len(terminal.raw) - before < MOST * (time.monotonic() - began)
