"""Check 1. Escape sequences, C1 and bidi characters in every field: none of them reaches the terminal as it is."""

from __future__ import annotations

import re
import unicodedata

import pytest

from auditui.demo.server import serve
from tests.acceptance.places import visited
from tests.hostile_site import ORDERS, HostileSite
from tests.pty_terminal import PtyTerminal
from tests.started import AUDITUI, account

_OURS = re.compile(
    r"\x1b\[[<>?]?[0-9;:]*(?:[Hhlmu]|\$p)|\x1b\]52;c;[A-Za-z0-9+/=]*\a|\x1b\]22;default\a|\r?\n"
)
"""What auditui itself sends: the cursor's place, styles, modes, two questions, a copy in base64, the mouse's usual shape."""

FRAME_ENDS = b"\x1b[?2026l"
ALL_AT_ONCE = "\x1b]0;P\x07\x9b1m\x90q\x9c\u202e\u2066\u200b\x00"


def foreign(sent: bytes) -> set[str]:
    """Characters in what was sent by which a terminal could be moved to do something, and that are not ours."""
    shown = _OURS.sub("", sent.decode())
    return {each for each in shown if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp")}


@pytest.mark.parametrize("columns", [80, 120, 160])
def test_no_field_of_a_record_in_table_and_detail(environ: dict[str, str], columns: int) -> None:
    with serve(HostileSite()) as served:
        environ |= account(served.url)
        with PtyTerminal(AUDITUI, environ, columns=columns, rows=45) as terminal:
            terminal.until("all 9 loaded")
            terminal.until("f Facets")
            for number in range(1, len(ORDERS) + 1):
                terminal.until(f"record {number}")
                terminal.send("\r")
                terminal.until_gone("f Facets")
                terminal.send("G")
                terminal.until("unusual field")
                terminal.send("\x1b")
                terminal.until("f Facets")
                terminal.send("j")
            terminal.send("q")
            assert terminal.exit_status() == 0
    assert foreign(bytes(terminal.raw)) == set()
    assert "‹ESC›".encode() in terminal.raw


def test_no_other_place(environ: dict[str, str]) -> None:
    with (
        serve(HostileSite((ALL_AT_ONCE, *ORDERS))) as served,
        PtyTerminal(AUDITUI, environ | account(served.url), columns=120, rows=36) as terminal,
    ):
        terminal.until("all 10 loaded")
        for place in visited(terminal):
            drawn = bytes(terminal.raw)[: terminal.raw.rfind(FRAME_ENDS)]
            assert foreign(drawn) == set(), place.name
        terminal.send("y")
        terminal.until("one line, ")
        terminal.send("q")
        assert terminal.exit_status() == 0
    assert foreign(bytes(terminal.raw)) == set()


def test_nothing_that_was_typed_or_given(environ: dict[str, str]) -> None:
    order = "\x1b]0;PWNED\x07\u202e"
    with serve(HostileSite()) as served:
        arguments = [*AUDITUI, "--search", order, "--filter", f"author:{order}"]
        with PtyTerminal(arguments, environ | account(served.url), columns=120, rows=36) as terminal:
            terminal.until("‹U+202E›")
            for opened, words in (("b", "Views"), ("s", "Last 7 days"), ("C", "from a shell")):
                terminal.send(opened)
                terminal.until(words)
                terminal.send("\x1b")
                terminal.until_gone(words)
    assert foreign(bytes(terminal.raw)) == set()
