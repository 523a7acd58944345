"""A keyring of which everything is an attack: its name, what it holds, and how it fails.

PYTHON_KEYRING_BACKEND names a class of it.
"""

from __future__ import annotations

import json

from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from tests.hostile.payloads import ALL_KINDS, EMAIL, TYPED

SITE = "127.0.0.1:1"
SAVED = (EMAIL, "[link='']x[/]@[$x]", "[/b]", ALL_KINDS, TYPED, f"\x1b]0;{EMAIL}")
"""E-mail addresses, of which three could be one."""


class Attacking(KeyringBackend):
    """It can be used, and answers whatever is asked."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        accounts = [{"site": SITE, "email": email, "token": "t", ALL_KINDS: ALL_KINDS} for email in SAVED]
        if username == "accounts":
            return json.dumps({"accounts": [*accounts, {"site": ALL_KINDS, "email": EMAIL}, ALL_KINDS]})
        return json.dumps(accounts[0])

    def set_password(self, service: str, username: str, password: str) -> None:
        raise _failed()

    def delete_password(self, service: str, username: str) -> None:
        raise _failed()


class Failing(Attacking):
    """It cannot be used, and says why."""

    def get_password(self, service: str, username: str) -> str | None:
        raise _failed()


class Unfit(Attacking):
    """It cannot even be chosen."""

    def __init__(self) -> None:
        raise _failed()


def _failed() -> Exception:
    """An error of a class whose very name is one."""
    kind: type[KeyringError] = type(ALL_KINDS.replace("\x00", "").replace("\ud800", ""), (KeyringError,), {})
    return kind(ALL_KINDS)


for _keyring in (Attacking, Failing):
    _keyring.__module__, _keyring.__qualname__ = TYPED, f"{TYPED}.{_keyring.__name__}"
