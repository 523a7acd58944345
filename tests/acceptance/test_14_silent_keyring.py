"""Check 14. A keyring that does not answer for a minute holds up neither a key nor the end."""

from __future__ import annotations

import time

from tests.pty_terminal import PtyTerminal
from tests.stand_ins import SilentKeyring
from tests.started import AUDITUI

ANSWERED = 5.0
"""Seconds: the check's own measure."""


def test_the_screen_is_there_keys_are_heeded_and_it_ends_within_a_second(environ: dict[str, str]) -> None:
    with PtyTerminal(AUDITUI, environ | SilentKeyring.environ()) as terminal:
        terminal.until("Looking for a saved account")
        terminal.until("Test and continue", seconds=ANSWERED)
        terminal.send("acme")
        terminal.until("= https://acme.atlassian.net", seconds=ANSWERED)
        terminal.send("\x11")
        asked = time.monotonic()
        assert terminal.exit_status() == 0
        assert time.monotonic() - asked < 1.0
