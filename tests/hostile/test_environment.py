"""Variables of which each is an attack: those that auditui reads, those that its libraries read, and a terminal's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.payloads import TYPED
from tests.hostile.places import explorer, hostile_home, on_a_terminal
from tests.started import account

URL = "https://127.0.0.1:1"
READ = (
    "TERM LANG COLORTERM NO_PROXY HTTPS_PROXY HTTP_PROXY ALL_PROXY SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE TMUX STY"
    " SSH_CONNECTION SSH_TTY TMPDIR XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS KEYRING_PROPERTY_PREFERRED_COLLECTION"
    " PYTHON_KEYRING_BACKEND AUDITUI_CLIPBOARD BROWSER COLUMNS ESCDELAY TEXTUAL_THEME TEXTUAL_ANIMATIONS"
).split()
"""What ends nothing, whatever stands there."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose name is an attack."""
    return hostile_home(tmp_path)


def test_the_explorer_opens_whatever_they_say(home: Path) -> None:
    with explorer(home, dict.fromkeys((*READ, "AUDITUI_EMAIL"), TYPED), "--demo", shows=set()) as terminal:
        terminal.until("record 1 ")
        terminal.send("y")
        terminal.until("AUDITUI_CLIPBOARD")


def test_the_doctor_tells_them(home: Path) -> None:
    told, _status = on_a_terminal(home, account(URL) | dict.fromkeys(READ, TYPED), "doctor")
    lines = told.replace("\r\n                          ", "").splitlines()
    for topic in ("Terminal", "Colours", "Copies", "D-Bus", "Keyring", "Proxy", "Certificates", "Variables"):
        assert any(f" {topic} " in line and "‹ESC›]0;PWNED" in line for line in lines), topic
    assert (
        told.replace("\r\n                          ", " ").count("(not an address, so it is not shown)") == 3
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("AUDITUI_EMAIL", "This is not an e-mail address."),
        ("AUDITUI_GATEWAY", "‹ESC›]0;PWNED"),
        ("AUDITUI_TOKEN", "a character that no token has"),
        ("SSL_CERT_FILE", "‹ESC›]0;PWNED"),
        ("TZ", "TZ may name one that there is not."),
    ],
)
def test_one_that_cannot_be_used_is_told(home: Path, name: str, says: str) -> None:
    told, status = on_a_terminal(home, account(URL) | {name: TYPED}, "export", "--format", "csv")
    assert says in told
    assert status in (1, 2)
