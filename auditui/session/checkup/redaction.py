"""What is taken out of the words of a check, so that they can be shown to anybody. Pure.

Nothing here is meant to hold a token in the first place; this is for what others say: an error of the system with a path, of
a proxy with its password.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from auditui.session.checkup.network_variables import PROXIES, login_of

_SIGN = r"[^\s@“”\"'<>|,;()]"
_ADDRESS = re.compile(rf"({_SIGN}){_SIGN}*@({_SIGN}+)")
_SHORTEST = 6
"""Characters; what is shorter may be a part of any word, and is kept out by whoever makes the words."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What must not be told."""

    homes: tuple[str, ...]
    """The user's home folder by each of its names; it becomes `~`."""
    secrets: tuple[str, ...]
    """Texts that become `•••`."""

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Redaction:
        """By the variables of this process."""
        home = environ.get("HOME") or os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is none
        homes = {home.rstrip("/"), os.path.realpath(home)} - {"", "/"} if os.path.isabs(home) else set()  # noqa: PTH117
        logins = [login_of(environ.get(name, "")) for name in PROXIES]
        known = [environ.get("AUDITUI_TOKEN", "").strip(), *logins]
        known += [
            part for login in logins for part in (login.partition(":")[2], unquote(login.partition(":")[2]))
        ]
        secrets = {secret for secret in known if len(secret) >= _SHORTEST}
        return cls(_longest_first(homes), _longest_first(secrets))

    def __call__(self, text: str) -> str:
        """The text without them; of an e-mail address the first letter and the domain stay."""
        for secret in self.secrets:
            text = text.replace(secret, "•••")
        for home in self.homes:
            text = re.sub(rf"{re.escape(home)}(?!\w)", "~", text)
        return _ADDRESS.sub(r"\1***@\2", text)


def _longest_first(texts: set[str]) -> tuple[str, ...]:
    return tuple(sorted(texts, key=len, reverse=True))
