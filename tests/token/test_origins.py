"""The token goes to its own site, and to a gateway of which the user is told: to nobody else, whatever is asked, answered or set."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.pty_terminal import PtyTerminal
from tests.started import AUDITUI
from tests.token.planted import EMAIL, TOKEN, account
from tests.token.site import PlantedSite, basic, serve

BY = "a token that the site does not take is sent to {}"


def printed(environ: dict[str, str], *words: str) -> str:
    """What a command prints, on one line."""
    command = [sys.executable, "-m", "auditui", *words]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=30, check=False)
    return " ".join((done.stdout + done.stderr).split())


def test_a_gateway_that_is_not_atlassians_is_named_wherever_it_may_get_the_token(watched: Any) -> None:
    environ = watched.with_variables(AUDITUI_GATEWAY="https://gateway.invalid", **account("acme.invalid"))
    told = BY.format("gateway.invalid")
    with PtyTerminal(AUDITUI, environ, columns=120, rows=36) as terminal:
        terminal.until_so(lambda: b"AUDITUI_GATEWAY is set" in terminal.raw, "told of the variable")
        terminal.until_so(lambda: b"gateway.invalid" in terminal.raw, "told of the host")
        terminal.send("\x11")
        assert terminal.exit_status() == 0
    assert told in printed(environ, "doctor", "--offline")
    assert told in printed(environ, "auth", "status")
    assert told in printed(environ | {"AUDITUI_SITE": "http://localhost:9"}, "auth", "status")


def test_what_takes_the_token_is_called_by_its_name(watched: Any) -> None:
    site, gateway = PlantedSite(5, scoped=True), PlantedSite(5, scoped=True)
    with serve(site) as origin, serve(gateway) as elsewhere:
        environ = watched.with_variables(AUDITUI_GATEWAY=elsewhere, **account(origin))
        told = printed(environ, "doctor")
    assert f"can be read, by the gateway {elsewhere.partition('//')[2]}, as the token has scopes" in told
    assert gateway.credentials == site.credentials == {basic()}


def test_two_accounts_keep_their_tokens_apart_while_requests_are_under_way(watched: Any) -> None:
    other = "ATATT-of-another-account"
    first = PlantedSite(3_000)
    second = PlantedSite(5, takes=basic("bob@example.com", other))
    with serve(first) as origin, serve(second) as elsewhere:
        kept = Path(watched.environ["XDG_CONFIG_HOME"]) / "auditui" / "credentials"
        kept.parent.mkdir(parents=True)
        kept.touch(mode=0o600)
        saved = [(origin, EMAIL, TOKEN), (elsewhere, "bob@example.com", other)]
        kept.write_text(
            json.dumps([dict(zip(("site", "email", "token"), each, strict=True)) for each in saved])
        )
        with PtyTerminal(AUDITUI, watched.environ, columns=120, rows=36) as terminal:
            terminal.until("1,000 loaded")
            first.going_on.clear()
            before = len(first.heard)
            terminal.send("L")
            terminal.until_so(lambda: len(first.heard) > before, "asked for more")
            terminal.send("P")
            terminal.until("bob@example.com")
            terminal.send("j\r")
            terminal.until("all 5 loaded")
            first.going_on.set()
            terminal.send("P")
            terminal.until("bob@example.com")
            terminal.send("k\r")
            terminal.until("1,000 loaded")
            terminal.send("q")
            assert terminal.exit_status() == 0
    assert first.credentials == {basic()}
    assert second.credentials == {basic("bob@example.com", other)}
    assert not any("cookie" in asked for asked in (*first.heard, *second.heard))
