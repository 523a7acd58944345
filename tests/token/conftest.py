"""A home of its own, in which everything that auditui does is watched."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.started import bare_environ
from tests.wire.certificates import Authority

WATCHED = str(Path(__file__).parent / "watched")


@dataclass(frozen=True)
class Watched:
    """An environment in which auditui is watched, and what was seen."""

    environ: dict[str, str]
    log: Path

    def with_variables(self, **variables: str) -> dict[str, str]:
        """The environment, with more variables."""
        return self.environ | variables

    def seen(self, event: str) -> list[Any]:
        """What was noted of an event: `subprocess.Popen`, `open`, `socket.connect`, `socket.getaddrinfo` …"""
        noted = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [told for kind, told in noted if kind == event]

    def hosts(self) -> set[str]:
        """Host and port of every connection over the network, and names that were looked up."""
        reached = {f"{at[0]}:{at[1]}" for at in self.seen("socket.connect") if isinstance(at, list)}
        return reached | {
            name for name in self.seen("socket.getaddrinfo") if name not in ("127.0.0.1", "None")
        }


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """A terminal's environment without an account, a keyring or anything of the developer's own."""
    home = tmp_path / "home"
    for folder in (home, home / "tmp", home / "run"):
        folder.mkdir(mode=0o700)
    environ = bare_environ(home) | {
        "TMPDIR": str(home / "tmp"),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TOKEN_WATCH": str(tmp_path / "seen.jsonl"),
    }
    environ["PYTHONPATH"] = ":".join(filter(None, (WATCHED, environ.get("PYTHONPATH", ""))))
    return Watched(environ, tmp_path / "seen.jsonl")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A certificate authority that nobody trusts yet."""
    return Authority(tmp_path)
