"""A keyring back end that writes plain text to one file, as keyrings.alt has one."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class PlaintextKeyring(KeyringBackend):
    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return _entries().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        _write({**_entries(), f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        entries = _entries()
        if entries.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError("nothing there")
        _write(entries)


def _entries() -> dict[str, str]:
    path = Path(os.environ["PLAIN_KEYRING_FILE"])
    entries: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return entries


def _write(entries: dict[str, str]) -> None:
    Path(os.environ["PLAIN_KEYRING_FILE"]).write_text(json.dumps(entries))
