"""What other processes can learn: no dump of the memory, no look into it, no token in arguments or in what is started."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from auditui.cli import parser
from auditui.commands.query import options_from
from tests.pty_terminal import PtyTerminal
from tests.token.planted import EMAIL, TOKEN, assert_not_in
from tests.token.site import PlantedSite, serve

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

ASKED = """#!/bin/sh
grep 'Max core file size' /proc/$PPID/limits >"$HOME/limits"
stat -c '%u %g' /proc/$PPID/environ >"$HOME/owner"
tr '\\0' '\\n' </proc/$PPID/cmdline >"$HOME/words"
env >"$HOME/variables"
cat "$HOME/token"
"""
"""A token_command that looks at who started it."""

AS_SOMEBODY = """
import os, sys
if os.geteuid() == 0:  # whose every file belongs to root: tell by the group who owns what
    os.setgid(65534)
os.execv(sys.executable, [sys.executable, "-m", "auditui", *sys.argv[1:]])
"""


@pytest.fixture
def asked(watched: Any) -> Path:
    """Makes the token come from a token_command; the home folder, where it writes what it saw."""
    home = Path(watched.environ["HOME"])
    program = home / "ask"
    program.write_text(ASKED)
    program.chmod(0o700)
    (home / "token").write_text(f"{TOKEN}\n")
    settings = Path(watched.environ["XDG_CONFIG_HOME"]) / "auditui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"token_command = {json.dumps([str(program)])}\n")
    return home


@pytest.mark.parametrize("command", [[], ["export", "-q"], ["doctor"], ["auth", "status"]], ids=" ".join)
def test_nobody_can_look_into_it(watched: Any, asked: Path, command: list[str]) -> None:
    with serve(PlantedSite(3)) as origin:
        environ = watched.with_variables(AUDITUI_TOKEN="another-accounts-token", AUDITUI_SITE="acme")
        words = ["-c", AS_SOMEBODY, *command, "--site", origin, "--email", EMAIL]
        with PtyTerminal(words, environ, columns=120) as terminal:
            if not command:
                terminal.until("all 3 loaded")
                terminal.send("q")
            assert terminal.exit_status() == 0
    assert (asked / "limits").read_text().split()[-3:-1] == ["0", "0"]
    assert (asked / "owner").read_text().split() == ["0", "0"]
    assert "auditui" in (asked / "words").read_text()
    assert_not_in((asked / "words").read_bytes(), "the arguments")
    variables = (asked / "variables").read_text()
    assert f"AUDITUI_SITE={origin}\n" in variables
    assert "another-accounts-token" not in variables
    assert_not_in(bytes(terminal.raw), "the terminal")


def test_what_is_started_later_does_not_inherit_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITUI_TOKEN", TOKEN)
    options = options_from(parser().parse_args(["export"]), "utc", 1000)
    assert options.environ["AUDITUI_TOKEN"] == TOKEN
    assert "AUDITUI_TOKEN" not in os.environ
