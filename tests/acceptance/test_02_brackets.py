"""Check 2. What looks like markup, in every field: shown as it is, no crash, and nothing done when it is clicked."""

from __future__ import annotations

import pytest

from auditui.demo.server import serve
from tests.acceptance.places import visited
from tests.hostile_site import HostileSite
from tests.pty_terminal import PtyTerminal
from tests.started import AUDITUI, account

MARKUP = ("[@click=app.quit]go", "[/x] oops [", "[DRAFT] plan", "[")
WITH_THE_RECORD = {
    "facets", "pivot menu", "pivot", "the cell filtered for", "raw JSON", "copy menu"
}  # fmt: skip
"""Places that name what stands in the cursor's record."""


@pytest.mark.parametrize("row", [0, 1])
def test_it_stands_there_letter_by_letter_and_can_be_clicked(environ: dict[str, str], row: int) -> None:
    with serve(HostileSite(MARKUP)) as served:
        arguments = [*AUDITUI, "--mouse"]
        with PtyTerminal(arguments, environ | account(served.url), columns=160, rows=36) as terminal:
            terminal.until("all 4 loaded")
            terminal.send("j" * row)
            terminal.until(f"record {row + 1}")
            for each in MARKUP:
                terminal.until(f" {each}  ")
            seen = {place.name for place in visited(terminal) if MARKUP[row] in terminal.text}
            assert seen >= WITH_THE_RECORD
            terminal.send("z")
            terminal.until_gone("Changed values")
            terminal.click("[@click")
            terminal.send("z3")
            terminal.until("Changed values")
            terminal.click("[@click")
            terminal.send("2g")
            terminal.until("record 1 ")
            terminal.send("q")
            assert terminal.exit_status() == 0
