"""How tests start auditui in a terminal, and what it may leave behind."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

AUDITUI = ["-m", "auditui", "--tz", "utc"]
"""Arguments of Python."""
DEMO = [*AUDITUI, "--demo"]

BARE_C = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
"""A C locale of which Python makes no UTF-8: what is drawn is ASCII, on any machine."""

LEFT_ALTERNATE_SCREEN = b"\x1b[?1049l"


def bare_environ(home: Path) -> dict[str, str]:
    """A terminal's environment, with nothing of the developer's own in it."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CACHE", "CONFIG", "DATA", "STATE")}
    return kept | folders | {"HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8"}


def account(url: str) -> dict[str, str]:
    """The variables that give the account of a served demo site."""
    return {"AUDITUI_SITE": url, "AUDITUI_EMAIL": "demo@example.com", "AUDITUI_TOKEN": "demo"}


def spools(environ: Mapping[str, str]) -> list[Path]:
    """The folders of loaded records that runs have on disk."""
    return list(Path(environ["XDG_CACHE_HOME"]).glob("auditui/run-*"))
