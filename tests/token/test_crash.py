"""A library breaks, and its words repeat the token: they are told without it, and the exit status is not 0."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tests.pty_terminal import PtyTerminal
from tests.started import AUDITUI, LEFT_ALTERNATE_SCREEN, spools
from tests.token.planted import EMAIL, TOKEN, account, assert_not_in, holding
from tests.token.site import PlantedSite, serve


@pytest.mark.parametrize("broken", ["http", "http_together"])
def test_in_the_http_library(watched: Any, broken: str) -> None:
    with serve(PlantedSite()) as origin:
        environ = watched.with_variables(TOKEN_BREAK=broken, **account(origin))
        with PtyTerminal(AUDITUI, environ, columns=120) as terminal:
            assert terminal.exit_status() == 1
    assert b"h11" in terminal.raw
    assert b"(hidden)" in terminal.raw
    assert b"\x1b]0;PWNED" not in terminal.raw
    assert_not_in(bytes(terminal.raw), "the terminal")
    assert LEFT_ALTERNATE_SCREEN in terminal.raw
    assert spools(watched.environ) == []
    assert holding(watched.log.parent) == []


@pytest.mark.parametrize("broken", ["http", "http_together"])
def test_in_the_http_library_during_an_export(watched: Any, broken: str) -> None:
    with serve(PlantedSite()) as origin:
        environ = watched.with_variables(TOKEN_BREAK=broken, **account(origin))
        words = [sys.executable, "-m", "auditui", "export"]
        done = subprocess.run(words, env=environ, capture_output=True, timeout=30, check=False)
    assert done.returncode == 1
    assert b"h11" in done.stderr
    assert b"(hidden)" in done.stderr
    assert b"\x1b" not in done.stderr
    assert_not_in(done.stderr, "standard error")
    assert holding(watched.log.parent) == []


@pytest.mark.parametrize(("broken", "keys"), [("field", "\r"), ("handler", "\x1b[D")])
def test_while_the_token_stands_in_its_field(watched: Any, broken: str, keys: str) -> None:
    environ = watched.with_variables(TOKEN_BREAK=broken)
    with PtyTerminal(AUDITUI, environ, columns=120) as terminal:
        terminal.until("this session only")
        terminal.send(f"acme.invalid\t{EMAIL}\t{TOKEN}")
        terminal.until("•" * len(TOKEN))
        terminal.send(keys)
        assert terminal.exit_status() == 1
    assert b"a bug in Textual" in terminal.raw
    assert b"(hidden)" in terminal.raw
    assert_not_in(bytes(terminal.raw), "the terminal")
    assert holding(watched.log.parent) == []
