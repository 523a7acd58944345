"""What a keyring says, wherever it is shown: its own name, the accounts in it, and why it failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile import surfaces
from tests.hostile.payloads import EMAIL
from tests.hostile.places import explorer, hostile_home, on_a_terminal


def _chosen(name: str) -> dict[str, str]:
    return {"PYTHON_KEYRING_BACKEND": f"tests.hostile.keyring_of_attacks.{name}"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose name is an attack."""
    return hostile_home(tmp_path)


@pytest.mark.parametrize("command", ["auth status", "doctor"])
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Attacking", "127.0.0.1:1"),
        ("Failing", "It answered with"),
        ("Unfit", "cannot be used here"),
    ],
)
def test_in_a_command(home: Path, command: str, name: str, says: str) -> None:
    told, _status = on_a_terminal(home, _chosen(name), *command.split())
    assert says in " ".join(told.split())
    assert "‹ESC›]0;PWNED" in "".join(told.split())


def test_in_the_explorer(home: Path) -> None:
    with explorer(home, _chosen("Attacking"), shows=surfaces.KEYRING, rows=40) as terminal:
        terminal.until("127.0.0.1:1 refused the connection")
        terminal.send("P")
        terminal.until(f"127.0.0.1:1  {EMAIL}  in the keyring   (in use)")
        terminal.until("[link='']x[/]@[$x]")
        terminal.send("x")
        terminal.until(f"Forget {EMAIL} at 127.0.0.1:1?")
        terminal.send("y")
        terminal.until(f"Forgotten: {EMAIL}")
        terminal.until("where nobody answered.")
